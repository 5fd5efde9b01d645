import { createBoards, write, type Boards } from './boards.ts'
import { buildCrowd } from './crowd.ts'
import type { SceneLine } from './scene-line.ts'
import type { Land } from './land.ts'
import type { Carriageways } from './carriageways.ts'
import { createSpot, halfWidthAt, sampleAt, spotAt, type Spot, type Path } from './path.ts'
import { piece, type Part } from './piece.ts'
import type { Place } from './scenery-plan.ts'
import { nearestPlace, type Sites } from './sites.ts'
import { Shape } from './shape.ts'
import { ball, bar, box, cylinder, merged, painted, standing } from './solids.ts'
import type { Quality } from './view-types.ts'

const BRAND = '#e4572e'
const INK = '#14213d'

/** What people put beside a road: arches, banners, barriers, signs, stones, rails, and themselves. */
export function* buildScenery(
  { roads, frame }: Pick<Carriageways, 'roads' | 'frame'>,
  land: Land,
  sites: Sites,
  mapName: string,
  lines: readonly SceneLine[],
  places: readonly Place[],
  quality: Quality,
  seed: number,
): Generator<Part> {
  const boards = createBoards('roadside')
  const timber: Shape[] = []
  const start = lines.find((line) => line.isStart)
  if (start !== undefined) {
    startArch(start.path, boards, start, timber)
    barriers(start.path, land, boards, mapName, start.atM)
  }
  for (const line of lines) if (!line.isStart) gantry(line.path, boards, line, timber)
  for (const place of places) placeSign(roads, frame, boards, place, timber)
  const longest = Math.max(...roads.map(({ path }) => path.lengthM))
  for (const { path } of roads) {
    // On a map of one road stones count from the start; in a network each road has its own.
    if (path.lengthM > 1000 && path.lengthM * 8 > longest)
      kilometreStones(path, land, boards, path.isLoop ? (start?.atM ?? 0) : 0, timber)
  }
  yield* boards.finish()
  if (timber.length > 0)
    yield piece('roadside', 'painted', merged(timber, ['position', 'normal', 'color']), { hasShadow: true })
  yield* guardRails(roads, land)
  yield buildCrowd(roads, land, sites, lines, quality, seed)
}

function startArch(path: Path, boards: Boards, { atM, isReversed }: SceneLine, timber: Shape[]): void {
  const spot = spotAt(path, atM, 0, createSpot())
  if (isReversed) turnRound(spot)
  const half = halfWidthAt(path, atM) + 1.5
  const cell = boards.paint(1024, 150, (pen, wide, tall) => {
    const wash = pen.createLinearGradient(0, 0, wide, 0)
    wash.addColorStop(0, '#c8401c')
    wash.addColorStop(0.5, '#f08a24')
    wash.addColorStop(1, '#c8401c')
    pen.fillStyle = wash
    pen.fillRect(0, 0, wide, tall)
    write(pen, 'START  ·  GRUPPETTO  ·  FINISH', wide, tall, '#fff')
  })
  const rightX = -spot.dirZ
  const rightZ = spot.dirX
  for (const face of [1, -1]) {
    boards.put({
      cell,
      x: spot.x - spot.dirX * 0.62 * face,
      y: spot.y + 6.1,
      z: spot.z - spot.dirZ * 0.62 * face,
      rightX: rightX * face,
      rightZ: rightZ * face,
      wideM: half * 2 + 0.2,
      tallM: 1.5,
    })
  }
  for (const side of [-1, 1]) {
    const x = spot.x + rightX * side * half
    const z = spot.z + rightZ * side * half
    timber.push(painted(cylinder(0.52, 0.66, 7.4, 14).translate(x, spot.y + 3.3, z), 0xd9531e))
  }
  const beam = box([0, 0, 0], [half * 2, 1.75, 1.15])
  beam.apply(standing([spot.x, spot.y + 6.1, spot.z], turned(rightX, rightZ)))
  timber.push(painted(beam, 0xd9531e))
}

/** Boards on both sides of the finishing straight; each leans on the slope of the road. */
function barriers(path: Path, land: Land, boards: Boards, mapName: string, startM: number): void {
  const texts: readonly (readonly [text: string, ground: string, ink: string])[] = [
    ['GRUPPETTO', BRAND, '#fff'],
    [mapName.toUpperCase(), INK, '#fff'],
    ['GRUPPETTO', '#f4f1e8', INK],
    ['ALLEZ ALLEZ', '#2a7f62', '#fff'],
  ]
  const cells = texts.map(([text, ground, ink]) =>
    boards.paint(400, 80, (pen, wide, tall) => {
      pen.fillStyle = ground
      pen.fillRect(0, 0, wide, tall)
      write(pen, text, wide, tall, ink)
    }),
  )
  const spot = createSpot()
  const LONG_M = 4.6
  for (let i = 0; i < 30; i++) {
    const atM = startM - 92 + i * LONG_M
    for (const side of [-1, 1]) {
      if (!path.isLoop && (atM < 3 || atM > path.lengthM - 3)) continue
      spotAt(path, atM, side * (halfWidthAt(path, atM) + 1.1), spot)
      if (land.isPad(spot.x, spot.z)) continue // A free-ride zone has gates there, and a fence of its own.
      for (const face of [1, -1]) {
        // The front looks at the road: seen from there, writing on the right runs backwards along it.
        const along = -side * face
        boards.put({
          cell: cells[i % cells.length]!,
          x: spot.x,
          y: spot.y + 0.5,
          z: spot.z,
          rightX: spot.dirX * along,
          rightZ: spot.dirZ * along,
          wideM: LONG_M * 0.985,
          tallM: 0.92,
          riseM: spot.slope * LONG_M * along,
        })
      }
    }
  }
}

/** A named line: a banner between two masts. */
function gantry(path: Path, boards: Boards, line: SceneLine, timber: Shape[]): void {
  const spot = spotAt(path, line.atM, 0, createSpot())
  if (line.isReversed) turnRound(spot)
  const half = halfWidthAt(path, line.atM) + 1.3
  const cell = boards.paint(800, 96, (pen, wide, tall) => {
    pen.fillStyle = '#f6f2e6'
    pen.fillRect(0, 0, wide, tall)
    pen.fillStyle = BRAND
    pen.fillRect(0, 0, wide, 9)
    pen.fillRect(0, tall - 9, wide, 9)
    write(pen, line.name.toUpperCase(), wide, tall * 0.96, INK)
  })
  for (const face of [1, -1]) {
    boards.put({
      cell,
      x: spot.x - spot.dirX * 0.04 * face,
      y: spot.y + 5.2,
      z: spot.z - spot.dirZ * 0.04 * face,
      rightX: -spot.dirZ * face,
      rightZ: spot.dirX * face,
      wideM: half * 2,
      tallM: 1.0,
    })
  }
  for (const side of [-1, 1]) {
    const x = spot.x - spot.dirZ * side * half
    const z = spot.z + spot.dirX * side * half
    timber.push(painted(bar([x, spot.y - 1, z], [x, spot.y + 6, z], 0.09, 0.07, 8), 0xdad6cc))
  }
}

/** The name of a place where the road reaches it, on two posts. */
function placeSign(
  roads: Carriageways['roads'],
  frame: Carriageways['frame'],
  boards: Boards,
  place: Place,
  timber: Shape[],
): void {
  const beforeM = place.kind === 'village' ? 185 : 45
  const { path, atM: abreastM } = nearestPlace(roads, frame, place)
  const atM = path.isLoop ? abreastM - beforeM : Math.max(6, abreastM - beforeM)
  const spot = spotAt(path, atM, halfWidthAt(path, atM) + 1.7, createSpot())
  const cell = boards.paint(360, 100, (pen, wide, tall) => {
    pen.fillStyle = place.kind === 'village' ? '#c23b22' : '#5b4632'
    pen.fillRect(0, 0, wide, tall)
    pen.fillStyle = '#fbfaf5'
    pen.fillRect(8, 8, wide - 16, tall - 16)
    write(pen, place.name, wide, tall, '#191919')
  })
  boards.put({
    cell,
    x: spot.x,
    y: spot.y + 1.75,
    z: spot.z,
    rightX: -spot.dirZ,
    rightZ: spot.dirX,
    wideM: 2,
    tallM: 0.56,
  })
  for (const o of [-0.8, 0.8]) {
    const x = spot.x - spot.dirZ * o + spot.dirX * 0.04
    const z = spot.z + spot.dirX * o + spot.dirZ * 0.04
    timber.push(painted(bar([x, spot.y - 0.8, z], [x, spot.y + 2.05, z], 0.04, 0.04, 6), 0x777a7d))
  }
  const back = box([0, 0, 0], [2, 0.56, 0.02])
  back.apply(
    standing([spot.x + spot.dirX * 0.02, spot.y + 1.75, spot.z + spot.dirZ * 0.02], turned(-spot.dirZ, spot.dirX)),
  )
  timber.push(painted(back, 0x8b8e91))
}

/** One stone per kilometre from the start, with its number; on a climb also the mean grade of the next kilometre. */
function kilometreStones(path: Path, land: Land, boards: Boards, startM: number, timber: Shape[]): void {
  const spot = createSpot()
  const count = Math.min(40, Math.floor(path.lengthM / 1000))
  for (let km = 1; km <= count; km++) {
    const atM = startM + km * 1000
    const half = halfWidthAt(path, atM)
    const fromM = path.y[sampleAt(path, atM)]!
    const toM = path.y[sampleAt(path, atM + 1000)]!
    const percent = Math.round((toM - fromM) / 10)
    spotAt(path, atM, half + 1.25, spot)
    const y = land.heightAt(spot.x, spot.z)
    const cell = boards.paint(96, 128, (pen, wide, tall) => {
      pen.fillStyle = '#f7f4ea'
      pen.fillRect(0, 0, wide, tall)
      pen.fillStyle = '#f2b632'
      pen.fillRect(0, 0, wide, tall * 0.34)
      pen.fillStyle = INK
      pen.font = '700 30px system-ui, "DejaVu Sans", sans-serif'
      pen.fillText(`${km} km`, wide / 2, tall * 0.18)
      pen.font = `700 ${percent > 1 ? 40 : 30}px system-ui, "DejaVu Sans", sans-serif`
      pen.fillText(percent > 1 ? `${percent} %` : '· · ·', wide / 2, tall * 0.68)
    })
    boards.put({
      cell,
      x: spot.x - spot.dirX * 0.14,
      y: y + 0.42,
      z: spot.z - spot.dirZ * 0.14,
      rightX: -spot.dirZ,
      rightZ: spot.dirX,
      wideM: 0.5,
      tallM: 0.66,
    })
    const stone = merged(
      [box([0, 0.25, 0], [0.54, 1.1, 0.26]), ball([0, 0.8, 0], [0.27, 0.16, 0.13], 10, 6)],
      ['position', 'normal'],
    )
    stone.apply(standing([spot.x, y, spot.z], turned(-spot.dirZ, spot.dirX)))
    timber.push(painted(stone, 0xefe9da))
  }
}

function turnRound(spot: Spot): void {
  spot.dirX = -spot.dirX
  spot.dirZ = -spot.dirZ
  spot.slope = -spot.slope
}

/** The turn about the upright that lays +x along a level direction, rad. */
function turned(rightX: number, rightZ: number): number {
  return Math.atan2(-rightZ, rightX)
}

const RAIL_EVERY_M = 4
const RAIL_RUN_MIN = 5
const RAIL_PROFILE: readonly (readonly [out: number, up: number])[] = [
  [0, 0.46],
  [-0.05, 0.54],
  [0.02, 0.62],
  [-0.05, 0.7],
  [0, 0.78],
]

/** Steel beams where the ground falls away, in unbroken strips that follow the road; posts reach into the slope. */
function* guardRails(roads: Carriageways['roads'], land: Land): Generator<Part> {
  const position: number[] = []
  const posts: Shape[] = []
  for (const { path, isAloft } of roads) railsOf(path, isAloft, land, position, posts)
  if (position.length === 0) return
  const beam = painted(new Shape(position).computeNormals(), 0xc9ccce)
  const all = merged([beam, ...posts], ['position', 'normal', 'color'])
  yield piece('rails', 'paintedBoth', all, { hasShadow: true })
}

function railsOf(path: Path, isAloft: Uint8Array, land: Land, position: number[], posts: Shape[]): void {
  const spot = createSpot()
  const steps = Math.floor(path.lengthM / RAIL_EVERY_M)
  for (const side of [-1, 1]) {
    const isSteep: boolean[] = []
    for (let k = 0; k < steps; k++) {
      const half = path.halfWidthM[Math.floor(k * RAIL_EVERY_M)]!
      spotAt(path, k * RAIL_EVERY_M, side * (half + 8), spot)
      const isCarried = isAloft[Math.min(path.count - 1, Math.floor(k * RAIL_EVERY_M))] === 1
      const isOwn = !isCarried && land.vergeAt(spot.x, spot.z) > 5
      // Outside a hairpin even a gentle slope gets one.
      const outward = -side * path.bendPerM[Math.floor(k * RAIL_EVERY_M)]!
      const dropM = outward > 1 / 45 ? 0.1 : 1
      isSteep.push(isOwn && land.heightAt(spot.x, spot.z) < spot.y - dropM)
    }
    for (let k = 0; k < steps;) {
      if (!isSteep[k]) {
        k++
        continue
      }
      let end = k
      while (end < steps && (isSteep[end] || isSteep[end + 1] || isSteep[end + 2])) end++
      if (end - k >= RAIL_RUN_MIN) run(side, k, end)
      k = end
    }
  }

  function run(side: number, from: number, to: number): void {
    const ring = (k: number): number[][] => {
      const half = halfWidthAt(path, k * RAIL_EVERY_M)
      // Rails begin and end in the ground.
      const sink = k === from || k === to ? 0.75 : 0
      return RAIL_PROFILE.map(([out, up]) => {
        spotAt(path, k * RAIL_EVERY_M, side * (half + 0.75 + out), spot)
        return [spot.x, spot.y + up - sink, spot.z]
      })
    }
    let before = ring(from)
    for (let k = from + 1; k <= to; k++) {
      const after = ring(k)
      for (let j = 0; j < RAIL_PROFILE.length - 1; j++) {
        const [a, b, c, d] = [before[j]!, before[j + 1]!, after[j]!, after[j + 1]!]
        if (side > 0) position.push(...a, ...b, ...c, ...b, ...d, ...c)
        else position.push(...a, ...c, ...b, ...b, ...c, ...d)
      }
      before = after
      if (k === to) break
      const half = halfWidthAt(path, k * RAIL_EVERY_M)
      spotAt(path, k * RAIL_EVERY_M, side * (half + 0.86), spot)
      posts.push(painted(bar([spot.x, spot.y - 1.4, spot.z], [spot.x, spot.y + 0.76, spot.z], 0.06, 0.06, 4), 0x8f9396))
    }
  }
}
