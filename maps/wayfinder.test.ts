import { expect, test } from 'vitest'
import { bareNetwork } from './network.ts'
import { Wayfinder } from './wayfinder.ts'

const rider = (way: number, turn: number, leg = 0) => ({
  way: Uint32Array.of(way),
  leg: Uint32Array.of(leg),
  turn: Uint32Array.of(turn),
})
const OFF = Uint32Array.of(0)

/** A road whose end leads on, to the right, or back. */
function crossroads() {
  const network = bareNetwork()
  const [way] = network.ways
  const exits = [
    { way: 1, turn: 2 },
    { way: 2, turn: 3 },
    { way: 3, turn: 4 },
  ]
  const only = [{ way: 1, turn: 2 }]
  return {
    ...network,
    ways: [0, 1, 2, 3].map((id) => ({ ...way!, id, endM: 100, exits: id === 0 ? exits : only })),
  }
}

test('[W2] a wish is the nearest turn of a junction; without a choice it is kept, and turning back waits for its place', () => {
  const finder = new Wayfinder(crossroads())
  for (const [turn, way] of [
    [0, 1],
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 3],
  ] as const) {
    const riders = rider(0, turn)
    expect(finder.ahead(riders, OFF, 0)).toBe(way)
    expect(riders.turn[0]).toBe(turn) // Looking ahead spends nothing.
    expect(finder.take(riders, OFF, 0)).toBe(way)
    expect(riders.turn[0]).toBe(0)
  }
  for (const turn of [1, 3, 4]) {
    const riders = rider(1, turn)
    expect([finder.take(riders, OFF, 0), riders.turn[0]]).toEqual([1, turn])
  }
})
