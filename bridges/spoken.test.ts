import { expect, test } from 'vitest'
import { spokenWish } from './spoken.ts'

test('[B40] a bridge without a page is told of turns and routes by a line', () => {
  expect(spokenWish('left')).toEqual({ kind: 'turn', turn: 1 })
  expect(spokenWish('  B \n')).toEqual({ kind: 'turn', turn: 4 })
  expect(spokenWish('none')).toEqual({ kind: 'turn', turn: 0 })
  expect(spokenWish('route hill-loop')).toEqual({ kind: 'route', routeId: 'hill-loop' })
  expect(spokenWish('route')).toEqual({ kind: 'route', routeId: '' })
  expect(spokenWish('')).toBeUndefined()
  for (const line of ['up', 'left right', 'route a b', `route ${'x'.repeat(65)}`, 'route é', '__proto__'])
    expect(spokenWish(line)).toMatchObject({ complaint: expect.stringContaining('left, straight') })
})
