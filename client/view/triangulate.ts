/**
 * Triangles of a level outline (x, y, z per corner, y left alone), facing up, by cutting off ears: corners whose
 * triangle holds no other corner. Outlines have a few hundred corners at most.
 */
export function triangulate(position: ArrayLike<number>): number[] {
  const count = position.length / 3
  const at = (i: number): readonly [number, number] => [position[i * 3]!, position[i * 3 + 2]!]
  const left = Array.from({ length: count }, (_, i) => i)
  let area = 0
  for (let i = 0; i < count; i++) {
    const [[ax, az], [bx, bz]] = [at(i), at((i + 1) % count)]
    area += az * bx - ax * bz
  }
  // Counted so that triangles face up: south is +z, so an outline that runs the other way is turned round.
  if (area < 0) left.reverse()
  const index: number[] = []
  let tried = 0
  for (let k = 0; left.length > 3 && tried < left.length; k = k % left.length) {
    const [a, b, c] = [left[(k + left.length - 1) % left.length]!, left[k]!, left[(k + 1) % left.length]!]
    const isEar =
      turn(at(a), at(b), at(c)) > 0 &&
      !left.some((p) => p !== a && p !== b && p !== c && isIn(at(p), at(a), at(b), at(c)))
    if (!isEar) {
      k++
      tried++
      continue
    }
    index.push(a, b, c)
    left.splice(k, 1)
    tried = 0
  }
  // An outline that crosses itself has no ear left: the rest is drawn as a fan rather than not at all.
  for (let k = 1; k + 1 < left.length; k++) index.push(left[0]!, left[k]!, left[k + 1]!)
  return index
}

type Corner = readonly [x: number, z: number]

/** Positive where the way from a over b to c turns as triangles that face up do. */
function turn([ax, az]: Corner, [bx, bz]: Corner, [cx, cz]: Corner): number {
  return (bz - az) * (cx - bx) - (bx - ax) * (cz - bz)
}

function isIn(p: Corner, a: Corner, b: Corner, c: Corner): boolean {
  return turn(a, b, p) >= 0 && turn(b, c, p) >= 0 && turn(c, a, p) >= 0
}
