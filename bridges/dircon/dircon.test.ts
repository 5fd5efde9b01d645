import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '#server/clock'
import { readFit } from '#server/import/fit'
import { until } from '#test/support/until'
import { decodeIndoorBikeData } from '../core/profiles/indoor-bike-data.ts'
import type { Sample } from '../core/sample.ts'
import { GATT, type GattLink } from '../core/gatt.ts'
import { gattDevice } from '../core/gatt-rider.ts'
import { Legs, LEGS_TICK_MS } from '../core/legs.ts'
import { Replay, type RideRecord } from '../trainer-sim/replay.ts'
import { SimulatedTrainer, type TrainerTarget } from '../trainer-sim/trainer.ts'
import { DirconClient } from './client.ts'
import { DIRCON_TYPE, type DirconFrame, DirconFramer, encodeDirconFrame, uuidFromBytes, uuidToBytes } from './frame.ts'
import { DirconServer } from './server.ts'

const LOOPBACK = '127.0.0.1'
const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function listen(trainer: SimulatedTrainer, port = 0): Promise<{ server: DirconServer; port: number }> {
  const server = new DirconServer(trainer.peripheral)
  const taken = await server.listen(port, LOOPBACK)
  cleanups.push(() => server.close())
  return { server, port: taken }
}

function ride(port: number) {
  const samples: Sample[] = []
  const states: string[] = []
  const legs: Legs = new Legs({
    onReading(_reading, atMs) {
      const sample = legs.take(atMs)
      if (sample !== undefined) samples.push(sample)
    },
  })
  const beat = setInterval(() => legs.tick(systemClock.nowMs()), LEGS_TICK_MS)
  const links: GattLink[] = []
  const client = new DirconClient({
    host: LOOPBACK,
    port,
    clock: systemClock,
    onState: (sentence) => states.push(sentence),
    onLink(link) {
      links.push(link)
      void gattDevice(link, systemClock).then((device) => legs.add(device, systemClock.nowMs()))
    },
  })
  cleanups.push(async () => {
    clearInterval(beat)
    await client.close()
  })
  client.start()
  return { samples, states, links, loop: legs.loop }
}

const OWN_RIDE: readonly RideRecord[] = Array.from({ length: 20 }, (_, i) => ({
  atS: i,
  powerW: 150 + ((i * 37) % 90),
  cadenceRpm: 85 + (i % 9),
  heartRateBpm: 120 + i,
  speedMps: 8,
}))

async function replayed(records: readonly RideRecord[], speed: number): Promise<readonly Sample[]> {
  const trainer = new SimulatedTrainer()
  const { server, port } = await listen(trainer)
  const { samples } = ride(port)
  await until('the subscription', () => server.subscriberCount(GATT.indoorBikeData) > 0)
  const replay = new Replay({
    records,
    clock: systemClock,
    speed,
    onLegs: (legs, sinceS) => trainer.show(legs, sinceS),
    onEnd: () => {},
  })
  cleanups.push(() => replay.stop())
  replay.start()
  await until('every record', () => samples.length > records.length)
  return samples
}

const told = (samples: readonly Sample[]) =>
  samples.map((s) => ({ powerW: s.powerW, cadenceRpm: s.cadenceHalfRpm / 2, heartRateBpm: s.heartRateBpm }))

describe('a recorded ride over TCP', () => {
  test('arrives record by record, in order, with its watts, cadence and heart rate, and ends in no watts', async () => {
    const samples = await replayed(OWN_RIDE, 100)
    const wanted = OWN_RIDE.map(({ powerW, cadenceRpm, heartRateBpm }) => ({ powerW, cadenceRpm, heartRateBpm }))
    expect(told(samples).slice(0, -1)).toEqual(wanted)
    expect(samples.at(-1)!.powerW).toBe(0)
    expect(samples.map((s) => s.sequence)).toEqual(samples.map((_, i) => i))
  })

  const fit = new URL('../../../shared/data/routes/edge810-vector-power.fit', import.meta.url)
  test.skipIf(!existsSync(fit))('records 601 to 660 of a real ride arrive as they were (needs ../shared)', async () => {
    const got = readFit(readFileSync(fit), 'edge810-vector-power.fit')
    if (!got.ok) throw new Error(got.error)
    const records = got.value.records.slice(600, 660)
    const samples = await replayed(records, 100)
    expect(told(samples).slice(0, -1)).toEqual(
      records.map(({ powerW, cadenceRpm, heartRateBpm }) => ({ powerW, cadenceRpm, heartRateBpm })),
    )
  })
})

describe('the road in the legs', () => {
  test('a grade is written, acknowledged and held, never more than four writes in a second', async () => {
    const targets: { target: TrainerTarget; atMs: number }[] = []
    const trainer = new SimulatedTrainer({ onTarget: (target) => targets.push({ target, atMs: performance.now() }) })
    const { port } = await listen(trainer)
    const { loop } = ride(port)
    loop.wish({ gradeFraction: 0.052 })
    await until('the grade', () => loop.taken !== undefined)
    expect(trainer.target).toEqual({ mode: 'simulation', gradeFraction: 0.052, crr: 0.004, cwKgpm: 0.51 })
    expect(trainer.isControlled).toBe(true)
    for (let i = 1; i <= 60; i++) {
      loop.wish({ gradeFraction: i / 1000 })
      await new Promise((resolve) => setTimeout(resolve, 15))
    }
    await until(
      'the last grade',
      () => loop.taken !== undefined && 'gradeFraction' in loop.taken && loop.taken.gradeFraction === 0.06,
    )
    for (const [i, { atMs }] of targets.entries()) {
      const within = targets.slice(i).filter((t) => t.atMs - atMs < 900)
      expect(within.length).toBeLessThanOrEqual(4)
    }
  })

  test('lost control is asked for again, and the grade is back', async () => {
    const trainer = new SimulatedTrainer()
    const { port } = await listen(trainer)
    const { loop } = ride(port)
    loop.wish({ gradeFraction: -0.03 })
    await until('control', () => loop.taken !== undefined)
    trainer.loseControl()
    expect(trainer.isControlled).toBe(false)
    await until('control again', () => trainer.isControlled && loop.taken !== undefined)
    expect(loop.taken).toEqual({ gradeFraction: -0.03 })
  })

  test('[B9] release sets the flat and says when the trainer has it', async () => {
    const trainer = new SimulatedTrainer()
    const { port } = await listen(trainer)
    const { loop } = ride(port)
    loop.wish({ gradeFraction: 0.12 })
    await until('the climb', () => loop.taken !== undefined)
    loop.release()
    await until('the flat', () => loop.isReleased)
    expect(trainer.target).toMatchObject({ mode: 'simulation', gradeFraction: 0 })
  })
})

describe('a trainer that goes away', () => {
  test('[B11] [B70] back within a second of listening again, time after time: one link, one sample a report, the last target', async () => {
    let trainer = new SimulatedTrainer()
    const opened = await listen(trainer)
    const { port } = opened
    let { server } = opened
    const { samples, links, loop } = ride(port)
    loop.wish({ gradeFraction: 0.04 })
    await until('control', () => loop.taken !== undefined)
    for (let restart = 1; restart <= 3; restart++) {
      await server.close()
      await new Promise((resolve) => setTimeout(resolve, (restart * 73) % 300))
      trainer = new SimulatedTrainer()
      ;({ server } = await listen(trainer, port))
      const listeningMs = performance.now()
      await until('the subscription', () => server.subscriberCount(GATT.indoorBikeData) > 0)
      trainer.show({ powerW: 200 + restart, cadenceRpm: 90 }, 1)
      await until('watts', () => samples.at(-1)?.powerW === 200 + restart)
      expect(performance.now() - listeningMs).toBeLessThan(1000)
      await until('the grade', () => trainer.isControlled && loop.taken !== undefined)
      expect(trainer.target).toMatchObject({ gradeFraction: 0.04 })
      expect([server.connectionCount, links.length]).toEqual([1, restart + 1])
    }
    expect(samples.map((s) => s.powerW)).toEqual([201, 202, 203])
  })

  test('dropped by the trainer, the same server takes the client again', async () => {
    const trainer = new SimulatedTrainer()
    const { server, port } = await listen(trainer)
    const { links } = ride(port)
    await until('the subscription', () => server.subscriberCount(GATT.indoorBikeData) > 0)
    server.dropAll()
    await until('a second link', () => links.length === 2)
    await until('the subscription again', () => server.subscriberCount(GATT.indoorBikeData) > 0)
  })
})

/** A plain socket to our server, so that bytes can be sent as a bad peer sends them. */
async function raw(port: number) {
  const socket = connect(port, LOOPBACK)
  socket.on('error', () => {})
  const framer = new DirconFramer()
  const frames: DirconFrame[] = []
  socket.on('data', (chunk) => frames.push(...framer.push(chunk)))
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
  cleanups.push(() => void socket.destroy())
  return { socket, frames }
}

const request = (type: number, sequence: number, body: Uint8Array = new Uint8Array(0)) =>
  encodeDirconFrame({ type, sequence, result: 0, body })

describe('bytes as networks cut them', () => {
  test('[B10] one byte at a time and all at once give the same answers', async () => {
    const { port } = await listen(new SimulatedTrainer())
    const bytes = Buffer.concat([
      request(DIRCON_TYPE.services, 1),
      request(DIRCON_TYPE.characteristics, 2, uuidToBytes(GATT.fitnessMachine)),
      request(DIRCON_TYPE.read, 3, uuidToBytes(GATT.powerRange)),
    ])
    const whole = await raw(port)
    whole.socket.write(bytes)
    const cut = await raw(port)
    for (const byte of bytes) cut.socket.write(Uint8Array.of(byte))
    await until('the answers', () => whole.frames.length === 3 && cut.frames.length === 3)
    expect(cut.frames).toEqual(whole.frames)
    expect(uuidFromBytes(whole.frames[0]!.body)).toBe(GATT.fitnessMachine)
    expect(whole.frames[2]!.body.slice(16)).toEqual(Uint8Array.of(0, 0, 0xd0, 0x07, 1, 0))
  })

  test('what is not there is refused by its code, what is unknown is answered, and the connection lives on', async () => {
    const { port } = await listen(new SimulatedTrainer())
    const { socket, frames } = await raw(port)
    socket.write(request(DIRCON_TYPE.characteristics, 1, uuidToBytes(GATT.speedCadence)))
    socket.write(request(DIRCON_TYPE.read, 2, uuidToBytes(GATT.speedCadence)))
    socket.write(request(DIRCON_TYPE.read, 3, uuidToBytes(GATT.indoorBikeData)))
    socket.write(request(DIRCON_TYPE.unknown, 4))
    socket.write(request(12, 5))
    socket.write(request(DIRCON_TYPE.write, 6, Uint8Array.of(1, 2)))
    await until('the answers', () => frames.length === 6)
    expect(frames.map((f) => [f.sequence, f.result])).toEqual([
      [1, 3],
      [2, 4],
      [3, 5],
      [4, 0],
      [5, 1],
      [6, 2],
    ])
  })

  test('[B10] a stream that is not DIRCON is closed; others ride on', async () => {
    const { server, port } = await listen(new SimulatedTrainer())
    const good = await raw(port)
    const bad = await raw(port)
    bad.socket.write('GET / HTTP/1.1\r\n\r\n')
    await until('the end of the bad one', () => server.connectionCount === 1)
    good.socket.write(request(DIRCON_TYPE.services, 9))
    await until('an answer', () => good.frames.length === 1)
  })

  test('[B10] an echo that announces 17 bytes and sends 16 loses no frame behind it, however it is cut', () => {
    const echo = Uint8Array.of(1, 5, 7, 0, 0, 17, ...uuidToBytes(GATT.indoorBikeData))
    const behind = encodeDirconFrame({
      type: DIRCON_TYPE.notification,
      sequence: 0,
      result: 0,
      body: Uint8Array.of(...uuidToBytes(GATT.indoorBikeData), 0x44, 0, 0, 0, 0, 0, 200, 0),
    })
    const stream = Uint8Array.of(...echo, ...behind, ...behind)
    for (let cut = 1; cut < stream.length; cut++) {
      const framer = new DirconFramer()
      const frames = [...framer.push(stream.slice(0, cut)), ...framer.push(stream.slice(cut))]
      expect(frames.map((f) => f.type)).toEqual([5, 6, 6])
      expect(decodeIndoorBikeData(frames[2]!.body.slice(16))).toMatchObject({ ok: true, value: { powerW: 200 } })
    }
    const alone = new DirconFramer()
    expect(alone.push(echo)).toEqual([])
    expect(alone.flush().map((f) => f.sequence)).toEqual([7])
    expect(alone.waitingBytes).toBe(0)
  })

  test('[B10] random bytes neither throw nor pile up', () => {
    let seed = 8214
    const random = () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) >>> 16
    for (let run = 0; run < 300; run++) {
      const framer = new DirconFramer()
      for (let i = 0; i < 20; i++) {
        framer.push(Uint8Array.from({ length: random() % 200 }, () => random() & (run % 2 ? 0xff : 7)))
        expect(framer.waitingBytes).toBeLessThan(4096 + 6)
      }
    }
  })
})
