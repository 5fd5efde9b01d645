import { createRandom } from '#physics/random'
import { createBoards, write } from './boards.ts'
import { createNoise } from './noise.ts'
import { piece, type Part } from './piece.ts'
import type { Shape } from './shape.ts'
import { bar, box, merged, painted, type At } from './solids.ts'
import type { Quality } from './view-types.ts'
import { xOf, zOf, type ZoneFrame } from './zone-frame.ts'
import { zoneGround } from './zone-ground.ts'

const TIMBER = 0x8d6b45
const TIMBER_PALE = 0xb08a5c
const TIMBER_DARK = 0x5e452c
const STEEL = 0x9aa0a6
const FLAGS = [0xd9482b, 0xf2b134, 0x2f7fb8, 0x3f9a5a] as const

/** Everything of the park that does not move: ground, fence, kicker, arch, flags, benches. */
export function* buildZonePark(frame: ZoneFrame, quality: Quality): Generator<Part> {
  const { seed } = frame.site.ground
  yield piece('park', 'gravel', zoneGround(frame, createNoise(seed), quality))
  const chance = createRandom(seed ^ 0x6b1d).fraction
  const parts = [
    ...fence(frame, chance),
    ...kicker(frame, chance),
    ...sleepers(frame, chance),
    ...furniture(frame, chance),
    ...arches(frame),
    ...flags(frame),
  ]
  yield piece('park', 'painted', merged(parts, ['position', 'normal', 'color']), { hasShadow: true })
  yield* signs(frame)
}

/** A point of the park in the picture, `upM` over the ground. */
function spot(frame: ZoneFrame, u: number, v: number, upM: number): At {
  return [xOf(frame, u, v), frame.site.ground.heightAt(u, Math.max(v, -0.4)) + upM, zOf(frame, u, v)]
}

function fence(frame: ZoneFrame, chance: () => number): Shape[] {
  const { lengthM, widthM, openings } = frame.site.ground
  const [[inFrom, inTo], [outFrom, outTo]] = openings as [readonly [number, number], readonly [number, number]]
  const runs: (readonly [number, number, number, number])[] = [
    [-0.3, widthM + 0.3, -0.3, 0],
    [-0.3, widthM + 0.3, lengthM + 0.3, widthM + 0.3],
    [lengthM + 0.3, widthM + 0.3, lengthM + 0.3, 0],
    [-0.3, 0, inFrom, 0],
    [inTo, 0, outFrom, 0],
    [outTo, 0, lengthM + 0.3, 0],
  ]
  const parts: Shape[] = []
  for (const [u0, v0, u1, v1] of runs) {
    const length = Math.hypot(u1 - u0, v1 - v0)
    const posts = Math.max(1, Math.round(length / 2.4))
    for (let k = 0; k <= posts; k++) {
      const at = (t: number): readonly [number, number] => [u0 + (u1 - u0) * t, v0 + (v1 - v0) * t]
      const [u, v] = at(k / posts)
      const lean = (chance() - 0.5) * 0.05
      const top = spot(frame, u + lean, v + lean, 1.12)
      parts.push(painted(bar(spot(frame, u, v, -0.3), top, 0.075, 0.07, 6), TIMBER_DARK, 0.3, chance))
      if (k === posts) continue
      const [nextU, nextV] = at((k + 1) / posts)
      for (const upM of [0.45, 0.92]) {
        const tilt = (chance() - 0.5) * 0.03
        parts.push(
          painted(
            bar(spot(frame, u, v, upM + tilt), spot(frame, nextU, nextV, upM - tilt), 0.05, 0.046, 5),
            TIMBER,
            0.35,
            chance,
          ),
        )
      }
    }
  }
  return parts
}

/** Planks over the kicker's ramp, and boards along its sides. */
function kicker(frame: ZoneFrame, chance: () => number): Shape[] {
  const { stretchU, stretchV } = frame.site.ground
  const parts: Shape[] = []
  const [fromU, toU] = [25.9 * stretchU, 30.32 * stretchU]
  const [fromV, toV] = [23.75 * stretchV, 26.65 * stretchV]
  const planks = Math.round((toU - fromU) / 0.24)
  for (let k = 0; k < planks; k++) {
    const u = fromU + ((k + 0.5) / planks) * (toU - fromU)
    const sway = (chance() - 0.5) * 0.08
    const plank = bar(level(frame, u, fromV + sway, 0.045), level(frame, u, toV + sway, 0.045), 0.135, 0.135, 4)
    parts.push(painted(flattened(plank, level(frame, u, (fromV + toV) / 2, 0.045)[1]), TIMBER_PALE, 0.3, chance))
  }
  for (const v of [fromV - 0.06, toV + 0.06]) {
    for (let k = 0; k < 8; k++) {
      const u = fromU + (k / 8) * (toU - fromU)
      const next = fromU + ((k + 1) / 8) * (toU - fromU)
      parts.push(
        painted(bar(level(frame, u, v, 0.02), level(frame, next, v, 0.02), 0.08, 0.08, 5), TIMBER_DARK, 0.3, chance),
      )
      if (k % 2 === 1)
        parts.push(painted(bar(level(frame, next, v, 0), low(frame, next, v), 0.07, 0.07, 5), TIMBER_DARK, 0.3, chance))
    }
  }
  return parts
}

/** Height of the kicker's middle at u: its planks lie level across. */
function level(frame: ZoneFrame, u: number, v: number, upM: number): At {
  const { ground } = frame.site
  const y = ground.heightAt(u, 25.2 * ground.stretchV) + upM
  return [xOf(frame, u, v), y, zOf(frame, u, v)]
}

function low(frame: ZoneFrame, u: number, v: number): At {
  return [xOf(frame, u, v), frame.site.ground.roadHeightM(u) - 0.1, zOf(frame, u, v)]
}

/** A round bar pressed flat about a height. */
function flattened(shape: Shape, aboutM: number): Shape {
  return shape.translate(0, -aboutM, 0).scale(1, 0.22, 1).translate(0, aboutM, 0)
}

/** Logs along the long sides of the table. */
function sleepers(frame: ZoneFrame, chance: () => number): Shape[] {
  const { stretchU, stretchV } = frame.site.ground
  const parts: Shape[] = []
  for (const v of [15.9 * stretchV, 20.1 * stretchV]) {
    for (let u = 22.6; u < 32.4; u += 1.22) {
      const end = Math.min(32.6, u + 1.2)
      parts.push(
        painted(
          bar(spot(frame, u * stretchU, v, 0.02), spot(frame, end * stretchU, v, 0.02), 0.1, 0.095, 7),
          TIMBER_DARK,
          0.35,
          chance,
        ),
      )
    }
  }
  return parts
}

/** Benches along the far fence, a rack by the gate, tyres on the outside of the bends. */
function furniture(frame: ZoneFrame, chance: () => number): Shape[] {
  const { lengthM, widthM } = frame.site.ground
  const parts: Shape[] = []
  const along = Math.atan2(-frame.uz, frame.ux)
  const turned = (shape: Shape, at: At) => shape.rotateY(along).translate(...at)
  for (const u of [14, 30, 46]) {
    const at = spot(frame, (u * lengthM) / 60, widthM - 1.1, 0)
    const seat = [
      box([0, 0.46, 0], [1.7, 0.05, 0.42]),
      box([-0.7, 0.22, 0], [0.08, 0.46, 0.4]),
      box([0.7, 0.22, 0], [0.08, 0.46, 0.4]),
    ]
    for (const part of seat) parts.push(painted(turned(part, at), TIMBER_PALE, 0.25, chance))
  }
  for (let k = 0; k < 6; k++) {
    const base = spot(frame, 1.6 + k * 0.62, 3.1, 0)
    const [x, y, z] = base
    const hoop: At[] = [0, 1, 2, 3, 4].map((i) => {
      const angle = (i / 4) * Math.PI
      const side = Math.cos(angle) * 0.28
      return [x + frame.vx * side, y + (i === 0 || i === 4 ? 0 : 0.55 + 0.2 * Math.sin(angle)), z + frame.vz * side]
    })
    for (let i = 1; i < hoop.length; i++) parts.push(painted(bar(hoop[i - 1]!, hoop[i]!, 0.025, 0.025, 5), STEEL))
  }
  const tyres = [
    [57.6, 13],
    [58.2, 20],
    [57.6, 27],
    [6, 26.5],
    [6.4, 22.6],
  ] as const
  for (const [layoutU, layoutV] of tyres) {
    const [u, v] = [(layoutU * lengthM) / 60, (layoutV * widthM) / 40]
    for (let k = 0; k < 3; k++) {
      const [x, y, z] = spot(frame, u, v, 0.11 + 0.2 * k)
      const sway = (chance() - 0.5) * 0.08
      const color = k === 1 ? 0xe8e4da : 0x26282b
      parts.push(painted(bar([x + sway, y - 0.1, z], [x + sway, y + 0.1, z], 0.33, 0.33, 12), color, 0.12, chance))
      parts.push(painted(bar([x + sway, y + 0.09, z], [x + sway, y + 0.1, z], 0.33, 0.16, 12), color, 0.12, chance))
    }
  }
  return parts
}

/** Over both openings: posts and a beam that carries the board. */
function arches(frame: ZoneFrame): Shape[] {
  const { openings } = frame.site.ground
  return openings.flatMap(([from, to]) => [
    ...[from, to].map((u) =>
      painted(bar(spot(frame, u, 0, -0.3), spot(frame, u, 0, 4.15), 0.13, 0.11, 9), TIMBER_DARK),
    ),
    painted(bar(beam(frame, from - 0.5, from, 3.95), beam(frame, to + 0.5, from, 3.95), 0.11, 0.11, 8), TIMBER),
    painted(bar(beam(frame, from - 0.3, from, 3.05), beam(frame, to + 0.3, from, 3.05), 0.07, 0.07, 7), TIMBER),
  ])
}

function beam(frame: ZoneFrame, u: number, baseU: number, upM: number): At {
  return [xOf(frame, u, 0), frame.site.ground.heightAt(baseU, 0) + upM, zOf(frame, u, 0)]
}

/** Feather flags beside the gates and along the far side. */
function flags(frame: ZoneFrame): Shape[] {
  const { lengthM, widthM, openings } = frame.site.ground
  const places: (readonly [number, number])[] = [
    ...openings.flatMap(([from, to]) => [[from - 1.2, 0.7] as const, [to + 1.2, 0.7] as const]),
    ...[0.12, 0.37, 0.62, 0.87].map((share) => [lengthM * share, widthM - 0.5] as const),
  ]
  return places.flatMap(([u, v], k) => {
    const color = FLAGS[k % FLAGS.length]!
    const [x, y, z] = spot(frame, u, v, 0)
    const pole = painted(bar([x, y - 0.2, z], [x, y + 4.3, z], 0.03, 0.018, 6), 0xe6e6e2)
    // Slices of a feather: wide in the middle, drawn in at both ends, waving a little.
    const slices = 16
    const cloth = Array.from({ length: slices }, (_, i) => {
      const share = (i + 0.5) / slices
      const wide = 0.12 + 0.6 * Math.sin(Math.PI * Math.pow(share, 0.8))
      const wave = 0.1 * Math.sin(share * 5 + k)
      return painted(
        box([0, 0, 0], [wide, 3.3 / slices + 0.004, 0.02])
          .translate(wide / 2 + 0.03, 0, 0)
          .rotateY(Math.atan2(-frame.uz, frame.ux) + wave)
          .translate(x, y + 0.95 + 3.3 * share, z),
        i > 5 && i < 9 ? 0xf6f2e8 : color,
      )
    })
    return [pole, ...cloth]
  })
}

/** The name over the way in, the way out over the other; both sides of each are written on. */
function* signs(frame: ZoneFrame): Generator<Part> {
  const boards = createBoards(`park ${frame.site.name}`)
  const { site } = frame
  const [[inFrom, inTo], [outFrom, outTo]] = site.ground.openings as [
    readonly [number, number],
    readonly [number, number],
  ]
  const paint = (text: string, back: string, ink: string) =>
    boards.paint(1000, 96, (pen, wide, tall) => {
      pen.fillStyle = back
      pen.fillRect(0, 0, wide, tall)
      pen.fillStyle = ink
      pen.fillRect(10, 8, wide - 20, 4)
      pen.fillRect(10, tall - 12, wide - 20, 4)
      write(pen, text, wide, tall, ink)
    })
  const put = (cell: number, from: number, to: number, facing: 1 | -1) => {
    const u = (from + to) / 2
    const v = facing * 0.12
    // A board faces right × up; seen from the road the writing runs the way the mirror says.
    const turn = facing * frame.mirror
    boards.put({
      cell,
      x: xOf(frame, u, v),
      y: site.ground.heightAt(u, 0) + 3.5,
      z: zOf(frame, u, v),
      rightX: -turn * frame.ux,
      rightZ: -turn * frame.uz,
      wideM: Math.min(8.6, to - from),
      tallM: 0.82,
    })
  }
  const name = paint(site.name.toUpperCase(), '#7a2f1c', '#fbf1dc')
  const welcome = paint('FREE RIDE · NO RACING', '#2d4a35', '#fbf1dc')
  const out = paint('TO THE ROAD', '#2d4a35', '#fbf1dc')
  put(name, inFrom, inTo, -1)
  put(welcome, inFrom, inTo, 1)
  put(out, outFrom, outTo, 1)
  put(paint('WAY OUT · GIVE WAY', '#7a2f1c', '#fbf1dc'), outFrom, outTo, -1)
  yield* boards.finish()
}
