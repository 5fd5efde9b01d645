import type { Carriageway } from './carriageways.ts'
import type { Land } from './land.ts'
import { createSpot, halfWidthAt, spotAt } from './path.ts'
import { piece, type Piece } from './piece.ts'
import { Shape } from './shape.ts'
import { box, merged, painted } from './solids.ts'

const EVERY_M = 4
/** From the edge of the asphalt to the parapet, its height over the road, and the deck under it, m. */
const PARAPET_OUT_M = 0.75
const PARAPET_UP_M = 0.95
const PARAPET_WIDE_M = 0.3
const DECK_M = 1.1
const PIER_EVERY_M = 28
/** A pier stands where the ground lies at least this far below, and no road passes. */
const PIER_TALL_MIN_M = 2.5
const PIER_CLEAR_M = 2
/** From the asphalt to a gallery's wall and posts, its clear height, and how far apart the posts stand, m. */
const GALLERY_OUT_M = 0.9
const GALLERY_UP_M = 5
const POST_EVERY_M = 6
const CONCRETE = 0x8f8a80
const STONE = 0xb3a994
const SHADE = 0x8d8574

/** Decks, parapets and piers under every stretch of road that is carried over something, galleries over those in tunnels. */
export function* buildBridges(roads: readonly Carriageway[], land: Land): Generator<Piece> {
  const parts: Shape[] = []
  for (const road of roads) {
    for (const [from, to] of runsOf(road.isAloft)) span(road, from, to, land, parts)
    for (const [from, to] of runsOf(road.isRoofed)) gallery(road, from, to, parts)
  }
  if (parts.length === 0) return
  yield piece('bridges', 'painted', merged(parts, ['position', 'normal', 'color']), { hasShadow: true })
}

function runsOf(marks: Uint8Array): (readonly [from: number, to: number])[] {
  const runs: (readonly [number, number])[] = []
  for (let i = 0; i < marks.length; i++) {
    if (marks[i] === 0) continue
    let end = i
    while (end + 1 < marks.length && marks[end + 1] === 1) end++
    runs.push([i, end])
    i = end
  }
  return runs
}

function span({ path }: Carriageway, from: number, to: number, land: Land, parts: Shape[]): void {
  const spot = createSpot()
  const rings: number[] = []
  for (let at = from; at < to; at += EVERY_M) rings.push(at)
  rings.push(to)
  // Around the deck, clockwise as one rides: outer foot of the left parapet, over it, under the road, and the same on the right.
  const corners = (atM: number): number[][] => {
    const out = halfWidthAt(path, atM) + PARAPET_OUT_M
    const inner = out - PARAPET_WIDE_M
    const outline = [
      [-inner, -0.3],
      [-inner, PARAPET_UP_M],
      [-out, PARAPET_UP_M],
      [-out, -DECK_M],
      [out, -DECK_M],
      [out, PARAPET_UP_M],
      [inner, PARAPET_UP_M],
      [inner, -0.3],
    ] as const
    return outline.map(([lateralM, upM]) => {
      spotAt(path, atM, lateralM, spot)
      return [spot.x, spot.y + upM, spot.z]
    })
  }
  const position: number[] = []
  let before = corners(rings[0]!)
  for (const atM of rings.slice(1)) {
    const after = corners(atM)
    for (let j = 0; j + 1 < before.length; j++) {
      const [a, b, c, d] = [before[j]!, before[j + 1]!, after[j]!, after[j + 1]!]
      position.push(...a, ...c, ...b, ...b, ...c, ...d)
    }
    before = after
  }
  parts.push(painted(new Shape(position).computeNormals(), STONE))
  for (let atM = from + PIER_EVERY_M / 2; atM < to; atM += PIER_EVERY_M) {
    const half = halfWidthAt(path, atM)
    spotAt(path, atM, 0, spot)
    const groundM = land.heightAt(spot.x, spot.z)
    const tallM = spot.y - DECK_M - groundM
    if (tallM < PIER_TALL_MIN_M || land.vergeAt(spot.x, spot.z) < PIER_CLEAR_M) continue
    const pier = box([0, 0, 0], [half * 1.5, tallM + 2, 1.4])
    pier.rotateY(Math.atan2(-spot.dirX, -spot.dirZ))
    pier.translate(spot.x, groundM - 2 + (tallM + 2) / 2, spot.z)
    parts.push(painted(pier, SHADE))
  }
}

/** A gallery against snow and stones: a wall on the hill's side, a roof, and posts on the other. */
function gallery({ path }: Carriageway, from: number, to: number, parts: Shape[]): void {
  const spot = createSpot()
  const ring = (atM: number): number[][] => {
    const out = halfWidthAt(path, atM) + GALLERY_OUT_M
    const outline = [
      [-out - 0.6, -1],
      [-out - 0.6, GALLERY_UP_M + 0.9],
      [out + 0.8, GALLERY_UP_M + 0.5],
      [out + 0.8, GALLERY_UP_M],
      [-out, GALLERY_UP_M],
      [-out, -1],
    ] as const
    return outline.map(([lateralM, upM]) => {
      spotAt(path, atM, lateralM, spot)
      return [spot.x, spot.y + upM, spot.z]
    })
  }
  const position: number[] = []
  const end = (corners: readonly number[][], isFirst: boolean): void => {
    // Wall and roof, as seen from outside.
    for (const quad of [
      [0, 1, 4, 5],
      [1, 2, 3, 4],
    ] as const) {
      const [a, b, c, d] = quad.map((i) => corners[i]!) as [number[], number[], number[], number[]]
      if (isFirst) position.push(...a, ...c, ...b, ...a, ...d, ...c)
      else position.push(...a, ...b, ...c, ...a, ...c, ...d)
    }
  }
  let before = ring(from)
  end(before, true)
  for (let atM = from + EVERY_M; atM < to + EVERY_M; atM += EVERY_M) {
    const after = ring(Math.min(atM, to))
    for (let j = 0; j + 1 < before.length; j++) {
      const [a, b, c, d] = [before[j]!, before[j + 1]!, after[j]!, after[j + 1]!]
      position.push(...a, ...b, ...c, ...b, ...d, ...c)
    }
    before = after
  }
  end(before, false)
  parts.push(painted(new Shape(position).computeNormals(), CONCRETE))
  for (let atM = from + 1; atM < to; atM += POST_EVERY_M) {
    spotAt(path, atM, halfWidthAt(path, atM) + GALLERY_OUT_M + 0.3, spot)
    const post = box([0, 0, 0], [0.55, GALLERY_UP_M + 1.2, 0.55])
    post.rotateY(Math.atan2(-spot.dirX, -spot.dirZ))
    post.translate(spot.x, spot.y + GALLERY_UP_M / 2 - 0.5, spot.z)
    parts.push(painted(post, CONCRETE))
  }
}
