import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '#server/clock'
import { until } from '#test/support/until'
import { ButtonCarrier } from './button-carrier.ts'
import { ButtonStream } from './core/button-stream.ts'
import { Legs } from './core/legs.ts'
import { decodeAppInformation, encodeButtonStates, encodeControllerStatus } from './core/profiles/open-bike-control.ts'

const cleanups: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

const press = (id: number, state = 1) => encodeButtonStates([{ id, state }])

test('[B89] buttons on the network shift, say their battery, and are found again when they were away', async () => {
  const sockets: Socket[] = []
  let heard = new Uint8Array(0)
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('data', (data: Buffer) => (heard = new Uint8Array(data)))
    socket.on('error', () => {}) // Cut off on purpose.
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  cleanups.push(() => new Promise((resolve) => server.close(resolve)))
  const { port } = server.address() as AddressInfo
  let asked = 0
  const legs = new Legs()
  const carrier = new ButtonCarrier({
    clock: systemClock,
    // Not known at first, as buttons on a network are.
    find: () => Promise.resolve(++asked > 1 ? { id: 'obc:7', name: 'Levers', host: '127.0.0.1', port } : undefined),
    onDevice: (device) => legs.add(device, systemClock.nowMs()),
    onState: () => {},
  })
  cleanups.push(() => carrier.close())
  carrier.start()
  const state = () => legs.state(systemClock.nowMs())
  await until('the buttons', () => state().devices.length === 1 && heard.length > 0)
  expect(decodeAppInformation(heard)).toMatchObject({ ok: true, value: { kind: 'app', id: 'gruppetto' } })
  sockets[0]!.write(encodeControllerStatus({ batteryPercent: 71, isReady: true }))
  sockets[0]!.write(press(1))
  await until('a gear', () => legs.driver.gear === 15)
  await until('the battery', () => state().devices[0]!.batteryPercent === 71)
  expect(state().devices[0]).toMatchObject({ id: 'obc:7', name: 'Levers', words: 'buttons', isTrainer: false })
  sockets[0]!.destroy()
  await until('buttons that are gone', () => state().devices.length === 0)
  await until('buttons that are back', () => state().devices.length === 1)
  sockets.at(-1)!.write(press(2))
  await until('a gear down', () => legs.driver.gear === 14)
})

describe('messages without a length', () => {
  const parts = [
    press(1),
    press(1, 0),
    encodeControllerStatus({ batteryPercent: 50, isReady: true }),
    press(2),
    press(2, 0),
  ]
  const whole = Uint8Array.from(parts.flatMap((part) => [...part]))
  const told = (stream: ButtonStream, chunks: readonly Uint8Array[]) =>
    chunks
      .flatMap((chunk) => stream.push(chunk))
      .flatMap((message) =>
        message.type === 'buttons' ? message.states.map(({ id, state }) => `${id}:${state}`) : ['status'],
      )
  const wanted = ['1:1', '1:0', 'status', '2:1', '2:0']

  test('[B89] are the same one by one, all at once, and byte by byte', () => {
    expect(told(new ButtonStream(), parts)).toEqual(wanted)
    expect(told(new ButtonStream(), [whole])).toEqual(wanted)
    expect(
      told(
        new ButtonStream(),
        [...whole].map((byte) => Uint8Array.of(byte)),
      ),
    ).toEqual(wanted)
  })

  test('[B89] with several buttons in one stay together, and garbage ends in nothing', () => {
    const plus = encodeButtonStates([
      { id: 1, state: 1 },
      { id: 0x30, state: 1 },
      { id: 0x14, state: 1 },
    ])
    expect(told(new ButtonStream(), [plus])).toEqual(['1:1', '48:1', '20:1'])
    const stream = new ButtonStream()
    for (let i = 0; i < 2000; i++) stream.push(Uint8Array.from({ length: 7 }, (_, k) => (i * 31 + k * 17) & 0xff))
    stream.reset()
    expect(told(stream, parts)).toEqual(wanted)
  })
})
