import { createTrack, measure, type Track } from './track.ts'

/** Where a strip ends or begins, and where it points. */
export interface Stub {
  readonly x: number
  readonly y: number
  readonly east: number
  readonly north: number
}

/** The turning circle where a rider turns back: wide enough that its baked radius is 6 m and a bit. */
const TURN_BACK_M = 6.6
const STEP_M = 0.1
/** Lengths of the handles that are tried, as shares of the way across. */
const HANDLES = [0.2, 0.26, 0.32, 0.38, 0.44, 0.5, 0.56, 0.62, 0.7, 0.8, 0.92, 1.06, 1.22, 1.4]
const LOOKS = 24

/** The way across a junction: of all curves that leave and arrive in the right directions, the one that bends least. */
export function connectorTrack(from: Stub, to: Stub, isBack: boolean): Track {
  const across = Math.sqrt((to.x - from.x) * (to.x - from.x) + (to.y - from.y) * (to.y - from.y))
  const points = isBack && across < 2 * TURN_BACK_M ? turningCircle(from, to) : leastBend(from, to, across)
  const track = createTrack(points.length)
  points.forEach(([x, y], n) => {
    track.x[n] = x
    track.y[n] = y
  })
  measure(track, false)
  const last = points.length - 1
  // The ends are known better than any difference of points says.
  track.east[0] = from.east
  track.north[0] = from.north
  track.east[last] = to.east
  track.north[last] = to.north
  return track
}

type Place = readonly [x: number, y: number]

/** A cubic Bézier curve, its handles chosen so that its tightest place is as wide as can be. */
function leastBend(from: Stub, to: Stub, across: number): Place[] {
  let best = Infinity
  let handles: readonly [number, number] = [across / 3, across / 3]
  for (const a of HANDLES)
    for (const b of HANDLES) {
      const bend = sharpestBend(from, to, a * across, b * across)
      // Among equals the shorter handles: a straight way across needs none.
      const cost = bend + 1e-5 * (a + b)
      if (cost < best) {
        best = cost
        handles = [a * across, b * across]
      }
    }
  const [a, b] = handles
  const steps = Math.max(8, Math.ceil((1.6 * across) / STEP_M))
  return Array.from({ length: steps + 1 }, (_, k) => bezier(from, to, a, b, k / steps))
}

function bezier(from: Stub, to: Stub, a: number, b: number, t: number): Place {
  const u = 1 - t
  const along = (p: number, q: number, r: number, s: number) =>
    u * u * u * p + 3 * u * u * t * q + 3 * u * t * t * r + t * t * t * s
  return [
    along(from.x, from.x + from.east * a, to.x - to.east * b, to.x),
    along(from.y, from.y + from.north * a, to.y - to.north * b, to.y),
  ]
}

function sharpestBend(from: Stub, to: Stub, a: number, b: number): number {
  let most = 0
  const [bx, by] = [from.x + from.east * a, from.y + from.north * a]
  const [cx, cy] = [to.x - to.east * b, to.y - to.north * b]
  for (let k = 0; k <= LOOKS; k++) {
    const t = k / LOOKS
    const u = 1 - t
    const dx = 3 * (u * u * (bx - from.x) + 2 * u * t * (cx - bx) + t * t * (to.x - cx))
    const dy = 3 * (u * u * (by - from.y) + 2 * u * t * (cy - by) + t * t * (to.y - cy))
    const ddx = 6 * (u * (cx - 2 * bx + from.x) + t * (to.x - 2 * cx + bx))
    const ddy = 6 * (u * (cy - 2 * by + from.y) + t * (to.y - 2 * cy + by))
    const speed = dx * dx + dy * dy
    if (!(speed > 0)) return Infinity
    most = Math.max(most, Math.abs(dx * ddy - dy * ddx) / (speed * Math.sqrt(speed)))
  }
  return most
}

/** Out to the right, round to the left, and back in: three arcs of one radius. (Riders keep right.) */
function turningCircle(from: Stub, to: Stub): Place[] {
  const r = TURN_BACK_M
  const { east, north } = from
  const half = Math.sqrt((to.x - from.x) * (to.x - from.x) + (to.y - from.y) * (to.y - from.y)) / 2
  const forwardM = Math.sqrt(4 * r * r - (half + r) * (half + r))
  // In axes of the strip: along it, and to its left, from the middle between the two strips.
  const place = (along: number, left: number): Place => [
    (from.x + to.x) / 2 + east * along - north * left,
    (from.y + to.y) / 2 + north * along + east * left,
  ]
  const [c, s] = [(half + r) / (2 * r), forwardM / (2 * r)]
  const arcs: readonly (readonly [along: number, left: number, a: Place, b: Place])[] = [
    [0, -half - r, [0, 1], [s, c]],
    [forwardM, 0, [-s, -c], [1, 0]],
    [forwardM, 0, [1, 0], [-s, c]],
    [0, half + r, [s, -c], [0, -1]],
  ]
  const places: Place[] = []
  for (const [along, left, a, b] of arcs)
    for (const [u, v] of arc(a, b, 7).slice(places.length === 0 ? 0 : 1))
      places.push(place(along + r * u, left + r * v))
  return places
}

/** Unit vectors from a to b, less than half a turn apart, by halving: 2ⁿ pieces. */
function arc(a: Place, b: Place, halvings: number): Place[] {
  if (halvings === 0) return [a, b]
  const [x, y] = [a[0] + b[0], a[1] + b[1]]
  const length = Math.sqrt(x * x + y * y)
  const middle: Place = [x / length, y / length]
  return [...arc(a, middle, halvings - 1), ...arc(middle, b, halvings - 1).slice(1)]
}
