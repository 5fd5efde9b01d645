import type { AntDriver, AntPlusDriver, UsbDevice } from '../ant/usb.ts'
import { type AntFrame, encodeAntFrame } from '../core/ant-frame.ts'
import { AntFramer } from '../core/ant-framer.ts'
import type { BridgeClock } from '../core/clock.ts'

const ID = { event: 0x40, reset: 0x4a, request: 0x4d, broadcast: 0x4e, burst: 0x50, capabilities: 0x54, startup: 0x6f }
const EVENT = 1
const OK = 0
/** Eight channels, three networks, and a search that disturbs no channel. */
const CAPABILITIES = [8, 3, 0x00, 0x32, 0x36, 0x00]
const VENDOR = 0x0fcf
const PRODUCT = 0x1009
const CLASS = 'GarminStick3'

/**
 * ANT+ sticks of a recording, in the place of the package that opens real ones. What configures a stick is answered at
 * once, as every stick does; pages and what became of ours come as they came. So a recording plays on with a later
 * program that asks its stick other things.
 */
export class PlayedSticks {
  readonly #sticks = new Map<string, PlayedStick>()

  constructor(ids: readonly string[], clock: BridgeClock) {
    for (const [i, id] of ids.entries()) this.#sticks.set(id, new PlayedStick(i + 1, clock))
  }

  get driver(): AntDriver {
    const sticks = this.#sticks
    const library = {
      [CLASS]: class implements AntPlusDriver {
        // The carrier makes one for each stick on the bus.
        readonly #stick = [...sticks.values()].find(({ isOpen }) => !isOpen)!
        inEp = this.#stick.inEp
        outEp = this.#stick.outEp
        open(): boolean {
          return this.#stick.opened()
        }
        close(): void {}
        once(_event: 'shutdown', listener: () => void): void {
          queueMicrotask(listener)
        }
      },
    }
    return { library, bus: { getDeviceList: () => [...sticks.values()].map(({ device }) => device) } }
  }

  play(id: string, chunk: Uint8Array): void {
    this.#sticks.get(id)?.play(chunk)
  }
}

type InEndpoint = NonNullable<AntPlusDriver['inEp']>
type OutEndpoint = NonNullable<AntPlusDriver['outEp']>

class PlayedStick {
  readonly device: UsbDevice
  readonly #clock: BridgeClock
  readonly #recorded = new AntFramer()
  readonly #written = new AntFramer()
  #onData: ((data: Buffer) => void) | undefined
  isOpen = false

  constructor(address: number, clock: BridgeClock) {
    this.#clock = clock
    const nothing = (): void => {}
    this.device = {
      deviceDescriptor: { idVendor: VENDOR, idProduct: PRODUCT },
      busNumber: 0,
      deviceAddress: address,
      open: nothing,
      close: nothing,
    }
  }

  readonly inEp: InEndpoint = {
    removeAllListeners: () => (this.#onData = undefined),
    on: (event: 'data' | 'error' | 'end', listener: ((data: Buffer) => void) | ((error?: Error) => void)) => {
      if (event === 'data') this.#onData = listener as (data: Buffer) => void
    },
  }
  readonly outEp: OutEndpoint = {
    transfer: (data, done) => {
      for (const frame of this.#written.push(new Uint8Array(data))) this.#answer(frame)
      this.#clock.after(0, () => done())
    },
  }

  opened(): boolean {
    this.isOpen = true
    this.#answer({ id: ID.reset, content: new Uint8Array(1) })
    return true
  }

  play(chunk: Uint8Array): void {
    for (const { id, content } of this.#recorded.push(chunk)) {
      const isConfirmation = id === ID.event && content[1] !== EVENT
      if (isConfirmation || id === ID.startup || id === ID.capabilities) continue
      this.#say(encodeAntFrame(id, content))
    }
  }

  #answer({ id, content }: AntFrame): void {
    const channel = content[0] ?? 0
    if (id === ID.reset) this.#later(ID.startup, [0x20])
    else if (id === ID.request) {
      if (content[1] === ID.capabilities) this.#later(ID.capabilities, CAPABILITIES)
    } else if (id < ID.broadcast || id > ID.burst) this.#later(ID.event, [channel, id, OK])
  }

  #later(id: number, content: readonly number[]): void {
    this.#clock.after(0, () => this.#say(encodeAntFrame(id, Uint8Array.from(content))))
  }

  #say(bytes: Uint8Array): void {
    this.#onData?.(Buffer.from(bytes))
  }
}
