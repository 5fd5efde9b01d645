import { Corners } from '#physics/corners'
import { createPlaceCarrier } from '#physics/place-carrier'
import { CALM, type Weather } from '#physics/weather'
import { advance, createRiderState, type RiderState, settleWhole } from '#protocol/rider-state'
import { ROADS, type RoadName, vectorRoad } from './roads.ts'
import { doubleHex, type VectorFile } from './vector-file.ts'

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const roadBytes = () => ({
  roads: Object.fromEntries(ROADS.map((name) => [name, base64(vectorRoad(name).bytes)])),
})

/** Whole metres, between them, before the beginning, beyond the end, in guards, and a hair beside a sample. */
function placesOf(name: RoadName): readonly number[] {
  const { course } = vectorRoad(name)
  const { lengthM } = course
  const ends = course.columns.ways.flatMap(({ startM, lengthM: length }) => [
    startM,
    startM + 0.75,
    startM + length - 0.001,
    startM + length,
    startM + length + 2.5,
    startM + length + 4.5,
  ])
  const spread = Array.from({ length: 24 }, (_zero, i) => (lengthM * (i + 0.37)) / 24)
  const odd = [-3.25, -0.000001, 0, 1 / 3, lengthM - 1, lengthM, lengthM + 0.5, 3 * lengthM + 7.125, 99999.875]
  return [...new Set([...ends, ...spread, ...odd])]
}

const LOOK_UPS = ['slope', 'width', 'curvature', 'bank', 'crr', 'grip', 'height', 'windShare'] as const
const MORE_LOOK_UPS = ['airDensity', 'x', 'y', 'east', 'north'] as const

const road: VectorFile = {
  name: 'road',
  about:
    'Roads as course.bin in base64 [D181]; look-ups at places [D182] (at, way, then doubles as 64 bits in hex: slope, width, bend, bank, crr, grip, height, windShare, airDensity, x, y, east, north); exits for no wish, left, straight, right, back; and what bends allow [D183] dry and wet, for the default exit, none (-1) and the wish to turn left.',
  shared: roadBytes,
  vectors: () =>
    ROADS.flatMap((name) => {
      const { course } = vectorRoad(name)
      const corners = [new Corners(course, false), new Corners(course, true)]
      const places = placesOf(name).map((at) => ({
        ...{ road: name, at, way: course.wayAt(at) },
        values: [...LOOK_UPS, ...MORE_LOOK_UPS].map((what) => doubleHex(course[`${what}At`](at))),
        allowed: corners.map((corner) =>
          [course.exitOf(course.wayAt(at), 0), -1, course.exitOf(course.wayAt(at), 1)].map((next) =>
            doubleHex(corner.limitM2ps2(at, course.wayAt(at), next)),
          ),
        ),
      }))
      const exits = course.columns.ways.map((_way, way) => ({
        ...{ road: name, exitsOf: way },
        exits: [0, 1, 2, 3, 4].map((turn) => course.exitOf(way, turn)),
      }))
      return [...exits, ...places]
    }),
}

interface Ride {
  readonly name: string
  readonly road: RoadName
  readonly start: Partial<RiderState>
  readonly weather?: Partial<Weather>
  readonly fromTick?: number
  readonly ticks: number
  /** Powers that begin at a tick of the ride. */
  readonly powers?: readonly (readonly [number, number])[]
}

const GUSTY = { windEastMps: -4.25, windNorthMps: 2.5, gustShare: 0.6 }

/** What a rider may meet. `start` is put on the grid of the wire first. */
const RIDES: readonly Ride[] = [
  { name: 'standing start, 300 W', road: 'straight', start: { placeM: 5, powerW: 300 }, ticks: 160 },
  {
    name: 'a climb, 250 W',
    road: 'network',
    start: { placeM: 262, speedMps: 5, powerW: 250, massKg: 84 },
    ticks: 120,
  },
  {
    name: 'wind from ahead',
    road: 'loop',
    start: { placeM: 30, speedMps: 9, powerW: 220 },
    weather: { windEastMps: 6 },
    ticks: 100,
  },
  {
    name: 'gusts, a draft, shelter',
    road: 'loop',
    start: { placeM: 150, speedMps: 11, powerW: 280, draftFactor: 0.65625 },
    weather: GUSTY,
    fromTick: 73_001,
    ticks: 160,
  },
  {
    name: 'gusts at a tick beyond 2³¹, in a network',
    road: 'network',
    start: { placeM: 130, speedMps: 7, powerW: 180 },
    weather: GUSTY,
    fromTick: 2_200_000_000,
    ticks: 100,
  },
  {
    name: 'too fast for a bend: braking',
    road: 'loop',
    start: { placeM: 60, speedMps: 16.5, powerW: 400, cdaM2: 0.24 },
    ticks: 140,
  },
  {
    name: 'the same in the wet, with gravel, at 31 °C',
    road: 'loop',
    start: { placeM: 60, speedMps: 16.5, powerW: 400, cdaM2: 0.24 },
    weather: { isWet: true, seaLevelC: 31 },
    ticks: 200,
  },
  {
    name: 'over the line of a loop, more than once',
    road: 'loop',
    start: { placeM: 2 * 405 - 6, speedMps: 10, powerW: 250 },
    ticks: 60,
  },
  {
    name: 'over the end of a way into its default exit, and on',
    road: 'network',
    start: { placeM: 40, speedMps: 6, powerW: 210, lateralM: 0.75 },
    ticks: 400,
  },
  {
    name: 'a road that ends: brakes, and the wall',
    road: 'network',
    start: { placeM: 290, speedMps: 13, powerW: 350 },
    ticks: 240,
  },
  {
    name: 'far too fast for a wall',
    road: 'network',
    start: { placeM: 325, speedMps: 18, powerW: 700 },
    ticks: 60,
  },
  {
    name: 'the end of a plain straight',
    road: 'straight',
    start: { placeM: 100, speedMps: 9, powerW: 300 },
    ticks: 160,
  },
  {
    name: 'held: nothing moves',
    road: 'loop',
    start: { placeM: 33, speedMps: 0, powerW: 300, flags: 1 },
    ticks: 40,
  },
  {
    name: 'in a zone: nothing moves',
    road: 'network',
    start: { placeM: 33, speedMps: 4, powerW: 300, flags: 8 },
    ticks: 20,
  },
  {
    name: 'coasting to a stop, uphill',
    road: 'network',
    start: { placeM: 258, speedMps: 3, powerW: 0, massKg: 102 },
    ticks: 160,
  },
  {
    name: 'no power from standstill, downhill',
    road: 'network',
    start: { placeM: 10, speedMps: 0, powerW: 0 },
    ticks: 100,
  },
  {
    name: 'sideways, to the edge of a narrow road',
    road: 'loop',
    start: { placeM: 75, speedMps: 10, powerW: 240, lateralM: -1, lateralMps: -1.75 },
    ticks: 60,
  },
  {
    name: 'sideways at walking pace: the share of the speed is the bound',
    road: 'straight',
    start: { placeM: 60, speedMps: 1.5, powerW: 60, lateralM: 1.5, lateralMps: 1.5 },
    ticks: 60,
  },
  {
    name: 'a wish for the left, and nothing wished after it',
    road: 'network',
    start: { placeM: 238, speedMps: 8, powerW: 350, turn: 1 },
    ticks: 900,
  },
  {
    name: 'a wish for what is not there',
    road: 'network',
    start: { placeM: 200, speedMps: 7, powerW: 220, turn: 2 },
    ticks: 200,
  },
  {
    name: 'to the other side of the road',
    road: 'straight',
    start: { placeM: 10, speedMps: 8, powerW: 220, lateralM: -2, lineM: 2 },
    ticks: 100,
  },
  {
    name: 'legs come and go',
    road: 'loop',
    start: { placeM: 200, speedMps: 8, powerW: 200 },
    ticks: 160,
    powers: [
      [40, 900],
      [80, 0],
      [120, 3000],
    ],
  },
]

/** All ticks at first, then every tenth. */
const isTold = (tick: number, last: number): boolean =>
  tick <= 12 || tick % (last > 400 ? 30 : 10) === 0 || tick === last

function ridden(ride: Ride, isOnGrid: boolean): readonly (readonly [number, ...string[]])[] {
  const { course } = vectorRoad(ride.road)
  const conditions = { weather: { ...CALM, ...ride.weather }, tick: 0 }
  const carry = createPlaceCarrier(course, conditions)
  const state = startOf(ride)
  const told: [number, ...string[]][] = []
  for (let n = 1; n <= ride.ticks; n++) {
    for (const [tick, powerW] of ride.powers ?? []) if (tick === n - 1) state.powerW = powerW
    conditions.tick = (ride.fromTick ?? 0) + n - 1
    if (isOnGrid) advance(state, carry)
    else if ((state.flags & 9) === 0) carry(state)
    if (!isTold(n, ride.ticks)) continue
    told.push([n, ...[state.placeM, state.speedMps, state.lateralM, state.lateralMps].map(doubleHex)])
  }
  return told
}

function startOf(ride: Ride): RiderState {
  const state = { ...createRiderState(), ...ride.start }
  settleWhole(state)
  return state
}

const carry: VectorFile = {
  name: 'carry',
  about:
    'The law of motion [D184] [D185] [D186], with the grid after each tick [D187] or without it. `states`: the tick of the ride, then place, speed, lateral and lateral speed as 64 bits in hex. `powers`: watts from a tick of the ride on. Roads are those of road.json.',
  vectors: () =>
    RIDES.flatMap((ride) => {
      const { name, road: onRoad, fromTick = 0, ticks, powers = [] } = ride
      const weather = { ...CALM, ...ride.weather }
      return [true, false].map((isOnGrid) => ({
        ...{ name, road: onRoad, isOnGrid, weather, fromTick, ticks, powers, start: startOf(ride) },
        states: ridden(ride, isOnGrid),
      }))
    }),
}

export const PHYSICS_VECTORS: readonly VectorFile[] = [road, carry]
