/**
 * Watts out of what strain gauges count: torque summed up per event, and the time those events took. The sums roll over,
 * begin anew after a reconnection, and without a new event nothing is known.
 */
export interface TorqueMessage {
  /** Eight bits: of the message, not of the crank. */
  readonly eventCount: number
  /** Sixteen bits, 1/2048 s, summed up over the turns. */
  readonly period2048: number
  /** Sixteen bits, 1/32 Nm, summed up over the events. */
  readonly accumulatedTorque32: number
}

export interface Torque {
  /** Over the events since the last message. */
  readonly powerW: number
  readonly torqueNm: number
  /** Turns of the wheel or crank whose torque it is. */
  readonly turnsPerS: number
}

/** More is a sum that began anew, or not a leg's. */
const POWER_MAX_W = 4095
const TURNS_MAX_PER_S = 20

/** ANT+ bicycle power pages 0x11 (wheel) and 0x12 (crank), fitness equipment page 26 (wheel). */
export class TorqueSum {
  #last: TorqueMessage | undefined

  /** undefined: the first message, no new event, or no time between two events. */
  offer(message: TorqueMessage): Torque | undefined {
    const last = this.#last
    this.#last = message
    if (last === undefined) return undefined
    const events = (message.eventCount - last.eventCount) & 0xff
    const period = (message.period2048 - last.period2048) & 0xffff
    if (events === 0 || period === 0) return undefined
    const torque = (message.accumulatedTorque32 - last.accumulatedTorque32) & 0xffff
    const turnsPerS = (events * 2048) / period
    // P = 2π · torque · turns per second; with 1/32 Nm and 1/2048 s that is 128π Δtorque ⁄ Δperiod.
    const powerW = (128 * Math.PI * torque) / period
    if (powerW > POWER_MAX_W || turnsPerS > TURNS_MAX_PER_S) return undefined
    return { powerW, torqueNm: torque / 32 / events, turnsPerS }
  }

  reset(): void {
    this.#last = undefined
  }
}

/** Page 0x20. */
export interface TorqueFrequencyMessage {
  readonly eventCount: number
  readonly slopeNmPerHz: number
  /** Sixteen bits, 1/2000 s. */
  readonly time2000: number
  /** Sixteen bits: how often the gauge has oscillated. */
  readonly torqueTicks: number
}

export interface FrequencyTorque {
  readonly cadenceRpm: number
  /** Without the gauge's frequency at rest nobody knows these. */
  readonly torqueNm?: number
  readonly powerW?: number
}

/** A gauge that turns torque into a frequency: so many oscillations per Nm above those at rest. */
export class TorqueFrequency {
  #last: TorqueFrequencyMessage | undefined
  /** At rest, from page 1 after a calibration: a meter tells it only when asked. */
  offsetHz: number | undefined

  offer(message: TorqueFrequencyMessage): FrequencyTorque | undefined {
    const last = this.#last
    this.#last = message
    if (last === undefined) return undefined
    const turns = (message.eventCount - last.eventCount) & 0xff
    const timeS = ((message.time2000 - last.time2000) & 0xffff) / 2000
    if (turns === 0 || timeS === 0) return undefined
    const turnsPerS = turns / timeS
    const cadenceRpm = 60 * turnsPerS
    if (turnsPerS > TURNS_MAX_PER_S) return undefined
    if (this.offsetHz === undefined || message.slopeNmPerHz === 0) return { cadenceRpm }
    const frequencyHz = ((message.torqueTicks - last.torqueTicks) & 0xffff) / timeS
    const torqueNm = Math.max(0, frequencyHz - this.offsetHz) / message.slopeNmPerHz
    const powerW = 2 * Math.PI * torqueNm * turnsPerS
    return powerW > POWER_MAX_W ? undefined : { cadenceRpm, torqueNm, powerW }
  }

  reset(): void {
    this.#last = undefined
  }
}
