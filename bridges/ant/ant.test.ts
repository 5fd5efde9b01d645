import { EventEmitter } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '#server/clock'
import { until } from '#test/support/until'
import { AntFramer, type AntFrame, encodeAntFrame } from '../core/ant-message.ts'
import { toHex } from '../core/bytes.ts'
import { ControlLoop } from '../core/control-loop.ts'
import { decodeFitnessEquipment, encodeFitnessEquipment } from '../core/pages/fitness-equipment.ts'
import type { Reading } from '../core/sample.ts'
import { type AntLegs, openAnt } from './main.ts'
import { openStick } from './stick.ts'

/** Made up: the real one is nobody's to publish. */
const KEY = '0102030405060708'
const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(cleanups.splice(0).map((cleanup) => cleanup()))
})

/** A stick at the level of USB: answers what a stick answers, in chunks of up to 64 bytes cut anywhere. */
class FakeDriver extends EventEmitter {
  static refuse: number | undefined
  static last: FakeDriver | undefined
  readonly frames: AntFrame[] = []
  readonly #framer = new AntFramer()
  readonly inEp = new EventEmitter()
  readonly outEp = {
    transfer: (data: Buffer, done: () => void): void => {
      done()
      for (const frame of this.#framer.push(data)) this.#answer(frame)
    },
  }

  constructor() {
    super()
    FakeDriver.last = this
  }
  is_present(): boolean {
    return true
  }
  open(): boolean {
    // As the library does: a listener that throws on what it does not expect.
    this.inEp.on('data', () => {
      throw new Error('SYNC missing')
    })
    return true
  }
  close(): void {
    queueMicrotask(() => this.emit('shutdown'))
  }

  play(...chunks: Uint8Array[]): void {
    for (const chunk of chunks) this.inEp.emit('data', Buffer.from(chunk))
  }

  #answer(frame: AntFrame): void {
    this.frames.push(frame)
    const say = (id: number, ...content: number[]) => this.play(encodeAntFrame(id, Uint8Array.from(content)))
    if (frame.id === 0x4a) say(0x6f, 0)
    else if (frame.id === 0x4f) say(0x40, 0, 1, 5)
    else if (frame.id === FakeDriver.refuse) say(0x40, 0, frame.id, 0x28)
    else if (frame.id !== 0x4c) say(0x40, 0, frame.id, 0)
  }
}

const library = () => ({ GarminStick2: FakeDriver })

function open() {
  const opened = openAnt({ GRUPPETTO_ANT_KEY: KEY }, () => openStick(library))
  if (!opened.ok) throw new Error(opened.sentence)
  const readings: Reading[] = []
  const states: string[] = []
  const loop = new ControlLoop()
  const legs: AntLegs = opened.make({
    clock: systemClock,
    loop,
    onReading: (reading) => readings.push(reading),
    onState: (sentence) => states.push(sentence),
  })
  cleanups.push(() => legs.close())
  legs.start()
  return { readings, states, loop, driver: FakeDriver.last! }
}

const broadcast = (page: Uint8Array) => encodeAntFrame(0x4e, Uint8Array.of(0, ...page))
const page25 = (powerW: number) =>
  encodeFitnessEquipment({ page: 25, eventCount: 1, cadenceRpm: 88, accumulatedPowerW: powerW, powerW, state: 3 })

describe('a stick', () => {
  test('is reset, given the key, and its channel opened step by step', () => {
    const { driver, states } = open()
    expect(driver.frames.map((frame) => toHex(encodeAntFrame(frame.id, frame.content)))).toEqual([
      'a4014a00ef',
      toHex(encodeAntFrame(0x46, Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8))),
      'a40342000000e5',
      toHex(encodeAntFrame(0x51, Uint8Array.of(0, 0, 0, 17, 0))),
      'a402450039da',
      'a40343000020c4',
      toHex(encodeAntFrame(0x44, Uint8Array.of(0, 0xff))),
      'a4014b00ee',
    ])
    expect(states.at(-1)).toBe('ANT+: searching for a trainer')
  })

  test('that plays pages cut and joined anywhere, with garbage and damage between, gives their readings only', () => {
    const { driver, readings } = open()
    const damaged = broadcast(page25(4000))
    damaged[9]! ^= 0x40
    const stream = Uint8Array.of(0xff, 3, ...broadcast(page25(211)), ...damaged, 0x00, ...broadcast(page25(212)))
    for (let at = 0; at < stream.length; at += 7) driver.play(stream.slice(at, at + 7))
    expect(readings.map((reading) => reading.powerW)).toEqual([211, 212])
    expect(readings[0]).toMatchObject({ source: 'trainer', powerW: 211, cadenceRpm: 88 })
  })

  test('takes the grade as page 51 in acknowledged data, with a right checksum', async () => {
    const { driver, loop } = open()
    driver.play(broadcast(page25(200)))
    loop.wish({ gradeFraction: -0.05 })
    await until('the grade', () => loop.taken !== undefined)
    const sent = driver.frames.find((frame) => frame.id === 0x4f)!
    expect(toHex(sent.content)).toBe('0033ffffffff2c4c50')
    expect(decodeFitnessEquipment(sent.content.slice(1))).toEqual({
      ok: true,
      value: { page: 51, gradeFraction: -0.05, crr: 0.004 },
    })
  })

  test('that refuses a step says which and why, and is begun again', () => {
    FakeDriver.refuse = 0x51
    try {
      expect(open().states.at(-1)).toBe('ANT+: the stick refused "channel-id" (INVALID_MESSAGE); beginning again')
    } finally {
      FakeDriver.refuse = undefined
    }
  })

  const capture = new URL('../../../shared/data/captures/456.cap', import.meta.url)
  test.skipIf(!existsSync(capture))(
    'that plays a real capture of a power meter neither throws nor invents a trainer (needs ../shared)',
    () => {
      const { driver, readings } = open()
      const bytes = new Uint8Array(readFileSync(capture))
      for (let at = 0; at < bytes.length; at += 64) driver.play(bytes.slice(at, at + 64))
      expect(readings).toEqual([])
    },
  )
})

const sentenceOf = (key: string | undefined, load: () => unknown = library): string => {
  const opened = openAnt({ GRUPPETTO_ANT_KEY: key }, () => openStick(load))
  return opened.ok ? 'opened' : opened.sentence
}

describe('without what it needs, one sentence', () => {
  test('no key, half a key, no package, no stick', () => {
    expect(sentenceOf(undefined)).toMatch(/^ANT\+ needs its network key in GRUPPETTO_ANT_KEY \(16 hex digits\)/)
    expect(sentenceOf('0102')).toBe('GRUPPETTO_ANT_KEY must be 16 hex digits; it has 4 characters.')
    expect(
      sentenceOf(KEY, () => {
        throw new Error("Cannot find module 'ant-plus'")
      }),
    ).toMatch(/npm install ant-plus@0\.2\.0/)
    expect(sentenceOf(KEY, () => ({}))).toBe('No ANT+ stick is plugged in (USB 0fcf:1008 or 0fcf:1009).')
  })
})
