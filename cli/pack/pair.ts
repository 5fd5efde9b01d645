import type { PackOptions } from '#physics/pack-options'
import { steadySpeedMps } from '#physics/steady'
import { shapeRider } from '#physics/rider-shape'
import { AIR_DENSITY_KGPM3 } from '#physics/constants'
import { Bunch } from './bunch.ts'

/** The pair of the issue: somebody rides 300 W, somebody like them follows. */
export const LEADER_W = 300
const BODY = { massKg: 75, heightM: 1.78 }
/** Farther behind than this the wheel is lost, m. */
export const LOST_M = 3

export function leaderSpeedMps(): number {
  const { massKg, cdaM2 } = shapeRider(BODY)
  return steadySpeedMps(LEADER_W, { massKg, cdaM2, slope: 0, crr: 0.004, airDensityKgpm3: AIR_DENSITY_KGPM3 })
}

/** Leader in row 0, follower a metre behind in row 1, both at the leader's speed. */
export function pair(powerW: (timeS: number) => number, options?: Partial<PackOptions>): Bunch {
  const speedMps = leaderSpeedMps()
  const legs = [() => LEADER_W, powerW]
  const cast = legs.map((legsW, row) => ({
    bodyKg: BODY.massKg,
    heightM: BODY.heightM,
    distanceM: row === 0 ? 100 : 97.5,
    speedMps,
    powerW: legsW,
  }))
  return new Bunch(cast, options === undefined ? {} : { options })
}

export interface Place {
  readonly powerW: number
  /** From the follower's front wheel to the leader's rear wheel, mean of the last minute; below −1.68 m the follower is ahead. */
  readonly gapM: number
  readonly asideM: number
  readonly draftFactor: number
  /** Share of the follower's work that was held back. */
  readonly lostShare: number
}

/** Where steady watts put a follower: two minutes to get there, one to look. */
export function steadyPlace(powerW: number, options?: Partial<PackOptions>): Place {
  const bunch = pair(() => powerW, options)
  const { riders } = bunch
  bunch.ride(120)
  const lostJ = riders.contactJ[1]!
  let gapM = 0
  let asideM = 0
  let draftFactor = 0
  let looks = 0
  bunch.ride(60, () => {
    gapM += bunch.gapM(1, 0)
    asideM += Math.abs(riders.lateralM[1]! - riders.lateralM[0]!)
    draftFactor += riders.draftFactor[1]!
    looks++
  })
  return {
    powerW,
    gapM: gapM / looks,
    asideM: asideM / looks,
    draftFactor: draftFactor / looks,
    lostShare: (riders.contactJ[1]! - lostJ) / (60 * powerW),
  }
}

export interface Hold {
  /** Share of the time with the gap within `LOST_M` (and the follower not past). */
  readonly heldShare: number
  readonly meanPowerW: number
  readonly lostShare: number
  /** One value a second. */
  readonly gapM: readonly number[]
  readonly powerW: readonly number[]
  readonly asideM: readonly number[]
}

/** Follows for as long as the wander is, its watts about `holdW`. */
export function holdWheel(holdW: number, wander: readonly number[], options?: Partial<PackOptions>): Hold {
  const bunch = pair(
    (timeS) => Math.max(0, holdW * (1 + wander[Math.min(wander.length - 1, Math.floor(timeS))]!)),
    options,
  )
  const { riders } = bunch
  const gapM: number[] = []
  const powerW: number[] = []
  const asideM: number[] = []
  let held = 0
  let looks = 0
  bunch.ride(wander.length, () => {
    const gap = bunch.gapM(1, 0)
    looks++
    if (gap <= LOST_M) held++
    if (bunch.tick % 20 !== 0) return
    gapM.push(gap)
    powerW.push(riders.powerW[1]!)
    asideM.push(riders.lateralM[1]! - riders.lateralM[0]!)
  })
  const meanPowerW = powerW.reduce((sum, value) => sum + value, 0) / powerW.length
  return {
    heldShare: held / looks,
    meanPowerW,
    lostShare: riders.contactJ[1]! / (wander.length * meanPowerW),
    gapM,
    powerW,
    asideM,
  }
}
