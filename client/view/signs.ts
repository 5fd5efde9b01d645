import { createRandom } from '#physics/random'
import { TURN } from '#maps/network'
import type { Carriageway } from './carriageways.ts'
import type { Arm, Junction } from './junctions.ts'
import { CROWN_UP_M, EDGE_UP_M } from './junctions.ts'
import { FACE, STYLE } from './mason.ts'
import { createSpot, halfWidthAt, ringsAlong, sampleAt, spotAt, type Path, type Spot } from './path.ts'
import { PAVEMENT_M } from './road.ts'
import type { Cell } from './sheet.ts'
import { nearestPlace } from './sites.ts'
import type { Works } from './works.ts'

const WHITE = '#ece8dc'
const INK = '#14213d'
const SIGN_BEFORE_M = 55
/** Junction boards name the roads, and what routes go there. */
const ROUTES_MOST = 2

/** Everything with writing on it that is not a line's own: where roads go, how steep they are, who is cheered on. */
export function laySigns(works: Works): void {
  for (const junction of works.junctions) {
    for (const arm of junction.arms) {
      marksOf(arm, junction, works)
      directions(arm, works)
    }
  }
  for (const place of works.plan.places) if (place.kind === 'village' || place.kind === 'pass') placeSigns(place, works)
  const longest = Math.max(...works.ways.roads.map(({ path }) => path.lengthM))
  const random = createRandom(works.seed ^ 0x519)
  for (const road of works.ways.roads) {
    bends(road, works)
    for (const isBack of [false, true]) {
      if (isBack && road.against < 0) continue
      grades(road, isBack, works)
      chalk(road, isBack, works, () => random.fraction())
    }
    if (road.path.lengthM > 1000 && road.path.lengthM * 8 > longest) stones(road, works)
  }
}

export interface BoardPlan {
  readonly spot: Spot
  /** Level unit vector in which riders look when they read it. */
  readonly lookX: number
  readonly lookZ: number
  readonly cell: Cell
  readonly wideM: number
  readonly tallM: number
  /** Its lower rim over the ground. */
  readonly upM: number
  readonly groundM?: number
  readonly back?: number
}

/** A board on two posts (one, when narrow) that faces who comes along `look`. */
export function standBoard(
  { yard, boards }: Pick<Works, 'yard' | 'boards'>,
  { spot, lookX, lookZ, cell, wideM, tallM, upM, groundM = spot.y, back = 0x8b8e91 }: BoardPlan,
): void {
  const y = groundM + upM + tallM / 2
  boards.board({
    cell,
    x: spot.x - lookX * 0.035,
    y,
    z: spot.z - lookZ * 0.035,
    rightX: -lookZ,
    rightZ: lookX,
    wideM,
    tallM,
  })
  const mason = yard.at('detail', spot.x, spot.z).at(spot.x, groundM, spot.z, Math.atan2(-lookX, -lookZ))
  mason.ink(back, STYLE.steel).box(0, upM, 0, wideM, tallM, 0.05, FACE.all)
  mason.ink(0x777a7d, STYLE.steel)
  for (const o of wideM > 1.1 ? [-wideM * 0.36, wideM * 0.36] : [0])
    mason.box(o, -0.9, -0.06, 0.08, upM + tallM + 0.9, 0.07, FACE.most)
}

/** Where riders of an arm stop, turn and cross: painted on the last metres before the junction. */
function marksOf(arm: Arm, { arms }: Junction, works: Works): void {
  const { road, isEnd, mouthM, arrival, halfWidthM: half } = arm
  const { sheet, land, network } = works
  const way = network.ways[arrival]
  const length = road.path.lengthM
  if (length < 60 || road.surface[sampleAt(road.path, mouthM)] === 3) return
  // Metres before the mouth, and to the right as one arrives.
  const put = (cell: Cell, beforeM: number, longM: number, left: number, right: number): void =>
    lay(works, {
      path: road.path,
      fromM: isEnd ? mouthM - beforeM - longM : mouthM + beforeM + longM,
      toM: isEnd ? mouthM - beforeM : mouthM + beforeM,
      left,
      right,
      cell,
    })
  const isTown = land.isTown(arm.x, arm.z)
  const from = road.against < 0 ? -half + 0.3 : 0.15
  if (arms.length > 2 && isTown)
    put(sheet.cell(256, 64, { kind: 'bars', count: 12 }), 2.6, 3, -half + 0.15, half - 0.15)
  if (way === undefined) return
  if (arm.yields) put(sheet.cell(256, 32, { kind: 'teeth', count: 8 }), 0.8, 0.9, from, half - 0.3)
  const turns = way.exits.reduce(
    (bits, { turn }) => bits | (turn === TURN.left ? 1 : turn === TURN.straight ? 2 : turn === TURN.right ? 4 : 0),
    0,
  )
  if (way.exits.length < 2 || half < 3) return
  const middle = road.against < 0 ? 0 : half / 2
  const cell = sheet.cell(96, 192, { kind: 'arrow', turns, ground: '', ink: WHITE })
  for (const beforeM of [13, 34]) if (length > 3 * beforeM) put(cell, beforeM, 5.2, middle - 0.85, middle + 0.85)
}

interface PaintPlan {
  readonly path: Path
  /** Read from `fromM` to `toM`, whichever is the larger; left and right as one rides that way. */
  readonly fromM: number
  readonly toM: number
  readonly left: number
  readonly right: number
  readonly cell: Cell
}

/** Paint on a carriageway, cut where the ribbon under it is, so that it lies on it everywhere. */
export function lay(
  { paint, quality }: Pick<Works, 'paint' | 'quality'>,
  { path, fromM, toM, left, right, cell }: PaintPlan,
): void {
  const everyM = quality === 'high' || quality === 'medium' ? 2 : 4
  const isBack = toM < fromM
  const [lowM, highM] = isBack ? [toM, fromM] : [fromM, toM]
  const cuts = ringsNear(path, everyM, lowM, highM)
  const sides = left < 0 && right > 0 ? [left, 0, right] : [left, right]
  const spot = createSpot()
  const corner = (atM: number, lateral: number): [number, number, number] => {
    const own = isBack ? -lateral : lateral
    spotAt(path, atM, own, spot)
    const half = halfWidthAt(path, atM)
    return [spot.x, spot.y + CROWN_UP_M - (CROWN_UP_M - EDGE_UP_M) * Math.min(1, Math.abs(own) / half) + 0.003, spot.z]
  }
  const order = isBack ? cuts.toReversed() : cuts
  for (let k = 0; k + 1 < order.length; k++) {
    const [a, b] = [order[k]!, order[k + 1]!]
    const v = (m: number): number => cell.v0 + ((cell.v1 - cell.v0) * Math.abs(m - fromM)) / (highM - lowM)
    for (let j = 0; j + 1 < sides.length; j++) {
      const [l, r] = [sides[j]!, sides[j + 1]!]
      const u = (x: number): number => cell.u0 + ((cell.u1 - cell.u0) * (x - left)) / (right - left)
      paint.quad([corner(a, l), corner(a, r), corner(b, r), corner(b, l)], [u(l), u(r)], [v(a), v(b)])
    }
  }
}

const ringsKnown = new WeakMap<Path, Map<number, number[]>>()

/** The ribbon's rings between two metres, and these themselves. */
function ringsNear(path: Path, everyM: number, fromM: number, toM: number): number[] {
  let known = ringsKnown.get(path)
  if (known === undefined) ringsKnown.set(path, (known = new Map()))
  let rings = known.get(everyM)
  if (rings === undefined) known.set(everyM, (rings = ringsAlong(path, everyM, 4 * everyM)))
  return [fromM, ...rings.filter((m) => m > fromM + 0.05 && m < toM - 0.05), toM]
}

/** Boards before a junction, one row for each way on, with the routes that take it. */
function directions({ road, isEnd, mouthM, arrival, halfWidthM }: Arm, works: Works): void {
  const { network, sheet, land, yard, boards } = works
  const way = network.ways[arrival]
  if (way === undefined || way.exits.length < 2 || road.path.lengthM < 140) return
  const { path } = road
  const atM = isEnd ? mouthM - SIGN_BEFORE_M : mouthM + SIGN_BEFORE_M
  const sign = isEnd ? 1 : -1
  const spot = spotAt(
    path,
    atM,
    sign * (halfWidthM + (land.isTown(path.x[sampleAt(path, atM)]!, path.z[sampleAt(path, atM)]!) ? 1.4 : 1.9)),
    createSpot(),
  )
  if (land.vergeAt(spot.x, spot.z) < 0.5 || land.isPad(spot.x, spot.z) || land.deckAt(spot.x, spot.z) < 2) return
  const [lookX, lookZ] = [sign * spot.dirX, sign * spot.dirZ]
  const rows = way.exits.filter(({ turn }) => turn !== TURN.back).toSorted((a, b) => a.turn - b.turn)
  const TALL = 0.34
  const wide = 2.1
  const upM = 2.15
  // Name of the road, and of routes that go this way, one under the other.
  const lines: { text: string; turn: number; isRoute: boolean }[] = []
  for (const { way: connector, turn } of rows) {
    lines.push({
      text: nameOf(
        connector,
        rows.map((row) => row.way),
        works,
      ),
      turn,
      isRoute: false,
    })
    const routes = network.routes.filter(({ legs }) =>
      legs.some((leg, k) => leg.way === arrival && legs[k + 1]?.way === connector),
    )
    for (const route of routes.slice(0, ROUTES_MOST)) lines.push({ text: route.name, turn, isRoute: true })
  }
  const tallM = lines.length * TALL + 0.12
  const mason = yard.at('detail', spot.x, spot.z).at(spot.x, spot.y, spot.z, Math.atan2(-lookX, -lookZ))
  mason.ink(0x24463a, STYLE.plain).box(0, upM - 0.06, 0, wide + 0.12, tallM, 0.06, FACE.all)
  mason.ink(0x777a7d, STYLE.steel)
  for (const o of [-0.75, 0.75]) mason.box(o, -0.9, -0.08, 0.09, upM + tallM + 0.9, 0.08)
  lines.toReversed().forEach(({ text, turn, isRoute }, k) => {
    const y = spot.y + upM + (k + 0.5) * TALL
    const [ground, ink] = isRoute ? ['#e8a83a', '#1b1d22'] : ['#24463a', '#f3efe2']
    const at = (cell: Cell, right: number, wideM: number): void =>
      boards.board({
        cell,
        x: spot.x - lookX * 0.045 - lookZ * right,
        y,
        z: spot.z - lookZ * 0.045 + lookX * right,
        rightX: -lookZ,
        rightZ: lookX,
        wideM,
        tallM: TALL * 0.94,
      })
    at(
      sheet.cell(56, 48, { kind: 'arrow', turns: turn === TURN.left ? 1 : turn === TURN.right ? 4 : 2, ground, ink }),
      -wide / 2 + 0.2,
      0.38,
    )
    at(sheet.cell(224, 48, { kind: 'text', text, ground, ink }), 0.2, wide - 0.44)
  })
}

/** The road that an exit leads to; where two of them are one road, with the point of the compass. */
function nameOf(connector: number, others: readonly number[], { network, ways }: Works): string {
  const leadsTo = (id: number): number => network.ways[id]!.exits[0]?.way ?? id
  const way = network.ways[leadsTo(connector)]!
  if (!others.some((id) => id !== connector && network.ways[leadsTo(id)]!.name === way.name)) return way.name
  const at = ways.locate(way.startM, { road: ways.roads[0]!, atM: 0, isReversed: false })
  const i = sampleAt(at.road.path, at.atM)
  const sign = at.isReversed ? -1 : 1
  const [east, south] = [sign * at.road.path.dirX[i]!, sign * at.road.path.dirZ[i]!]
  const point = Math.abs(east) > Math.abs(south) ? (east > 0 ? 'E' : 'W') : south > 0 ? 'S' : 'N'
  return `${way.name} ${point}`
}

/** The name of a village where each road reaches it, of a pass at its top. */
function placeSigns(place: Works['plan']['places'][number], works: Works): void {
  const { ways, sheet, land } = works
  const isPass = place.kind === 'pass'
  const { path, atM } = nearestPlace(ways.roads, ways.frame, place)
  const heightM = Math.round(path.y[sampleAt(path, atM)]!)
  const cell = isPass
    ? sheet.cell(384, 128, {
        kind: 'text',
        text: place.name.toUpperCase(),
        small: `${heightM} m`,
        ground: '#5b4632',
        ink: '#f6efdc',
        rim: true,
      })
    : sheet.cell(320, 80, { kind: 'text', text: place.name, ground: '#f7f4ea', ink: '#191919', rim: true })
  for (const sign of [1, -1]) {
    const signM = atM - sign * (isPass ? 16 : 190)
    const ownM = path.isLoop ? signM : Math.min(path.lengthM - 4, Math.max(4, signM))
    const spot = spotAt(path, ownM, sign * (halfWidthAt(path, ownM) + 2), createSpot())
    if (land.vergeAt(spot.x, spot.z) < 0.6) continue
    standBoard(works, {
      spot,
      lookX: sign * spot.dirX,
      lookZ: sign * spot.dirZ,
      cell,
      ...(isPass ? { wideM: 3.6, tallM: 1.2, upM: 1.5, back: 0x5b4632 } : { wideM: 2.2, tallM: 0.55, upM: 1.5 }),
    })
  }
}

/** Chevrons outside of bends; on the alpine climb each hairpin has its number, counted down to the top. */
function bends(road: Carriageway, works: Works): void {
  const { path } = road
  const { sheet, land, plan } = works
  const found: number[] = []
  for (let i = 12; i < path.count - 12; i++) {
    const bend = Math.abs(path.bendPerM[i]!)
    if (bend < 1 / 42) continue
    let best = i
    let end = i
    while (end < path.count - 12 && Math.abs(path.bendPerM[end]!) > 1 / 60) {
      if (Math.abs(path.bendPerM[end]!) > Math.abs(path.bendPerM[best]!)) best = end
      end++
    }
    found.push(best)
    i = end + 10
  }
  const hairpins = found.filter((i) => Math.abs(path.bendPerM[i]!) > 1 / 26)
  for (const i of found) {
    const out = -Math.sign(path.bendPerM[i]!)
    for (const sign of road.against < 0 && !path.isLoop ? [1] : [1, -1]) {
      for (const aheadM of [-7, 1, 9]) {
        const atM = i - sign * aheadM
        const half = halfWidthAt(path, atM)
        const spot = spotAt(path, atM, out * (half + 1.75), createSpot())
        if (land.vergeAt(spot.x, spot.z) < 1 || land.isTown(spot.x, spot.z) || land.deckAt(spot.x, spot.z) < 3) continue
        // Turned from the road's direction towards the riders that come to the bend.
        const [rx, rz] = [-sign * spot.dirX, -sign * spot.dirZ]
        const [ix, iz] = [out * spot.dirZ, -out * spot.dirX]
        const [nx, nz] = [rx * 0.78 + ix * 0.62, rz * 0.78 + iz * 0.62]
        const n = Math.sqrt(nx * nx + nz * nz)
        const isRight = path.bendPerM[i]! * sign > 0
        standBoard(works, {
          spot: { ...spot, x: spot.x - sign * spot.dirX * 0.2, z: spot.z - sign * spot.dirZ * 0.2 },
          lookX: -nx / n,
          lookZ: -nz / n,
          cell: sheet.cell(96, 96, { kind: 'chevron', isRight }),
          wideM: 0.62,
          tallM: 0.62,
          upM: 0.85,
        })
      }
    }
  }
  if (plan.built !== 'alps' || hairpins.length < 4) return
  const isUp = path.y[path.count - 1]! > path.y[0]!
  hairpins.forEach((i, k) => {
    const number = isUp ? hairpins.length - k : k + 1
    const out = -Math.sign(path.bendPerM[i]!)
    const atM = i + (isUp ? -13 : 13)
    const sign = isUp ? 1 : -1
    const spot = spotAt(path, atM, out * (halfWidthAt(path, atM) + 2), createSpot())
    if (land.vergeAt(spot.x, spot.z) < 1) return
    const cell = sheet.cell(112, 64, {
      kind: 'text',
      text: `${number}`,
      small: `${Math.round(path.y[i]!)} m`,
      ground: '#2d5f4c',
      ink: '#f6f2e4',
      rim: true,
    })
    standBoard(works, {
      spot,
      lookX: sign * spot.dirX,
      lookZ: sign * spot.dirZ,
      cell,
      wideM: 1.25,
      tallM: 0.75,
      upM: 1.2,
      back: 0x2d5f4c,
    })
  })
}

/** Triangles where a slope of more than 6 % begins, with its mean. */
function grades(road: Carriageway, isBack: boolean, works: Works): void {
  const { path } = road
  const { sheet, land } = works
  const sign = isBack ? -1 : 1
  let untilM = -1
  for (let m = 30; m < path.lengthM - 330; m += 10) {
    const atM = isBack ? path.lengthM - m : m
    const mean = (path.y[sampleAt(path, atM + sign * 300)]! - path.y[sampleAt(path, atM)]!) / 300
    if (Math.abs(mean) < 0.055 || m < untilM) continue
    untilM = m + 1100
    const spot = spotAt(path, atM, sign * (halfWidthAt(path, atM) + 1.7), createSpot())
    if (land.vergeAt(spot.x, spot.z) < 0.6 || land.isTown(spot.x, spot.z)) continue
    standBoard(works, {
      spot,
      lookX: sign * spot.dirX,
      lookZ: sign * spot.dirZ,
      cell: sheet.cell(112, 112, { kind: 'grade', percent: Math.round(mean * 100) }),
      wideM: 0.95,
      tallM: 0.95,
      upM: 1.6,
      back: 0xc9c6bc,
    })
  }
}

const CHEERS = [
  'ALLEZ MIRA',
  'HOPP JONAS',
  'VELA!',
  'DAI TESSA',
  'GO OTTO',
  'LENNE',
  'PIP + JO',
  'HEJA RUNA',
  'KOM OP BRAM',
  'UP UP UP',
  'ZOE',
  'FORZA ILDE',
  'HUGO 7',
  'MARTA',
  'YES YOU CAN',
  'TOMASZ',
] as const

/** Names of people nobody knows, on the way up. */
function chalk(road: Carriageway, isBack: boolean, works: Works, chance: () => number): void {
  const { path, surface, isRoofed } = road
  const sign = isBack ? -1 : 1
  for (let m = 120; m < path.lengthM - 60; m += 55 + 150 * chance()) {
    const atM = isBack ? path.lengthM - m : m
    const i = sampleAt(path, atM)
    if (sign * path.slope[i]! < 0.045 || surface[i]! >= 2 || isRoofed[i] === 1) continue
    const half = path.halfWidthM[i]!
    const text = CHEERS[Math.floor(chance() * CHEERS.length)]!
    const cell = works.sheet.cell(192, 64, { kind: 'chalk', text, ink: chance() < 0.8 ? '#e6e2d6' : '#e6c24a' })
    const wide = Math.min(half - 0.8, 3)
    const left = road.against < 0 && !path.isLoop ? -wide / 2 : 0.4
    lay(works, { path, fromM: atM, toM: atM + sign * 2.6, left, right: left + wide, cell })
  }
}

/** One stone per kilometre with the mean grade of the next, for who rides up. */
function stones({ path, name }: Carriageway, works: Works): void {
  const { land, sheet, boards, yard, lines } = works
  const start = path.isLoop ? (lines.find((line) => line.id === 'start')?.atM ?? 0) : 0
  const spot = createSpot()
  void name
  for (let km = 1; km <= Math.min(40, Math.floor((path.lengthM - 20) / 1000)); km++) {
    const atM = start + km * 1000
    const percent = Math.round((path.y[sampleAt(path, atM + 1000)]! - path.y[sampleAt(path, atM)]!) / 10)
    spotAt(path, atM, halfWidthAt(path, atM) + (land.isTown(spot.x, spot.z) ? PAVEMENT_M - 0.4 : 1.3), spot)
    if (land.vergeAt(spot.x, spot.z) < 0.8 || land.deckAt(spot.x, spot.z) < 2) continue
    const y = Math.min(spot.y, land.heightAt(spot.x, spot.z) + 0.2)
    const cell = sheet.cell(60, 80, {
      kind: 'text',
      text: `${km}`,
      small: percent > 1 ? `${percent} %` : 'km',
      ground: '#f7f4ea',
      ink: INK,
    })
    const mason = yard.at('detail', spot.x, spot.z).at(spot.x, y, spot.z, Math.atan2(-spot.dirX, -spot.dirZ))
    mason.ink(0xefe9da).box(0, -0.6, 0, 0.54, 1.3, 0.26, FACE.sides)
    mason.ink(0xe0a52e).box(0, 0.7, 0, 0.54, 0.16, 0.26)
    boards.board({
      cell,
      x: spot.x - spot.dirX * 0.145,
      y: y + 0.38,
      z: spot.z - spot.dirZ * 0.145,
      rightX: -spot.dirZ,
      rightZ: spot.dirX,
      wideM: 0.46,
      tallM: 0.6,
    })
  }
}
