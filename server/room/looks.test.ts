import { expect, test } from 'vitest'
import { BIKES, KIT_PATTERNS } from '#client/world/rider-look'
import { joinOptions } from '../http/shapes.ts'
import { lookBody, lookOf, type RiderLook } from './looks.ts'
import { createRosterRider } from './room-state.ts'

const LOOK: RiderLook = {
  ...{ jersey: 0xe4572e, accent: 0xffffff, shorts: 0x111111, helmet: 1, frame: 2, skin: 0x8d5524 },
  ...{ pattern: KIT_PATTERNS.length - 1, bike: BIKES.length - 1, number: 42 },
}

test('[A43] a look that was chosen stands in the roster; without one the house dresses the rider', () => {
  const facts = { id: 3, name: 'Ana', isBot: false, bodyKg: 61 }
  expect(createRosterRider(facts, LOOK).toJSON()).toMatchObject({ ...LOOK, id: 3, name: 'Ana', massKg: 60 })
  expect(createRosterRider(facts).toJSON()).toMatchObject({ bike: 0, number: 0 })
  expect(lookBody.safeParse(createRosterRider(facts).toJSON()).success).toBe(false) // More than a look is none.
})

test('[A43] a look comes with the seat and is checked: each part in its range, and nothing besides', () => {
  const seat = { name: 'Ana', massKg: 61, heightM: 1.7 }
  expect(joinOptions.safeParse({ ...seat, look: LOOK }).success).toBe(true)
  const wrong = [{ jersey: 0x1000000 }, { pattern: KIT_PATTERNS.length }, { bike: BIKES.length }, { number: 10_000 }]
  for (const part of [...wrong, { skin: '#fff' }, { massKg: 5 }])
    expect(joinOptions.safeParse({ ...seat, look: { ...LOOK, ...part } }).success).toBe(false)
  expect(lookOf(JSON.stringify(LOOK))).toEqual(LOOK)
  for (const torn of [null, '', '{', '{}', JSON.stringify({ ...LOOK, bike: -1 })]) expect(lookOf(torn)).toBeUndefined()
})
