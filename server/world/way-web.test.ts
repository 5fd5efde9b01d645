import { describe, expect, test } from 'vitest'
import { createRandom } from '#physics/random'
import { createRiders } from '#physics/riders'
import { smallNetwork } from '#test/sim/small-network'
import { Interest } from './interest.ts'

const { course, network } = smallNetwork()

function ridersAt(places: readonly number[]) {
  const riders = createRiders(places.length)
  riders.count = places.length
  places.forEach((placeM, row) => {
    riders.id[row] = row + 1
    riders.distanceM[row] = 100 * row
    riders.offsetM[row] = placeM - 100 * row
  })
  return riders
}

/** By road in any direction, the strip beside included, worked out the slow way: a metre at a time over all ways. */
function farM(fromM: number): (placeM: number) => number {
  const { ways } = network
  const far = ways.map(({ startM, endM }) => new Float64Array(endM - startM + 1).fill(Infinity))
  const own = course.wayAt(fromM)
  const open: [way: number, atM: number, far: number][] = [[own, Math.round(fromM - ways[own]!.startM), 0]]
  const twin = ways[own]!.twin
  if (twin >= 0) {
    const share = (fromM - ways[own]!.startM) / (ways[own]!.endM - ways[own]!.startM)
    open.push([twin, Math.round((1 - share) * (ways[twin]!.endM - ways[twin]!.startM)), 0])
  }
  while (open.length > 0) {
    open.sort((a, b) => b[2] - a[2])
    const [way, atM, m] = open.pop()!
    if (far[way]![atM]! <= m) continue
    far[way]![atM] = m
    const last = far[way]!.length - 1
    if (atM > 0) open.push([way, atM - 1, m + 1])
    if (atM < last) open.push([way, atM + 1, m + 1])
    const beside = (next: number, isAtStart: boolean) => {
      open.push([next, isAtStart ? 0 : far[next]!.length - 1, m])
      const other = ways[next]!.twin
      if (other >= 0) open.push([other, isAtStart ? far[other]!.length - 1 : 0, m])
    }
    if (atM === last) for (const exit of ways[way]!.exits) beside(exit.way, true)
    if (atM === 0) for (const entry of ways) if (entry.exits.some((exit) => exit.way === way)) beside(entry.id, false)
  }
  return (placeM) => {
    const way = course.wayAt(placeM)
    return far[way]![Math.round(placeM - ways[way]!.startM)]!
  }
}

const IN_VIEW = 64
const NOBODY = new Int16Array(500).fill(-1)
/** Whom somebody sees who has seen nobody yet. */
function seen(interest: Interest, viewer: number): number[] {
  const { rows, count } = interest.choose(viewer, IN_VIEW, NOBODY)
  return [...rows.subarray(0, count)]
}

describe('who is seen on a network', () => {
  test('[W17] the nearest by road, over the ends of ways and on the strip beside', () => {
    const random = createRandom(17)
    const places = Array.from({ length: 120 }, () => {
      const way = network.ways[Math.floor(random.fraction() * network.ways.length)]!
      return way.startM + Math.floor(random.fraction() * (way.endM - way.startM))
    })
    const riders = ridersAt(places)
    const interest = new Interest({ riders, course, network })
    interest.update()
    for (const viewer of [0, 1, 2, 3, 4, 5]) {
      const far = farM(places[viewer]!)
      const near = seen(interest, viewer)
      expect(near.length).toBe(IN_VIEW)
      expect(new Set(near).size).toBe(near.length)
      expect(near).not.toContain(viewer)
      const farthestM = Math.max(...near.map((row) => far(places[row]!)))
      const left = places.flatMap((placeM, row) => (row === viewer || near.includes(row) ? [] : [far(placeM)]))
      // Metres of rounding, here and wherever the way goes over to a strip beside.
      expect(Math.min(...left)).toBeGreaterThan(farthestM - 8)
    }
  })

  test('[W17] who comes towards one is seen, and who went over the end of a way stays in order', () => {
    const way = network.ways.find(({ twin, kind }) => twin >= 0 && kind === 'road')!
    const twin = network.ways[way.twin]!
    const riders = ridersAt([way.startM + 20, twin.endM - 30, way.endM - 1])
    const interest = new Interest({ riders, course, network })
    interest.update()
    expect(seen(interest, 0)).toEqual([1, 2])
    const exit = network.ways[way.exits[0]!.way]!
    riders.offsetM[2] = exit.startM + 1 - riders.distanceM[2]!
    interest.update()
    expect(seen(interest, 0)).toEqual([1, 2])
  })
})
