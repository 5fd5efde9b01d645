import { Arbiter } from './arbiter.ts'
import { SteadyStamps } from './steady-stamps.ts'
import { type WorkCounter, WorkGaps } from './work-gap.ts'

/**
 * Many sensors, one rider: the newest reading of each quantity with its device and age, and which device wins (arbiter.ts).
 * A sample is made when the winning power arrives, and stamped when that was made (steady-stamps.ts); cadence and heart rate
 * ride along with the next one. When there is no power left to hold, the others make samples of their own. Bars that move
 * make one at once, with the watts that hold. What a device counted while it was not heard goes before (work-gap.ts).
 */
export type Source = 'power-meter' | 'cadence-sensor' | 'strap' | 'trainer' | 'controls'

export interface Reading {
  readonly source: Source
  /** Which device said it; without one a source is one device. */
  readonly deviceId?: string | undefined
  readonly powerW?: number | undefined
  readonly cadenceRpm?: number | undefined
  readonly heartRateBpm?: number | undefined
  /** Of a trainer's own flywheel: for its control, and to see that it stands; never for the road. */
  readonly speedMps?: number | undefined
  /** −127 … 127. */
  readonly steer?: number | undefined
  /** What the device counts of its own work, as of this reading's watts. */
  readonly counter?: WorkCounter | undefined
}

/** The shape of protocol's InputSample; `S` is its branded sequence. */
export interface Sample<S extends number = number> {
  readonly sequence: S
  readonly atMs: number
  readonly powerW: number
  readonly cadenceHalfRpm: number
  readonly heartRateBpm: number
  readonly steer: number
}

type Quantity = 'powerW' | 'cadenceRpm' | 'heartRateBpm' | 'steer'
/** Those of which a rider may choose the device. */
const CHOSEN = ['powerW', 'cadenceRpm', 'heartRateBpm'] as const
type Chosen = (typeof CHOSEN)[number]

/** Per quantity: who wins, best first; how long a reading counts, ms; what may be sent. */
const RULES = {
  // A power meter measures legs; a trainer measures its flywheel and some of them add a model of their own.
  powerW: { kinds: ['power-meter', 'trainer', 'controls'], freshMs: 3000, min: 0, max: 3000 },
  // Trainers guess cadence from torque ripple and guess wrong by 10 to 15 rpm.
  cadenceRpm: { kinds: ['cadence-sensor', 'power-meter', 'trainer', 'controls'], freshMs: 3000, min: 0, max: 250 },
  heartRateBpm: { kinds: ['strap', 'power-meter', 'trainer', 'controls'], freshMs: 5000, min: 0, max: 250 },
  steer: { kinds: ['controls', 'trainer'], freshMs: Infinity, min: -127, max: 127 },
} as const satisfies Record<Quantity, { kinds: readonly Source[]; freshMs: number; min: number; max: number }>
const QUANTITIES = Object.keys(RULES) as Quantity[]

/** Another device gives a quantity than before; undefined: none. */
export interface SourceChange {
  readonly quantity: Chosen
  readonly fromId: string | undefined
  readonly toId: string | undefined
  /** `silent`: the one before is not heard any more. */
  readonly why: 'first' | 'silent' | 'chosen' | 'better'
}

/** Power holds POWER_HOLD_MS and decays within POWER_DECAY_MS (protocol/limits.ts); before that nothing else may restart it. */
const POWER_GONE_MS = 5000
const POWER_HOLD_MS = 3000
/** A sample's watts are worth so much time, holding and falling: three seconds, and half of two. */
const POWER_WORTH_MS = 4000
/** Bars that move make a sample no oftener than this. */
const STEER_MS = 50
/** Without power a heart or a hand makes a sample this often; the first waits, since watts mostly come right behind. */
const IDLE_MS = 1000

/** What is kept of each device that gives power. */
interface PowerDevice {
  readonly beat: SteadyStamps
  readonly gaps: WorkGaps
  /** What it said last: watts, the speed of its wheel, and whether its cranks stood. */
  saidW: number
  saidMps: number | undefined
  stood: boolean
}

export class Sampler<S extends number = number> {
  readonly #arbiters: Record<Quantity, Arbiter<Source>> = {
    powerW: new Arbiter(RULES.powerW),
    cadenceRpm: new Arbiter(RULES.cadenceRpm),
    heartRateBpm: new Arbiter(RULES.heartRateBpm),
    steer: new Arbiter(RULES.steer),
  }
  readonly #powered = new Map<string, PowerDevice>()
  /** Devices whose cadence was once more than zero. */
  readonly #turned = new Set<string>()
  readonly #told = new Map<Chosen, string | undefined>()
  /** Stamps never run backwards, not even from one device to another. */
  #stampedMs = -Infinity
  #sequence: number
  /** A reading that calls for a sample has come and was not taken yet: when. */
  #pendingMs: number | undefined
  #powerAtMs = -Infinity
  #idleSinceMs: number | undefined
  /** The newest sample that power itself made: watts, stamp, device; and whether bars have said them again since. */
  #madeW = 0
  #madeMs = -Infinity
  #madeBy = ''
  #isSaidAgain = false
  #isPowerPending = false
  #sentSteer = 0
  /** What a device counted while it was not heard: samples for the time before the pending one. */
  #late: { readonly atMs: number; readonly powerW: number }[] = []

  /** `firstSequence`: where a resumed session goes on. */
  constructor(firstSequence = 0) {
    this.#sequence = firstSequence & 0xffff
  }

  /** A reading came at `atMs` on a steady clock. Quantities that are missing, zero hearts and non-numbers change nothing. */
  offer(reading: Reading, atMs: number): void {
    const deviceId = reading.deviceId ?? reading.source
    for (const name of QUANTITIES) {
      const value = reading[name]
      if (value === undefined || !Number.isFinite(value)) continue
      // Without a strap trainers send a heart rate of 0: none, not a stopped heart.
      if (name === 'heartRateBpm' && value <= 0) continue
      const { min, max } = RULES[name]
      const bounded = Math.min(Math.max(value, min), max)
      if (name === 'powerW') this.#offerPower(reading, deviceId, bounded, atMs)
      else {
        if (name === 'cadenceRpm' && bounded > 0) this.#turned.add(deviceId)
        if (!this.#arbiters[name].offer(deviceId, reading.source, bounded, atMs) && !this.#gives(name, reading))
          continue
        if (name === 'steer') this.#pendingMs ??= this.#steerDueMs(atMs)
        else if (atMs - this.#powerAtMs >= POWER_GONE_MS) this.#offerIdle(atMs)
      }
    }
  }

  /** The next sample, if a reading called for one since the last. `atMs` is now, on the clock of `offer`. */
  take(atMs: number): Sample<S> | undefined {
    const late = this.#late.shift()
    if (late !== undefined) {
      this.#stampedMs = Math.max(late.atMs, this.#stampedMs)
      return this.#sample(late.powerW)
    }
    const spentMs = this.#madeMs + POWER_WORTH_MS
    // Watts said again would hold anew: those of a sensor that fell silent end here, worth what they were without.
    const dueMs = this.#pendingMs ?? (this.#isSaidAgain ? spentMs : undefined)
    if (dueMs === undefined || dueMs > atMs) return undefined
    const isMade = this.#isPowerPending
    this.#pendingMs = undefined
    this.#isPowerPending = false
    const stampMs = Math.max(dueMs, this.#stampedMs)
    this.#stampedMs = stampMs
    if (isMade) {
      this.#madeW = Math.round(this.#value('powerW', stampMs))
      this.#madeMs = stampMs
    }
    const isSpent = stampMs >= spentMs
    this.#isSaidAgain = !isMade && !isSpent
    this.#sentSteer = Math.round(this.#value('steer', stampMs))
    return this.#sample(isMade || !isSpent ? this.#madeW : 0)
  }

  /** The rider's own choice for a quantity; undefined: the best. */
  choose(quantity: Chosen, deviceId: string | undefined, atMs: number): void {
    this.#arbiters[quantity].choose(deviceId, atMs)
  }

  /** Which device a quantity comes from now; none when every one of them is stale. */
  deviceOf(quantity: Quantity, atMs: number): string | undefined {
    return this.#arbiters[quantity].winner(atMs)
  }

  /** The same as a kind, as the server is told. */
  sourceOf(quantity: Quantity, atMs: number): Source | undefined {
    const deviceId = this.deviceOf(quantity, atMs)
    return deviceId === undefined ? undefined : this.#arbiters[quantity].kindOf(deviceId)
  }

  /** For the page that shows the sensors: who gives what, and what the rider chose. */
  sources(atMs: number): { quantity: Chosen; deviceId: string | undefined; chosenId: string | undefined }[] {
    return CHOSEN.map((quantity) => ({
      quantity,
      deviceId: this.deviceOf(quantity, atMs),
      chosenId: this.#arbiters[quantity].chosenId,
    }))
  }

  /** What a device says while it is fresh; undefined is a gap and stays one. */
  freshOf(deviceId: string, atMs: number): { readonly [Q in Chosen]?: number | undefined } {
    const fresh = (quantity: Chosen): number | undefined =>
      this.#arbiters[quantity].isFresh(deviceId, atMs) ? this.#arbiters[quantity].valueOf(deviceId) : undefined
    return { powerW: fresh('powerW'), cadenceRpm: fresh('cadenceRpm'), heartRateBpm: fresh('heartRateBpm') }
  }

  /** Which quantities come from another device than when this was asked last. */
  takeChanges(atMs: number): readonly SourceChange[] {
    const changes: SourceChange[] = []
    for (const quantity of CHOSEN) {
      const toId = this.deviceOf(quantity, atMs)
      const fromId = this.#told.get(quantity)
      if (toId === fromId) continue
      this.#told.set(quantity, toId)
      const arbiter = this.#arbiters[quantity]
      const isSilent = toId === undefined || (fromId !== undefined && !arbiter.isFresh(fromId, atMs))
      const why = isSilent ? 'silent' : fromId === undefined ? 'first' : toId === arbiter.chosenId ? 'chosen' : 'better'
      changes.push({ quantity, fromId, toId, why })
    }
    return changes
  }

  /** The rider has a device no longer: what it said counts no more. A lost link needs no word, silence tells it. */
  forget(deviceId: string): void {
    for (const name of QUANTITIES) this.#arbiters[name].forget(deviceId)
    this.#powered.delete(deviceId)
    this.#turned.delete(deviceId)
  }

  #offerPower(reading: Reading, deviceId: string, powerW: number, atMs: number): void {
    const device = this.#poweredOf(deviceId)
    const stands = this.#cranksStand(reading, device.saidMps, atMs)
    const isMemory = powerW > 0 && stands && device.stood && device.saidW === powerW
    device.saidW = powerW
    device.saidMps = reading.speedMps ?? device.saidMps
    device.stood = stands
    if (isMemory) {
      // Watts that stand still over cranks that stand are the sensor's memory: they run out like those of a silent one.
      device.gaps.reset()
      return
    }
    const madeMs = device.beat.stamp(atMs)
    const gap = reading.counter === undefined ? undefined : device.gaps.offer(reading.counter, powerW, madeMs)
    if (!this.#arbiters.powerW.offer(deviceId, reading.source, powerW, atMs)) return
    const isOurs = this.#madeBy === deviceId && !this.#isPowerPending && this.#late.length === 0
    if (gap !== undefined && isOurs && gap.fromMs === this.#madeMs) this.#fill(gap.workJ, madeMs)
    this.#madeBy = deviceId
    this.#powerAtMs = atMs
    this.#pendingMs = madeMs
    this.#isPowerPending = true
    this.#idleSinceMs = undefined
  }

  /** Samples from the newest stamp to this one that make the time since the last watts worth so much: whole watts, two of them. */
  #fill(workJ: number, toMs: number): void {
    // Bars that moved meanwhile said the last watts again: that time is told already.
    const saidMs = this.#stampedMs - this.#madeMs
    const fromMs = Math.round(this.#stampedMs)
    const spanMs = Math.round(toMs) - fromMs
    const leftWms = Math.round(workJ * 1000 - this.#madeW * saidMs)
    if (saidMs > POWER_HOLD_MS || spanMs <= 0 || leftWms < 0 || leftWms > RULES.powerW.max * spanMs) return
    const lowW = Math.floor(leftWms / spanMs)
    const highMs = leftWms - lowW * spanMs
    const turnMs = fromMs + spanMs - highMs
    this.#layLate(lowW, fromMs, turnMs)
    this.#layLate(lowW + 1, turnMs, fromMs + spanMs)
  }

  /** A sample holds three seconds at most: what is longer takes more of them. */
  #layLate(powerW: number, fromMs: number, toMs: number): void {
    for (let atMs = fromMs; atMs < toMs; atMs += POWER_HOLD_MS) this.#late.push({ atMs, powerW })
  }

  /**
   * Known not to turn: by the device's own cadence, else by a fresh one of another, else by a wheel that stands. A cadence
   * that never was anything but zero may be one that is not measured: then a wheel whose speed moves is believed.
   */
  #cranksStand(reading: Reading, saidMps: number | undefined, atMs: number): boolean {
    const { cadenceRpm: ownRpm, speedMps } = reading
    const winnerId = this.deviceOf('cadenceRpm', atMs)
    const byId = ownRpm === undefined ? winnerId : (reading.deviceId ?? reading.source)
    const cadenceRpm = ownRpm ?? (winnerId === undefined ? undefined : this.#arbiters.cadenceRpm.valueOf(winnerId))
    if (cadenceRpm === undefined) return speedMps === 0
    if (cadenceRpm > 0) return false
    return this.#turned.has(byId!) || speedMps === undefined || speedMps === 0 || speedMps === saidMps
  }

  #poweredOf(deviceId: string): PowerDevice {
    let device = this.#powered.get(deviceId)
    if (device === undefined) {
      device = { beat: new SteadyStamps(), gaps: new WorkGaps(), saidW: 0, saidMps: undefined, stood: false }
      this.#powered.set(deviceId, device)
    }
    return device
  }

  /** A kind that may give this quantity, whoever wins: what it says may be the only sign of a rider. */
  #gives(name: Quantity, { source }: Reading): boolean {
    return (RULES[name].kinds as readonly Source[]).includes(source)
  }

  #sample(powerW: number): Sample<S> {
    const sequence = this.#sequence as S
    this.#sequence = (this.#sequence + 1) & 0xffff
    return {
      sequence,
      atMs: Math.round(this.#stampedMs) >>> 0,
      powerW,
      cadenceHalfRpm: Math.round(this.#value('cadenceRpm', this.#stampedMs) * 2),
      heartRateBpm: Math.round(this.#value('heartRateBpm', this.#stampedMs)),
      steer: this.#sentSteer,
    }
  }

  /** When bars that moved make a sample; undefined: they stand where the newest sample has them. */
  #steerDueMs(atMs: number): number | undefined {
    if (Math.round(this.#value('steer', atMs)) === this.#sentSteer) return undefined
    return Math.max(atMs, this.#stampedMs + STEER_MS)
  }

  #offerIdle(atMs: number): void {
    this.#idleSinceMs ??= atMs
    if (atMs - this.#idleSinceMs < IDLE_MS) return
    this.#idleSinceMs = atMs
    this.#pendingMs = atMs
  }

  #value(name: Quantity, atMs: number): number {
    const deviceId = this.#arbiters[name].winner(atMs)
    return deviceId === undefined ? 0 : this.#arbiters[name].valueOf(deviceId)!
  }
}
