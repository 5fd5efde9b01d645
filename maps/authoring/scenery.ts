import type { Road } from './road.ts'

/** What the picture is told about a world: outlines of water, and what stands where. Metres east and north. */
export type Outline = readonly (readonly [x: number, y: number])[]

/** Along a road, so many metres to its right (left when negative). For a shore that keeps to a road. */
export function beside(road: Road, rightM: number, everyM = 90): [number, number][] {
  // Not at the very ends: where a road comes back to its beginning it makes a corner.
  const insideM = road.lengthM - 2 * Math.abs(rightM)
  const count = Math.max(3, Math.round(insideM / everyM))
  return Array.from({ length: count + 1 }, (_, i) => {
    const { x, y, headingRad } = road.at(Math.abs(rightM) + (i * insideM) / count)
    return [Math.round(x + rightM * Math.sin(headingRad)), Math.round(y - rightM * Math.cos(headingRad))]
  })
}

/** Both banks of a stream of a width, its middle given by a few places. */
export function banks(middle: Outline, widthM: number): [number, number][] {
  const side = (sign: number) =>
    middle.map(([x, y], i): [number, number] => {
      const [ax, ay] = middle[Math.max(0, i - 1)]!
      const [bx, by] = middle[Math.min(middle.length - 1, i + 1)]!
      const length = Math.hypot(bx - ax, by - ay)
      const away = (sign * widthM) / 2 / length
      return [Math.round(x + (by - ay) * away), Math.round(y - (bx - ax) * away)]
    })
  return [...side(1), ...side(-1).toReversed()]
}

const CELL_M = 25

/**
 * The shore of the land on which roads lie: never nearer to any than `leastM`, at most `mostM` from the outermost ones,
 * wavering between. The outer line only: what roads enclose is land.
 */
export function shoreAround(
  roads: readonly Road[],
  leastM: number,
  mostM: number,
  random: () => number,
): [number, number][] {
  const places = roads.flatMap((road) =>
    Array.from({ length: Math.ceil(road.lengthM / 20) }, (_, i) => road.at(i * 20)),
  )
  const minX = Math.min(...places.map(({ x }) => x)) - mostM - 3 * CELL_M
  const minY = Math.min(...places.map(({ y }) => y)) - mostM - 3 * CELL_M
  const columns = Math.ceil((Math.max(...places.map(({ x }) => x)) + mostM + 3 * CELL_M - minX) / CELL_M)
  const rows = Math.ceil((Math.max(...places.map(({ y }) => y)) + mostM + 3 * CELL_M - minY) / CELL_M)
  // Bays and points: a few waves over the plane, half a kilometre to two from crest to crest.
  const waves = Array.from({ length: 5 }, () => {
    const perM = (2 * Math.PI) / (500 + 1500 * random())
    const headingRad = 2 * Math.PI * random()
    return { x: perM * Math.cos(headingRad), y: perM * Math.sin(headingRad), phase: 2 * Math.PI * random() }
  })
  const reachAt = (x: number, y: number): number => {
    const wave = waves.reduce((sum, w) => sum + Math.sin(x * w.x + y * w.y + w.phase), 0) / 3
    return leastM + (mostM - leastM) * Math.min(1, Math.max(0, 0.2 + 0.6 * wave))
  }
  // Only places near enough to matter are looked at.
  const buckets = new Map<string, typeof places>()
  const keyOf = (x: number, y: number) => `${Math.floor(x / mostM)},${Math.floor(y / mostM)}`
  for (const place of places) {
    const key = keyOf(place.x, place.y)
    const bucket = buckets.get(key)
    if (bucket === undefined) buckets.set(key, [place])
    else bucket.push(place)
  }
  const isLand = (column: number, row: number): boolean => {
    const x = minX + column * CELL_M
    const y = minY + row * CELL_M
    const reach = reachAt(x, y)
    return [-1, 0, 1].some((i) =>
      [-1, 0, 1].some((j) =>
        buckets
          .get(keyOf(x + i * mostM, y + j * mostM))
          ?.some((place) => (place.x - x) ** 2 + (place.y - y) ** 2 < reach * reach),
      ),
    )
  }
  const sea = new Uint8Array(columns * rows)
  const land = new Uint8Array(columns * rows)
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) land[r * columns + c] = isLand(c, r) ? 1 : 0
  // The sea is what can be sailed to from the corner; holes are land.
  const queue = [0]
  sea[0] = 1
  for (let k = queue.pop(); k !== undefined; k = queue.pop()) {
    const c = k % columns
    for (const next of [c > 0 ? k - 1 : -1, c < columns - 1 ? k + 1 : -1, k - columns, k + columns]) {
      if (next < 0 || next >= sea.length || sea[next] === 1 || land[next] === 1) continue
      sea[next] = 1
      queue.push(next)
    }
  }
  return coastline(sea, columns, rows).map(([c, r]) => [Math.round(minX + c * CELL_M), Math.round(minY + r * CELL_M)])
}

/** Walks around the first land cell met, land on the left, and rounds the corners off. */
function coastline(sea: Uint8Array, columns: number, rows: number): [number, number][] {
  const isLand = (c: number, r: number) => c >= 0 && r >= 0 && c < columns && r < rows && sea[r * columns + c] === 0
  let start = 0
  while (sea[start] === 1) start++
  const first = [start % columns, Math.floor(start / columns)] as const
  const STEPS = [
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1],
  ] as const
  // Cells are squares around their centres; the walk goes along their edges.
  let [x, y] = [first[0] - 0.5, first[1] - 0.5]
  let heading = 0
  const corners: [number, number][] = []
  do {
    corners.push([x, y])
    const [dx, dy] = STEPS[heading]!
    x += dx
    y += dy
    const [lx, ly] = STEPS[(heading + 1) % 4]!
    const cell = (ahead: number, left: number): boolean =>
      isLand(Math.round(x + (dx * ahead + lx * left) / 2), Math.round(y + (dy * ahead + ly * left) / 2))
    if (cell(1, -1)) heading = (heading + 3) % 4
    else if (!cell(1, 1)) heading = (heading + 1) % 4
  } while (x !== first[0] - 0.5 || y !== first[1] - 0.5)
  const count = corners.length
  const rounded = corners.map((_, i): [number, number] => {
    const REACH = 3
    let sumX = 0
    let sumY = 0
    for (let o = -REACH; o <= REACH; o++) {
      const [cx, cy] = corners[(i + o + count) % count]!
      sumX += cx
      sumY += cy
    }
    return [sumX / (2 * REACH + 1), sumY / (2 * REACH + 1)]
  })
  return rounded.filter((_, i) => i % 3 === 0)
}
