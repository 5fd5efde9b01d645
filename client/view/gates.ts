import { createRandom } from '#physics/random'
import { FACE, STYLE, type Mason } from './mason.ts'
import { flag } from './flag.ts'
import { createSpot, halfWidthAt, sampleAt, spotAt, type Path, type Spot } from './path.ts'
import type { SceneLine } from './scene-line.ts'
import { lay, standBoard } from './signs.ts'
import type { Works } from './works.ts'

const BRAND = '#e4572e'
const INK = '#14213d'
/** Boards that count down to a line; in front of smaller lines only the last three. */
const COUNTDOWN_M = [5000, 3000, 2000, 1000, 500, 200, 100] as const
const BARRIER_M = 2.5
const TEAMS = [
  { name: 'HALCYON WHEELERS', color: 0x2f6f8f, ink: '#2f6f8f' },
  { name: 'VELO MARLOW', color: 0xc23b22, ink: '#c23b22' },
  { name: 'NORTE–ALBA', color: 0xe0a52e, ink: '#b8801a' },
  { name: 'TARN & FELL', color: 0x2a7f62, ink: '#2a7f62' },
  { name: 'ORRERY CC', color: 0x5a4a8c, ink: '#5a4a8c' },
] as const

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

/** A spot on the road with its direction turned to that of who rides to the line. */
function facing({ path, isReversed }: SceneLine, atM: number, lateralM: number): Spot {
  const spot = spotAt(path, atM, isReversed ? -lateralM : lateralM, createSpot())
  if (!isReversed) return spot
  return { ...spot, dirX: -spot.dirX, dirZ: -spot.dirZ, slope: -spot.slope }
}

const turnOf = ({ dirX, dirZ }: Spot): number => Math.atan2(-dirX, -dirZ)

function gate(line: SceneLine, works: Works, fenced: Fenced): void {
  const { plan, sheet, boards, yard, network } = works
  const isMain = line.id === 'start'
  const spot = facing(line, line.atM, 0)
  const mason = yard.landmark().at(spot.x, spot.y, spot.z, turnOf(spot))
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
    // The clock of the race over it, dark with light figures.
    mason.ink(0x17191d).box(0, y + 1.75, 0, 3.4, 1, 0.5, FACE.all)
    const clock = sheet.cell(256, 72, { kind: 'text', text: '00:00:00', ground: '#101214', ink: '#ffb81c' })
    for (const face of [1, -1])
      boards.board({
        cell: clock,
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
    mason.ink(0x2a7f62).box(0, 4.85, 0, 2 * half - 1.6, 1.05, 0.4, FACE.all)
    put(5.38, 2 * half - 1.7, 1, 0.22)
  }
  fences(line, works, isMain ? [-90, 45] : [-45, 22], fenced)
  // The mat that times wheels.
  for (const side of [-1, 1]) {
    const box = facing(line, line.atM, side * (halfWidthAt(line.path, line.atM) + 0.28))
    yard
      .at('detail', box.x, box.z)
      .at(box.x, box.y + 0.05, box.z, turnOf(box))
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
      const mason = yard.at('detail', spot.x, spot.z).at(spot.x, baseM, spot.z, turnOf(spot))
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
  const mason = yard.at('mass', spot.x, spot.z).at(spot.x, spot.y, spot.z, turnOf(spot))
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
  const { path } = line
  const sign = line.isReversed ? -1 : 1
  for (const leftM of COUNTDOWN_M) {
    if (!line.isStart && leftM > 500) continue
    const atM = line.atM - sign * leftM
    // On a network the way to a line is known on its own road only.
    if (!path.isLoop && (atM < 25 || atM > path.lengthM - 25)) continue
    const text = leftM >= 1000 ? `${leftM / 1000} km` : `${leftM} m`
    const isTown = land.isTown(path.x[sampleAt(path, atM)]!, path.z[sampleAt(path, atM)]!)
    const spot = facing(line, atM, halfWidthAt(path, atM) + (isTown ? 1.1 : 1.7))
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

/** Behind the barriers of the main line: a podium, tents of teams, their cars, flags of the day. */
function village(line: SceneLine, works: Works): void {
  const { land, sites, yard, sheet, boards } = works
  const random = createRandom(works.seed ^ 0x9a7e)
  const sign = line.isReversed ? -1 : 1
  const half = halfWidthAt(line.path, line.atM)
  const rooms: Spot[] = []
  const isFree = (spot: Spot): boolean =>
    land.vergeAt(spot.x, spot.z) > 5.4 &&
    !land.isPad(spot.x, spot.z) &&
    land.shoreAt(spot.x, spot.z) > 6 &&
    !sites.isBuilt(spot.x, spot.z) &&
    Math.abs(land.heightAt(spot.x, spot.z) - spot.y) < 2
  // Whichever side has more room.
  const of = (side: number): Spot[] => {
    const found: Spot[] = []
    for (let k = 0; k < 14; k++) {
      const spot = facing(line, line.atM + sign * (12 - k * 7.5), side * (half + 8.5))
      const far = facing(line, line.atM + sign * (12 - k * 7.5), side * (half + 11.5))
      if (isFree(spot) && isFree(far)) found.push(spot)
    }
    return found
  }
  const [right, left] = [of(1), of(-1)]
  const side = right.length >= left.length ? 1 : -1
  rooms.push(...(side > 0 ? right : left))
  rooms.forEach((spot, k) => {
    const y = land.heightAt(spot.x, spot.z)
    // +z looks at the road.
    const mason = yard.at('mass', spot.x, spot.z).at(spot.x, y, spot.z, Math.atan2(side * spot.dirZ, -side * spot.dirX))
    const team = TEAMS[k % TEAMS.length]!
    if (k === 0) podium(mason, works, spot, side, y)
    else if (k % 2 === 1) {
      tent(mason, team.color)
      const cell = sheet.cell(256, 48, { kind: 'text', text: team.name, ground: team.ink, ink: '#fff' })
      const [nx, nz] = [side * spot.dirZ, -side * spot.dirX]
      boards.board({
        cell,
        x: spot.x + nx * 2.05,
        y: y + 2.55,
        z: spot.z + nz * 2.05,
        rightX: nz,
        rightZ: -nx,
        wideM: 3.6,
        tallM: 0.5,
      })
    } else car(mason, team.color, random.fraction())
    if (k % 2 === 0) {
      const pole = facing(line, line.atM + sign * (8 - k * 7.5), side * (half + 4.4))
      if (land.vergeAt(pole.x, pole.z) > 2.8)
        flag(
          yard.at('mass', pole.x, pole.z).at(pole.x, land.heightAt(pole.x, pole.z), pole.z, turnOf(pole)),
          0,
          0,
          7,
          TEAMS[(k / 2) % TEAMS.length]!.color,
        )
    }
  })
}

function podium(mason: Mason, { sheet, boards }: Works, spot: Spot, side: number, y: number): void {
  mason.ink(0xf2efe4)
  for (const [x, tall] of [
    [0, 0.95],
    [-1.5, 0.65],
    [1.5, 0.5],
  ] as const)
    mason.box(x, -0.5, 0.4, 1.5, tall + 0.5, 1.3)
  mason.ink(0x14213d).box(0, -0.5, -0.9, 6.4, 4, 0.2, FACE.all)
  const [nx, nz] = [side * spot.dirZ, -side * spot.dirX]
  const put = (
    text: string,
    right: number,
    up: number,
    out: number,
    wideM: number,
    tallM: number,
    ground: string,
    ink: string,
  ): void =>
    boards.board({
      cell: sheet.cell(wideM > 2 ? 384 : 64, 64, { kind: 'text', text, ground, ink }),
      x: spot.x + nx * out + nz * right,
      y: y + up,
      z: spot.z + nz * out - nx * right,
      rightX: nz,
      rightZ: -nx,
      wideM,
      tallM,
    })
  put('GRUPPETTO', 0, 2.7, -0.78, 5.6, 0.9, '#14213d', '#f2efe4')
  put('1', 0, 0.5, 1.06, 0.6, 0.6, '#e8b23a', INK)
  put('2', -1.5, 0.3, 1.06, 0.5, 0.5, '#c9ccce', INK)
  put('3', 1.5, 0.22, 1.06, 0.4, 0.4, '#b5835a', INK)
}

function tent(mason: Mason, color: number): void {
  mason.ink(0xdad6cc, STYLE.steel)
  for (const x of [-1.95, 1.95]) for (const z of [-1.95, 1.95]) mason.box(x, -0.5, z, 0.08, 2.9, 0.08, FACE.sides)
  mason.ink(color).hip(4, 4, 2.4, 3.7, 0, 0.1)
  for (const [x, z, w, d] of [
    [0, 2, 4, 0.04],
    [0, -2, 4, 0.04],
    [2, 0, 0.04, 4],
    [-2, 0, 0.04, 4],
  ] as const)
    mason.box(x, 2.12, z, w, 0.3, d, FACE.all)
  mason.ink(0x7a5836, STYLE.boards).box(0, 0.7, 0.8, 2.4, 0.06, 0.7, FACE.all)
  mason.ink(0xe9e6dc).box(-1, -0.3, -1, 0.7, 1, 0.5)
}

/** An estate car with bicycles on its roof. */
function car(mason: Mason, color: number, lot: number): void {
  mason.ink(0x1b1d21).box(0, 0.18, 0, 4.3, 0.3, 1.7, FACE.all)
  mason.ink(color, STYLE.steel).box(0, 0.42, 0, 4.4, 0.5, 1.8, FACE.all)
  mason.ink(0x20262c, STYLE.glass)
  const [f, b, w] = [1.0, -2.05, 0.8]
  mason.flat(
    [
      [f, 0.92, w],
      [f - 0.55, 1.45, w * 0.86],
      [b + 0.25, 1.45, w * 0.86],
      [b, 0.92, w],
    ].toReversed() as [number, number, number][],
  )
  mason.flat([
    [f, 0.92, -w],
    [f - 0.55, 1.45, -w * 0.86],
    [b + 0.25, 1.45, -w * 0.86],
    [b, 0.92, -w],
  ])
  mason.sheet([
    [f, 0.92, w],
    [f, 0.92, -w],
    [f - 0.55, 1.45, -w * 0.86],
    [f - 0.55, 1.45, w * 0.86],
  ])
  mason.sheet([
    [b, 0.92, w],
    [b, 0.92, -w],
    [b + 0.25, 1.45, -w * 0.86],
    [b + 0.25, 1.45, w * 0.86],
  ])
  mason.ink(color, STYLE.steel).box(-0.65, 1.44, 0, 2.3, 0.07, 1.4, FACE.all)
  mason.ink(0x15171a)
  for (const x of [-1.35, 1.35])
    for (const z of [-0.82, 0.82]) {
      for (let k = 0; k < 8; k++) {
        const [a, c] = [(k / 8) * 6.2832, ((k + 1) / 8) * 6.2832]
        mason.sheet([
          [x, 0.33, z * 1.09],
          [x + 0.33 * Math.sin(a), 0.33 + 0.33 * Math.cos(a), z * 1.09],
          [x + 0.33 * Math.sin(c), 0.33 + 0.33 * Math.cos(c), z * 1.09],
        ])
      }
    }
  for (const z of [-0.4, 0.1, 0.5]) {
    mason
      .ink([0xb23a2e, 0xe9e2d0, 0x2d4f86][Math.floor(lot * 2.99)]!, STYLE.steel)
      .bar(-1.1, 1.85, z, -0.4, 2.3, z, 0.03, 3)
      .bar(-0.4, 2.3, z, 0.2, 2.25, z, 0.03, 3)
      .bar(-0.4, 2.3, z, -0.35, 1.7, z, 0.03, 3)
      .bar(-0.35, 1.7, z, 0.2, 2.25, z, 0.03, 3)
    mason.ink(0x1d1f22)
    for (const x of [-1.1, 0.3])
      for (let k = 0; k < 6; k++) {
        const [a, c] = [(k / 6) * 6.2832, ((k + 1) / 6) * 6.2832]
        mason.bar(
          x + 0.33 * Math.sin(a),
          1.86 + 0.33 * Math.cos(a),
          z,
          x + 0.33 * Math.sin(c),
          1.86 + 0.33 * Math.cos(c),
          z,
          0.02,
          3,
        )
      }
  }
}
