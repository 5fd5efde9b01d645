import type { Random } from '#physics/random'

export type P3 = readonly [x: number, y: number, z: number]

/** What a triangle of a plant is: its fourth number. Above nothing: half the side of a leaf clump that turns to the eye, m. */
export const PLAIN = 0
/** A branch with needles: its edges are cut out in the fragment shader, root at −1, tip at +1 of the corner's second number. */
export const NEEDLES = -1
/** A blade of grass or a reed: light comes through it. */
export const BLADE = -2
/** Stone: grain and lichen. */
export const STONE = -3
/** A fir from afar: a card that turns to the eye about the upright; its ragged outline is cut in the fragment shader. */
export const FIR = -4
/** No paint of its own: the place where it stands gives the colour. */
export const TINTED = 0

/** Triangles a shape may have; every one of its kind takes that many, filled up with empty ones. */
export const TRIANGLES = { tree: 300, small: 80, cover: 24, far: 30, speck: 4 } as const

/** Numbers a vertex: place and kind, normal and paint. The normal's length is how much light of the sky gets there. */
export const VERTEX_NUMBERS = 8

/** Which corner of its pair of triangles a vertex is, by its place among six. */
export const CORNERS = [
  [-1, -1],
  [1, -1],
  [1, 1],
  [-1, -1],
  [1, 1],
  [-1, 1],
] as const

/** Triangles of a plant, in pairs, as they will lie in a texture. */
export class Soup {
  readonly numbers: number[] = []

  get triangles(): number {
    return this.numbers.length / (VERTEX_NUMBERS * 3)
  }

  /** A clump of leaves that always turns to the eye. `normal` points out of the crown, its length is the light there. */
  leaf(at: P3, sizeM: number, normal: P3, paint: number = TINTED): void {
    for (let k = 0; k < 6; k++) this.numbers.push(...at, sizeM, ...normal, paint)
  }

  /** Two triangles: a, b, c and a, c, d. */
  quad(a: P3, b: P3, c: P3, d: P3, normal: P3, kind: number, paint: number): void {
    for (const at of [a, b, c, a, c, d]) this.numbers.push(...at, kind, ...normal, paint)
  }

  /** A whole conifer on one card, so high and reaching so far from its middle. */
  fir(upM: number, highM: number, reachM: number): void {
    for (let k = 0; k < 6; k++) this.numbers.push(0, upM, 0, FIR, reachM, highM, 0, TINTED)
  }

  /** A flat branch from its root to its tip, `wideM` wide. */
  branch(root: P3, tip: P3, wideM: number, normal: P3, kind: number, paint: number = TINTED): void {
    const [dx, , dz] = less(tip, root)
    const length = Math.sqrt(dx * dx + dz * dz) || 1
    const side: P3 = [(-dz / length) * (wideM / 2), 0, (dx / length) * (wideM / 2)]
    this.quad(less(root, side), plus(root, side), plus(tip, side), less(tip, side), normal, kind, paint)
  }

  /** A tapering bar with so many sides. */
  bar(from: P3, to: P3, radiusM: number, radiusToM: number, sides: number, paint: number, kind: number = PLAIN): void {
    const along = unit(less(to, from))
    const across = unit(Math.abs(along[1]) > 0.9 ? cross(along, [1, 0, 0]) : cross(along, [0, 1, 0]))
    const third = cross(along, across)
    const out = (k: number): P3 => {
      const angle = (k / sides) * Math.PI * 2
      return plus(scaled(across, Math.cos(angle)), scaled(third, Math.sin(angle)))
    }
    for (let k = 0; k < sides; k++) {
      const [a, b] = [out(k), out(k + 1)]
      const corner = (end: P3, o: P3, radius: number): P3 => plus(end, scaled(o, radius))
      this.quad(
        corner(from, a, radiusM),
        corner(from, b, radiusM),
        corner(to, b, radiusToM),
        corner(to, a, radiusToM),
        scaled(unit(plus(a, b)), 0.85),
        kind,
        paint,
      )
    }
  }

  box(at: P3, [w, h, d]: P3, paint: number, kind: number = PLAIN): void {
    const p = (x: number, y: number, z: number): P3 => [at[0] + (x * w) / 2, at[1] + (y * h) / 2, at[2] + (z * d) / 2]
    this.quad(p(-1, -1, 1), p(1, -1, 1), p(1, 1, 1), p(-1, 1, 1), [0, 0, 0.85], kind, paint)
    this.quad(p(1, -1, -1), p(-1, -1, -1), p(-1, 1, -1), p(1, 1, -1), [0, 0, -0.85], kind, paint)
    this.quad(p(1, -1, 1), p(1, -1, -1), p(1, 1, -1), p(1, 1, 1), [0.85, 0, 0], kind, paint)
    this.quad(p(-1, -1, -1), p(-1, -1, 1), p(-1, 1, 1), p(-1, 1, -1), [-0.85, 0, 0], kind, paint)
    this.quad(p(-1, 1, 1), p(1, 1, 1), p(1, 1, -1), p(-1, 1, -1), [0, 1, 0], kind, paint)
  }

  /** An ellipsoid of leaf clumps, evenly spread over its shell, none on its underside's middle. */
  crown(
    random: Random,
    at: P3,
    radius: P3,
    { leaves, sizeM, heart = at, paint = TINTED }: { leaves: number; sizeM: number; heart?: P3; paint?: number },
  ): void {
    for (let i = 0; i < leaves; i++) {
      const up = 1 - (2 * (i + 0.5)) / leaves
      const lifted = up < 0 ? up * 0.8 : up
      const ring = Math.sqrt(Math.max(0, 1 - lifted * lifted))
      const angle = i * 2.39996 + random.fraction() * 0.7
      const deep = 0.78 + 0.24 * random.fraction()
      const place: P3 = [
        at[0] + Math.cos(angle) * ring * radius[0] * deep,
        at[1] + lifted * radius[1] * deep,
        at[2] + Math.sin(angle) * ring * radius[2] * deep,
      ]
      const light = 0.62 + 0.38 * Math.min(1, Math.max(0, (lifted + 1) / 1.5))
      const out = unit(less(place, [heart[0], heart[1] - radius[1] * 0.3, heart[2]]))
      this.leaf(place, sizeM * (0.8 + 0.45 * random.fraction()), scaled(out, light), paint)
    }
  }

  /** A rock: an icosahedron, cut once more when `isFine`, pushed in and out, flat below. */
  rock(random: Random, at: P3, size: P3, isFine: boolean, paint: number): void {
    const t = (1 + Math.sqrt(5)) / 2
    const raw: P3[] = [
      ...([-1, 1] as const).flatMap((a) =>
        ([-1, 1] as const).flatMap((b): P3[] => [
          [a, b * t, 0],
          [0, a, b * t],
          [b * t, 0, a],
        ]),
      ),
    ].map((p) => unit(p as P3))
    const faces: [P3, P3, P3][] = []
    for (let a = 0; a < 12; a++)
      for (let b = a + 1; b < 12; b++)
        for (let c = b + 1; c < 12; c++)
          if ([far(raw[a]!, raw[b]!), far(raw[b]!, raw[c]!), far(raw[a]!, raw[c]!)].every((d) => d < 1.2))
            faces.push([raw[a]!, raw[b]!, raw[c]!])
    const cut = isFine
      ? faces.flatMap(([a, b, c]): [P3, P3, P3][] => {
          const [ab, bc, ca] = [unit(plus(a, b)), unit(plus(b, c)), unit(plus(c, a))]
          return [
            [a, ab, ca],
            [b, bc, ab],
            [c, ca, bc],
            [ab, bc, ca],
          ]
        })
      : faces
    const gains = new Map<string, number>()
    const placed = (p: P3): P3 => {
      const key = p.map((n) => n.toFixed(3)).join()
      const gain = gains.get(key) ?? 0.78 + 0.44 * random.fraction()
      gains.set(key, gain)
      return [
        at[0] + p[0] * size[0] * gain,
        at[1] + Math.max(-0.35, p[1]) * size[1] * gain,
        at[2] + p[2] * size[2] * gain,
      ]
    }
    for (const face of cut) {
      const [a, b, c] = [placed(face[0]), placed(face[1]), placed(face[2])]
      let normal = unit(cross(less(b, a), less(c, a)))
      const isInside = normal[0] * (a[0] - at[0]) + normal[1] * (a[1] - at[1]) + normal[2] * (a[2] - at[2]) < 0
      if (isInside) normal = scaled(normal, -1)
      for (const corner of [a, b, c])
        this.numbers.push(...corner, STONE, ...scaled(normal, normal[1] < -0.3 ? 0.5 : 0.95), paint)
    }
  }
}

/**
 * Plants, stones and fences from code, one metre of plant per metre. `near` is one of a few shapes, `far` a few dozen
 * triangles, `speck` four; what covers the ground (grass, heather) is `near` only, and looked at from nearby.
 */
export interface Model {
  readonly near: readonly Soup[]
  readonly far?: Soup
  readonly speck?: Soup
}

/** A colour as one number that a texture of floats holds exactly: red, green, blue in steps of 1/255; nothing is TINTED. */
export function paintOf(hex: number): number {
  return Math.max(1, hex)
}

function far(a: P3, b: P3): number {
  const [x, y, z] = less(a, b)
  return Math.sqrt(x * x + y * y + z * z)
}
export function plus(a: P3, b: P3): P3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}
export function less(a: P3, b: P3): P3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}
export function scaled(a: P3, by: number): P3 {
  return [a[0] * by, a[1] * by, a[2] * by]
}
export function unit(a: P3): P3 {
  const length = Math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]) || 1
  return [a[0] / length, a[1] / length, a[2] / length]
}
function cross(a: P3, b: P3): P3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}
