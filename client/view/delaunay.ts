/** Delaunay's triangles over places of a plane (Bowyer 1981, Watson 1981): each place opens the circles it lies in. */
export function triangulate(x: readonly number[], z: readonly number[]): number[] {
  const count = x.length
  const midX = (Math.min(...x) + Math.max(...x)) / 2
  const midZ = (Math.min(...z) + Math.max(...z)) / 2
  const reach = 20 * (Math.max(...x) - Math.min(...x) + Math.max(...z) - Math.min(...z) + 1)
  const px = [...x, midX - reach, midX + reach, midX]
  const pz = [...z, midZ - reach, midZ - reach, midZ + reach]
  interface Triangle {
    readonly a: number
    readonly b: number
    readonly c: number
    readonly cx: number
    readonly cz: number
    readonly square: number
  }
  const circled = (a: number, b: number, c: number): Triangle => {
    const [ax, az] = [px[a]!, pz[a]!]
    const [bx, bz, dx, dz] = [px[b]! - ax, pz[b]! - az, px[c]! - ax, pz[c]! - az]
    const twice = 2 * (bx * dz - bz * dx)
    const [b2, d2] = [bx * bx + bz * bz, dx * dx + dz * dz]
    const [ux, uz] = [(dz * b2 - bz * d2) / twice, (bx * d2 - dx * b2) / twice]
    return { a, b, c, cx: ax + ux, cz: az + uz, square: ux * ux + uz * uz }
  }
  let triangles = [circled(count, count + 1, count + 2)]
  for (let i = 0; i < count; i++) {
    const [qx, qz] = [px[i]!, pz[i]!]
    const rim = new Map<number, readonly [number, number]>()
    const kept: Triangle[] = []
    for (const triangle of triangles) {
      const { a, b, c, cx, cz, square } = triangle
      if ((cx - qx) ** 2 + (cz - qz) ** 2 >= square) {
        kept.push(triangle)
        continue
      }
      for (const [from, to] of [
        [a, b],
        [b, c],
        [c, a],
      ] as const) {
        // An edge that two opened triangles share is not on the rim.
        if (!rim.delete(to * 65_536 + from)) rim.set(from * 65_536 + to, [from, to])
      }
    }
    for (const [from, to] of rim.values()) kept.push(circled(from, to, i))
    triangles = kept
  }
  return triangles.filter(({ a, b, c }) => a < count && b < count && c < count).flatMap(({ a, b, c }) => [a, b, c])
}
