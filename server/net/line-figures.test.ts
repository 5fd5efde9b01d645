import { expect, test } from 'vitest'
import { LineFigures } from './line-figures.ts'

test('[D179] of each session the server knows what got lost each way, and how long a packet and its ack took', () => {
  const line = new LineFigures(7, 1000)
  for (let number = 0; number < 40; number++) line.sent(100, 1000 + number * 50)
  // The first ack is where counting begins; then 12 and 17 were not used.
  line.acked(9, 0, 1480)
  line.acked(19, 0b1_1011_1101, 2000)
  for (const number of [0, 1, 4, 3]) line.received(60, number, 2100)
  line.refused()
  line.samples(3)
  const { id, forS, silentMs, rttMs, counts } = line.figures(3100)
  expect({ id, forS, silentMs }).toEqual({ id: 7, forS: 2, silentMs: 1000 })
  expect(counts).toMatchObject({
    datagramsOut: 40,
    bytesOut: 4000,
    datagramsIn: 4,
    lost: 1,
    packets: 5,
    refused: 1,
    samples: 3,
  })
  expect(counts['unacked']).toBe(2)
  expect(rttMs).toBe(480)
})
