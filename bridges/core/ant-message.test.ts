import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decodeAntFrame, encodeAntFrame } from './ant-frame.ts'
import { AntFramer } from './ant-framer.ts'
import { encodeAntMessage } from './ant-message.ts'
import { decodeAntPage, encodeAntPage } from './ant-page.ts'
import { fromHex, toHex } from './bytes.ts'
import { encodeFitnessEquipment } from './pages/fitness-equipment.ts'

const page = (powerW: number): Uint8Array => encodeFitnessEquipment({ page: 49, powerW })

function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 8
  }
}

const xor = (...bytes: number[]): number => bytes.reduce((sum, byte) => sum ^ byte, 0)
const same = (a: Uint8Array, b: Uint8Array): boolean => a.every((byte, i) => byte === b[i])

describe('the checksum', () => {
  test('244 W on channel 0 ends in ff, which a remainder of 255 would make 00', () => {
    expect(toHex(encodeAntMessage('acknowledged', { channel: 0 }, page(244)))).toBe('a4094f0031ffffffffffd003ff')
  })

  test('[B3] is the XOR of every byte for 2001 target powers on 8 channels', () => {
    let checked = 0
    for (let channel = 0; channel < 8; channel++)
      for (let powerW = 0; powerW <= 2000; powerW++) {
        const frame = encodeAntMessage('acknowledged', { channel }, page(powerW))
        if (frame.reduce((sum, byte) => sum ^ byte, 0) === 0) checked++
      }
    expect(checked).toBe(16_008)
  })
})

describe('frames out of a stream', () => {
  const good = encodeAntMessage('broadcast', { channel: 0 }, page(200))

  test('garbage before a frame is passed over, and the frame is not lost', () => {
    const framer = new AntFramer()
    expect(framer.push(Uint8Array.of(1, 2, 3, ...good, 0xff, ...good))).toHaveLength(2)
    expect(framer.garbageBytes).toBe(4)
  })

  test('cut at any byte the same frames come', () => {
    const stream = Uint8Array.of(...good, ...good, ...good)
    for (let cut = 0; cut <= stream.length; cut++) {
      const framer = new AntFramer()
      expect([...framer.push(stream.slice(0, cut)), ...framer.push(stream.slice(cut))]).toHaveLength(3)
    }
  })

  test('[B3] a frame with one wrong byte is never passed on, and costs at most the frame behind it', () => {
    for (let at = 0; at < good.length; at++)
      for (const wrong of [1, 0x80, 0xff]) {
        const bad = good.slice()
        bad[at]! ^= wrong
        const framer = new AntFramer()
        const frames = framer.push(Uint8Array.of(...bad, ...good, ...good, ...good))
        expect(frames.length).toBeGreaterThanOrEqual(2)
        for (const frame of frames) expect(toHex(encodeAntFrame(frame.id, frame.content))).toBe(toHex(good))
      }
  })

  test('a frame cut off before its checksum waits, then gives way to the next', () => {
    const framer = new AntFramer()
    expect(framer.push(good.slice(0, -1))).toEqual([])
    expect(framer.push(good)).toHaveLength(1)
    expect(decodeAntFrame(good.slice(0, -1))).toEqual({ ok: false, error: 'truncated-frame' })
  })

  test('[B26] of 100 000 frames with one damaged byte none is accepted, and each costs at most the one behind it', () => {
    const sender = { deviceNumber: 4711, deviceType: 17, transmissionType: 5 }
    const next = random(8214)
    let accepted = 0
    let lost = 0
    for (let run = 0; run < 100_000; run++) {
      const bytes = Uint8Array.from({ length: 8 }, next)
      const frame = run % 2 === 0 ? encodeAntPage({ channel: 0 }, bytes) : encodeAntPage({ channel: 0, sender }, bytes)
      const bad = frame.slice()
      bad[next() % bad.length]! ^= 1 + (next() % 255)
      const framer = new AntFramer()
      // So many behind it that a length damaged to the longest is done with.
      const frames = framer.push(Uint8Array.of(...bad, ...good, ...good, ...good, ...good))
      const wrong = frames.filter((got) => got.content.length !== 9 || !same(got.content, good.subarray(3, -1))).length
      accepted += wrong
      if (frames.length - wrong < 3) lost++
    }
    expect([accepted, lost]).toEqual([0, 0])
  })

  test('[B26] a length damaged so that everything still adds up is found by what stands behind', () => {
    const sender = { deviceNumber: 4711, deviceType: 17, transmissionType: 5 }
    // The last byte makes the checksum of the frame without its sender that of the sender's first byte.
    const page = Uint8Array.of(0x19, 1, 90, 0, 2, 200, 0, 0)
    page[7] = xor(0xa4, 9, 0x4e, 0, ...page, 0x80)
    const bad = encodeAntPage({ channel: 0, sender }, page)
    bad[1] = 9
    expect(xor(...bad.subarray(0, 13))).toBe(0)
    const frames = new AntFramer().push(Uint8Array.of(...bad, ...good))
    expect(frames.map((frame) => toHex(frame.content))).toEqual([toHex(good.subarray(3, -1))])
    // Zeros behind a good frame, as some sticks fill their reads, cost nothing.
    expect(new AntFramer().push(Uint8Array.of(...good, 0, 0, 0, ...good, 0))).toHaveLength(2)
  })

  test('[B26] a frame without a meaning here, or longer than its kind, is no frame', () => {
    const framer = new AntFramer()
    const long = encodeAntFrame(0x4b, Uint8Array.of(0, 0, 0))
    const unknown = encodeAntFrame(0x11, Uint8Array.of(0))
    expect(framer.push(Uint8Array.of(...long, ...unknown, ...good))).toHaveLength(1)
    expect([framer.garbageBytes, framer.badChecksums]).toEqual([long.length + unknown.length, 0])
  })

  const capture = new URL('../../../shared/data/captures/123.cap', import.meta.url)
  test.skipIf(!existsSync(capture))(
    'a real capture in 64-byte reads holds 234 frames, none damaged (needs ../shared)',
    () => {
      const bytes = new Uint8Array(readFileSync(capture))
      const framer = new AntFramer()
      let frames = 0
      for (let at = 0; at < bytes.length; at += 64) frames += framer.push(bytes.subarray(at, at + 64)).length
      expect([frames, framer.badChecksums]).toEqual([234, 0])
    },
  )
})

test('[B26] who sent a page, how loud and when, stand behind it in any combination', () => {
  const page = Uint8Array.of(0x19, 1, 2, 3, 4, 5, 6, 7)
  const sender = { deviceNumber: 0x2_1234, deviceType: 17, transmissionType: 0x25 }
  for (let parts = 0; parts < 8; parts++) {
    const value = {
      channel: 3,
      sender: parts & 1 ? sender : undefined,
      ...(parts & 2 ? { rssiDbm: -67 } : {}),
      ...(parts & 4 ? { time32768: 40_000 } : {}),
    }
    const [frame] = new AntFramer().push(encodeAntPage(value, page))
    expect(decodeAntPage(frame!)).toEqual({ ok: true, value: { ...value, page } })
  }
})

test('hex reads back, and what is not hex is not read', () => {
  expect(toHex(fromHex('00ffA4')!)).toBe('00ffa4')
  expect(fromHex('0')).toBeUndefined()
  expect(fromHex('zz')).toBeUndefined()
})
