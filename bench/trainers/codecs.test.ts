import { expect, test } from 'vitest'
import { codecRows } from './codecs.ts'

test('[B27] ours is right wherever it is counted, and each published fault is found by the same counts', async () => {
  const rows = await codecRows({ rounds: 1, warmUps: 0, workShare: 0.05 })
  const value = (name: string) => rows.find((row) => row.name === name)?.value
  const missed = rows.filter(({ pass, unit }) => pass === false && !unit.startsWith('M/s'))
  expect(missed).toEqual([])
  expect(value('right checksums, ours')).toBe(16_008)
  expect(value('frames heard behind a garbage byte, ours')).toBe(6)
  expect(value('damaged frames passed on, ours')).toBe(0)
  expect(value('largest average at 200 W across the roll-over, ours')).toBe(200)
  expect(value('indoor bike flag sets read right, ours')).toBe(8192)
  expect(value('the same with one byte of resistance, ours')).toBe(4096)
  expect(value('−50 W of a power meter, ours')).toBe(-50)
  // The counts can be wrong: those of a published library are.
  expect(value('the same with one byte of resistance, incyclist-devices 3.0.37')).toBeLessThan(4096)
  expect(value('−50 W of a power meter, incyclist-devices 3.0.37')).toBe(65_486)
  expect(value('indoor bike data, ours')).toBeGreaterThan(0)
})
