import { bakedWorld, type TestWorld } from './small-map.ts'

/**
 * A network that fits into a test: a square of four two-way roads with a crossing in its middle; from its north node a
 * two-way spur that ends in a U-turn; and a one-way road from its east to its west, over the spur on a bridge.
 *
 *      ┌──── over ───┼────────────┐
 *      │            spur          │
 *      │     ┌── wn ─ n ─ ne ──┐  │
 *      └─────w ─mid-w c mid-e─ e ─┘
 *            └── sw ─ s ─ es ──┘
 */
export function smallNetwork(): TestWorld {
  return bakedWorld(smallNetworkJson())
}

export function smallNetworkJson() {
  const z = (x: number, y: number) => 50 + 0.01 * x + 0.02 * y
  const at = (x: number, y: number): [number, number, number] => [x, y, z(x, y)]
  const line = (ax: number, ay: number, bx: number, by: number) =>
    [0, 1 / 3, 2 / 3, 1].map((f) => at(ax + (bx - ax) * f, ay + (by - ay) * f))
  const road = (id: string, from: string, to: string, points: [number, number, number][], more = {}) => ({
    ...{ id, name: id, from, to, points, widthM: 8, surface: 'asphalt' },
    ...more,
  })
  return {
    format: 'gruppetto-map',
    version: 1,
    id: 'square',
    name: 'Square',
    licence: 'CC0-1.0',
    author: 'tests',
    surfaces: [
      { id: 'asphalt', crr: 0.004, grip: 0.9 },
      { id: 'gravel', crr: 0.009, grip: 0.6 },
    ],
    nodes: [
      { id: 'c', at: at(0, 0) },
      { id: 'n', at: at(0, 200) },
      { id: 'e', at: at(200, 0) },
      { id: 's', at: at(0, -200) },
      { id: 'w', at: at(-200, 0) },
      { id: 'spur-end', at: at(0, 400) },
    ],
    roads: [
      road('mid-n', 'c', 'n', line(0, 0, 0, 200)),
      road('mid-e', 'c', 'e', line(0, 0, 200, 0)),
      road('mid-s', 'c', 's', line(0, 0, 0, -200)),
      road('mid-w', 'c', 'w', line(0, 0, -200, 0)),
      // The square, a corner of it on each road.
      road('ne', 'n', 'e', corner(at, [0, 200], [200, 200], [200, 0])),
      road('es', 'e', 's', corner(at, [200, 0], [200, -200], [0, -200])),
      road('sw', 's', 'w', corner(at, [0, -200], [-200, -200], [-200, 0]), {
        surfaces: [{ fromM: 100, toM: 200, surface: 'gravel' }],
        shelters: [{ fromM: 50, toM: 300, windShare: 0.4 }],
      }),
      road('wn', 'w', 'n', corner(at, [-200, 0], [-200, 200], [0, 200]), {
        widths: [{ fromM: 150, toM: 250, widthM: 6 }],
        banks: [{ fromM: 140, toM: 230, slope: 0.05 }],
      }),
      road('spur', 'n', 'spur-end', line(0, 200, 0, 400)),
      road('over', 'e', 'w', overpass(at), {
        isOneWay: true,
        widthM: 5,
        spans: [{ fromM: 550, toM: 615, kind: 'bridge' }],
      }),
    ],
    lines: [
      { id: 'start', name: 'Start and finish', road: '>ne', atM: 120 },
      { id: 'spur-top', name: 'Spur Top', road: '>spur', atM: 150 },
    ],
    pens: [
      { id: 'home', road: '>ne', atM: 110, rows: 10, abreast: 3 },
      { id: 'spur', road: '<spur', atM: 120, rows: 5, abreast: 3 },
    ],
    routes: [
      {
        ...{ id: 'square', name: 'The square', pen: 'home', isLap: true, laps: 3, finish: 'start' },
        roads: ['>ne', '>es', '>sw', '>wn'],
      },
      {
        ...{ id: 'from-the-spur', name: 'From the spur', pen: 'spur', isLap: true, laps: 2, finish: 'start' },
        ...{ leadIn: ['<spur'], roads: ['>ne', '<mid-e', '>mid-w', '>wn'] },
      },
      {
        ...{ id: 'up-the-spur', name: 'Up the spur', pen: 'home', isLap: false, finish: 'spur-top' },
        roads: ['>ne', '<mid-e', '>mid-n', '>spur'],
      },
      {
        ...{ id: 'there-and-back', name: 'There and back', pen: 'home', isLap: true, laps: 2, finish: 'start' },
        roads: ['>ne', '>over', '>wn', '>spur', '<spur'],
      },
    ],
    segments: [
      { id: 'over-the-n', name: 'Over the node n', kind: 'sprint', along: ['>wn', '>spur'], fromM: 200, toM: 100 },
      { id: 'against', name: 'Against the points', kind: 'climb', along: ['<es'], fromM: 250, toM: 100 },
    ],
    spawns: [{ road: '>ne', atM: 60, lateralM: 0.5 }],
    zones: [
      {
        ...{ id: 'green', name: 'The green', at: [100, 100, z(100, 100)], towards: [150, 100], seed: 7 },
        ...{ lengthM: 60, widthM: 40, entry: { road: '>mid-e', atM: 100 }, exit: { road: '>mid-e', atM: 110 } },
      },
    ],
    scenery: { seed: 1 },
  }
}

type Xy = readonly [number, number]
type At = (x: number, y: number) => [number, number, number]

/** Two sides of a square, its corner rounded. */
function corner(at: At, a: Xy, b: Xy, c: Xy): [number, number, number][] {
  const between = (p: Xy, q: Xy, f: number): Xy => [p[0] + (q[0] - p[0]) * f, p[1] + (q[1] - p[1]) * f]
  const round = [0.2, 0.4, 0.6, 0.8].map((f): Xy => {
    const [p, q] = [between(a, b, 0.75 + 0.25 * f), between(b, c, 0.25 * f)]
    return between(p, q, f)
  })
  return [a, between(a, b, 0.25), between(a, b, 0.5), between(a, b, 0.75), ...round]
    .concat([between(b, c, 0.25), between(b, c, 0.5), between(b, c, 0.75), c])
    .map(([x, y]) => at(x, y))
}

/** From e in a bow round the north to w, over the spur, 6.5 m above it. */
function overpass(at: At): [number, number, number][] {
  const bow: readonly (readonly [x: number, y: number, up: number])[] = [
    ...([
      [200, 0, 0],
      [240, 2, 0],
      [275, 25, 0],
      [290, 70, 0],
      [285, 150, 0],
      [255, 235, 0.5],
    ] as const),
    ...([
      [190, 285, 2],
      [100, 300, 5.2],
      [50, 303, 6.2],
      [0, 304, 6.5],
      [-50, 303, 6.2],
      [-100, 300, 5.2],
    ] as const),
    ...([
      [-190, 285, 2],
      [-255, 235, 0.5],
      [-285, 150, 0],
      [-290, 70, 0],
      [-275, 25, 0],
      [-240, 2, 0],
    ] as const),
    ...([[-200, 0, 0]] as const),
  ]
  return bow.map(([x, y, up]) => {
    const [px, py, pz] = at(x, y)
    return [px, py, pz + up]
  })
}
