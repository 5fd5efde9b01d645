import type { Browser, CDPSession, Page } from 'playwright-core'
import type { GattPeripheral } from '#bridges/gatt-peripheral'
import { PROPERTY } from '#bridges/dircon/frame'

/**
 * Peripherals without a radio, through Chromium's own Bluetooth stack (CDP BluetoothEmulation). What it teaches: the domain
 * lives on the browser's session, the chooser on the page's; a prompt is told twice and answered once; services are added
 * while discovery is answered, and again after each disconnection; a notifying characteristic needs a 0x2902 descriptor; and
 * notifications cannot be pushed, so an init script makes the page read the characteristic, which raises the same event on
 * the same object.
 */
export const BLE_FLAGS = ['--enable-features=WebBluetooth', '--enable-blink-features=WebBluetooth']
/** With them the page is given its devices again after a reload, without a chooser. */
export const BLE_MEMORY_FLAGS = [
  '--enable-features=WebBluetooth,WebBluetoothNewPermissionsBackend',
  '--enable-blink-features=WebBluetooth,WebBluetoothGetDevices',
]

const CCCD = '00002902-0000-1000-8000-00805f9b34fb'
/** HCI: connection failed to be established. */
const CONNECTION_FAILED = 0x3e
/** ATT: something that should not have happened. */
const UNLIKELY_ERROR = 0x0e

export interface EmulatedOptions {
  readonly name: string
  readonly gatt: GattPeripheral
}

export interface Write {
  readonly atMs: number
  readonly uuid: string
  readonly bytes: Uint8Array
}

/** What happens to a connection that is asked for while the peripheral is away. */
export type Away = 'refused' | 'unanswered'

/** One emulated adapter a browser, and what is in its air. */
export class BluetoothEmulator {
  /** Who is taken in the next chooser that offers them; otherwise the first one offered. */
  choice: EmulatedPeripheral | undefined
  /** What choosers offered, by name. */
  readonly prompts: string[][] = []
  readonly #browserSession: CDPSession
  readonly #page: Page
  readonly #peripherals: EmulatedPeripheral[] = []
  readonly #answered = new Set<string>()
  #isReloading = false

  private constructor(browserSession: CDPSession, page: Page) {
    this.#browserSession = browserSession
    this.#page = page
  }

  /** Call before the page is opened. */
  static async attach(browser: Browser, page: Page): Promise<BluetoothEmulator> {
    const emulator = new BluetoothEmulator(await browser.newBrowserCDPSession(), page)
    await page.addInitScript(REMEMBER_SUBSCRIPTIONS)
    const session = emulator.#browserSession
    // What is asked while the browser closes is answered to nobody; before that a failure is one.
    const unlessGone = (work: Promise<void>): void =>
      void work.catch((error: unknown) => {
        if (!page.isClosed() && !emulator.#isReloading) throw error
      })
    session.on('BluetoothEmulation.gattOperationReceived' as never, (event: { type: string; address: string }) => {
      unlessGone(emulator.#at(event.address).answerGatt(event.type))
    })
    session.on('BluetoothEmulation.characteristicOperationReceived' as never, (event: CharacteristicOperation) => {
      const owner = emulator.#peripherals.find((peripheral) => peripheral.owns(event.characteristicId))
      if (owner !== undefined) unlessGone(owner.answerCharacteristic(event))
    })
    await emulator.send('enable', { state: 'powered-on', leSupported: true })
    await emulator.#watchChooser()
    return emulator
  }

  async add(options: EmulatedOptions): Promise<EmulatedPeripheral> {
    const number = (this.#peripherals.length + 1).toString(16).padStart(2, '0')
    const peripheral = new EmulatedPeripheral(this, options, `09:09:09:09:09:${number}`)
    this.#peripherals.push(peripheral)
    await this.#announce(peripheral)
    return peripheral
  }

  /** A new page in the same tab, in the same air. The reload takes the adapter from the page: it is switched off and on. */
  async reload(): Promise<void> {
    for (const peripheral of this.#peripherals) if (peripheral.isLinked) await peripheral.drop('refused')
    this.#isReloading = true
    await this.#page.reload()
    await this.send('disable', {}).catch(() => {}) // Ended by the reload already.
    await this.send('enable', { state: 'powered-on', leSupported: true })
    for (const peripheral of this.#peripherals) await this.#announce(peripheral)
    this.#isReloading = false
    for (const peripheral of this.#peripherals) await peripheral.comeBack()
  }

  /** As a notification; false: nobody has subscribed. */
  async raise(name: string, uuid: string): Promise<boolean> {
    const script = `window.__blePush ? window.__blePush(${JSON.stringify(name)}, ${JSON.stringify(uuid)}) : false`
    try {
      return (await this.#page.evaluate(script)) === true
    } catch {
      return false // Told while the page goes: to nobody.
    }
  }

  /** Operations of the page wait, and those under way have ended; or they go on. */
  async hold(isHeld: boolean): Promise<void> {
    await this.#page.evaluate(isHeld ? 'window.__bleHold?.()' : 'window.__bleGo?.()')
  }

  async send(command: string, parameters: Record<string, unknown>): Promise<Record<string, string>> {
    return (await this.#browserSession.send(`BluetoothEmulation.${command}` as never, parameters as never)) as never
  }

  #at(address: string): EmulatedPeripheral {
    return this.#peripherals.find((peripheral) => peripheral.address === address)!
  }

  async #announce({ address, name, gatt }: EmulatedPeripheral): Promise<void> {
    const knownServiceUuids = gatt.services.map(({ uuid }) => uuid)
    await this.send('simulatePreconnectedPeripheral', { address, name, manufacturerData: [], knownServiceUuids })
  }

  async #watchChooser(): Promise<void> {
    const session = await this.#page.context().newCDPSession(this.#page)
    session.on('DeviceAccess.deviceRequestPrompted', ({ id, devices }) => {
      const offered = this.#peripherals.filter(({ address }) => devices.some((device) => device.id === address))
      const chosen = this.choice === undefined ? offered[0] : offered.find((one) => one === this.choice)
      if (chosen === undefined || this.#answered.has(id)) return // A second answer ends the browser.
      this.#answered.add(id)
      this.prompts.push(offered.map(({ name }) => name))
      void session.send('DeviceAccess.selectPrompt', { id, deviceId: chosen.address })
    })
    await session.send('DeviceAccess.enable')
  }
}

export class EmulatedPeripheral {
  readonly address: string
  readonly name: string
  /** What it has; another order, or other services, hold from the next link on. */
  gatt: GattPeripheral
  readonly writes: Write[] = []
  /** Set by who watches: the page subscribed to a characteristic. */
  onSubscribed: ((uuid: string, atMs: number) => void) | undefined
  connectCount = 0
  readonly #emulator: BluetoothEmulator
  readonly #uuidOf = new Map<string, string>()
  /** Answers for the reads that push. */
  readonly #stale = new Set<string>()
  readonly #waiting = new Map<string, Uint8Array[]>()
  readonly #raising = new Set<Promise<boolean>>()
  #isLinked = false
  #away: Away | undefined
  #unanswered = 0
  #dropCount = 0

  constructor(emulator: BluetoothEmulator, { name, gatt }: EmulatedOptions, address: string) {
    this.#emulator = emulator
    this.name = name
    this.gatt = gatt
    this.address = address
    this.listen()
  }

  /** After `gatt` was replaced. */
  listen(): void {
    this.gatt.onNotify = (uuid, bytes) => void this.notify(uuid, bytes)
  }

  get isLinked(): boolean {
    return this.#isLinked
  }

  async notify(uuid: string, bytes: Uint8Array): Promise<boolean> {
    const queue = this.#waiting.get(uuid) ?? []
    this.#waiting.set(uuid, queue)
    queue.push(bytes)
    const raised = this.#emulator.raise(this.name, uuid)
    this.#raising.add(raised)
    void raised.finally(() => this.#raising.delete(raised))
    return raised
  }

  /** The link breaks; `away`: and stays broken until `comeBack`. Chromium's fake never ends an operation that is cut in two, and then makes no connection. */
  async drop(away?: Away): Promise<void> {
    await Promise.all(this.#raising)
    await this.#emulator.hold(true)
    this.#away = away
    this.#dropCount++
    this.#isLinked = false
    this.forgetTable()
    this.gatt.left()
    await this.#emulator.send('simulateGATTDisconnection', { address: this.address })
    await this.#emulator.hold(false)
  }

  /** From this moment on connections are made again. */
  async comeBack(): Promise<void> {
    this.#away = undefined
    for (; this.#unanswered > 0; this.#unanswered--) await this.#answer('connection', 0)
  }

  /** The browser's table is empty after a disconnection: services are added anew. */
  forgetTable(): void {
    for (const id of this.#uuidOf.keys()) this.#stale.add(id)
    this.#uuidOf.clear()
    this.#waiting.clear()
  }

  owns(characteristicId: string): boolean {
    return this.#uuidOf.has(characteristicId) || this.#stale.has(characteristicId)
  }

  async answerGatt(type: string): Promise<void> {
    if (type === 'connection') {
      this.connectCount++
      if (this.#away === 'unanswered') {
        this.#unanswered++
        return
      }
      if (this.#away === 'refused') return this.#answer(type, CONNECTION_FAILED)
      this.#isLinked = true
    }
    const drop = this.#dropCount
    try {
      if (type === 'discovery' && this.#uuidOf.size === 0) await this.#addServices()
      await this.#answer(type, 0)
    } catch (error) {
      if (drop === this.#dropCount) throw error
      await this.#answer(type, CONNECTION_FAILED).catch(() => {}) // The link is gone, and perhaps who asked.
    }
  }

  async answerCharacteristic(event: CharacteristicOperation): Promise<void> {
    const uuid = this.#uuidOf.get(event.characteristicId)
    // Asked on the way to a link that is gone.
    if (uuid === undefined) return await this.#respond(event, { code: UNLIKELY_ERROR }).catch(() => {})
    if (event.type === 'read') {
      const data = this.#waiting.get(uuid)?.shift() ?? this.gatt.find(uuid)?.value ?? new Uint8Array(0)
      await this.#respond(event, { data })
      return
    }
    if (event.type === 'write') {
      const bytes = new Uint8Array(Buffer.from(event.data ?? '', 'base64'))
      const atMs = performance.now()
      await this.#respond(event)
      this.writes.push({ atMs, uuid, bytes })
      this.gatt.written(uuid, bytes)
      return
    }
    await this.#respond(event)
    if (event.type === 'subscribe-to-notifications') this.onSubscribed?.(uuid, performance.now())
  }

  async #addServices(): Promise<void> {
    const { address } = this
    for (const { uuid: serviceUuid, characteristics } of this.gatt.services) {
      const { serviceId } = await this.#emulator.send('addService', { address, serviceUuid })
      for (const { uuid: characteristicUuid, properties: bits } of characteristics) {
        const isTelling = (bits & (PROPERTY.notify | PROPERTY.indicate)) !== 0
        const properties = {
          // `read` also where it is only for the push.
          read: (bits & PROPERTY.read) !== 0 || isTelling,
          write: (bits & PROPERTY.write) !== 0,
          notify: (bits & PROPERTY.notify) !== 0,
          indicate: (bits & PROPERTY.indicate) !== 0,
        }
        const added = await this.#emulator.send('addCharacteristic', { serviceId, characteristicUuid, properties })
        const characteristicId = added['characteristicId']!
        this.#uuidOf.set(characteristicId, characteristicUuid)
        if (isTelling) await this.#emulator.send('addDescriptor', { characteristicId, descriptorUuid: CCCD })
      }
    }
  }

  async #answer(type: string, code: number): Promise<void> {
    await this.#emulator.send('simulateGATTOperationResponse', { address: this.address, type, code })
  }

  async #respond(
    { characteristicId, type }: CharacteristicOperation,
    { data, code = 0 }: { readonly data?: Uint8Array; readonly code?: number } = {},
  ): Promise<void> {
    await this.#emulator.send('simulateCharacteristicOperationResponse', {
      ...{ characteristicId, type, code },
      ...(data ? { data: Buffer.from(data).toString('base64') } : {}),
    })
  }
}

interface CharacteristicOperation {
  readonly characteristicId: string
  readonly type: string
  readonly data?: string
}

/**
 * Runs in the page: the app's code is as it is; only who subscribed is remembered, so that it can be made to read, and
 * operations can be held while a link breaks.
 */
const REMEMBER_SUBSCRIPTIONS = `
  if ('BluetoothRemoteGATTCharacteristic' in window) {
    const subscribed = new Map()
    const { prototype } = BluetoothRemoteGATTCharacteristic
    const underWay = new Set()
    let gate
    for (const name of ['readValue', 'writeValueWithResponse', 'writeValueWithoutResponse', 'startNotifications']) {
      const act = prototype[name]
      prototype[name] = async function (...args) {
        await gate?.promise
        const done = act.apply(this, args)
        underWay.add(done)
        try {
          return await done
        } finally {
          underWay.delete(done)
        }
      }
    }
    window.__bleHold = async () => {
      gate = Promise.withResolvers()
      await Promise.allSettled(underWay)
    }
    window.__bleGo = () => {
      gate?.resolve()
      gate = undefined
    }
    const start = prototype.startNotifications
    prototype.startNotifications = async function () {
      const started = await start.call(this)
      subscribed.set((this.service.device.name ?? '') + this.uuid, this)
      return started
    }
    window.__blePush = async (name, uuid) => {
      // After a reload the page may not know the name.
      const characteristic = subscribed.get(name + uuid) ?? subscribed.get(uuid)
      if (!characteristic || !characteristic.service.device.gatt.connected) return false
      try {
        await characteristic.readValue()
        return true
      } catch {
        return false
      }
    }
  }
`
