import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { AntFramer, decodeAntFrame, encodeAntFrame, encodeAntMessage } from './ant-message.ts'
import { fromHex, toHex } from './bytes.ts'
import { encodeFitnessEquipment } from './pages/fitness-equipment.ts'

const page = (powerW: number): Uint8Array => encodeFitnessEquipment({ page: 49, powerW })

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

test('hex reads back, and what is not hex is not read', () => {
  expect(toHex(fromHex('00ffA4')!)).toBe('00ffa4')
  expect(fromHex('0')).toBeUndefined()
  expect(fromHex('zz')).toBeUndefined()
})
