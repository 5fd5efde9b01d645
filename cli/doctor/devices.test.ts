import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { AntProbe } from '#bridges/ant/faults'
import { heldFault, noPackage, powerFault, stuckFault } from '#bridges/ble/faults'
import { DirconServer } from '#bridges/dircon/server'
import { FakeRadio } from '#bridges/ble/fake-radio'
import type { KnownDevice } from '#bridges/rider-memory'
import { strapPeripheral } from '#cli/emulated-sensors'
import { VirtualClock } from '#cli/sim/virtual-clock'
import { createRandom } from '#physics/random'
import { SimulatedTrainer } from '#bridges/trainer-sim/trainer'
import { closedPort } from '#test/support/whole-server'
import { lookAtAir } from './air.ts'
import { checkLines } from './check.ts'
import { deviceChecks, deviceFaults, type DeviceLook, FAULTS, type FaultId, type TrainerLook } from './devices.ts'
import { askTrainer } from './probes.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

const FTMS = '00001826-0000-1000-8000-00805f9b34fb'
const POWER = '00001818-0000-1000-8000-00805f9b34fb'
const TACX = '6e40fec1-b5a3-f393-e0a9-e50e24dcca9e'
const HOST = { platform: 'linux', execPath: '/opt/node/bin/node' }

const stick = (trouble: AntProbe['sticks'][number]['trouble']) => ({ place: '1-2', product: '1009', trouble })
const ANT: AntProbe = { platform: 'linux', hasPackage: true, key: 'right', sticks: [stick(undefined)] }
const TRAINER: TrainerLook = {
  ...{ name: 'One', host: '10.0.0.4', port: 36_866, answer: 'speaks', services: [FTMS, POWER], isAnnounced: true },
}
/** A machine where all is well. */
const WELL: DeviceLook = {
  ...{ platform: 'linux', ant: ANT, radio: [], known: [], trainers: [TRAINER], air: [] },
  network: { addresses: ['10.0.0.2'], multicast: 'heard' },
  browser: { path: '/usr/bin/chromium' },
  pageOrigin: 'https://club.example',
}
const radio = (power: 'no-adapter' | 'off' | 'no-permission') => [powerFault(power, HOST)!]
const REMEMBERED = {
  ...{ id: 'ble:a', name: 'Old Two', isTrainer: true, services: [TACX] },
  ...({ carrier: 'bluetooth', source: 'trainer' } as const),
}

/** What produces each, and a word that its remedy must have. */
const CASES: readonly (readonly [id: FaultId, look: Partial<DeviceLook>, remedy: RegExp])[] = [
  ['ant-no-package', { ant: { ...ANT, hasPackage: false, sticks: [] } }, /npm install ant-plus/],
  ['ant-no-stick', { ant: { ...ANT, sticks: [] } }, /Plug one in/],
  ['ant-no-permission', { ant: { ...ANT, sticks: [stick('no-permission')] } }, /SUBSYSTEM=="usb".*udevadm/],
  ['ant-busy', { ant: { ...ANT, sticks: [stick('busy')] } }, /End the other program/],
  ['ant-no-driver', { ant: { ...ANT, platform: 'win32', sticks: [stick('no-driver')] } }, /WinUSB/],
  ['ant-broken', { ant: { ...ANT, sticks: [stick('broken')] } }, /plug it in again/],
  ['ant-no-key', { ant: { ...ANT, key: 'missing' } }, /export GRUPPETTO_ANT_KEY=/],
  ['ant-bad-key', { ant: { ...ANT, key: { characters: 15, isHex: true } } }, /without spaces/],
  ['ble-no-package', { radio: [noPackage()] }, /npm install @stoprocent\/noble/],
  ['ble-no-adapter', { radio: radio('no-adapter') }, /Plug one in/],
  ['ble-off', { radio: radio('off') }, /rfkill unblock bluetooth/],
  ['ble-no-permission', { radio: radio('no-permission') }, /setcap cap_net_raw\+eip '\/opt\/node\/bin\/node'/],
  ['ble-stuck', { radio: [stuckFault()] }, /close it/],
  ['no-network', { network: { addresses: [], multicast: 'deaf' } }, /Join the network/],
  ['no-mdns', { network: { addresses: ['10.0.0.2'], multicast: 'deaf' } }, /UDP 5353.*--dircon HOST:PORT/],
  ['no-mdns', { network: { addresses: ['10.0.0.2'], multicast: { error: 'ENODEV' } } }, /UDP 5353/],
  ['trainer-held', { trainers: [{ ...TRAINER, answer: 'mute', services: [] }] }, /Close the other app/],
  ['trainer-held', { trainers: [{ ...TRAINER, answer: 'closed', services: [] }] }, /Close the other app/],
  ['trainer-asleep', { trainers: [{ ...TRAINER, answer: 'silent', isAnnounced: false }] }, /Turn the pedals/],
  ['trainer-asleep', { trainers: [{ ...TRAINER, answer: 'refused' }] }, /one network/],
  ['trainer-held', { air: [{ name: 'Two', isTrainer: true, answer: 'held' }] }, /Close the other program/],
  ['trainer-asleep', { air: [{ name: 'Two', isTrainer: true, answer: 'unseen' }] }, /Turn the pedals/],
  ['old-firmware', { trainers: [{ ...TRAINER, services: [POWER] }] }, /Update the trainer/],
  ['old-firmware', { known: [REMEMBERED] }, /Update the trainer/],
  ['no-web-bluetooth', { browser: { path: undefined } }, /enable-web-bluetooth.*gruppetto bridge/],
  ['page-not-secure', { pageOrigin: 'http://192.168.1.20:8214' }, /gruppetto ride http:\/\/192\.168\.1\.20:8214/],
]

test('[B122] where all is well there is no fault, and each line says so', () => {
  expect(deviceFaults(WELL)).toEqual([])
  expect(deviceChecks(WELL).map(({ name, level }) => `${name} ${level}`)).toEqual([
    ...['network good', 'trainer good', 'bluetooth good', 'ant good', 'browser good', 'page good'],
  ])
})

test('[B122] each fault is named alone by what shows it, with a sentence and its exact remedy', () => {
  for (const [id, more, remedy] of CASES) {
    const faults = deviceFaults({ ...WELL, ...more })
    expect(faults.map((fault) => fault.id)).toEqual([id])
    const [fault] = faults
    expect(fault!.words).toMatch(/^[A-Z].*\.$/s)
    expect(`${id}: ${fault!.remedy}`).toMatch(remedy)
    const [, line = ''] = checkLines(deviceChecks({ ...WELL, ...more }).find((check) => check.words === fault!.words)!)
    expect(line).toContain(`→ ${fault!.remedy}`)
  }
  expect(FAULTS.filter((id) => CASES.every(([shown]) => shown !== id))).toEqual([])
})

test('[B122] what somebody may well do without is no fault of theirs: no stick, no adapter, no key without a stick', () => {
  const bare = { ...WELL, ant: { ...ANT, sticks: [], key: 'missing' }, radio: radio('no-adapter') } as const
  expect(deviceFaults(bare).map(({ id, level }) => `${id} ${level}`)).toEqual([
    'ble-no-adapter none',
    'ant-no-stick none',
  ])
  // Of one device in the air a bridge knows, not a look at the machine.
  expect(deviceFaults({ ...WELL, radio: [heldFault('Strap')] })).toEqual([])
  expect(deviceFaults({ ...WELL, pageOrigin: 'http://localhost:8214' })).toEqual([])
})

test('[B122] in the air the rider’s own devices are listened for and linked to for a moment: there, held, asleep', async () => {
  const clock = new VirtualClock()
  const radio = new FakeRadio({ clock, random: createRandom(8214).fraction })
  const add = (id: string, name: string) => radio.add({ id, name, gatt: strapPeripheral() })
  const device = (id: string, name: string, isTrainer = false): KnownDevice => ({
    ...{ id: `ble:${id}`, name, carrier: 'bluetooth', source: 'strap', isTrainer, peripheralId: id },
  })
  const there = add('a', 'Strap')
  add('b', 'Trainer').isHeld = true
  add('c', 'Drawer').isAwake = false
  const stranger = add('x', 'Neighbour')
  add('other-number-today', 'Moved')
  const known = [device('a', 'Strap'), device('b', 'Trainer', true), device('c', 'Drawer'), device('d', 'Moved')]
  const look = lookAtAir(radio, [...known, { ...device('e', 'Wired'), carrier: 'network' }], clock)
  for (let ms = 0; ms <= 60_000; ms += 50) {
    clock.runUntil(ms)
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect((await look).map(({ name, answer }) => `${name} ${answer}`)).toEqual([
    ...['Strap there', 'Trainer held', 'Drawer unseen', 'Moved there'],
  ])
  expect([there.linksMade, stranger.linksMade, radio.linkCount, radio.isScanning]).toEqual([1, 0, 0, false])
  expect(radio.offences).toEqual([])
  expect(await lookAtAir(radio, [], clock)).toEqual([])
})

test('[B122] a trainer is asked over its own wire: speaks, is mute, hangs up, is not there', async () => {
  const trainer = new DirconServer(new SimulatedTrainer().peripheral)
  cleanups.push(() => trainer.close())
  const asked = await askTrainer('127.0.0.1', await trainer.listen(0, '127.0.0.1'))
  expect(asked.answer).toBe('speaks')
  expect(asked.services).toContain(FTMS)
  const listen = async (onSocket: (socket: Socket) => void): Promise<number> => {
    const held = new Set<Socket>()
    const server = createServer((socket) => {
      held.add(socket)
      socket.on('error', () => {}) // The asker hangs up.
      onSocket(socket)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    cleanups.push(async () => {
      for (const socket of held) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    })
    return (server.address() as AddressInfo).port
  }
  const answers = await Promise.all([
    askTrainer('127.0.0.1', await listen(() => {})),
    askTrainer('127.0.0.1', await listen((socket) => socket.end())),
    askTrainer('127.0.0.1', await closedPort()),
  ])
  expect(answers.map(({ answer }) => answer)).toEqual(['mute', 'closed', 'refused'])
})
