import { expect, test } from 'vitest'
import { Fades } from './fades.ts'
import { CARRY_TICKS_MAX, type RemoteRiders } from './remote.ts'

/** Rows without a road. */
function fakeRemote(ids: number[], capacity = 8) {
  const id = new Uint32Array(capacity)
  ids.forEach((each, row) => (id[row] = each))
  return {
    ...{ id, capacity, rows: capacity },
    get count() {
      return id.filter((each) => each !== 0).length
    },
    rowOf: (of: number) => (id.includes(of) ? id.indexOf(of) : undefined),
    leave: (of: number) => (id[id.indexOf(of)] = 0),
  }
}

function fading(ids: number[], capacity?: number) {
  const remote = fakeRemote(ids, capacity)
  const fades = new Fades(remote as unknown as RemoteRiders)
  const seconds = (s: number, silentTicks = 2) => {
    for (let frame = 0; frame < s * 60; frame++) fades.frame(silentTicks, 1 / 60)
  }
  return { remote, fades, seconds }
}

test('who comes into view grows out of nothing, and who leaves fades before the row is free', () => {
  const { remote, fades, seconds } = fading([7])
  fades.frame(2, 1 / 60)
  expect(fades.of(0)).toBeGreaterThan(0.9)
  seconds(0.6)
  expect(fades.of(0)).toBe(0)
  expect(fades.leave(7)).toBe(true)
  seconds(0.25)
  expect(fades.of(0)).toBeGreaterThan(0.3)
  expect(remote.id[0]).toBe(7)
  seconds(0.4)
  expect(remote.id[0]).toBe(0)
})

test('who is told of again while they fade stays; where rows are scarce they go at once', () => {
  const { remote, fades, seconds } = fading([7])
  seconds(0.6)
  fades.leave(7)
  seconds(0.2)
  fades.stay(7)
  seconds(1)
  expect(remote.id[0]).toBe(7)
  expect(fades.of(0)).toBe(0)
  expect(fading([1, 2, 3], 4).fades.leave(1)).toBe(false)
  expect(fades.leave(9)).toBe(false)
})

test('while nothing is heard everybody is pale; after the wait they come anew where they are', () => {
  const { fades, seconds } = fading([7, 8])
  seconds(1)
  seconds(1, CARRY_TICKS_MAX + 1)
  const pale = fades.of(1)
  expect(pale).toBeGreaterThan(0.5)
  expect(pale).toBeLessThan(1)
  fades.frame(1, 1 / 60)
  expect(fades.of(1)).toBeGreaterThan(0.95)
  seconds(0.6)
  expect(fades.of(1)).toBe(0)
})
