import { Shape } from './shape.ts'

/** A profile of [radius, height] turned about the upright. */
export function lathe(profile: readonly (readonly [radiusM: number, upM: number])[], sides: number): Shape {
  const position: number[] = []
  const normal: number[] = []
  const index: number[] = []
  const last = profile.length - 1
  const edge = (j: number): readonly [number, number] => [
    profile[j + 1]![1] - profile[j]![1],
    profile[j]![0] - profile[j + 1]![0],
  ]
  // In the plane of the profile: of an edge across it, of a corner between its two edges.
  const outward = profile.map((_, j) => {
    const [ax, ay] = edge(Math.min(j, last - 1))
    const [bx, by] = j === 0 || j === last ? [0, 0] : edge(j - 1)
    const length = Math.sqrt((ax + bx) ** 2 + (ay + by) ** 2) || 1
    return [(ax + bx) / length, (ay + by) / length] as const
  })
  for (let i = 0; i <= sides; i++) {
    const angle = (i / sides) * Math.PI * 2
    const [s, c] = [Math.sin(angle), Math.cos(angle)]
    profile.forEach(([radius, up], j) => {
      position.push(radius * s, up, radius * c)
      normal.push(outward[j]![0] * s, outward[j]![1], outward[j]![0] * c)
      if (i === sides || j === last) return
      const a = j + i * profile.length
      const b = a + profile.length
      index.push(a, b, a + 1, b + 1, a + 1, b)
    })
  }
  return new Shape(position, index).set('normal', normal, 3)
}
