import { createRandom } from '#physics/random'
import type { Land } from './land.ts'
import type { Carriageways } from './carriageways.ts'
import { createSpot, halfWidthAt, spotAt, type Path } from './path.ts'
import type { SceneLine } from './scene-line.ts'
import type { Sites } from './sites.ts'
import { STREWN_ROW, type Strewn } from './piece.ts'
import type { Shape } from './shape.ts'
import { ball, bar, linearFromHsl, merged, painted, standing } from './solids.ts'
import type { Quality } from './view-types.ts'

const CROWD: Record<Quality, number> = { test: 30, low: 120, medium: 320, high: 480 }
/** Farther than this from the eye nobody is drawn. */
const SEEN_M = 230

/** People where it is worth standing: at the start, at the named lines, along the village street, in the hairpins. */
export function buildCrowd(
  roads: Carriageways['roads'],
  land: Land,
  sites: Sites,
  lines: readonly SceneLine[],
  quality: Quality,
  seed: number,
): Strewn {
  const random = createRandom(seed ^ 0xc0de)
  const stretches: { path: Path; fromM: number; toM: number; share: number }[] = []
  for (const { path, atM, isStart, isReversed } of lines) {
    const [beforeM, behindM, share] = isStart ? [85, 45, 5] : [25, 12, 1.6]
    const [fromM, toM] = isReversed ? [atM - behindM, atM + beforeM] : [atM - beforeM, atM + behindM]
    stretches.push({ path, fromM, toM, share })
  }
  for (const street of sites.streets) stretches.push({ ...street, share: 1.6 })
  for (const { path } of roads) {
    for (let s = 0; s < path.count; s += 20) {
      if (Math.abs(path.bendPerM[s]!) > 1 / 30) stretches.push({ path, fromM: s - 14, toM: s + 14, share: 0.5 })
    }
  }
  const total = stretches.reduce((sum, stretch) => sum + stretch.share, 0)
  const spot = createSpot()
  const places: { x: number; y: number; z: number; turn: number }[] = []
  for (const stretch of stretches) {
    const wanted = Math.round((CROWD[quality] * stretch.share) / total)
    for (let i = 0; i < wanted; i++) {
      const side = random.fraction() < 0.5 ? -1 : 1
      const atM = stretch.fromM + random.fraction() * (stretch.toM - stretch.fromM)
      const { path } = stretch
      if (!path.isLoop && (atM < 0 || atM > path.lengthM)) continue
      const half = halfWidthAt(path, atM)
      const backM = 1.75 + random.fraction() ** 2 * 2.6
      spotAt(path, atM, side * (half + backM), spot)
      const turn = Math.atan2(spot.dirZ * side, -spot.dirX * side) + (random.fraction() - 0.5) * 0.9
      const y = land.heightAt(spot.x, spot.z)
      if (land.vergeAt(spot.x, spot.z) < 1.4 || land.isPad(spot.x, spot.z) || Math.abs(y - spot.y) > 1.5) continue
      places.push({ x: spot.x, y, z: spot.z, turn })
    }
  }
  const table = new Float32Array(places.length * STREWN_ROW)
  places.forEach((place, i) => {
    const tall = 0.88 + random.fraction() * 0.2
    table.set(standing([place.x, place.y, place.z], place.turn, tall), i * STREWN_ROW)
    const [hue, full, light] = [random.fraction(), 0.35 + 0.4 * random.fraction(), 0.4 + 0.3 * random.fraction()]
    table.set(linearFromHsl(hue, full, light), i * STREWN_ROW + 16)
  })
  const shape = personShape()
  return {
    kind: 'strewn',
    name: 'crowd',
    levels: [{ surface: 'crowd', shape, toM: SEEN_M, hasShadow: true, isShaded: false }],
    count: places.length,
    table,
  }
}

function personShape(): Shape {
  const SKIN = 0xc99a72
  return merged(
    [
      painted(bar([0.09, -0.1, 0], [0.08, 0.85, 0], 0.075, 0.095, 6), 0x2c3a55),
      painted(bar([-0.09, -0.1, 0], [-0.08, 0.85, 0], 0.075, 0.095, 6), 0x2c3a55),
      painted(bar([0, 0.8, 0], [0, 1.15, 0], 0.16, 0.18, 8), 0xffffff),
      painted(bar([0, 1.15, 0], [0, 1.42, 0], 0.18, 0.13, 8), 0xffffff),
      painted(ball([0, 1.41, 0], [0.17, 0.07, 0.11], 6, 4), 0xffffff),
      painted(bar([0, 1.42, 0], [0, 1.52, 0], 0.05, 0.05, 6), SKIN),
      painted(ball([0, 1.62, 0], [0.1, 0.13, 0.11], 7, 5), SKIN),
      painted(ball([0, 1.67, -0.02], [0.108, 0.1, 0.115], 7, 4), 0x4a3524),
      painted(bar([0.17, 1.4, 0], [0.32, 1.58, 0.12], 0.05, 0.042, 5), 0xffffff),
      painted(bar([0.32, 1.58, 0.12], [0.26, 1.86, 0.2], 0.04, 0.035, 5), SKIN),
      painted(bar([-0.17, 1.4, 0], [-0.27, 1.15, 0.1], 0.05, 0.042, 5), 0xffffff),
      painted(bar([-0.27, 1.15, 0.1], [-0.14, 1.02, 0.26], 0.04, 0.035, 5), SKIN),
    ],
    ['position', 'normal', 'color'],
  )
}
