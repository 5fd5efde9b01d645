import { expect, it } from 'vitest'
import { quantile } from './figures.ts'
import { measureLatency } from './latency.ts'
import { measureReconnection } from './reconnection.ts'

it.concurrent('[B109] each notification of the meter is followed to its datagram, beside bare words by the same way', async () => {
  const figures = await measureLatency(1, 1000)
  const value = (name: string): number => figures[name]!.value as number
  expect(value('dircon.toDatagram.count')).toBeGreaterThanOrEqual(3)
  for (const way of ['dircon', 'machine']) expect(value(`${way}.toDatagram.p50`)).toBeGreaterThan(0)
  expect(value('dircon.toDatagram.max')).toBeLessThan(3000)
  expect(figures['dircon.toDatagram.p99']).toMatchObject({ unit: 'ms', atMost: 5 })
})

it.concurrent('[B109] a trainer whose process is killed is heard again by itself', async () => {
  const figures = await measureReconnection(1)
  expect(figures['dircon.back.kills']).toMatchObject({ value: 1 })
  expect(figures['dircon.back.p95']!.value).toBeGreaterThan(0)
})

it('[B109] quantiles are values that were measured; of nothing there is none', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(3)
  expect(quantile([4, 1, 3, 2], 1)).toBe(4)
  expect(quantile([7], 0.99)).toBe(7)
  expect(quantile([], 0.5)).toBeNaN()
})
