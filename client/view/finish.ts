import { createRandom } from '#physics/random'
import { flag } from './flag.ts'
import { FACE, STYLE, type Mason } from './mason.ts'
import { createSpot, halfWidthAt, spotAt, type Spot } from './path.ts'
import type { SceneLine } from './scene-line.ts'
import type { Works } from './works.ts'

const INK = '#14213d'
const TEAMS = [
  { name: 'HALCYON WHEELERS', color: 0x2f6f8f, ink: '#2f6f8f' },
  { name: 'VELO MARLOW', color: 0xc23b22, ink: '#c23b22' },
  { name: 'NORTE–ALBA', color: 0xe0a52e, ink: '#b8801a' },
  { name: 'TARN & FELL', color: 0x2a7f62, ink: '#2a7f62' },
  { name: 'ORRERY CC', color: 0x5a4a8c, ink: '#5a4a8c' },
] as const

/** A spot on the road with its direction turned to that of who rides to the line. */
export function facing(
  { path, isReversed }: Pick<SceneLine, 'path' | 'isReversed'>,
  atM: number,
  lateralM: number,
): Spot {
  const spot = spotAt(path, atM, isReversed ? -lateralM : lateralM, createSpot())
  if (!isReversed) return spot
  return { ...spot, dirX: -spot.dirX, dirZ: -spot.dirZ, slope: -spot.slope }
}

export const turnTo = ({ dirX, dirZ }: Spot): number => Math.atan2(-dirX, -dirZ)

/** Behind the barriers of the main line: a podium, tents of teams, their cars, flags of the day. */
export function village(line: SceneLine, works: Works): void {
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
  // Trees keep off; people at the barriers need not.
  for (const { x, z, dirX, dirZ } of right) sites.occupy(x - dirZ * 3, z + dirX * 3)
  for (const { x, z, dirX, dirZ } of left) sites.occupy(x + dirZ * 3, z - dirX * 3)
  const side = right.length >= left.length ? 1 : -1
  stands(side > 0 ? left : right, -side, works)
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
          yard.at('mass', pole.x, pole.z).at(pole.x, land.heightAt(pole.x, pole.z), pole.z, turnTo(pole)),
          0,
          0,
          7,
          TEAMS[(k / 2) % TEAMS.length]!.color,
        )
    }
  })
}

/** Across from it: rows of seats under a roof, and a screen by which they see who comes. */
function stands(rooms: readonly Spot[], side: number, { land, yard, sheet, boards, mapName, seats }: Works): void {
  rooms.slice(0, 7).forEach((spot, k) => {
    const turn = Math.atan2(side * spot.dirZ, -side * spot.dirX)
    const y = land.heightAt(spot.x, spot.z)
    const mason = yard.at('mass', spot.x, spot.z).at(spot.x, y, spot.z, turn)
    // From the middle along the road and towards it.
    const [nx, nz] = [side * spot.dirZ, -side * spot.dirX]
    if (k === 4) {
      mason.ink(0x2b2f36, STYLE.steel).box(0, 2.6, 0, 6.6, 3.9, 0.5, FACE.all)
      for (const x of [-2.4, 2.4]) mason.box(x, -0.6, 0, 0.5, 3.4, 0.5, FACE.sides).box(x, -0.2, 0, 1.6, 0.4, 2.4)
      const put = (text: string, up: number, tallM: number, ground: string, ink: string): void =>
        boards.board({
          cell: sheet.cell(384, tallM > 2 ? 160 : 64, { kind: 'text', text, ground, ink }),
          ...{ x: spot.x + nx * 0.28, y: y + up, z: spot.z + nz * 0.28, rightX: nz, rightZ: -nx, wideM: 6.2, tallM },
        })
      put(mapName.toUpperCase(), 4.95, 2.5, '#16324f', '#f6f2e6')
      put('LIVE  ·  GRUPPETTO', 3.2, 0.9, '#e4572e', '#fff')
      return
    }
    if (k > 4) return
    for (let row = 0; row < 4; row++) {
      const [z, up] = [1.9 - row * 0.95, 0.35 + row * 0.45]
      mason
        .ink(0x8f9498, STYLE.boards)
        .box(0, -0.5, z, 7.3, 0.5 + up, 0.95, row === 0 ? FACE.most : FACE.most & ~FACE.back)
      mason.ink([0x2d4f86, 0xc8401c, 0x2a7f62, 0xe0a52e][k % 4]!).box(0, up + 0.36, z - 0.3, 7.1, 0.07, 0.4, FACE.most)
      for (let j = 0; j < 9; j++) {
        // One in five is getting something to eat.
        if ((j * 7 + row * 3 + k * 5) % 5 === 0) continue
        const x = (j - 4) * 0.78
        seats.push({
          x: spot.x + nz * x + nx * (z - 0.2),
          y: y + up - 0.02,
          z: spot.z - nx * x + nz * (z - 0.2),
          turnRad: turn,
        })
      }
    }
    mason.ink(0xdad6cc, STYLE.steel)
    for (const x of [-3.5, 3.5])
      mason.box(x, -0.5, -2, 0.12, 5.1, 0.12, FACE.sides).bar(x, 4.4, -2, x, 3.9, 1.6, 0.05, 4)
    mason.ink(0xf2efe4).sheet([
      [-3.75, 4.6, -2.3],
      [3.75, 4.6, -2.3],
      [3.75, 4, 1.9],
      [-3.75, 4, 1.9],
    ])
    mason.ink(0x14213d).box(0, 0, -2.05, 7.2, 4.4, 0.08, FACE.front | FACE.back)
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
