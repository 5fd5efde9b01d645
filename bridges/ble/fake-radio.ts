import type { BridgeClock } from '../core/clock.ts'
import type { GattPeripheral } from '../gatt-peripheral.ts'
import type { BleAdapter, BlePeripheral, BleService, RadioPower } from './adapter.ts'

/**
 * A radio in memory that does what real ones do: it tells values late, twice and in bursts, also after the link has gone; it
 * lets connections hang; it scans without seeing; it is switched off and on; it refuses two things at once. Everything by a
 * seed and the clock it is given.
 */
export interface FakeHabits {
  /** Connections, discoveries and operations take up to so long. */
  readonly stepMs: number
  /** Values come up to so late, in order. */
  readonly lateMs: number
  /** Shares of 1. */
  readonly twice: number
  readonly burst: number
  readonly connectHangs: number
  readonly connectFails: number
  readonly discoverHangs: number
  readonly operationHangs: number
  /** Switched off, it does not say of each link that it is gone. */
  readonly silentOff: number
  readonly scanHangs: number
  /** A scan that says it runs and sees nothing. */
  readonly scanBlind: number
}

const GOOD_HABITS: FakeHabits = {
  ...{ stepMs: 30, lateMs: 5, twice: 0, burst: 0 },
  ...{
    connectHangs: 0,
    connectFails: 0,
    discoverHangs: 0,
    operationHangs: 0,
    silentOff: 0,
    scanHangs: 0,
    scanBlind: 0,
  },
}
export const BAD_HABITS: FakeHabits = {
  ...{ stepMs: 200, lateMs: 120, twice: 0.1, burst: 0.02 },
  ...{ connectHangs: 0.05, connectFails: 0.15, discoverHangs: 0.05, operationHangs: 0.01, silentOff: 0.5 },
  ...{ scanHangs: 0.03, scanBlind: 0.1 },
}
const BURST_MS = 1500
/** Peripherals advertise about so often. */
const ADVERTISE_MS = 250

export interface FakeRadioOptions {
  readonly clock: BridgeClock
  readonly random: () => number
  readonly habits?: FakeHabits
  /** The system connects to devices it knows without having seen them. */
  readonly canRecall?: boolean
}

export class FakeRadio implements BleAdapter {
  onPower: ((power: RadioPower) => void) | undefined
  habits: FakeHabits
  readonly clock: BridgeClock
  readonly random: () => number
  /** What a carrier must never do: scan and connect at once, connect twice at once. */
  readonly offences: string[] = []
  scanCount = 0
  resetCount = 0
  #power: RadioPower = 'on'
  readonly #canRecall: boolean
  readonly #sensors: FakeSensor[] = []
  #stopAdvertising: (() => void) | undefined
  #connecting: FakeSensor | undefined

  constructor({ clock, random, habits = GOOD_HABITS, canRecall = true }: FakeRadioOptions) {
    this.clock = clock
    this.random = random
    this.habits = habits
    this.#canRecall = canRecall
  }

  get power(): RadioPower {
    return this.#power
  }
  get isScanning(): boolean {
    return this.#stopAdvertising !== undefined
  }
  get linkCount(): number {
    return this.#sensors.filter(({ isLinked }) => isLinked).length
  }

  add(options: { readonly id: string; readonly name: string; readonly gatt: GattPeripheral }): FakeSensor {
    const sensor = new FakeSensor(this, options)
    this.#sensors.push(sensor)
    return sensor
  }

  switch(power: RadioPower): void {
    this.#power = power
    if (power !== 'on') {
      this.#stopAdvertising?.()
      this.#stopAdvertising = undefined
      this.#connecting = undefined
      const isTold = this.random() >= this.habits.silentOff
      for (const sensor of this.#sensors) sensor.drop({ isTold })
    }
    this.onPower?.(power)
  }

  async scan(services: readonly string[], onSeen: (peripheral: BlePeripheral) => void): Promise<void> {
    if (this.#connecting !== undefined) this.offences.push('scan while connecting')
    this.scanCount++
    if (this.#power !== 'on') throw new Error('the radio is off')
    if (this.random() < this.habits.scanHangs) return await new Promise<void>(() => {})
    const isBlind = this.random() < this.habits.scanBlind
    this.#stopAdvertising?.()
    const turn = (): void => {
      this.#stopAdvertising = this.clock.after(ADVERTISE_MS * (0.5 + this.random()), turn)
      if (isBlind) return
      for (const sensor of this.#sensors) if (sensor.isInAir(services)) onSeen(sensor.seen())
    }
    this.#stopAdvertising = this.clock.after(ADVERTISE_MS * this.random(), turn)
    await this.step()
  }

  async stopScan(): Promise<void> {
    this.#stopAdvertising?.()
    this.#stopAdvertising = undefined
  }

  recall(id: string): BlePeripheral | undefined {
    return this.#canRecall ? this.#sensors.find((sensor) => sensor.id === id)?.seen() : undefined
  }

  reset(): void {
    this.resetCount++
    this.switch('unknown')
    this.clock.after(100, () => this.switch('on'))
  }

  async close(): Promise<void> {
    await this.stopScan()
    for (const sensor of this.#sensors) sensor.drop()
  }

  /** For sensors: one connection is made at a time, and none while it scans. */
  beginConnecting(sensor: FakeSensor): void {
    if (this.isScanning) this.offences.push(`connect to ${sensor.name} while scanning`)
    if (this.#connecting !== undefined) this.offences.push(`connect to ${sensor.name} while connecting`)
    if (this.#power !== 'on') throw new Error('the radio is off')
    this.#connecting = sensor
  }
  endConnecting(sensor: FakeSensor): void {
    if (this.#connecting === sensor) this.#connecting = undefined
  }

  /** Time that an answer takes. */
  step(): Promise<void> {
    return new Promise((resolve) => this.clock.after(this.random() * this.habits.stepMs, resolve))
  }
}

interface Listener {
  readonly onValue: (bytes: Uint8Array) => void
  /** The link it was made for. */
  readonly link: number
}

export class FakeSensor {
  id: string
  readonly name: string
  gatt: GattPeripheral
  isAwake = true
  /** Another program has it: it is in the air, and lets nobody in. */
  isHeld = false
  linksMade = 0
  readonly #radio: FakeRadio
  readonly #listeners = new Map<string, Listener>()
  #link = 0
  #isLinked = false
  #onDisconnected: (() => void)[] = []
  #nextValueMs = 0

  constructor(radio: FakeRadio, { id, name, gatt }: { id: string; name: string; gatt: GattPeripheral }) {
    this.#radio = radio
    this.id = id
    this.name = name
    this.gatt = gatt
    gatt.onNotify = (uuid, bytes) => this.#tell(uuid, bytes)
  }

  get isLinked(): boolean {
    return this.#isLinked
  }
  get listenerCount(): number {
    return this.#listeners.size
  }

  isInAir(services: readonly string[]): boolean {
    return this.isAwake && !this.#isLinked && this.gatt.services.some(({ uuid }) => services.includes(uuid))
  }

  /** Out of reach for a moment: it is in the air again at once. */
  drop({ isTold = true } = {}): void {
    if (!this.#isLinked) return
    this.#isLinked = false
    this.#link++
    this.gatt.left()
    const callbacks = this.#onDisconnected.splice(0)
    if (isTold) for (const callback of callbacks) callback()
    this.#listeners.clear()
  }

  sleep(): void {
    this.isAwake = false
    this.drop()
  }

  seen(): BlePeripheral {
    const { id, name } = this
    return {
      ...{ id, name, services: this.gatt.services.map(({ uuid }) => uuid) },
      connect: () => this.#connect(id),
      disconnect: async () => {
        this.#radio.endConnecting(this)
        await this.#radio.step()
        this.drop()
      },
      discover: () => this.#discover(),
      onDisconnected: (callback) => void this.#onDisconnected.push(callback),
    }
  }

  async #connect(id: string): Promise<void> {
    const { habits, random } = this.#radio
    this.#radio.beginConnecting(this)
    // Nobody answers to a number that it had yesterday, nor in its sleep.
    const isSilent = id !== this.id || !this.isAwake
    if (isSilent || random() < habits.connectHangs) return await new Promise<void>(() => {})
    await this.#radio.step()
    this.#radio.endConnecting(this)
    if (this.isHeld || this.#isLinked || random() < habits.connectFails) throw new Error('connection failed')
    this.#isLinked = true
    this.linksMade++
    this.#link++
  }

  async #discover(): Promise<readonly BleService[]> {
    const { habits, random } = this.#radio
    const link = this.#link
    if (random() < habits.discoverHangs) return await new Promise<BleService[]>(() => {})
    await this.#radio.step()
    const operation = async <T>(act: () => T): Promise<T> => {
      if (random() < habits.operationHangs) return await new Promise<T>(() => {})
      await this.#radio.step()
      if (link !== this.#link || !this.#isLinked) throw new Error('not connected')
      return act()
    }
    return this.gatt.services.map(({ uuid, characteristics }) => ({
      uuid,
      characteristics: characteristics.map((c) => ({
        uuid: c.uuid,
        read: () => operation(() => c.value),
        write: (bytes) => operation(() => this.gatt.written(c.uuid, bytes)),
        subscribe: (onValue) => operation(() => void this.#listeners.set(c.uuid, { onValue, link })),
      })),
    }))
  }

  /** In order, but when the stack pleases; what is in its queue comes even if the link has gone meanwhile. */
  #tell(uuid: string, bytes: Uint8Array): void {
    const listener = this.#listeners.get(uuid)
    if (listener === undefined) return
    const { clock, habits, random } = this.#radio
    const lateMs = random() < habits.burst ? BURST_MS : random() * habits.lateMs
    this.#nextValueMs = Math.max(this.#nextValueMs, clock.nowMs() + lateMs)
    const isTwice = random() < habits.twice
    clock.after(this.#nextValueMs - clock.nowMs(), () => {
      listener.onValue(bytes)
      if (isTwice) listener.onValue(Uint8Array.from(bytes))
    })
  }
}
