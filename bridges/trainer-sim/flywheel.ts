/** A bicycle on rollers, enough of one that speed follows power and grade with inertia. Martin et al. 1998, still air, sea level. */
export interface FlywheelLoad {
  readonly powerW: number
  readonly gradeFraction: number
  readonly crr: number
  /** Air: F = cw · v². */
  readonly cwKgpm: number
}

const G_MPS2 = 9.80665
/** Below this P/v would push without bound. */
const SPEED_FLOOR_MPS = 1
const SPEED_MAX_MPS = 30
const STEP_S = 0.05

export class Flywheel {
  readonly #massKg: number
  speedMps = 0

  constructor(massKg: number) {
    this.#massKg = massKg
  }

  /** Rolls on for `durationS` in small steps; speeds stay between standing and falling off a roof. */
  roll(load: FlywheelLoad, durationS: number): void {
    const hypotenuse = Math.sqrt(1 + load.gradeFraction * load.gradeFraction)
    const weightN = this.#massKg * G_MPS2
    const slopeN = (weightN * load.gradeFraction) / hypotenuse
    const rollingN = (weightN * load.crr) / hypotenuse
    for (let leftS = Math.min(durationS, 5); leftS > 0; leftS -= STEP_S) {
      const v = this.speedMps
      const driveN = load.powerW / Math.max(v, SPEED_FLOOR_MPS)
      const accelerationMps2 = (driveN - slopeN - (v > 0 ? rollingN : 0) - load.cwKgpm * v * v) / this.#massKg
      this.speedMps = Math.min(Math.max(v + accelerationMps2 * Math.min(STEP_S, leftS), 0), SPEED_MAX_MPS)
    }
  }
}
