import { expect, test } from 'vitest'
import { NO_GEAR } from '#protocol/own'
import { de } from '../words/hud.de.ts'
import { en } from '../words/hud.en.ts'
import { gearWords } from './gear-words.ts'

test('[P9] who looks on reads what the bridge does', () => {
  expect(gearWords(NO_GEAR, en.gear)).toBe('Watts come from your bridge')
  expect(gearWords({ ...NO_GEAR, trainerMode: 2, powerSource: 4, heartRateSource: 3 }, en.gear)).toBe(
    'Bridge: watts of the trainer, heart of a strap, the road',
  )
  const gear = { ...NO_GEAR, trainerMode: 3, targetW: 250, powerSource: 1, heartRateSource: 3 }
  const held = gearWords(gear, en.gear)
  expect(held).toBe('Bridge: watts of a power meter, heart of a strap, holding 250 W')
  expect(gearWords(gear, de.gear)).toBe('Bridge: Watt vom Leistungsmesser, Puls vom Brustgurt, hält 250 W')
  expect(held.length).toBeLessThanOrEqual(64) // As much as the picture shows of it.
})
