import { describe, expect, test } from 'vitest'
import { VirtualClock } from '#cli/sim/virtual-clock'
import { createRandom } from '#physics/random'
import { fromHex } from '../bytes.ts'
import type { BridgeClock } from '../clock.ts'
import { GATT, type GattLink } from '../gatt.ts'
import { gattDevice } from '../gatt-rider.ts'
import { Legs } from '../legs.ts'
import { encodeControlAnswer } from '../profiles/control-point.ts'
import { encodeCyclingPower } from '../profiles/cycling-power.ts'
import { encodeHeartRate } from '../profiles/heart-rate.ts'
import { encodeIndoorBikeData } from '../profiles/indoor-bike-data.ts'
import type { Sample } from '../sample.ts'
import { Player } from './player.ts'
import { type RawRecord, readRecording, RECORDING_HEADER } from './record.ts'
import { Recorder, type RecorderOptions } from './recorder.ts'

type OnValue = (bytes: Uint8Array, atMs?: number) => void

/** A peripheral as a carrier would bring it. */
class FakeLink implements GattLink {
  readonly carrier = 'bluetooth'
  readonly services: ReadonlyMap<string, readonly string[]>
  readonly name: string
  readonly id: string
  onClosed: (() => void) | undefined
  readonly listeners = new Map<string, OnValue>()
  readonly written: Uint8Array[] = []

  constructor(id: string, services: Readonly<Record<string, readonly string[]>>) {
    this.id = id
    this.name = `device ${id}`
    this.services = new Map(Object.entries(services))
  }

  async read(at: string): Promise<Uint8Array | undefined> {
    return at === GATT.powerRange ? fromHex('0000d0070100') : undefined
  }
  async write(at: string, bytes: Uint8Array): Promise<boolean> {
    this.written.push(bytes)
    this.listeners.get(at)?.(encodeControlAnswer(bytes[0]!, 'success'))
    return true
  }
  async subscribe(at: string, onValue: OnValue): Promise<boolean> {
    this.listeners.set(at, onValue)
    return true
  }
  close(): void {}
}
const trainerLink = (): FakeLink =>
  new FakeLink('ble:trainer', {
    [GATT.fitnessMachine]: [GATT.indoorBikeData, GATT.controlPoint, GATT.machineStatus, GATT.powerRange],
    [GATT.heartRate]: [GATT.heartRateMeasurement],
  })
const meterLink = (): FakeLink => new FakeLink('ble:meter', { [GATT.cyclingPower]: [GATT.powerMeasurement] })

/** Devices into legs, as bridge and page do; answers with the samples that were made. */
function ridden(clock: BridgeClock): { onLink(link: GattLink): void; readonly samples: Sample[]; readonly legs: Legs } {
  const samples: Sample[] = []
  const legs: Legs = new Legs({
    onReading: (_reading, atMs) => {
      for (let sample = legs.take(atMs); sample !== undefined; sample = legs.take(atMs)) samples.push(sample)
    },
  })
  return {
    samples,
    legs,
    onLink: (link) => void gattDevice(link, clock).then((device) => legs.add(device, clock.nowMs())),
  }
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve()
}

/** Ninety seconds of a trainer with a strap's service, a power meter that comes later, goes and comes back; times of no round numbers. */
async function recorded(options: Partial<RecorderOptions> = {}): Promise<{ text: string; samples: readonly Sample[] }> {
  const clock = new VirtualClock()
  clock.runUntil(81_234.567)
  const { fraction } = createRandom(77)
  const lines: string[] = []
  const recorder = new Recorder({ nowMs: () => clock.nowMs(), write: (line) => lines.push(line), ...options })
  const { onLink, samples, legs } = ridden(clock)
  const trainer = trainerLink()
  let meter: FakeLink | undefined
  onLink(recorder.link(trainer))
  await settled()
  for (let i = 0; i < 360; i++) {
    clock.runUntil(clock.nowMs() + 250 * (0.9 + 0.2 * fraction()))
    legs.road({ gradeFraction: 0.02 + i / 10_000, draftFactor: 1 }, clock.nowMs())
    legs.tick(clock.nowMs())
    if (i === 60 || i === 200) onLink(recorder.link((meter = meterLink())))
    if (i === 150) meter!.onClosed?.()
    await settled()
    const powerW = Math.round(200 + 50 * fraction())
    trainer.listeners.get(GATT.indoorBikeData)!(encodeIndoorBikeData({ speedKmh: 31, cadenceRpm: 88.5, powerW }))
    if (i % 4 === 0)
      trainer.listeners.get(GATT.heartRateMeasurement)!(
        encodeHeartRate({ heartRateBpm: 130 + (i >> 4), contact: 'detected', rr1024: [] }),
      )
    // This carrier knows when the bytes came, a little before it says so.
    if (i < 150 || i > 200)
      meter?.listeners.get(GATT.powerMeasurement)?.(
        encodeCyclingPower({ powerW: powerW - 6, crankRevolutions: i >> 1, crankTime1024: (i * 512) & 0xffff }),
        clock.nowMs() - 3.25 * fraction(),
      )
  }
  expect(trainer.written.length).toBeGreaterThan(20)
  return { text: `${lines.join('\n')}\n`, samples }
}

async function played(records: readonly RawRecord[]): Promise<readonly Sample[]> {
  const player = new Player({ records, onLink: (link) => rider.onLink(link) })
  const rider = ridden(player)
  player.play()
  await player.run()
  return rider.samples
}

function read(text: string): readonly RawRecord[] {
  const got = readRecording(text)
  if (!got.ok) throw new Error(got.sentence)
  return got.value.records
}

describe('raw bytes, kept and played', () => {
  test('[B107] played back, a recording gives the same samples bit for bit', async () => {
    const { text, samples } = await recorded()
    expect(samples.length).toBeGreaterThan(300)
    expect(new Set(samples.map(({ powerW }) => powerW)).size).toBeGreaterThan(30)
    expect(await played(read(text))).toEqual(samples)
  })

  test('[B107] faster than it was, at two paces, with a machine that is late: the same samples, moved by whole milliseconds', async () => {
    const { text, samples } = await recorded()
    const records = read(text)
    for (const speed of [7, 40]) {
      const base = new VirtualClock()
      base.runUntil(5_000_000.25)
      // Wakes are up to 40 ms late, and an hour is waited for nobody.
      let late = 0
      const pace: BridgeClock = {
        nowMs: () => base.nowMs(),
        after: (delayMs, callback) => base.after(delayMs + (late = (late * 7 + 3) % 40), callback),
      }
      const over = { isOver: false }
      const player = new Player({
        ...{ records, pace, speed, onEnd: () => (over.isOver = true) },
        onLink: (link) => rider.onLink(link),
      })
      const rider = ridden(player)
      const running = player.run()
      // Who lives by this clock may wait before the recording begins, and after its end.
      const order: string[] = []
      player.after(100, () => order.push('before'))
      base.runUntil(base.nowMs() + 200)
      await settled()
      player.play()
      let lastMs = player.nowMs()
      while (!over.isOver) {
        base.runUntil(base.nowMs() + 1)
        await settled()
        expect(player.nowMs()).toBeGreaterThanOrEqual(lastMs)
        lastMs = player.nowMs()
      }
      player.after(100, () => order.push('after'))
      for (let ms = 0; ms < 400; ms++) {
        base.runUntil(base.nowMs() + 1)
        await settled()
      }
      expect(order).toEqual(['before', 'after'])
      player.stop()
      base.runUntil(base.nowMs() + 100)
      await running
      const shiftMs = rider.samples[0]!.atMs - samples[0]!.atMs
      expect(rider.samples).toEqual(samples.map((sample) => ({ ...sample, atMs: sample.atMs + shiftMs })))
    }
  })

  test('[B108] torn anywhere, a recording gives all that was whole; damage inside it is counted and left out', async () => {
    const { text } = await recorded()
    const whole = read(text)
    for (let letters = RECORDING_HEADER.length + 1; letters < 4000; letters += 7) {
      const got = readRecording(text.slice(0, letters))
      expect(got.ok && got.value.damagedLines).toBeLessThanOrEqual(1)
      expect(got.ok && got.value.records).toEqual(whole.slice(0, got.ok ? got.value.records.length : 0))
    }
    const lines = text.split('\n')
    const wrong = ['{}', '7', 'null', '{"ms":1,"id":"x","is":"gone"}', '{"ms":1e99,"id":"x","is":"in","hex":"0"}']
    const damaged = [...lines.slice(0, 50), ...wrong, '\u0000', ...lines.slice(50)].join('\n')
    expect(readRecording(damaged)).toEqual({ ok: true, value: { records: whole, damagedLines: wrong.length + 1 } })
    expect(readRecording('hello')).toMatchObject({ ok: false })
    expect(readRecording(text.replace('"version":1', '"version":2'))).toMatchObject({
      ok: false,
      sentence: 'it is of version 2, and this program reads version 1.',
    })
  })

  test('[B108] a full recording says so, stops growing and disturbs nobody', async () => {
    const { samples } = await recorded()
    const full = await recorded({ lettersMax: 20_000 })
    expect(full.samples).toEqual(samples)
    expect(full.text.length).toBeLessThan(20_200)
    expect(read(full.text).at(-1)).toMatchObject({ is: 'full' })
  })

  test('[B108] what the recording does not know is refused, and does not hang', async () => {
    const { text } = await recorded()
    const records = read(text).filter((record) => !('at' in record && record.at === GATT.powerRange))
    expect(records.length).toBeLessThan(read(text).length)
    expect((await played(records)).length).toBeGreaterThan(300)
  })

  test('[B108] a network key passes through and is in no line; all other bytes of a stick are', () => {
    const lines: string[] = []
    const written: Uint8Array[] = []
    const heard: Uint8Array[] = []
    const stick = {
      place: '1-2',
      onData: undefined as ((chunk: Uint8Array) => void) | undefined,
      write: (bytes: Uint8Array) => void written.push(bytes),
      close: async (): Promise<string> => 'closed',
    }
    const recorder = new Recorder({ nowMs: () => 5.5, write: (line) => lines.push(line) })
    const wrapped = recorder.stick(stick, 'ant:1-2')
    wrapped.onData = (chunk) => heard.push(chunk)
    const key = fromHex('a409460001020304050607080000')!
    const open = fromHex('a4014b00ee')!
    wrapped.write(key)
    wrapped.write(Uint8Array.of(...open, ...key))
    wrapped.write(open)
    stick.onData!(fromHex('a4016f20ea')!)
    expect(written).toEqual([key, Uint8Array.of(...open, ...key), open])
    expect(heard).toEqual([fromHex('a4016f20ea')])
    expect(wrapped.place).toBe('1-2')
    expect(read(lines.join('\n'))).toEqual([
      { ms: 5.5, id: 'ant:1-2', is: 'out', hex: 'a4014b00ee' },
      { ms: 5.5, id: 'ant:1-2', is: 'in', hex: 'a4016f20ea' },
    ])
    expect(lines.join('')).not.toContain('0102030405')
  })
})

test('[B108] a recording in which nothing happens for days is damaged there: nobody who plays it waits for ever', () => {
  const line = (ms: number): string => JSON.stringify({ ms, id: 'x', is: 'in', hex: '00' })
  const got = readRecording([RECORDING_HEADER, line(5e15), line(5e15 + 1000), line(6e15), line(5e15 + 2000)].join('\n'))
  expect(got.ok && [got.value.records.map(({ ms }) => ms - 5e15), got.value.damagedLines]).toEqual([[0, 1000, 2000], 1])
})
