import { expect, test } from 'vitest'
import { NO_GEAR } from '#protocol/own'
import { gearWords } from './gear-words.ts'

test('[P9] who looks on reads what the bridge does', () => {
  expect(gearWords(NO_GEAR)).toBe('Watts come from your bridge')
  expect(gearWords({ ...NO_GEAR, trainerMode: 2, powerSource: 4, heartRateSource: 3 })).toBe(
    'Bridge: watts of the trainer, heart of a strap, the road',
  )
  const held = gearWords({ ...NO_GEAR, trainerMode: 3, targetW: 250, powerSource: 1, heartRateSource: 3 })
  expect(held).toBe('Bridge: watts of a power meter, heart of a strap, holding 250 W')
  expect(held.length).toBeLessThanOrEqual(64) // As much as the picture shows of it.
})
