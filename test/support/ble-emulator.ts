import type { Browser, CDPSession, Page } from 'playwright-core'

/**
 * A fitness machine without a radio, through Chromium's own Bluetooth stack (CDP BluetoothEmulation). What it teaches:
 * the domain lives on the browser's session, the chooser on the page's; a prompt is told twice and answered once; services
 * are added while discovery is answered; a notifying characteristic needs a 0x2902 descriptor; and notifications cannot be
 * pushed, so an init script makes the page read the characteristic, which raises the same event on the same object.
 */
export const BLE_FLAGS = ['--enable-features=WebBluetooth', '--enable-blink-features=WebBluetooth']

const ADDRESS = '09:09:09:09:09:09'
const full = (short: number): string => `0000${short.toString(16).padStart(4, '0')}-0000-1000-8000-00805f9b34fb`
const CCCD = 0x2902

interface Characteristic {
  readonly uuid: number
  readonly properties: Readonly<Record<string, boolean>>
}
const MACHINE: readonly Characteristic[] = [
  { uuid: 0x2acc, properties: { read: true } },
  // `read` only for the harness' push.
  { uuid: 0x2ad2, properties: { read: true, notify: true } },
  { uuid: 0x2ad9, properties: { read: true, write: true, indicate: true } },
  { uuid: 0x2ada, properties: { read: true, notify: true } },
]
const FEATURES = Uint8Array.of(0x02, 0x40, 0, 0, 0x00, 0x20, 0, 0) // cadence, power; simulation

export interface Write {
  readonly atMs: number
  readonly bytes: Uint8Array
}

export class EmulatedTrainer {
  /** Everything written to the control point. */
  readonly writes: Write[] = []
  private readonly browserSession: CDPSession
  private readonly page: Page
  private readonly uuidOf = new Map<string, number>()
  private readonly idOf = new Map<number, string>()
  /** Answers for the reads that push. */
  private readonly waiting = new Map<number, Uint8Array[]>()
  private readonly answered = new Set<string>()

  private constructor(browserSession: CDPSession, page: Page) {
    this.browserSession = browserSession
    this.page = page
  }

  /** Call before the page is opened. One emulated adapter a browser. */
  static async attach(browser: Browser, page: Page, name: string): Promise<EmulatedTrainer> {
    const session = await browser.newBrowserCDPSession()
    const trainer = new EmulatedTrainer(session, page)
    await page.addInitScript(rememberSubscriptions)
    const send = trainer.send.bind(trainer)
    // What is asked while the browser closes is answered to nobody; before that a failure is one.
    const unlessGone = (work: Promise<void>): void =>
      void work.catch((error: unknown) => {
        if (!page.isClosed()) throw error
      })
    session.on('BluetoothEmulation.gattOperationReceived' as never, (event: { type: string; address: string }) => {
      unlessGone(trainer.answerGatt(event))
    })
    session.on('BluetoothEmulation.characteristicOperationReceived' as never, (event: CharacteristicOperation) => {
      unlessGone(trainer.answerCharacteristic(event))
    })
    await send('enable', { state: 'powered-on', leSupported: true })
    await send('simulatePreconnectedPeripheral', {
      address: ADDRESS,
      name,
      manufacturerData: [],
      knownServiceUuids: [full(0x1826)],
    })
    const pageSession = await page.context().newCDPSession(page)
    pageSession.on('DeviceAccess.deviceRequestPrompted', (event) => {
      const isThere = event.devices.some((device) => device.id === ADDRESS)
      if (!isThere || trainer.answered.has(event.id)) return // A second answer ends the browser.
      trainer.answered.add(event.id)
      void pageSession.send('DeviceAccess.selectPrompt', { id: event.id, deviceId: ADDRESS })
    })
    await pageSession.send('DeviceAccess.enable')
    return trainer
  }

  /** As a notification of 0x2AD2. */
  async notifyBike(bytes: Uint8Array): Promise<boolean> {
    return this.push(0x2ad2, bytes)
  }

  async disconnect(): Promise<void> {
    this.idOf.clear() // The table is empty after a disconnection: services are added anew.
    await this.send('simulateGATTDisconnection', { address: ADDRESS })
  }

  private async push(uuid: number, bytes: Uint8Array): Promise<boolean> {
    const queue = this.waiting.get(uuid) ?? []
    this.waiting.set(uuid, queue)
    queue.push(bytes)
    return this.page.evaluate((name) => window.__blePush?.(name) ?? false, full(uuid))
  }

  private async answerGatt({ type, address }: { type: string; address: string }): Promise<void> {
    if (type === 'discovery' && this.idOf.size === 0) await this.addMachine()
    await this.send('simulateGATTOperationResponse', { address, type, code: 0 })
  }

  private async addMachine(): Promise<void> {
    const { serviceId } = await this.send('addService', { address: ADDRESS, serviceUuid: full(0x1826) })
    for (const { uuid, properties } of MACHINE) {
      const added = await this.send('addCharacteristic', { serviceId, characteristicUuid: full(uuid), properties })
      const id = added['characteristicId']!
      if (properties['notify'] || properties['indicate']) {
        await this.send('addDescriptor', { characteristicId: id, descriptorUuid: full(CCCD) })
      }
      this.idOf.set(uuid, id)
      this.uuidOf.set(id, uuid)
    }
  }

  private async answerCharacteristic(event: CharacteristicOperation): Promise<void> {
    const uuid = this.uuidOf.get(event.characteristicId)!
    if (event.type === 'read') {
      await this.respond(event, this.waiting.get(uuid)?.shift() ?? FEATURES)
      return
    }
    await this.respond(event)
    if (event.type !== 'write' || uuid !== 0x2ad9) return
    const bytes = new Uint8Array(Buffer.from(event.data ?? '', 'base64'))
    this.writes.push({ atMs: performance.now(), bytes })
    await this.push(0x2ad9, Uint8Array.of(0x80, bytes[0]!, 0x01))
  }

  private async respond(event: CharacteristicOperation, data?: Uint8Array): Promise<void> {
    await this.send('simulateCharacteristicOperationResponse', {
      characteristicId: event.characteristicId,
      type: event.type,
      code: 0,
      ...(data ? { data: Buffer.from(data).toString('base64') } : {}),
    })
  }

  private async send(command: string, parameters: Record<string, unknown>): Promise<Record<string, string>> {
    return (await this.browserSession.send(`BluetoothEmulation.${command}` as never, parameters as never)) as never
  }
}

interface CharacteristicOperation {
  readonly characteristicId: string
  readonly type: string
  readonly data?: string
}

declare global {
  interface Window {
    __blePush?: (uuid: string) => Promise<boolean>
  }
}

/** Runs in the page: the app's code is as it is; only who subscribed is remembered, so that it can be made to read. */
function rememberSubscriptions(): void {
  if (!('BluetoothRemoteGATTCharacteristic' in window)) return
  const subscribed = new Map<string, BluetoothRemoteGATTCharacteristic>()
  // The types know the class by shape only.
  const { prototype } = Reflect.get(window, 'BluetoothRemoteGATTCharacteristic') as {
    prototype: BluetoothRemoteGATTCharacteristic
  }
  const start = prototype.startNotifications
  prototype.startNotifications = async function (this: BluetoothRemoteGATTCharacteristic) {
    const started = await start.call(this)
    subscribed.set(this.uuid, this)
    return started
  }
  window.__blePush = async (uuid) => {
    const characteristic = subscribed.get(uuid)
    if (!characteristic) return false
    await characteristic.readValue()
    return true
  }
}
