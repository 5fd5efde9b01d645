import { Shape } from './shape.ts'

/**
 * Cuts a large shape into runs of its own triangles, each with vertices and bounds of its own: what the eye does not
 * look at is not drawn. Triangles are taken in the order of the index, so runs along a road are stretches of it.
 */
export function* chunked(shape: Shape, parts: number): Generator<Shape> {
  const index = shape.index!
  const triangles = index.length / 3
  const per = Math.ceil(triangles / parts)
  const newOf = new Int32Array(shape.count).fill(-1)
  for (let from = 0; from < triangles; from += per) {
    const own = index.slice(from * 3, Math.min(triangles, from + per) * 3)
    const kept: number[] = []
    for (let k = 0; k < own.length; k++) {
      const old = own[k]!
      if (newOf[old] === -1) newOf[old] = kept.push(old) - 1
      own[k] = newOf[old]!
    }
    const chunk = new Shape(new Float32Array(0))
    chunk.index = own
    for (const [name, { array, size }] of Object.entries(shape.attributes)) {
      const values = new Float32Array(kept.length * size)
      kept.forEach((old, i) => {
        for (let k = 0; k < size; k++) values[i * size + k] = array[old * size + k]!
      })
      chunk.set(name, values, size)
    }
    for (const old of kept) newOf[old] = -1
    yield chunk
  }
}
