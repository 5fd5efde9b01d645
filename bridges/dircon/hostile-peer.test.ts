import { createServer, connect, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '#server/clock'
import { hastyClock } from '#test/support/hasty-clock'
import { until } from '#test/support/until'
import type { BridgeClock } from '../core/clock.ts'
import { GATT, type GattLink } from '../core/gatt.ts'
import { encodeIndoorBikeData } from '../core/profiles/indoor-bike-data.ts'
import { SimulatedTrainer } from '../trainer-sim/trainer.ts'
import { DirconClient } from './client.ts'
import {
  BODY_BYTES_MAX,
  DIRCON_TYPE,
  type DirconFrame,
  DirconFramer,
  encodeDirconFrame,
  HEADER_BYTES,
  uuidToBytes,
} from './frame.ts'
import { BACKLOG_BYTES_MAX, DirconServer } from './server.ts'

const LOOPBACK = '127.0.0.1'
const cleanups: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

const frame = (type: number, sequence: number, body: Uint8Array | readonly number[] = [], result = 0): Uint8Array =>
  encodeDirconFrame({ type, sequence, result, body: Uint8Array.from(body) })
const bike = (powerW: number): Uint8Array =>
  frame(DIRCON_TYPE.notification, 0, [
    ...uuidToBytes(GATT.indoorBikeData),
    ...encodeIndoorBikeData({ speedKmh: 30, powerW }),
  ])

/** A trainer that answers properly, until a test makes it do otherwise: `say` writes whatever it likes. */
async function badTrainer(answer: (request: DirconFrame, say: (bytes: Uint8Array) => void) => boolean = () => false) {
  const sockets: Socket[] = []
  const server: Server = createServer((socket) => {
    sockets.push(socket)
    const framer = new DirconFramer()
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      for (const request of framer.push(chunk)) {
        const say = (bytes: Uint8Array): void => void socket.write(bytes)
        if (answer(request, say)) continue
        const { type, sequence, body } = request
        if (type === DIRCON_TYPE.services) say(frame(type, sequence, uuidToBytes(GATT.fitnessMachine)))
        else if (type === DIRCON_TYPE.characteristics)
          say(frame(type, sequence, [...body, ...uuidToBytes(GATT.indoorBikeData), 4]))
        else say(frame(type, sequence, body.slice(0, 16)))
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve))
  cleanups.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return { port: (server.address() as { port: number }).port, sockets }
}

const hasty = hastyClock(8)

function app(port: number, clock: BridgeClock = systemClock) {
  const links: GattLink[] = []
  const watts: number[] = []
  const states: string[] = []
  const client = new DirconClient({
    ...{ host: LOOPBACK, port, clock },
    onState: (sentence) => states.push(sentence),
    onLink(link) {
      links.push(link)
      void link.subscribe(GATT.indoorBikeData, (bytes) => watts.push(bytes[4]! | (bytes[5]! << 8)))
    },
  })
  cleanups.push(() => client.close())
  client.start()
  return { links, watts, states }
}

/** The link goes, and a new one brings watts again, within a second. */
async function expectBack(
  { links, watts }: ReturnType<typeof app>,
  { sockets }: Awaited<ReturnType<typeof badTrainer>>,
  spoil: (socket: Socket) => void,
): Promise<void> {
  await until('the first link', () => links.length === 1 && sockets.length === 1)
  sockets[0]!.write(bike(201))
  await until('its watts', () => watts.at(-1) === 201)
  const startMs = performance.now()
  spoil(sockets[0]!)
  const pushing = setInterval(() => sockets.at(-1)!.write(bike(222)), 20)
  cleanups.push(() => clearInterval(pushing))
  await until('watts again', () => links.length === 2 && watts.at(-1) === 222)
  expect(performance.now() - startMs).toBeLessThan(1000)
}

describe('[B72] a trainer that speaks badly goes on or is back within a second', () => {
  test('one byte at a time, and everything at once', async () => {
    const trainer = await badTrainer()
    const { watts, links } = app(trainer.port)
    await until('the link', () => links.length === 1)
    for (const byte of bike(203)) trainer.sockets[0]!.write(Uint8Array.of(byte))
    await until('the first watts', () => watts.length === 1)
    trainer.sockets[0]!.write(Buffer.concat(Array.from({ length: 3000 }, (_, i) => bike(i % 250))))
    await until('all of them', () => watts.length === 3001)
    expect(watts.slice(1)).toEqual(Array.from({ length: 3000 }, (_, i) => i % 250))
    expect(links.length).toBe(1)
  })

  test('types nobody knows, answers to nothing, of another kind, about something else, and too late', async () => {
    const late: Uint8Array[] = []
    const trainer = await badTrainer((request, say) => {
      const { type, sequence, body } = request
      say(frame(9, sequence, [1, 2, 3]))
      say(frame(DIRCON_TYPE.read, 200, uuidToBytes(GATT.indoorBikeData)))
      if (type !== DIRCON_TYPE.read) return false
      say(frame(DIRCON_TYPE.write, sequence, body))
      say(frame(DIRCON_TYPE.read, sequence, [...uuidToBytes(GATT.indoorBikeData), 99]))
      late.push(frame(DIRCON_TYPE.read, sequence, [...body, late.length]))
      if (late.length < 2) return true
      // The answer that was given up comes first.
      for (const answer of late) say(answer)
      return true
    })
    const { links, watts } = app(trainer.port, hasty)
    await until('the link', () => links.length === 1)
    const both = [links[0]!.read(GATT.machineFeature), links[0]!.read(GATT.powerRange)]
    const [feature, range] = await Promise.all(both)
    expect([feature, [...range!]]).toEqual([undefined, [1]])
    trainer.sockets[0]!.write(bike(204))
    await until('watts', () => watts.at(-1) === 204)
    expect(links.length).toBe(1)
  })

  test('a question that comes while another is out waits for its answer', async () => {
    const open = new Set<number>()
    let most = 0
    const trainer = await badTrainer(({ type, sequence, body }, say) => {
      if (type !== DIRCON_TYPE.read) return false
      open.add(sequence)
      most = Math.max(most, open.size)
      setTimeout(() => {
        open.delete(sequence)
        say(frame(type, sequence, [...body, sequence]))
      }, 5)
      return true
    })
    const { links } = app(trainer.port)
    await until('the link', () => links.length === 1)
    const reads = await Promise.all(Array.from({ length: 20 }, () => links[0]!.read(GATT.machineFeature)))
    expect(new Set(reads.map((value) => value![0])).size).toBe(20)
    expect(most).toBe(1)
  })

  test('a length too short, one too long that swallows what follows, one beyond all bounds, bytes that are no DIRCON', async () => {
    const [short, long] = [bike(209), bike(209)]
    short[5] = 9
    long[4] = (BODY_BYTES_MAX - 1) >>> 8
    const spoilt = [short, long, Uint8Array.of(1, 6, 0, 0, 0xff, 0xff), new TextEncoder().encode('HTTP/1.1 200 OK\r\n')]
    await Promise.all(
      spoilt.map(async (bytes) => {
        const trainer = await badTrainer()
        await expectBack(app(trainer.port), trainer, (socket) => socket.write(bytes))
      }),
    )
  })

  test('silence: it is asked after two seconds, and left when it does not answer', async () => {
    let isDeaf = false
    const trainer = await badTrainer(() => isDeaf)
    const { links, states } = app(trainer.port, hasty)
    await until('the link', () => links.length === 1)
    let goneMs: number | undefined
    links[0]!.onClosed = () => (goneMs = hasty.nowMs())
    const fromMs = hasty.nowMs()
    isDeaf = true
    await until('the end of it', () => goneMs !== undefined)
    expect(goneMs! - fromMs).toBeGreaterThan(2000)
    expect(goneMs! - fromMs).toBeLessThan(4500)
    expect(states.some((s) => s.startsWith('the trainer is gone (it has fallen silent)'))).toBe(true)
  })

  test('an answer that never comes is undefined, and nothing waits for ever', async () => {
    const trainer = await badTrainer((request) => request.type === DIRCON_TYPE.read)
    const { links } = app(trainer.port, hasty)
    await until('the link', () => links.length === 1)
    const reads = await Promise.all(Array.from({ length: 200 }, () => links[0]!.read(GATT.machineFeature)))
    expect(reads.every((value) => value === undefined)).toBe(true)
  })
})

describe('[B73] our server among many, and the bad', () => {
  async function listen() {
    const trainer = new SimulatedTrainer()
    const server = new DirconServer(trainer.peripheral)
    const port = await server.listen(0, LOOPBACK)
    cleanups.push(() => server.close())
    return { trainer, server, port }
  }
  async function knock(port: number): Promise<Socket> {
    const socket = connect({ port, host: LOOPBACK })
    socket.on('error', () => {})
    cleanups.push(() => void socket.destroy())
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
    return socket
  }

  test('three hundred connections: who rides goes on riding, and a new app finds room', async () => {
    const { trainer, server, port } = await listen()
    const rider = app(port)
    await until('its subscription', () => server.subscriberCount(GATT.indoorBikeData) === 1)
    for (let i = 0; i < 300; i += 20) await Promise.all(Array.from({ length: 20 }, () => knock(port)))
    await until('most of them turned away', () => server.refusedConnections >= 290)
    expect(server.connectionCount).toBeLessThanOrEqual(8)
    trainer.show({ powerW: 205 }, 1)
    await until('watts', () => rider.watts.at(-1) === 205)
    expect(rider.links.length).toBe(1)
    const second = app(port)
    await until('the second app', () => server.subscriberCount(GATT.indoorBikeData) === 2)
    trainer.show({ powerW: 206 }, 1)
    await until('watts for both', () => rider.watts.at(-1) === 206 && second.watts.at(-1) === 206)
  })

  test('who asks and never reads is closed; who listens and never reads costs no more than the bound', async () => {
    const { trainer, server, port } = await listen()
    const greedy = await knock(port)
    greedy.pause()
    const many = Buffer.concat(Array.from({ length: 2000 }, () => frame(DIRCON_TYPE.services, 1)))
    let most = 0
    const asking = setInterval(() => {
      greedy.write(many)
      most = Math.max(most, server.backlogBytes)
    }, 1)
    cleanups.push(() => clearInterval(asking))
    await until('it closed', () => server.refusedConnections === 1)
    clearInterval(asking)
    const sleepy = await knock(port)
    sleepy.write(frame(DIRCON_TYPE.subscribe, 1, [...uuidToBytes(GATT.indoorBikeData), 1]))
    await until('its subscription', () => server.subscriberCount(GATT.indoorBikeData) === 1)
    sleepy.pause()
    const value = new Uint8Array(500)
    for (let i = 0; i < 400 && server.droppedNotifications === 0; i++) {
      for (let j = 0; j < 500; j++) trainer.peripheral.notify(GATT.indoorBikeData, value)
      await new Promise((resolve) => setImmediate(resolve))
      most = Math.max(most, server.backlogBytes)
    }
    expect(server.droppedNotifications).toBeGreaterThan(0)
    expect(most).toBeLessThan(BACKLOG_BYTES_MAX + BODY_BYTES_MAX + HEADER_BYTES)
    expect(server.connectionCount).toBe(1)
  })
})
