import { describe, expect, it } from 'vitest'
import type { Course } from './course.ts'
import { TURN } from './course.ts'
import { Neighbours, NEIGHBOURS_MAX } from './neighbours.ts'
import { plainCourse } from './plain-courses.ts'
import { createRandom } from './random.ts'
import { createRiders, RIDER_FLAG, type Riders } from './riders.ts'

function ridersAt(places: readonly number[], course: Course = plainCourse()): Riders {
  const riders = createRiders(places.length)
  riders.count = places.length
  for (const [row, placeM] of places.entries()) {
    riders.id[row] = row + 1
    riders.distanceM[row] = placeM
    riders.way[row] = course.wayAt(placeM)
  }
  return riders
}

function ahead(neighbours: Neighbours, row: number, reachM: number): string {
  const found = neighbours.ahead(row, reachM)
  return Array.from({ length: found }, (_, n) => `${neighbours.aheadRow[n]}@${neighbours.aheadM[n]}`).join(' ')
}

/** Ways one after the other on the tape, 100 m each but the connectors 2 and 3 of 6 m: 0 → 2 → 1 on the left, 0 → 3 → 4. */
const STARTS = [0, 100, 200, 206, 212, 312]
const JUNCTION = plainCourse({
  lengthM: 312,
  wayCount: 5,
  wayAt: (placeM) => STARTS.findLastIndex((startM) => placeM >= startM),
  wayStartM: (way) => STARTS[way]!,
  wayEndM: (way) => STARTS[way + 1]!,
  exitOf: (way, turn) => (way === 0 ? (turn === TURN.left ? 2 : 3) : way === 2 ? 1 : way === 3 ? 4 : -1),
})

describe('neighbours', () => {
  it('[P47] riders stand in the order of the tape, those at one place by their id', () => {
    const riders = ridersAt([5, 9, 5, 1])
    riders.id[0] = 8
    const neighbours = new Neighbours(4)
    neighbours.update(riders, plainCourse())
    expect([...neighbours.order]).toEqual([3, 2, 0, 1])
    expect([...neighbours.rank]).toEqual([2, 3, 1, 0])
    expect(ahead(neighbours, 2, 10)).toBe('0@0 1@4')
    expect(ahead(neighbours, 0, 10)).toBe('1@4')
  })

  it('[P47] the order is that of a fresh sort, whatever was before: joins, leaves, zones and jumps', () => {
    const random = createRandom(7).fraction
    const riders = ridersAt(Array.from({ length: 300 }, () => Math.floor(random() * 400)))
    const kept = new Neighbours(300)
    for (let tick = 0; tick < 60; tick++) {
      for (let row = 0; row < riders.count; row++) {
        riders.distanceM[row]! += random() < 0.02 ? 100 * random() - 50 : random()
        if (random() < 0.01) riders.id[row] = riders.id[row] === 0 ? row + 1 : 0
        if (random() < 0.01) riders.flags[row] = riders.flags[row]! ^ RIDER_FLAG.zone
      }
      riders.count = tick % 10 === 9 ? 250 : 300
      const fresh = new Neighbours(300)
      kept.update(riders, plainCourse())
      fresh.update(riders, plainCourse())
      const seen = [...kept.order.subarray(0, kept.count)]
      expect(seen).toEqual([...fresh.order.subarray(0, fresh.count)])
      expect(kept.count).toBeGreaterThan(50)
      for (let k = 1; k < seen.length; k++) {
        const [a, b] = [seen[k - 1]!, seen[k]!]
        const step = riders.distanceM[b]! - riders.distanceM[a]!
        expect(step > 0 || (step === 0 && riders.id[b]! > riders.id[a]!)).toBe(true)
      }
      expect(seen.some((row) => riders.id[row] === 0 || (riders.flags[row]! & RIDER_FLAG.zone) !== 0)).toBe(false)
    }
  })

  it('[P48] who comes to the end of a way sees over it, where they will turn and nowhere else', () => {
    // Rows: 0 before the junction; 1, 2 on the connectors; 3 and 4 on the roads behind; 5 on the same way.
    const riders = ridersAt([95, 202, 208, 103, 214, 98], JUNCTION)
    const neighbours = new Neighbours(6)
    riders.turn[0] = TURN.left
    neighbours.update(riders, JUNCTION)
    expect(ahead(neighbours, 0, 20)).toBe('5@3 1@7 3@14')
    riders.turn[0] = TURN.right
    neighbours.update(riders, JUNCTION)
    expect(ahead(neighbours, 0, 20)).toBe('5@3 2@7 4@13')
    expect(ahead(neighbours, 0, 10)).toBe('5@3 2@7')
    // A route says otherwise than the wish.
    neighbours.update(riders, JUNCTION, (row) => (row === 0 ? 2 : -1))
    expect(ahead(neighbours, 0, 20)).toBe('5@3 1@7 3@14')
    // Beside one another on the tape, not on the road: way 1 ends where way 2 begins.
    const apart = ridersAt([199, 200], JUNCTION)
    neighbours.update(apart, JUNCTION)
    expect(ahead(neighbours, 0, 20)).toBe('')
  })

  it('[P48] a loop has no end: laps and the place where they begin make no difference', () => {
    const loop = plainCourse({ lengthM: 500, isLoop: true })
    const riders = ridersAt([3 * 500 + 495, 498, 7, 2500 + 40])
    const neighbours = new Neighbours(4)
    neighbours.update(riders, loop)
    expect(ahead(neighbours, 0, 20)).toBe('1@3 2@12')
    expect(ahead(neighbours, 0, 60)).toBe('1@3 2@12 3@45')
    expect(ahead(neighbours, 2, 60)).toBe('3@33')
    // A circuit of one way with an end, which leads to itself.
    const circuit = plainCourse({ lengthM: 500, wayEndM: () => 500, exitOf: () => 0 })
    const onIt = ridersAt([495, 498, 7, 40])
    neighbours.update(onIt, circuit)
    expect(ahead(neighbours, 0, 60)).toBe('1@3 2@12 3@45')
  })

  it('[P49] a heap of riders is told of in part', () => {
    const riders = ridersAt(Array.from({ length: 400 }, () => 50))
    const neighbours = new Neighbours(400)
    neighbours.update(riders, plainCourse())
    expect(neighbours.ahead(neighbours.order[0]!, 30)).toBe(NEIGHBOURS_MAX)
    expect(neighbours.ahead(neighbours.order[399]!, 30)).toBe(0)
  })
})
