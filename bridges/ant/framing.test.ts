import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { afterEach, describe, expect, test } from 'vitest'
import { createRandom } from '#physics/random'
import { AntBench, steadyTrainer } from '#test/support/ant-bench'
import { AntFramer } from '../core/ant-framer.ts'
import { encodeAntMessage, STICK_SAYS } from '../core/ant-message.ts'
import { encodeAntPage } from '../core/ant-page.ts'
import { sameBytes, toHex } from '../core/bytes.ts'
import { encodeFitnessEquipment } from '../core/pages/fitness-equipment.ts'
import { AccumulatedPower } from '../core/revolutions.ts'
import { openStick, type AntStick } from './stick.ts'

const benches: AntBench[] = []
function bench(): AntBench {
  const one = new AntBench()
  benches.push(one)
  return one
}
afterEach(async () => {
  for (const one of benches.splice(0)) await one.close()
})

const sender = { deviceNumber: 34211, deviceType: 17, transmissionType: 5 }
const broadcast = (page: Uint8Array, channel = 0): Uint8Array => encodeAntPage({ channel, sender }, page)
const page25 = (powerW: number, eventCount = 1): Uint8Array =>
  encodeFitnessEquipment({ page: 25, eventCount, cadenceRpm: 88, accumulatedPowerW: powerW, powerW, state: 3 })

function opened(): { readonly b: AntBench; readonly stick: AntStick; readonly device: ReturnType<AntBench['stick']> } {
  const b = bench()
  const device = b.stick()
  const got = openStick(b.driver, device)
  if (!got.ok) throw new Error(got.trouble)
  return { b, stick: got.stick, device }
}

describe('through the published package', () => {
  test('[B50] 2001 target powers on 8 channels reach the stick with the right checksum; its own framing spoils 122 of them', () => {
    const { b, stick, device } = opened()
    b.run(1)
    device.chip.frames.length = 0
    for (let channel = 0; channel < 8; channel++)
      for (let powerW = 0; powerW <= 2000; powerW++)
        stick.write(encodeAntMessage('acknowledged', { channel }, encodeFitnessEquipment({ page: 49, powerW })))
    b.run(1)
    expect([device.chip.frames.length, device.chip.badChecksums]).toEqual([16_008, 0])

    const { Messages } = createRequire(import.meta.url)('ant-plus/build/ant') as {
      Messages: { acknowledgedData(channel: number, page: number[]): Uint8Array }
    }
    const theirs = new AntFramer()
    let theirFrames = 0
    for (let channel = 0; channel < 8; channel++)
      for (let powerW = 0; powerW <= 2000; powerW++)
        theirFrames += theirs.push(
          Messages.acknowledgedData(channel, [...encodeFitnessEquipment({ page: 49, powerW })]),
        ).length
    expect(16_008 - theirFrames).toBe(122)
  })

  test('its listener, which throws at a byte it does not expect, is off before the first byte', () => {
    const { stick, device } = opened()
    const heard: string[] = []
    stick.onData = (chunk) => heard.push(toHex(chunk))
    device.deliver(Uint8Array.of(0x00, 0xff, 0x17))
    expect(heard).toEqual(['00ff17'])
  })
})

describe('frames', () => {
  test('[B50] of 1 000 000 frames with one wrong byte none is accepted, and none of the good ones between them is lost', () => {
    const random = createRandom(5)
    // As serial.ts has it, once the stick names senders.
    const framer = new AntFramer(STICK_SAYS)
    framer.areSendersNamed = true
    const page = new Uint8Array(8)
    let accepted = 0
    let kept = 0
    for (let i = 0; i < 1_000_000; i++) {
      for (let at = 0; at < 8; at++) page[at] = random.fraction() * 256
      const good = encodeAntPage({ channel: 1, sender }, page)
      const both = new Uint8Array(good.length * 2)
      both.set(good)
      both.set(good, good.length)
      // The first of the two is made the same page of channel 0, checksum and all, and then one byte of it is spoiled.
      both[3] = 0
      both[good.length - 1]! ^= 1
      both[Math.floor(random.fraction() * good.length)]! ^= 1 + Math.floor(random.fraction() * 255)
      for (const { id, content } of framer.push(both))
        if (id === 0x4e && content[0] === 1 && sameBytes(content, good.subarray(3, -1))) kept++
        else accepted++
    }
    expect([accepted, kept]).toEqual([0, 1_000_000])
  })

  test('[B50] after any garbage at most one good frame is lost, whatever the garbage looks like', () => {
    const random = createRandom(6)
    let lostMost = 0
    for (let run = 0; run < 5000; run++) {
      const framer = new AntFramer()
      const length = 1 + Math.floor(random.fraction() * 40)
      // Every third byte of the garbage pretends to begin a page.
      const garbage = Uint8Array.from(
        { length },
        (_, at) => [0xa4, 0x0e, 0x4e, random.fraction() * 256][(at + run) % 4]!,
      )
      const good = [211, 212, 213, 214].map((powerW) => broadcast(page25(powerW)))
      const stream = Uint8Array.of(...garbage, ...good.flatMap((frame) => [...frame]))
      const got = new Set(framer.push(stream).map(({ id, content }) => toHex(encodeFrame(id, content))))
      lostMost = Math.max(lostMost, 4 - good.filter((frame) => got.has(toHex(frame))).length)
    }
    expect(lostMost).toBeLessThanOrEqual(1)
  })

  test('cut and joined anywhere, with garbage and damage between, the pages of a trainer are its readings and no others', () => {
    const b = bench()
    const device = b.stick()
    b.air.add(steadyTrainer(34211).trainer)
    b.start()
    b.run(3000)
    b.air.close()
    const before = b.of('ant:17.34211').readings.length
    const damaged = broadcast(page25(4000, 7))
    damaged[9]! ^= 0x40
    const stream = Uint8Array.of(
      ...[0xff, 3, ...broadcast(page25(211, 8)), ...damaged, 0x00, ...broadcast(page25(212, 9))],
    )
    for (let at = 0; at < stream.length; at += 7) device.deliver(stream.slice(at, at + 7))
    expect(
      b
        .of('ant:17.34211')
        .readings.slice(before)
        .map(({ reading }) => reading.powerW),
    ).toEqual([211, 212])
  })
})

/** A recording of a stick that scanned: two meters' pages on one channel. */
const CAPTURES = [
  { file: '123.cap', power: 'ant:11.123', events: 36, sumW: 9550 },
  { file: '456.cap', power: 'ant:11.456', events: 45, sumW: 12_043 },
] as const

describe('recordings of real meters', () => {
  for (const { file, power, events, sumW } of CAPTURES) {
    const capture = new URL(`../../../shared/data/captures/${file}`, import.meta.url)
    test.skipIf(!existsSync(capture))(
      `[B50] ${file} replayed in 64-byte packets gives ${sumW} W over ${events} events (needs ../shared)`,
      () => {
        const b = bench()
        const device = b.stick()
        b.start({ kinds: [11, 121] })
        b.run(500)
        device.play(new Uint8Array(readFileSync(capture)))
        const work = new AccumulatedPower()
        for (const { reading } of b.of(power).readings)
          if (reading.counter?.kind === 'power') work.offer(reading.counter.sumW, reading.counter.events)
        expect([work.totalEvents, work.totalW]).toEqual([events, sumW])
        // One reading for each event and the first; not one for each of 117 or 121 pages.
        expect(b.of(power).watts.length).toBe(events + 1)
      },
    )
  }
})

const encodeFrame = (id: number, content: Uint8Array): Uint8Array =>
  encodeAntPage({ channel: content[0]!, sender }, content.slice(1, 9), id)
