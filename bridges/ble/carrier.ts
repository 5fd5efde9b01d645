import type { BridgeClock } from '../core/clock.ts'
import { inTime } from '../core/clock.ts'
import type { GattCarrier, GattCarrierEvents } from '../core/gatt.ts'
import { GATT } from '../core/gatt.ts'
import type { BleAdapter, BlePeripheral, RadioPower } from './adapter.ts'
import { asleepFault, type BleFault, heldFault, type Host, powerFault, stuckFault } from './faults.ts'
import { BleLink } from './link.ts'
import { type KnownPeripheral, type Sensor, Sensors } from './sensors.ts'
import { succeeds, valueOf } from './steps.ts'

export interface BleCarrierOptions extends GattCarrierEvents {
  readonly adapter: BleAdapter
  readonly clock: BridgeClock
  /** For the words of its faults. */
  readonly host: Host
  /** Only peripherals whose name contains this. */
  readonly name?: string | undefined
  /** Devices of other days: looked for at once. */
  readonly known?: readonly KnownPeripheral[]
  /** False: no others are taken. */
  readonly takesNew?: boolean
  /** A link is up: what to remember of the device. */
  readonly onKnown?: (known: KnownPeripheral) => void
}

const SERVICES = [
  ...[GATT.fitnessMachine, GATT.cyclingPower, GATT.speedCadence, GATT.heartRate],
  ...[GATT.fec, GATT.buttons],
]
/** Of the Generic Attribute service: the peripheral says that what was discovered holds no longer. */
const SERVICE_CHANGED = '00002a05-0000-1000-8000-00805f9b34fb'

/** Radios hang: every step has its own limit, and what hangs is given up and begun again. */
const CONNECT_MS = 6000
/** For who has not been seen: most losses are short, and the others wait meanwhile. */
const RECALL_MS = 2000
const DISCOVER_MS = 10_000
const STEP_MS = 2000
const RETRY_MS = [250, 500, 1000, 2000, 5000] as const
/** Never linked, and refuses: a neighbour's. It must not keep ours waiting. */
const FOREIGN_AFTER_FAILURES = 5
const FOREIGN_RETRY_MS = 60_000
/** A scan that runs for ever says every device once, and on some radios stops without a word. */
const SCAN_MS = 5000
/** Nobody is looked for: the radio belongs to the links, and new devices are looked for now and then. */
const REST_MS = 10_000
const SCAN_FAILURES_MAX = 3
const ASLEEP_AFTER_MS = 20_000
const HELD_AFTER_FAILURES = 3

/**
 * Finds trainers and sensors in the air, keeps them, and finds them again. The radio does one thing at a time: it scans, or
 * it makes one connection.
 */
export class BleCarrier implements GattCarrier {
  readonly #options: BleCarrierOptions
  readonly #sensors = new Sensors()
  #isClosed = false
  #isScanning = false
  #scanFailures = 0
  #lastPower: RadioPower = 'on'
  #wake: (() => void) | undefined
  #running: Promise<void> | undefined

  constructor(options: BleCarrierOptions) {
    this.#options = options
    for (const known of options.known ?? []) this.#sensors.add(known, options.clock.nowMs())
  }

  start(): void {
    const { adapter, onState } = this.#options
    this.#lastPower = adapter.power
    adapter.onPower = (power) => this.#onPower(power)
    onState('looking for trainers and sensors in the air')
    this.#running = this.#run()
  }

  async close(): Promise<void> {
    const { adapter, clock } = this.#options
    this.#isClosed = true
    adapter.onPower = undefined
    this.#wake?.()
    // What hangs at this moment is not waited for to its end.
    if (this.#running !== undefined) await inTime(clock, STEP_MS, this.#running)
    for (const { link } of this.#sensors.all) link?.close()
    await inTime(
      clock,
      STEP_MS,
      succeeds(() => adapter.close()),
    )
    for (const sensor of this.#sensors.all) this.#dropLink(sensor)
  }

  /** Let go, and not looked for any more; as new if it is seen again. */
  forget(id: string): void {
    const sensor = this.#sensors.remove(id)
    sensor?.link?.close()
    if (sensor !== undefined) this.#dropLink(sensor)
  }

  /** What stands between the rider and their devices now. */
  get faults(): readonly BleFault[] {
    const { adapter, clock, host } = this.#options
    const power = powerFault(adapter.power, host)
    if (power !== undefined) return [power]
    const nowMs = clock.nowMs()
    return [
      ...(this.#scanFailures >= SCAN_FAILURES_MAX ? [stuckFault()] : []),
      ...this.#sensors.wanted.flatMap((sensor) => {
        if (sensor.failures >= HELD_AFTER_FAILURES) return [heldFault(labelOf(sensor))]
        const awayMs = nowMs - sensor.sinceMs
        return awayMs >= ASLEEP_AFTER_MS ? [asleepFault(labelOf(sensor), Math.round(awayMs / 1000))] : []
      }),
    ]
  }

  async #run(): Promise<void> {
    const { adapter, clock, onState, host } = this.#options
    while (!this.#isClosed) {
      if (adapter.power !== 'on') {
        const fault = powerFault(adapter.power, host)
        if (fault !== undefined) onState(`${fault.words} ${fault.remedy}`)
        await this.#wait(undefined)
        continue
      }
      const next = this.#sensors.next(adapter, clock.nowMs())
      if (next !== undefined) await this.#take(next)
      else await this.#look()
    }
    await this.#stopScan()
  }

  /** Scans until somebody is due, or for a while. */
  async #look(): Promise<void> {
    const { adapter, clock, onState } = this.#options
    if (!(await this.#startScan())) {
      if (this.#isClosed || adapter.power !== 'on') return
      this.#scanFailures++
      onState('the radio does not scan; trying again')
      const isAlone = this.#sensors.wanted.length === this.#sensors.all.length
      // A reset takes the links with it, so only when there are none.
      if (this.#scanFailures % SCAN_FAILURES_MAX === 0 && isAlone) adapter.reset()
      await this.#wait(RETRY_MS[Math.min(this.#scanFailures, RETRY_MS.length) - 1]!)
      return
    }
    this.#scanFailures = 0
    const dueMs = Math.min(...this.#sensors.wanted.flatMap((s) => (s.seen === undefined ? [] : [s.notBeforeMs])))
    await this.#wait(Math.min(SCAN_MS, Math.max(0, dueMs - clock.nowMs())))
    if (this.#isClosed || adapter.power !== 'on' || this.#isSomebodyDue()) return
    await this.#stopScan()
    const areAllHere = this.#sensors.all.length > 0 && this.#sensors.wanted.length === 0
    if (areAllHere) await this.#wait(REST_MS)
  }

  #isSomebodyDue(): boolean {
    const nowMs = this.#options.clock.nowMs()
    return this.#sensors.wanted.some((s) => s.notBeforeMs <= nowMs && (s.seen !== undefined || s.mayRecall))
  }

  readonly #onSeen = (peripheral: BlePeripheral): void => {
    if (this.#isClosed || !this.#isScanning) return
    const { name, takesNew = true, clock } = this.#options
    const isWanted = name === undefined || peripheral.name.toLowerCase().includes(name.toLowerCase())
    let sensor = this.#sensors.of(peripheral)
    if (sensor === undefined) {
      if (!isWanted || !takesNew || this.#sensors.isFull) return
      const known = { id: `ble:${peripheral.id}`, peripheralId: peripheral.id, name: peripheral.name, services: [] }
      sensor = this.#sensors.add(known, clock.nowMs())
    }
    if (sensor.link !== undefined) return
    if (peripheral.name !== '') sensor.known = { ...sensor.known, name: peripheral.name }
    sensor.seen = peripheral
    if (sensor.notBeforeMs <= clock.nowMs()) this.#wake?.()
  }

  async #take(next: { sensor: Sensor; peripheral: BlePeripheral; isSeen: boolean }): Promise<void> {
    const { sensor, peripheral, isSeen } = next
    const { onState } = this.#options
    // Most radios cannot connect while they scan.
    await this.#stopScan()
    if (isSeen) onState(`${labelOf(sensor)}: connecting`)
    const made = await this.#makeLink(sensor, peripheral, isSeen ? CONNECT_MS : RECALL_MS)
    const isStillWanted = this.#sensors.all.includes(sensor) && !this.#isClosed
    if (made.link !== undefined && !made.isGone() && isStillWanted) {
      this.#linked(sensor, made.link)
      return
    }
    // Also what was given up half-way: a half-open link keeps every other app out, and us too.
    await this.#inTime(
      STEP_MS,
      succeeds(() => peripheral.disconnect()),
    )
    sensor.seen = undefined
    if (!isSeen || !isStillWanted) return
    sensor.failures++
    const isForeign = sensor.known.services.length === 0 && sensor.failures >= FOREIGN_AFTER_FAILURES
    const retryMs = isForeign ? FOREIGN_RETRY_MS : RETRY_MS[Math.min(sensor.failures, RETRY_MS.length) - 1]!
    sensor.notBeforeMs = this.#options.clock.nowMs() + retryMs
    onState(`${labelOf(sensor)}: ${made.isConnected ? 'does not say what it has' : 'does not connect'}; trying again`)
  }

  async #makeLink(sensor: Sensor, peripheral: BlePeripheral, budgetMs: number) {
    const { clock } = this.#options
    let isGone = false
    let link: BleLink | undefined
    const lost = Promise.withResolvers<undefined>()
    const isConnected =
      (await this.#inTime(
        budgetMs,
        succeeds(() => peripheral.connect()),
      )) === true
    if (!isConnected) return { link: undefined, isConnected, isGone: () => isGone }
    peripheral.onDisconnected(() => {
      isGone = true
      lost.resolve(undefined)
      if (link !== undefined && sensor.link === link) this.#lost(sensor)
    })
    const discovered = Promise.race([valueOf(() => peripheral.discover()), lost.promise])
    const services = await this.#inTime(DISCOVER_MS, discovered)
    if (services !== undefined && services.length > 0)
      link = new BleLink({ id: sensor.id, name: labelOf(sensor), peripheral, services, clock })
    return { link, isConnected, isGone: () => isGone }
  }

  #linked(sensor: Sensor, link: BleLink): void {
    const { onLink, onKnown } = this.#options
    sensor.link = link
    sensor.seen = undefined
    sensor.failures = 0
    sensor.known = { ...sensor.known, services: [...link.services.keys()] }
    onKnown?.(sensor.known)
    // Discovered anew with the next link.
    void link.subscribe(SERVICE_CHANGED, () => link.close())
    onLink(link)
  }

  #lost(sensor: Sensor): void {
    const { clock, onState } = this.#options
    this.#dropLink(sensor)
    if (this.#isClosed) return
    sensor.sinceMs = clock.nowMs()
    sensor.notBeforeMs = clock.nowMs()
    sensor.mayRecall = true
    onState(`${labelOf(sensor)}: gone; looking for it`)
    this.#wake?.()
  }

  #dropLink(sensor: Sensor): void {
    const { link } = sensor
    sensor.link = undefined
    link?.gone()
  }

  #onPower(power: RadioPower): void {
    if (power === this.#lastPower) return
    this.#lastPower = power
    this.#isScanning = false
    for (const sensor of this.#sensors.all) {
      // What the radio knew of peripherals is void after it was off, whether it says so of each or not.
      if (sensor.link !== undefined) this.#lost(sensor)
      sensor.seen = undefined
      sensor.failures = 0
      sensor.mayRecall = true
      sensor.notBeforeMs = this.#options.clock.nowMs()
    }
    if (power === 'on') this.#options.onState('Bluetooth is on again; looking for trainers and sensors')
    this.#wake?.()
  }

  async #startScan(): Promise<boolean> {
    if (this.#isScanning) return true
    const { adapter } = this.#options
    this.#isScanning = true
    const isFine =
      (await this.#inTime(
        STEP_MS,
        succeeds(() => adapter.scan(SERVICES, this.#onSeen)),
      )) === true
    if (!isFine) await this.#stopScan()
    return isFine
  }

  async #stopScan(): Promise<void> {
    if (!this.#isScanning) return
    this.#isScanning = false
    await this.#inTime(
      STEP_MS,
      succeeds(() => this.#options.adapter.stopScan()),
    )
  }

  #inTime<T>(limitMs: number, step: Promise<T>): Promise<T | undefined> {
    return inTime(this.#options.clock, limitMs, step)
  }

  /** Until it is time or something happens; without a limit, until something happens. */
  async #wait(limitMs: number | undefined): Promise<void> {
    if (this.#isClosed) return
    const woken = Promise.withResolvers<void>()
    this.#wake = woken.resolve
    const cancel = limitMs === undefined ? undefined : this.#options.clock.after(limitMs, woken.resolve)
    await woken.promise
    cancel?.()
    this.#wake = undefined
  }
}

const labelOf = ({ known }: Sensor): string => (known.name === '' ? known.peripheralId : known.name)
