import { expect, test } from 'vitest'
import { VirtualClock } from '#cli/sim/virtual-clock'
import { createRandom } from '#physics/random'
import { steadyTrainer } from '#test/support/ant-bench'
import { AntCarrier } from './ant/carrier.ts'
import { FakeAir } from './ant/fake/air.ts'
import { FakeStick } from './ant/fake/stick.ts'
import { fakeDriver, FakeUsb } from './ant/fake/usb.ts'
import { BleCarrier } from './ble/carrier.ts'
import { FakeRadio } from './ble/fake-radio.ts'
import type { KnownPeripheral } from './ble/sensors.ts'
import type { BridgeClock } from './core/clock.ts'
import type { DeviceLink } from './core/devices.ts'
import type { GattCarrier } from './core/gatt.ts'
import { gattDevice } from './core/gatt-rider.ts'
import { Legs, LEGS_TICK_MS } from './core/legs.ts'
import type { ControlRequest } from './core/profiles/control-point.ts'
import { releaseTrainer } from './release-trainer.ts'
import type { CarrierEvents } from './ride-bridge.ts'
import { RELEASE_WITHIN_MS } from './supervisor.ts'
import { SimulatedTrainer } from './trainer-sim/trainer.ts'

/** The clock of a process that may be killed: from then on nothing of it happens any more. */
class MortalClock implements BridgeClock {
  isDead = false
  readonly #clock: BridgeClock
  constructor(clock: BridgeClock) {
    this.#clock = clock
  }
  nowMs(): number {
    return this.#clock.nowMs()
  }
  after(delayMs: number, callback: () => void): () => void {
    return this.#clock.after(delayMs, () => this.isDead || callback())
  }
}

async function pass(clock: VirtualClock, ms: number, isOver: () => boolean = () => false): Promise<number> {
  const fromMs = clock.nowMs()
  while (clock.nowMs() < fromMs + ms && !isOver()) {
    clock.runUntil(clock.nowMs() + 10)
    // Promises, and the microtasks of USB, have their turns.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return clock.nowMs() - fromMs
}

/** A bridge that holds a trainer on 8 %, until it is killed; then somebody else reaches for the trainer. */
function killed(options: {
  readonly make: (events: CarrierEvents, clock: BridgeClock) => GattCarrier
  readonly gradeOf: () => number
  /** What the system does for a process that has died. */
  readonly freed: () => void
}) {
  const clock = new VirtualClock()
  const mortal = new MortalClock(clock)
  let held: DeviceLink | undefined
  const legs = new Legs({ onTrainer: (trainer) => (held = trainer) })
  const events = (own: BridgeClock, take: (device: DeviceLink) => void): CarrierEvents => ({
    ...{ onKnown: () => {}, onState: () => {}, onDevice: take },
    onLink: (link) => void gattDevice(link, own).then(take),
  })
  const beat = (): void => {
    legs.road({ gradeFraction: 0.08 }, mortal.nowMs())
    legs.tick(mortal.nowMs())
    mortal.after(LEGS_TICK_MS, beat)
  }
  return {
    clock,
    async ride() {
      options
        .make(
          events(mortal, (device) => legs.add(device, mortal.nowMs())),
          mortal,
        )
        .start()
      beat()
      await pass(clock, 15_000, () => options.gradeOf() === 0.08)
      expect(options.gradeOf()).toBe(0.08)
      await pass(clock, 1000)
    },
    /** How long until the trainer is on the flat, and whether it has said so. */
    async kill(): Promise<{ afterMs: number; isConfirmed: boolean }> {
      mortal.isDead = true
      options.freed()
      let isConfirmed: boolean | undefined
      const done = releaseTrainer({
        ...{ clock, limitMs: RELEASE_WITHIN_MS, deviceId: held!.id },
        makeCarrier: (its) => options.make(its, clock),
      }).then((isFree) => (isConfirmed = isFree))
      const afterMs = await pass(clock, 5000, () => options.gradeOf() === 0)
      await pass(clock, 8000, () => isConfirmed !== undefined)
      await done
      return { afterMs, isConfirmed: isConfirmed === true }
    },
  }
}

test('[B95] over the desktop’s radio a trainer whose bridge was killed is on the flat within two seconds', async () => {
  const keeps = { name: 'keeps-target', value: 1, fromS: 0, toS: Infinity } as const
  const trainer = new SimulatedTrainer({ speaks: ['trainer'], faults: [keeps] })
  let radio: FakeRadio | undefined
  let drop = (): void => {}
  const known: KnownPeripheral[] = []
  const bench = killed({
    make(events, clock) {
      if (radio === undefined) {
        radio = new FakeRadio({ clock: bench.clock, random: createRandom(5).fraction })
        const sensor = radio.add({ id: 'aa:01', name: 'Turbo', gatt: trainer.peripheral })
        // The dead are not told.
        drop = () => sensor.drop({ isTold: false })
      }
      const host = { platform: 'linux', execPath: '/opt/node/bin/node' } as const
      return new BleCarrier({
        ...events,
        adapter: radio,
        clock,
        host,
        known: [...known],
        onKnown: (it) => known.push(it),
      })
    },
    gradeOf: () => ('gradeFraction' in trainer.target ? trainer.target.gradeFraction : Number.NaN),
    freed: () => drop(),
  })
  await bench.ride()
  const { afterMs, isConfirmed } = await bench.kill()
  expect(isConfirmed).toBe(true)
  expect(afterMs).toBeLessThanOrEqual(RELEASE_WITHIN_MS)
})

test('[B95] over the stick too, with its reset, its channel and its search', async () => {
  let requests: ControlRequest[] = []
  const usb = new FakeUsb()
  let stick: FakeStick | undefined
  const bench = killed({
    make(events, clock) {
      if (stick === undefined) {
        const air = new FakeAir(bench.clock)
        const { trainer, asked } = steadyTrainer(34211)
        air.add(trainer)
        stick = new FakeStick({ clock: bench.clock, air })
        usb.plug(stick)
        requests = asked
      }
      return new AntCarrier({
        ...{ clock, driver: fakeDriver(usb), ourNumber: 1, kinds: [17], devices: ['ant:17.34211'] },
        networkKey: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
        ...{ onDevice: events.onDevice, onState: events.onState },
      })
    },
    gradeOf() {
      const last = requests.findLast((request) => request.op === 'set-simulation')
      return last?.op === 'set-simulation' ? last.gradeFraction : Number.NaN
    },
    freed() {
      usb.unplug(stick!)
      usb.plug(stick!.pushedIn())
    },
  })
  await bench.ride()
  const { afterMs, isConfirmed } = await bench.kill()
  expect(isConfirmed).toBe(true)
  expect(afterMs).toBeLessThanOrEqual(RELEASE_WITHIN_MS)
})

test('[B95] a trainer that is not there is not waited for longer than that', async () => {
  const clock = new VirtualClock()
  let isFree: boolean | undefined
  const silent: GattCarrier = { start: () => {}, close: () => Promise.resolve() }
  void releaseTrainer({ clock, limitMs: RELEASE_WITHIN_MS, makeCarrier: () => silent }).then((it) => (isFree = it))
  await pass(clock, RELEASE_WITHIN_MS + 50)
  expect(isFree).toBe(false)
})
