import { expect, test } from 'vitest'
import { quietNoble } from './quiet.ts'

test('[B154] what the Bluetooth package writes to the console never gets between our lines; other words pass', () => {
  const seen: unknown[][] = []
  const stdout = {
    log: (...words: unknown[]) => void seen.push(words),
    warn: (...words: unknown[]) => void seen.push(words),
  }
  quietNoble(stdout)
  stdout.log('noble warning: adapter does not support Bluetooth Low Energy (BLE, Bluetooth Smart).')
  stdout.log('               Try to run with environment variable:')
  stdout.warn('noble warning: unknown peripheral 0011')
  expect(seen).toEqual([])
  stdout.log('{"said":"noble warning: quoted"}')
  stdout.warn(3, 'noble warning:')
  expect(seen).toEqual([['{"said":"noble warning: quoted"}'], [3, 'noble warning:']])
})
