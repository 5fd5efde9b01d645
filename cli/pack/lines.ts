import type { PackOptions } from '#physics/pack-options'
import { CALM } from '#physics/weather'
import { Bunch } from './bunch.ts'

/** A file of riders with steady legs: the first rides `leaderW`, the others this share of it. */
export interface File {
  readonly riders: number
  readonly leaderW: number
  readonly followShare: number
  readonly speedMps: number
  /** Air that moves to the right across the road, m/s. */
  readonly crossMps?: number
}

export const ECHELON: File = { riders: 4, leaderW: 330, followShare: 0.78, speedMps: 9.6, crossMps: 4 }
export const PACELINE: File = { riders: 8, leaderW: 430, followShare: 0.72, speedMps: 11.8 }

/** In single file at the leader's own speed, a metre between wheels; they get two minutes to find their places. */
export function rideFile(file: File, options?: Partial<PackOptions>): Bunch {
  // The plain road runs north: its right hand is east.
  const weather = { ...CALM, windEastMps: file.crossMps ?? 0 }
  const alone = new Bunch([{ distanceM: 0, speedMps: file.speedMps, powerW: () => file.leaderW }], { weather })
  alone.ride(300)
  const cast = Array.from({ length: file.riders }, (_, row) => ({
    distanceM: 200 - 2.7 * row,
    speedMps: alone.riders.speedMps[0]!,
    powerW: () => (row === 0 ? file.leaderW : file.leaderW * file.followShare),
  }))
  const bunch = new Bunch(cast, options === undefined ? { weather } : { weather, options })
  bunch.ride(120)
  return bunch
}

export interface FileFigures {
  /** Riders within 40 m of the first. */
  readonly together: number
  /** How far the riders' places slant: metres to the side per metre behind, least squares. */
  readonly slant: number
  /** How wide the file is about that slanted line, m: standard deviation. */
  readonly widthM: number
  readonly meanDraft: number
}

export function fileFigures({ riders }: Bunch): FileFigures {
  const rows = Array.from({ length: riders.count }, (_, row) => row)
  const frontM = Math.max(...rows.map((row) => riders.distanceM[row]!))
  const near = rows.filter((row) => frontM - riders.distanceM[row]! < 40)
  const points = near.map((row) => ({ x: frontM - riders.distanceM[row]!, y: riders.lateralM[row]! }))
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length
  const across = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0)
  const along = points.reduce((sum, { x }) => sum + (x - meanX) * (x - meanX), 0)
  const slant = along === 0 ? 0 : across / along
  const off = points.map(({ x, y }) => y - meanY - slant * (x - meanX))
  return {
    together: near.length,
    slant,
    widthM: Math.sqrt(off.reduce((sum, value) => sum + value * value, 0) / off.length),
    meanDraft: near.reduce((sum, row) => sum + riders.draftFactor[row]!, 0) / near.length,
  }
}
