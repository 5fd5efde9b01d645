import { FACE, STYLE, type Mason } from './mason.ts'
import { flag } from './flag.ts'
import { halfWidthAt, sampleAt, type Path } from './path.ts'
import { facing, turnTo, village } from './finish.ts'
import type { SceneLine } from './scene-line.ts'
import { lay, standBoard } from './signs.ts'
import type { Works } from './works.ts'

const BRAND = '#e4572e'
const INK = '#14213d'
/** Boards that count down to a line; in front of smaller lines only the last three. */
const COUNTDOWN_M = [5000, 3000, 2000, 1000, 500, 200, 100] as const
const BARRIER_M = 2.5

/** Starts, finishes and the lines between: gates to ride under, what counts down to them, and who works there. */
export function layGates(works: Works): void {
  const fenced: Fenced = new Map()
  // The main line first: others stand aside for it.
  for (const line of works.lines.toSorted((a, b) => Number(b.id === 'start') - Number(a.id === 'start'))) {
    if (!line.isStart) banner(line, works)
    else gate(line, works, fenced)
    countdown(line, works)
  }
  const main = works.lines.find(({ id }) => id === 'start')
  if (main !== undefined) village(main, works)
}

/** Which metres of a road have barriers already. */
type Fenced = Map<Path, Set<string>>

function gate(line: SceneLine, works: Works, fenced: Fenced): void {
  const { plan, sheet, boards, yard, network, mapName } = works
  const isMain = line.id === 'start'
  const spot = facing(line, line.atM, 0)
  const mason = yard.landmark().at(spot.x, spot.y, spot.z, turnTo(spot))
  const half = halfWidthAt(line.path, line.atM) + (works.land.isTown(spot.x, spot.z) ? 1 : 1.5)
  const isFinishOnly = !network.routes.some(({ finishLineId, isLap }) => finishLineId === line.id && isLap) && !isMain
  const text = isFinishOnly ? 'FINISH' : isMain ? 'START  ·  FINISH' : line.name.toUpperCase()
  const kind =
    plan.built === 'island'
      ? 'stone'
      : plan.built === 'alps'
        ? 'inflated'
        : isMain || plan.built === 'hills'
          ? 'truss'
          : 'inflated'
  const ground = kind === 'stone' ? '#2b3f4c' : kind === 'inflated' ? '#2a7f62' : '#c8401c'
  const cell = sheet.cell(1024, 128, { kind: 'text', text, ground, ink: '#fff' })
  const put = (y: number, wideM: number, tallM: number, outM: number): void => {
    for (const face of [1, -1])
      boards.board({
        cell,
        x: spot.x - spot.dirX * outM * face,
        y: spot.y + y,
        z: spot.z - spot.dirZ * outM * face,
        rightX: -spot.dirZ * face,
        rightZ: spot.dirX * face,
        wideM,
        tallM,
      })
  }
  if (kind === 'truss') {
    for (const side of [-1, 1]) {
      truss(mason, side * half, 0, 8)
      mason.ink(0x2b2f36).box(side * half, -0.8, 0, 1.5, 1.1, 1.8)
    }
    const y = 6.5
    mason.ink(0xc8401c).box(0, y - 0.15, 0, 2 * half - 0.7, 1.5, 0.8, FACE.all)
    mason.ink(0x9aa0a6, STYLE.steel)
    for (const [dy, dz] of [
      [1.7, 0.4],
      [1.7, -0.4],
      [-0.5, 0.4],
      [-0.5, -0.4],
    ] as const)
      mason.bar(-half, y + dy, dz, half, y + dy, dz, 0.06, 4)
    put(y + 0.6, 2 * half - 0.9, 1.36, 0.42)
    // Whose race it is, over it, in lights.
    mason.ink(0x17191d).box(0, y + 1.75, 0, 3.4, 1, 0.5, FACE.all)
    const name = sheet.cell(256, 72, { kind: 'text', text: mapName.toUpperCase(), ground: '#101214', ink: '#ffb81c' })
    for (const face of [1, -1])
      boards.board({
        cell: name,
        x: spot.x - spot.dirX * 0.27 * face,
        y: spot.y + y + 2.25,
        z: spot.z - spot.dirZ * 0.27 * face,
        rightX: -spot.dirZ * face,
        rightZ: spot.dirX * face,
        wideM: 3.1,
        tallM: 0.85,
      })
    for (const side of [-1, 1]) flag(mason, side * half, 0, 11, side > 0 ? 0xc8401c : 0x14213d)
  } else if (kind === 'stone') {
    // Two towers of dry stone and a beam of driftwood with a bell.
    for (const side of [-1, 1]) {
      mason.ink(0x8d887c, STYLE.stone).lathe(
        side * (half + 0.5),
        0,
        [
          [1.5, -2],
          [1.3, 1],
          [1, 6.4],
          [1.25, 6.6],
          [1.25, 7],
          [0, 7.9],
        ],
        9,
      )
      flag(mason, side * (half + 0.5), 0, 11, side > 0 ? 0x2d4f86 : 0xc23b22)
    }
    mason.ink(0x6a5238, STYLE.boards).box(0, 5.9, 0, 2 * half + 0.4, 0.7, 0.7, FACE.all)
    mason.box(0, 4.55, 0, 2 * half - 1.6, 1.1, 0.16, FACE.all)
    put(5.1, 2 * half - 1.6, 1.08, 0.1)
    mason.ink(0xc9a24a, STYLE.steel).lathe(
      0,
      0,
      [
        [0.1, 7.5],
        [0.3, 7.3],
        [0.36, 6.9],
        [0.5, 6.65],
      ],
      8,
    )
    mason.ink(0x6a5238, STYLE.boards).box(0, 6.6, 0, 0.12, 1, 0.12)
  } else {
    // A tube of cloth full of air, anchored at its feet.
    const N = 14
    const at = (k: number): readonly [number, number] => {
      const a = Math.PI * (k / N)
      return [-Math.cos(a) * (half + 0.75), Math.pow(Math.sin(a), 0.55) * 6.9]
    }
    for (let k = 0; k < N; k++) {
      const [[ax, ay], [bx, by]] = [at(k), at(k + 1)]
      mason
        .ink(k % 4 === 1 ? 0xf2efe4 : 0x2a7f62)
        .bar(ax, ay - (k === 0 ? 0.6 : 0), 0, bx, by - (k === N - 1 ? 0.6 : 0), 0, 0.72, 10)
    }
    // A cloth from the tube down: as wide as the tube leaves free, which comes down towards its feet.
    mason.ink(0x2a7f62).box(0, 4.35, 0, 1.3 * half + 0.1, 1.85, 0.4, FACE.all)
    put(4.87, 1.3 * half, 0.98, 0.22)
  }
  fences(line, works, isMain ? [-90, 45] : [-45, 22], fenced)
  // The mat that times wheels.
  for (const side of [-1, 1]) {
    const box = facing(line, line.atM, side * (halfWidthAt(line.path, line.atM) + 0.28))
    yard
      .at('detail', box.x, box.z)
      .at(box.x, box.y + 0.05, box.z, turnTo(box))
      .ink(0x23262b)
      .box(0, 0, 0, 0.34, 0.3, 0.6)
      .ink(0xffb81c, STYLE.glow)
      .box(0, 0.3, 0, 0.1, 0.05, 0.1)
  }
}

function truss(mason: Mason, x: number, z: number, tall: number): void {
  mason.ink(0xaab0b5, STYLE.steel)
  const h = 0.36
  for (const [dx, dz] of [
    [-h, -h],
    [h, -h],
    [h, h],
    [-h, h],
  ] as const)
    mason.bar(x + dx, 0, z + dz, x + dx, tall, z + dz, 0.05, 4)
  for (let y = 0.2; y < tall - 0.8; y += 0.85) {
    mason.bar(x - h, y, z + h, x + h, y + 0.8, z + h, 0.03, 3).bar(x + h, y, z - h, x - h, y + 0.8, z - h, 0.03, 3)
    mason.bar(x - h, y, z - h, x - h, y + 0.8, z + h, 0.03, 3).bar(x + h, y, z + h, x + h, y + 0.8, z - h, 0.03, 3)
  }
}

/** Barriers along the last and the first metres, each on its feet and leaning with the road. */
function fences(line: SceneLine, works: Works, [fromM, toM]: readonly [number, number], fenced: Fenced): void {
  const { sheet, boards, yard, land, mapName } = works
  const { path } = line
  const texts: readonly (readonly [string, string, string])[] = [
    ['GRUPPETTO', BRAND, '#fff'],
    [mapName.toUpperCase(), INK, '#fff'],
    ['RIDE TOGETHER', '#f4f1e8', INK],
    ['ALLEZ ALLEZ', '#2a7f62', '#fff'],
    [line.name.toUpperCase(), '#e8b23a', INK],
  ]
  let taken = fenced.get(path)
  if (taken === undefined) fenced.set(path, (taken = new Set()))
  const cells = texts.map(([text, ground, ink]) => sheet.cell(320, 96, { kind: 'text', text, ground, ink }))
  const sign = line.isReversed ? -1 : 1
  for (let k = 0; k * BARRIER_M < toM - fromM; k++) {
    // On a grid of the road's own, so that the barriers of two lines never stand in one another.
    const cellAt = Math.floor((line.atM + sign * (fromM + k * BARRIER_M)) / BARRIER_M)
    const atM = (cellAt + 0.5) * BARRIER_M
    if (Math.abs(atM - line.atM) < 2.5) continue
    for (const side of [-1, 1]) {
      const key = `${cellAt} ${side * sign}`
      if (taken.has(key)) continue
      taken.add(key)
      if (!path.isLoop && (atM < 20 || atM > path.lengthM - 20)) continue
      const out = land.isTown(path.x[sampleAt(path, atM)]!, path.z[sampleAt(path, atM)]!) ? 0.32 : 0.85
      const spot = facing(line, atM, side * (halfWidthAt(path, atM) + out))
      if (land.isPad(spot.x, spot.z) || land.deckAt(spot.x, spot.z) < 2) continue
      const baseM = spot.y + (out < 0.5 ? 0.14 : -0.02)
      const cell = cells[Math.floor(k / 2) % cells.length]!
      for (const face of [1, -1]) {
        // The front looks at the road: seen from there, writing on the right runs backwards along it.
        const along = -side * face
        boards.board({
          ...{ cell, y: baseM + 0.58, wideM: BARRIER_M * 0.97, tallM: 0.8 },
          x: spot.x + spot.dirZ * side * face * 0.035,
          z: spot.z - spot.dirX * side * face * 0.035,
          rightX: spot.dirX * along,
          rightZ: spot.dirZ * along,
          riseM: spot.slope * BARRIER_M * along,
        })
      }
      const mason = yard.at('detail', spot.x, spot.z).at(spot.x, baseM, spot.z, turnTo(spot))
      mason
        .ink(0x9aa0a6, STYLE.steel)
        .box(0, -0.05, 0.9, 0.5, 0.09, 0.09, FACE.all)
        .box(0, -0.05, -0.9, 0.5, 0.09, 0.09, FACE.all)
        .box(0, 1, 0, 0.05, 0.05, BARRIER_M, FACE.all)
    }
  }
}

/** A named line: a banner on ropes between two masts, its last metres counted on the road. */
function banner(line: SceneLine, works: Works): void {
  const { sheet, boards, yard } = works
  const spot = facing(line, line.atM, 0)
  const half = halfWidthAt(line.path, line.atM) + 1.25
  const cell = sheet.cell(640, 96, {
    kind: 'text',
    text: line.name.toUpperCase(),
    ground: '#f6f2e6',
    ink: INK,
    rim: true,
  })
  boards.both(
    {
      cell,
      x: spot.x,
      y: spot.y + 5.3,
      z: spot.z,
      rightX: -spot.dirZ,
      rightZ: spot.dirX,
      wideM: 2 * half - 0.5,
      tallM: 1.05,
      wave: 1,
    },
    0.1,
  )
  const mason = yard.at('mass', spot.x, spot.z).at(spot.x, spot.y, spot.z, turnTo(spot))
  for (const side of [-1, 1]) {
    mason.ink(0xdad6cc, STYLE.steel).bar(side * half, -1.4, 0, side * half, 6.4, 0, 0.1, 7, 0.07)
    mason.ink(0xc8401c).lathe(
      side * half,
      0,
      [
        [0.16, 6.35],
        [0.2, 6.5],
        [0, 6.75],
      ],
      6,
    )
    mason
      .ink(0x3a3d42)
      .bar(side * half, 5.85, 0, side * (half - 0.3), 5.82, 0, 0.02, 3)
      .bar(side * half, 4.75, 0, side * (half - 0.3), 4.78, 0, 0.02, 3)
    mason.ink(0xc8401c, STYLE.plain).box(side * half, 0, 0, 0.3, 1.2, 0.3)
  }
}

/** Boards at the right of the road with what is left, and the last hundreds painted on it. */
function countdown(line: SceneLine, works: Works): void {
  const { sheet, land } = works
  for (const leftM of COUNTDOWN_M) {
    if (!line.isStart && leftM > 500) continue
    const before = placeBefore(line, leftM, works)
    if (before === undefined) continue
    const { path, atM } = before
    const sign = before.isReversed ? -1 : 1
    const text = leftM >= 1000 ? `${leftM / 1000} km` : `${leftM} m`
    const isTown = land.isTown(path.x[sampleAt(path, atM)]!, path.z[sampleAt(path, atM)]!)
    const spot = facing(before, atM, halfWidthAt(path, atM) + (isTown ? 1.1 : 1.7))
    if (land.vergeAt(spot.x, spot.z) < 0.4 || land.isPad(spot.x, spot.z) || land.deckAt(spot.x, spot.z) < 2) continue
    const cell = sheet.cell(144, 96, {
      kind: 'text',
      text,
      small: line.isStart ? 'TO GO' : line.name.toUpperCase(),
      ground: line.isStart ? BRAND : '#f6f2e6',
      ink: line.isStart ? '#fff' : INK,
    })
    standBoard(works, {
      spot,
      lookX: spot.dirX,
      lookZ: spot.dirZ,
      cell,
      wideM: 1.5,
      tallM: 1,
      upM: isTown ? 2 : 1.3,
      back: 0x2b2f36,
    })
    if (leftM <= 500 && line.isStart)
      lay(works, {
        path,
        fromM: atM - sign * 3,
        toM: atM,
        left: 0.5,
        right: Math.min(halfWidthAt(path, atM) - 0.6, 3.4),
        cell: sheet.cell(192, 64, { kind: 'chalk', text: `${leftM}`, ink: '#e6e2d6' }),
      })
  }
}

/** The place so far before a line: on its own road, else on the way that most routes take to it. */
function placeBefore(line: SceneLine, leftM: number, { network, ways }: Works): Omit<SceneLine, 'id'> | undefined {
  const { path } = line
  const ownM = line.atM - (line.isReversed ? -leftM : leftM)
  if (path.isLoop || (ownM >= 25 && ownM <= path.lengthM - 25)) return { ...line, atM: ownM }
  const route = network.routes.find(({ finishLineId }) => finishLineId === line.id)
  if (route === undefined) return undefined
  const leg = route.legs.findLast(({ atM }) => atM <= route.finishM - leftM)
  if (leg === undefined) return undefined
  const way = network.ways[leg.way]!
  const onM = route.finishM - leftM - leg.atM + leg.fromM
  const { road, atM, isReversed } = ways.locate(way.startM + onM, { road: ways.roads[0]!, atM: 0, isReversed: false })
  return atM < 25 || atM > road.path.lengthM - 25 ? undefined : { ...line, path: road.path, atM, isReversed }
}
