import { BufferAttribute, BufferGeometry, Vector3 } from 'three'

/**
 * Cuts a large mesh into runs of its own triangles that share its vertices, each with its own bounds: what the eye does
 * not look at is not drawn. Triangles are taken in the order of the index, so runs along a road are stretches of it.
 */
export function chunked(geometry: BufferGeometry, parts: number): BufferGeometry[] {
  const index = geometry.index!.array
  const triangles = index.length / 3
  const per = Math.ceil(triangles / parts)
  const position = geometry.getAttribute('position')
  const corner = new Vector3()
  const chunks: BufferGeometry[] = []
  for (let from = 0; from < triangles; from += per) {
    const chunk = new BufferGeometry()
    for (const [name, attribute] of Object.entries(geometry.attributes)) chunk.setAttribute(name, attribute)
    const own = Uint32Array.from(index.slice(from * 3, Math.min(triangles, from + per) * 3))
    chunk.setIndex(new BufferAttribute(own, 1))
    // The bounds of three.js would take every vertex there is, ours take those in use.
    const box = { low: new Vector3().setScalar(Infinity), high: new Vector3().setScalar(-Infinity) }
    for (const i of own) {
      corner.fromBufferAttribute(position, i)
      box.low.min(corner)
      box.high.max(corner)
    }
    chunk.computeBoundingSphere()
    chunk.boundingSphere!.center.copy(box.low).add(box.high).multiplyScalar(0.5)
    chunk.boundingSphere!.radius = box.low.distanceTo(box.high) / 2
    chunks.push(chunk)
  }
  return chunks
}
