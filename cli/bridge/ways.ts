import { readAntId } from '#bridges/ant/kinds'
import { openAnt } from '#bridges/ant/main'
import type { AntStick } from '#bridges/ant/stick'
import { BleCarrier } from '#bridges/ble/carrier'
import { powerFault } from '#bridges/ble/faults'
import { openRadio, thisHost } from '#bridges/ble/main'
import type { GattLink } from '#bridges/core/gatt'
import type { Way } from '#bridges/device-hunt'
import { DirconClient } from '#bridges/dircon/client'
import { DeviceFinder } from '#bridges/dircon/discovery'
import { NetworkCarrier } from '#bridges/network-carrier'
import { systemClock } from '#server/clock'
import { type Invocation, UsageError } from '../command.ts'
import { hasRadio } from './has-radio.ts'

const DIRCON_PORT = 36_866
const NOT_NEEDED = { ok: true, carrier: undefined } as const

/** The ways that were asked for, else all there are. */
export function waysOf(invocation: Invocation): { readonly ways: readonly Way[]; readonly isChosen: boolean } {
  const ways: Way[] = []
  const dircon = invocation.text('dircon')
  const name = invocation.text('device')
  if (dircon !== undefined) ways.push(dircon === 'find' ? networkWay(name) : addressWay(addressOf(dircon)))
  if (invocation.flag('ble')) ways.push(bluetoothWay(name))
  const ant = antWay(antWishOf(invocation))
  if (invocation.flag('ant')) ways.push(ant)
  if (ways.length > 0) return { ways, isChosen: true }
  return { ways: [networkWay(name), bluetoothWay(name), ant], isChosen: false }
}

/** `HOST`, `HOST:PORT`, `[IPv6]:PORT`. */
export function addressOf(text: string, option = '--dircon'): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:\s]+))(?::(\d{1,5}))?$/.exec(text)
  const port = Number(match?.[3] ?? DIRCON_PORT)
  if (match === null || port < 1 || port > 65_535)
    throw new UsageError(`${option} ${text} is not HOST:PORT, as in 192.168.1.40:36866.`)
  return { host: match[1] ?? match[2]!, port }
}

/** A trainer whose address somebody typed is wanted, known or not. */
function addressWay({ host, port }: { host: string; port: number }): Way {
  return {
    name: 'network',
    open({ onLink, onState, onKnown }) {
      const take = (link: GattLink): void => {
        onKnown({ id: link.id, host, port })
        onLink(link)
      }
      return Promise.resolve({
        ok: true,
        carrier: new DirconClient({ onLink: take, onState, host, port, clock: systemClock }),
      })
    },
  }
}

function networkWay(name: string | undefined): Way {
  return {
    name: 'network',
    open: (events, { known, takesNew }) => {
      const trainers = known.flatMap((device) =>
        device.carrier === 'network' && device.host !== undefined && device.port !== undefined
          ? [{ id: device.id, name: device.name, host: device.host, port: device.port }]
          : [],
      )
      const carrier = new NetworkCarrier({
        ...{ onLink: events.onLink, onState: events.onState, onKnown: events.onKnown },
        ...{ known: trainers, takesNew, name },
        makeFinder: (onFound) => new DeviceFinder(systemClock, onFound),
        makeClient: (options) => new DirconClient({ ...options, clock: systemClock }),
      })
      return Promise.resolve({ ok: true, carrier })
    },
  }
}

function bluetoothWay(name: string | undefined): Way {
  return {
    name: 'Bluetooth',
    async open(events, { known, takesNew }) {
      if (!takesNew && known.every((device) => device.carrier !== 'bluetooth')) return NOT_NEEDED
      if (!(await hasRadio())) {
        const fault = powerFault('no-adapter', thisHost())!
        return { ok: false, sentence: `${fault.words} ${fault.remedy}` }
      }
      const radio = await openRadio()
      if (!radio.ok) return radio
      const peripherals = known.flatMap(({ carrier, id, name: label, peripheralId, services = [] }) =>
        carrier === 'bluetooth' && peripheralId !== undefined ? [{ id, name: label, peripheralId, services }] : [],
      )
      const carrier = new BleCarrier({
        ...{ onLink: events.onLink, onState: events.onState, onKnown: events.onKnown },
        ...{ adapter: radio.adapter, clock: systemClock, host: thisHost() },
        ...{ name, known: peripherals, takesNew },
      })
      return { ok: true, carrier }
    },
  }
}

interface AntWish {
  /** As `readAntId` reads them. */
  readonly named: readonly string[]
  readonly stick: string | undefined
  readonly riderMassKg: number | undefined
}

function antWishOf(invocation: Invocation): AntWish {
  const named = invocation.all('ant-device')
  const wrong = named.find((text) => readAntId(text) === undefined)
  if (wrong !== undefined)
    throw new UsageError(
      `--ant-device ${wrong} is not NUMBER or TYPE.NUMBER, as in 34211 (a trainer) or 120.77 (a strap).`,
    )
  return { named, stick: invocation.text('ant-stick'), riderMassKg: invocation.number('mass', { min: 30, max: 200 }) }
}

const typesOf = (ids: readonly string[]): readonly number[] =>
  ids.flatMap((id) => readAntId(id)?.map(({ type }) => type) ?? [])

function antWay({ named, stick, riderMassKg }: AntWish): Way {
  return {
    name: 'ANT+',
    open({ onDevice, onState, recorder }, { known, takesNew }) {
      const others = known.flatMap(({ carrier, id }) => (carrier === 'ant' ? [id] : []))
      // Who is named takes the place of who is known of its kind.
      const types = typesOf(named)
      const devices = [...named, ...others.filter((id) => !typesOf([id]).some((type) => types.includes(type)))]
      if (!takesNew && devices.length === 0) return Promise.resolve(NOT_NEEDED)
      const ant = openAnt()
      if (!ant.ok) return Promise.resolve(ant)
      // A device that is named is the only one of its kind; of the other kinds the first that is heard is taken.
      const kinds = takesNew ? {} : { kinds: typesOf(devices) }
      const wrapStick = recorder && ((one: AntStick) => recorder.stick(one, `ant:${one.place}`))
      const options = { onDevice, onState, clock: systemClock, devices, stick, riderMassKg, wrapStick, ...kinds }
      return Promise.resolve({ ok: true, carrier: ant.make(options) })
    },
  }
}
