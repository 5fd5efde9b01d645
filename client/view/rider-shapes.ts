/**
 * Surfaces of rider and bike as plain arrays: every vertex knows the bone it hangs on and the tint that colours it. A
 * form that is built twice from one plan with other measures has the same triangles: the difference is its morph.
 */
export type At = readonly [x: number, y: number, z: number]

/** One ring of a loft: height, half width, depth to the front and to the back, how far its middle lies forward, m. */
export type Ring = readonly [y: number, halfX: number, front: number, back: number, forward?: number]

export class Shapes {
  readonly position: number[] = []
  readonly normal: number[] = []
  /** Bone and tint of each vertex. */
  readonly bone: number[] = []
  readonly index: number[] = []
  #bone = 0
  #tint = 0

  /** What is made from here on hangs on this bone and has this tint. */
  on(bone: number, tint: number): this {
    this.#bone = bone
    this.#tint = tint
    return this
  }

  get triangles(): number {
    return this.index.length / 3
  }

  /** A skin over rings of points; rings are closed, the row of rings may be. Normals look away from the rings' middles. */
  skin(rings: readonly (readonly At[])[], isLoop = false): this {
    const rows = rings.length
    const sides = rings[0]!.length
    const first = this.position.length / 3
    const normals: number[] = []
    let outward = 0
    rings.forEach((ring, r) => {
      const before = rings[isLoop ? (r + rows - 1) % rows : Math.max(0, r - 1)]!
      const after = rings[isLoop ? (r + 1) % rows : Math.min(rows - 1, r + 1)]!
      const middle = [0, 1, 2].map((k) => ring.reduce((sum, p) => sum + p[k]!, 0) / sides)
      for (let c = 0; c < sides; c++) {
        const along = minus(after[c]!, before[c]!)
        const around = minus(ring[(c + 1) % sides]!, ring[(c + sides - 1) % sides]!)
        let n = unit(cross(along, around))
        // At a tip the ring is a point: its normal is the way out.
        if (n === undefined) n = unit(r === 0 ? minus(before[c]!, after[c]!) : along) ?? [0, 1, 0]
        normals.push(...n)
        const out = minus(ring[c]!, middle as unknown as At)
        outward += n[0] * out[0] + n[1] * out[1] + n[2] * out[2]
        this.#vertex(ring[c]!)
      }
    })
    const flip = outward < 0
    for (const value of normals) this.normal.push(flip ? -value : value)
    for (let r = 0; r < (isLoop ? rows : rows - 1); r++) {
      for (let c = 0; c < sides; c++) {
        const a = first + r * sides + c
        const b = first + r * sides + ((c + 1) % sides)
        const a2 = first + ((r + 1) % rows) * sides + c
        const b2 = first + ((r + 1) % rows) * sides + ((c + 1) % sides)
        this.#triangle(a, a2, b, flip)
        this.#triangle(b, a2, b2, flip)
      }
    }
    return this
  }

  /** Rings one above the other: limbs, torso, head. `power` below 1 makes them squarer. `at`: where its axis stands. */
  loft(rings: readonly Ring[], sides: number, { at = [0, 0, 0] as At, power = 1, from = 0 } = {}): this {
    return this.skin(
      rings.map(([y, halfX, front, back, forward = 0]) =>
        Array.from({ length: sides }, (_, k): At => {
          const angle = from + (k / sides) * Math.PI * 2
          const x = squared(Math.cos(angle), power)
          const z = squared(Math.sin(angle), power)
          return [at[0] + x * halfX, at[1] + y, at[2] + forward + z * (z > 0 ? front : back)]
        }),
      ),
    )
  }

  /** A tube along points; each radius is one number, or [across, deep]. */
  tube(points: readonly At[], radii: readonly (number | readonly [number, number])[], sides: number): this {
    let across: At = [0, 0, 0]
    return this.skin(
      points.map((point, i) => {
        const along = unit(minus(points[Math.min(points.length - 1, i + 1)]!, points[Math.max(0, i - 1)]!)) ?? [0, 1, 0]
        if (i === 0) across = Math.abs(along[0]) > 0.8 ? [0, 0, 1] : [1, 0, 0]
        const share = across[0] * along[0] + across[1] * along[1] + across[2] * along[2]
        across =
          unit([across[0] - along[0] * share, across[1] - along[1] * share, across[2] - along[2] * share]) ?? across
        const deep = cross(along, across)
        const radius = radii[Math.min(i, radii.length - 1)]!
        const [ra, rd] = typeof radius === 'number' ? [radius, radius] : radius
        return Array.from({ length: sides }, (_, k): At => {
          const angle = ((k + 0.5) / sides) * Math.PI * 2
          const [c, s] = [Math.cos(angle) * ra, Math.sin(angle) * rd]
          return [0, 1, 2].map((d) => point[d]! + across[d]! * c + deep[d]! * s) as unknown as At
        })
      }),
    )
  }

  /** A profile of [x, radius] turned about an axle along x. `isRound`: the profile closes upon itself. */
  lathe(
    profile: readonly (readonly [number, number])[],
    segments: number,
    middle: At = [0, 0, 0],
    isRound = false,
  ): this {
    const ringAt = (k: number) =>
      profile.map(([x, r]): At => {
        const angle = (k / segments) * Math.PI * 2
        return [middle[0] + x, middle[1] + Math.cos(angle) * r, middle[2] + Math.sin(angle) * r]
      })
    if (isRound)
      return this.skin(
        Array.from({ length: segments }, (_, k) => ringAt(k)),
        true,
      )
    return this.skin(profile.map((_, i) => Array.from({ length: segments }, (_unused, k) => ringAt(k)[i]!)))
  }

  ball(middle: At, radius: At, sides: number, rings: number): this {
    return this.skin(
      Array.from({ length: rings + 1 }, (_, r) => {
        const polar = (r / rings) * Math.PI
        return Array.from({ length: sides }, (_unused, k): At => {
          const angle = (k / sides) * Math.PI * 2
          return [
            middle[0] + radius[0] * Math.sin(polar) * Math.cos(angle),
            middle[1] + radius[1] * Math.cos(polar),
            middle[2] + radius[2] * Math.sin(polar) * Math.sin(angle),
          ]
        })
      }),
    )
  }

  box(middle: At, size: At): this {
    for (let axis = 0; axis < 3; axis++) {
      for (const sign of [1, -1]) {
        const first = this.position.length / 3
        const [u, v] = [(axis + 1) % 3, (axis + 2) % 3]
        for (const [a, b] of [
          [-1, -1],
          [1, -1],
          [1, 1],
          [-1, 1],
        ] as const) {
          const corner = [0, 0, 0]
          corner[axis] = (sign * size[axis]!) / 2
          corner[u] = (a * size[u]!) / 2
          corner[v] = (b * size[v]!) / 2
          this.#vertex([middle[0] + corner[0]!, middle[1] + corner[1]!, middle[2] + corner[2]!])
          this.normal.push(axis === 0 ? sign : 0, axis === 1 ? sign : 0, axis === 2 ? sign : 0)
        }
        this.#triangle(first, first + 1, first + 2, sign < 0)
        this.#triangle(first, first + 2, first + 3, sign < 0)
      }
    }
    return this
  }

  /** A flat outline as a fan, seen from both sides where the material says so. */
  fan(points: readonly At[], normal: At): this {
    const first = this.position.length / 3
    for (const point of points) {
      this.#vertex(point)
      this.normal.push(...normal)
    }
    for (let k = 1; k + 1 < points.length; k++) this.#triangle(first, first + k, first + k + 1, false)
    return this
  }

  #vertex([x, y, z]: At): void {
    this.position.push(x, y, z)
    this.bone.push(this.#bone, this.#tint)
  }

  #triangle(a: number, b: number, c: number, isFlipped: boolean): void {
    if (isFlipped) this.index.push(a, c, b)
    else this.index.push(a, b, c)
  }
}

const squared = (value: number, power: number): number => Math.sign(value) * Math.abs(value) ** power

function minus(a: At, b: At): At {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

function cross(a: At, b: At): At {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

function unit(a: At): At | undefined {
  const length = Math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2])
  return length < 1e-7 ? undefined : [a[0] / length, a[1] / length, a[2] / length]
}
