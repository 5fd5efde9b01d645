import { expect, test } from 'vitest'
import { type AntBurst, AntBursts, encodeAntBurst } from './ant-burst.ts'
import { AntFramer } from './ant-framer.ts'

const DATA = Uint8Array.from({ length: 48 }, (_, i) => i)

function heard(frames: readonly Uint8Array[]): { bursts: AntBurst[]; broken: number } {
  const framer = new AntFramer()
  const all = new AntBursts()
  const bursts = frames.flatMap((frame) => framer.push(frame)).flatMap((frame) => all.push(frame) ?? [])
  return { bursts, broken: all.broken }
}

test('[B26] packets are numbered 0, 1, 2, 3, 1, 2 with a mark on the last, and make one message again', () => {
  const frames = encodeAntBurst({ channel: 2, data: DATA })
  expect(frames.map((frame) => frame[3]! >> 5)).toEqual([0, 1, 2, 3, 1, 2 | 4])
  expect(heard(frames)).toEqual({ bursts: [{ channel: 2, data: DATA }], broken: 0 })
})

test('[B26] a message that lost a packet is none, and the next one is whole', () => {
  const frames = encodeAntBurst({ channel: 2, data: DATA })
  for (let lost = 1; lost < frames.length - 1; lost++) {
    const got = heard([...frames.filter((_, i) => i !== lost), ...frames])
    expect(got.bursts).toEqual([{ channel: 2, data: DATA }])
    expect(got.broken).toBeGreaterThan(0)
  }
})

test('[B26] two channels at once do not mix', () => {
  const a = encodeAntBurst({ channel: 0, data: DATA })
  const b = encodeAntBurst({ channel: 1, data: DATA.toReversed() })
  expect(heard(a.flatMap((frame, i) => [frame, b[i]!])).bursts.map(({ channel }) => channel)).toEqual([0, 1])
})
