import { EventEmitter } from 'node:events'
import type { BridgeClock } from '../../core/clock.ts'
import { USB_ERRORS, type UsbDevice } from '../usb.ts'
import type { FakeAir } from './air.ts'
import { FakeChip, type ChipOptions } from './chip.ts'

export interface FakeStickOptions extends Omit<ChipOptions, 'clock' | 'air' | 'say'> {
  readonly clock: BridgeClock
  readonly air: FakeAir
  readonly product?: 0x1008 | 0x1009
  readonly bus?: number
  readonly port?: number
}

/** What may be wrong with a stick before its first byte. */
export type FakeTrouble = 'no-permission' | 'busy' | 'no-driver'

const PACKET_BYTES = 64

/**
 * A stick as `usb` shows it: a device with an interface and two endpoints, and behind them the chip. What the chip says goes
 * through `mangle` on its way to the host, so that a test can garble, cut, join, hold back or lose it.
 */
export class FakeStick implements UsbDevice {
  readonly deviceDescriptor
  readonly busNumber: number
  readonly deviceAddress: number
  readonly portNumbers: readonly number[]
  readonly #clock: BridgeClock
  readonly chip: FakeChip
  readonly #in = new InEndpoint()
  interfaces: FakeInterface[] | undefined
  trouble: FakeTrouble | undefined
  /** Bytes the host wrote, packet by packet. */
  readonly written: Uint8Array[] = []
  /** What becomes of a packet to the host: none, one, or several. */
  mangle: (packet: Uint8Array) => readonly Uint8Array[] = (packet) => [packet]
  /** The host's packets are not heard: a chip that hangs. */
  isDeaf = false
  #isPulled = false

  constructor(options: FakeStickOptions) {
    const { product = 0x1009, bus = 1, port = 1, clock } = options
    this.deviceDescriptor = { idVendor: 0x0fcf, idProduct: product }
    this.busNumber = bus
    this.deviceAddress = port + 1
    this.portNumbers = [port]
    this.#clock = clock
    this.chip = new FakeChip({ ...options, say: (bytes) => this.play(bytes) })
  }

  open(): void {
    if (this.#isPulled) throw usbError('LIBUSB_ERROR_NO_DEVICE', USB_ERRORS.noDevice)
    if (this.trouble === 'no-permission') throw usbError('LIBUSB_ERROR_ACCESS', USB_ERRORS.access)
    if (this.trouble === 'no-driver') throw usbError('LIBUSB_ERROR_NOT_SUPPORTED', USB_ERRORS.notSupported)
    this.interfaces = [new FakeInterface(this, this.#in, (data, done) => this.#transfer(data, done))]
  }

  close(): void {
    if (this.interfaces === undefined) throw new Error('Device is not opened')
    this.interfaces = undefined
  }

  reset(done: () => void): void {
    this.chip.powerOff()
    this.#clock.after(0, done)
  }

  /** Bytes to the host, in packets of 64 as USB brings them: what the chip says, or a recording. */
  play(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += PACKET_BYTES)
      for (const packet of this.mangle(bytes.slice(at, at + PACKET_BYTES))) this.deliver(packet)
  }

  /** Past `mangle`: what a test held back. */
  deliver(packet: Uint8Array): void {
    if (this.#in.isPolling && this.interfaces !== undefined) this.#in.emit('data', Buffer.from(packet))
  }

  /** Pulled out while in use: reading ends with an error, as libusb reports it. */
  pulled(): void {
    this.#isPulled = true
    this.chip.powerOff()
    this.#in.fail(usbError('LIBUSB_TRANSFER_NO_DEVICE', USB_ERRORS.transferNoDevice))
  }

  /** In again: to be plugged into the FakeUsb by the test. */
  pushedIn(): this {
    this.#isPulled = false
    return this
  }

  #transfer(data: Uint8Array, done: ((error?: Error) => void) | undefined): void {
    if (this.#isPulled) {
      this.#clock.after(0, () => done?.(usbError('LIBUSB_TRANSFER_NO_DEVICE', USB_ERRORS.transferNoDevice)))
      return
    }
    this.written.push(new Uint8Array(data))
    this.#clock.after(0, () => {
      done?.()
      if (!this.isDeaf && !this.#isPulled) this.chip.take(new Uint8Array(data))
    })
  }
}

class InEndpoint extends EventEmitter {
  isPolling = false

  startPoll(): void {
    if (this.isPolling) throw new Error('Polling already active')
    this.isPolling = true
  }

  stopPoll(done?: () => void): void {
    if (!this.isPolling) throw new Error('Polling is not active.')
    this.isPolling = false
    if (done !== undefined) this.once('end', done)
    queueMicrotask(() => this.emit('end'))
  }

  fail(error: Error): void {
    if (!this.isPolling) return
    this.isPolling = false
    this.emit('error', error)
    this.emit('end')
  }
}

type Transfer = (data: Uint8Array, done: ((error?: Error) => void) | undefined) => void

export class FakeInterface {
  readonly #stick: FakeStick
  readonly endpoints: readonly [InEndpoint, { transfer: Transfer }]

  constructor(stick: FakeStick, inEndpoint: InEndpoint, transfer: Transfer) {
    this.#stick = stick
    this.endpoints = [inEndpoint, { transfer }]
  }
  isKernelDriverActive(): boolean {
    return false
  }
  attachKernelDriver(): void {}
  claim(): void {
    if (this.#stick.trouble === 'busy') throw usbError('LIBUSB_ERROR_BUSY', USB_ERRORS.busy)
  }
  release(first: boolean | ((error?: Error) => void), second?: (error?: Error) => void): void {
    this.endpoints[0].removeAllListeners()
    const done = typeof first === 'function' ? first : second
    queueMicrotask(() => done?.())
  }
}

function usbError(name: string, errno: number): Error & { errno: number } {
  return Object.assign(new Error(name), { errno })
}
