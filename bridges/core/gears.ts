import type { FeltRoad } from './felt-force.ts'

/**
 * Virtual gears on a trainer that has only one, by what it is told of the road.
 *
 * A rider turns the crank n times a second. The chain that is there turns the wheel at v_t = n · r₀ · C, where r₀ is the
 * ratio of its teeth and C the wheel's circumference; the chain that is not there would at v = n · g · C = q v_t, q = g/r₀.
 * The road resists there with F(v) = m g₀ (i + c_rr) + c_w (v + w)² (felt-force.ts). The pedals must feel the power
 * F(v) · v, and feel F_t · v_t, so the trainer has to make F_t = q F(q v_t):
 *
 *   F_t = m g₀ · q (i + c_rr)  +  q³ c_w (v_t + w/q)²
 *
 * which again is a road: i_t = q (i + c_rr) − c_rr, drag q³ c_w, wind w/q. So three numbers of the simulation command carry
 * a gear exactly, at every speed; what a trainer cannot be told (drag above 2.55 kg/m, a trainer without air) is missing.
 * The force at the pedal for gear g at speed v is F(v) · g · C / (2π l), with the crank's length l: one gear up, 9 % more.
 * The flywheel keeps its own inertia: coasting and sprints feel like the gear that is there.
 */
export interface Gear {
  readonly ringTeeth: number
  readonly cogTeeth: number
}

/**
 * Chainrings of 30 and 50 teeth, cogs of 9 to 40: each gear is the pair nearest to the series 0.75 · 1.0905ᵏ, k = 0 … 23,
 * that is from 1.6 m to 11.7 m a turn. Whole teeth miss the series by at most 2 %; a shift is 7 to 11 %.
 */
export const GEARS: readonly Gear[] = (
  [
    [30, 40],
    [30, 37],
    [30, 34],
    [30, 31],
    [30, 28],
    [30, 26],
    [30, 24],
    [30, 22],
    [30, 20],
    [50, 31],
    [50, 28],
    [50, 26],
    [30, 14],
    [30, 13],
    [30, 12],
    [30, 11],
    [30, 10],
    [30, 9],
    [50, 14],
    [50, 13],
    [50, 12],
    [50, 11],
    [50, 10],
    [50, 9],
  ] as const
).map(([ringTeeth, cogTeeth]) => ({ ringTeeth, cogTeeth }))

export const GEAR_COUNT = GEARS.length
/** 30 × 13: where a ride begins, close to the one chain most trainers wear. */
export const GEAR_FIRST = 14

/** `gear` counts from 1. */
export function ratioOf(gear: number): number {
  const { ringTeeth, cogTeeth } = GEARS[clampGear(gear) - 1]!
  return ringTeeth / cogTeeth
}

export const clampGear = (gear: number): number => Math.min(Math.max(Math.round(gear), 1), GEAR_COUNT)

/** The road that makes one chain feel as another: `turn` is q, the ratio wished over the ratio that is there. */
export function gearedRoad(road: FeltRoad, turn: number): FeltRoad {
  return {
    gradeFraction: turn * (road.gradeFraction + road.crr) - road.crr,
    crr: road.crr,
    cwKgpm: turn * turn * turn * road.cwKgpm,
    windMps: road.windMps / turn,
  }
}

/** The ratio of the chain that is there, where nobody knows: 34 × 14, as most set their chain for virtual gears. */
export const CHAIN_RATIO = 34 / 14
const CIRCUMFERENCE_M = 2.105
/** Slower than this the freewheel may be clicking. */
const TURNING_RPM = 40
const ROLLING_MPS = 1.5
const RATIO_MIN = 0.8
const RATIO_MAX = 6
/** Readings in a row that agree; a trainer whose speed is a model's and not its wheel's never does. */
const AGREEING = 8
const AGREE_SHARE = 0.03

/** Learns the chain that is there: r₀ = v_t / (n C), from a trainer that tells its wheel's speed and its rider's cadence. */
export class ChainRatio {
  #ratio = CHAIN_RATIO
  #candidate = 0
  #agreed = 0

  get ratio(): number {
    return this.#ratio
  }

  offer(speedMps: number, cadenceRpm: number): void {
    if (!(cadenceRpm >= TURNING_RPM && speedMps >= ROLLING_MPS)) return
    const ratio = (speedMps * 60) / (cadenceRpm * CIRCUMFERENCE_M)
    if (ratio < RATIO_MIN || ratio > RATIO_MAX) return
    if (Math.abs(ratio - this.#candidate) > AGREE_SHARE * this.#candidate) {
      this.#candidate = ratio
      this.#agreed = 1
      return
    }
    this.#candidate += (ratio - this.#candidate) / 4
    this.#agreed++
    if (this.#agreed >= AGREEING && Math.abs(this.#candidate - this.#ratio) > AGREE_SHARE * this.#ratio)
      this.#ratio = this.#candidate
  }
}
