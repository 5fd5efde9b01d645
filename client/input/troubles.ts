import type { DeviceState, Level, LegsState, Quantity } from '#bridges/core/devices'
import type { KeptState } from './kept-device.ts'
import { TROUBLE_WORDS } from './legs-words.ts'
import type { Told, TroubleId } from './trouble-names.ts'

/**
 * What is wrong with trainer and sensors, in words, and what to do about it. Pure: looks at what the page shows anyway, at
 * what the browser says of itself and at how long something has been so. Time is an argument.
 */
export interface Trouble extends Told {
  readonly id: TroubleId
  readonly level: Level
  readonly deviceId?: string | undefined
}

/** What the page knows beside its devices. */
export interface Environment {
  /** This page can have no Bluetooth, and why. */
  readonly unavailable?: TroubleId | undefined
  /** The radio is off. */
  readonly isOff?: boolean | undefined
  /** What became of the last chooser, when no device came of it. */
  readonly refusal?: TroubleId | undefined
  /** Each device's link; absent: not of the browser's Bluetooth. */
  readonly links: ReadonlyMap<string, KeptState>
  /** Paired on another day, and not connected before a click. */
  readonly waiting: readonly { readonly id: string; readonly name: string }[]
}

/** Before that it is only slow. */
const ANSWERS_IN_MS = 6000
const AWAKE_IN_MS = 25_000
const LONG_LOST_MS = 20_000
const SAYS_IN_MS = 10_000
const STALLED_MS = 15_000
/** Legs never push the very same watts and turn the very same turns for so long. */
const SAME_MS = 30_000
const CONTROL_IN_MS = 4000
const BATTERY_LOW_PERCENT = 15
/** Who pushes so much turns the cranks. */
const PUSHING_W = 40

const BRINGS: Readonly<Record<Quantity, string>> = {
  powerW: 'power',
  cadenceRpm: 'cadence',
  heartRateBpm: 'heart rate',
}
/** Whether a device is known to bring a quantity, which it may not say just now. */
export const brings = (device: DeviceState, quantity: Quantity): boolean =>
  device[quantity] !== undefined || (device.brings?.includes(BRINGS[quantity]) ?? false)

/** Since when each thing has been so. */
export class TroubleWatch {
  readonly #sinceMs = new Map<string, number>()
  readonly #said = new Map<string, string>()
  /** Devices that gave watts since they were linked. */
  readonly #gave = new Set<string>()
  #wasHeld = false
  #seen = new Set<string>()

  look(state: LegsState, environment: Environment, nowMs: number): readonly Trouble[] {
    this.#seen = new Set()
    const troubles = [
      ...pageTroubles(environment),
      ...state.devices.flatMap((device) => this.#ofDevice(device, state, environment, nowMs)),
      ...this.#ofTrainer(state, nowMs),
      ...ofWaiting(environment),
    ]
    for (const key of this.#sinceMs.keys()) if (!this.#seen.has(key)) this.#sinceMs.delete(key)
    return troubles.toSorted((a, b) => RANK[a.level] - RANK[b.level])
  }

  #ofDevice(device: DeviceState, state: LegsState, { links, isOff }: Environment, nowMs: number): Trouble[] {
    if (device.carrier === 'simulated') return []
    const link = links.get(device.id)
    if (link !== undefined && link.state !== 'linked') {
      this.#gave.delete(device.id)
      // One word for all of them: the radio is off.
      return isOff === true ? [] : this.#ofLink(device, link, nowMs)
    }
    if (device.level === 'working')
      return this.#longer(`stalled ${device.id}`, STALLED_MS, nowMs) ? [trouble('stalled', 'bad', device)] : []
    if (device.brings?.length === 0) return [trouble('nothing-useful', 'bad', device)]
    return this.#ofReadings(device, state, nowMs)
  }

  #ofLink(device: DeviceState, link: KeptState, nowMs: number): Trouble[] {
    if (link.state === 'lost') {
      const awayMs = nowMs - link.sinceMs
      return [
        awayMs < LONG_LOST_MS ? trouble('lost', 'bad', device) : trouble('long-lost', 'bad', device, lasting(awayMs)),
      ]
    }
    if (link.state !== 'connecting') return []
    if (this.#longer(`held ${device.id}`, AWAKE_IN_MS, nowMs)) return [trouble('held', 'bad', device)]
    return this.#longer(`asleep ${device.id}`, ANSWERS_IN_MS, nowMs) ? [trouble('asleep', 'bad', device)] : []
  }

  #ofReadings(device: DeviceState, state: LegsState, nowMs: number): Trouble[] {
    const { id, powerW, cadenceRpm, heartRateBpm, batteryPercent, source } = device
    const found: Trouble[] = []
    if (powerW !== undefined) this.#gave.add(id)
    if (brings(device, 'powerW') && powerW === undefined) {
      // Cranks that stand and watts that were and are no more: the law believes no watts over them. (sample.ts, B102)
      if (cadenceRpm === 0 && this.#gave.has(id)) found.push(trouble('stuck', 'bad', device))
      else if (this.#longer(`power ${id}`, SAYS_IN_MS, nowMs)) found.push(trouble('no-power', 'bad', device))
    }
    if (this.#isSame(device, state, nowMs)) found.push(trouble('stuck', 'working', device))
    const lacksCadence = source === 'trainer' && (powerW ?? 0) > PUSHING_W && cadenceRpm === undefined
    const hasCadence = state.sources.some(
      ({ quantity, deviceId }) => quantity === 'cadenceRpm' && deviceId !== undefined,
    )
    if (lacksCadence && !hasCadence && this.#longer(`cadence ${id}`, SAYS_IN_MS, nowMs))
      found.push(trouble('no-cadence', 'working', device))
    if (source === 'strap' && heartRateBpm === undefined && this.#longer(`heart ${id}`, SAYS_IN_MS, nowMs))
      found.push(trouble('no-heart', 'bad', device))
    if (source === 'trainer' && !device.isTrainer) found.push(trouble('no-resistance', 'working', device))
    if (batteryPercent !== undefined && batteryPercent <= BATTERY_LOW_PERCENT)
      found.push(trouble('battery-low', 'working', device, `${batteryPercent} %`))
    return found
  }

  /** Held watts may stand still, and so may legs that do nothing. */
  #isSame({ id, powerW, cadenceRpm }: DeviceState, { trainer }: LegsState, nowMs: number): boolean {
    const said = `${powerW} ${cadenceRpm}`
    const isSame = this.#said.get(id) === said
    this.#said.set(id, said)
    if (!isSame || trainer?.mode === 'erg' || (powerW ?? 0) === 0) return false
    return this.#longer(`same ${id}`, SAME_MS, nowMs)
  }

  #ofTrainer({ trainer, devices }: LegsState, nowMs: number): Trouble[] {
    const device = devices.find(({ isTrainer, level }) => isTrainer && level === 'good')
    if (trainer === undefined || device === undefined) {
      this.#wasHeld = false
      return []
    }
    switch (trainer.control) {
      case 'held':
        this.#wasHeld = true
        return []
      case 'asking':
        if (!this.#longer('control', CONTROL_IN_MS, nowMs)) return []
        return [trouble(this.#wasHeld ? 'control-lost' : 'control-held', 'bad', device)]
      case 'silent':
        return [trouble('no-answer', 'bad', device)]
      case 'refused':
        return [trouble('refused', 'bad', device)]
      case 'unsupported':
        return [trouble('unsupported', 'bad', device)]
      case 'none':
      case undefined:
        return []
    }
  }

  /** It has been so, look for look, for this long. */
  #longer(key: string, forMs: number, nowMs: number): boolean {
    this.#seen.add(key)
    const sinceMs = this.#sinceMs.get(key) ?? nowMs
    this.#sinceMs.set(key, sinceMs)
    return nowMs - sinceMs >= forMs
  }
}

const RANK: Readonly<Record<Level, number>> = { bad: 0, working: 1, good: 2 }

function pageTroubles({ unavailable, isOff, refusal }: Environment): Trouble[] {
  if (unavailable !== undefined) return [trouble(unavailable, 'bad')]
  if (isOff === true) return [trouble('bluetooth-off', 'bad')]
  return refusal === undefined ? [] : [trouble(refusal, refusal === 'nothing-chosen' ? 'working' : 'bad')]
}

/** One for all of them: they come back together. */
function ofWaiting({ waiting }: Environment): Trouble[] {
  const name = waiting.map((one) => one.name).join(', ')
  return name === '' ? [] : [trouble('waiting', 'working', { name })]
}

function trouble(
  id: TroubleId,
  level: Level,
  device?: { readonly id?: string; readonly name: string },
  more = '',
): Trouble {
  return { id, level, deviceId: device?.id, ...TROUBLE_WORDS[id](device?.name ?? '', more) }
}

/** In steps, for it is read aloud at each. */
const lasting = (ms: number): string =>
  ms < 60_000 ? `${Math.floor(ms / 20_000) * 20} s` : `${Math.floor(ms / 60_000)} min`
