import { openAnt } from '#bridges/ant/main'
import { BleCarrier } from '#bridges/ble/carrier'
import { openRadio, thisHost } from '#bridges/ble/main'
import type { Way } from '#bridges/device-hunt'
import { DirconClient } from '#bridges/dircon/client'
import { findTrainers } from '#bridges/dircon/discovery'
import { NetworkCarrier } from '#bridges/network-carrier'
import { systemClock } from '#server/clock'
import { type Invocation, UsageError } from '../command.ts'

const DIRCON_PORT = 36_866

/** The ways that were asked for, else all there are. */
export function waysOf(invocation: Invocation): { readonly ways: readonly Way[]; readonly isChosen: boolean } {
  const ways: Way[] = []
  const dircon = invocation.text('dircon')
  const name = invocation.text('device')
  if (dircon !== undefined) ways.push(dircon === 'find' ? networkWay(name) : addressWay(addressOf(dircon)))
  if (invocation.flag('ble')) ways.push(bluetoothWay(name))
  if (invocation.flag('ant')) ways.push(antWay())
  if (ways.length > 0) return { ways, isChosen: true }
  return { ways: [networkWay(name), bluetoothWay(name), antWay()], isChosen: false }
}

/** `HOST`, `HOST:PORT`, `[IPv6]:PORT`. */
export function addressOf(text: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:\s]+))(?::(\d{1,5}))?$/.exec(text)
  const port = Number(match?.[3] ?? DIRCON_PORT)
  if (match === null || port < 1 || port > 65_535)
    throw new UsageError(`--dircon ${text} is not HOST:PORT, as in 192.168.1.40:36866.`)
  return { host: match[1] ?? match[2]!, port }
}

/** A trainer whose address somebody typed is wanted, known or not. */
function addressWay({ host, port }: { host: string; port: number }): Way {
  return {
    name: 'network',
    open: (events) =>
      Promise.resolve({ ok: true, carrier: new DirconClient({ ...events, host, port, clock: systemClock }) }),
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
        ...{ clock: systemClock, known: trainers, takesNew, name },
        find: (waitMs) => findTrainers(systemClock, waitMs),
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

function antWay(): Way {
  return {
    name: 'ANT+',
    open(events) {
      const ant = openAnt()
      return Promise.resolve(ant.ok ? { ok: true, carrier: ant.make({ ...events, clock: systemClock }) } : ant)
    },
  }
}
