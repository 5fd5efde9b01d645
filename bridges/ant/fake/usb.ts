import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import type { AntDriver, AntPlus, UsbBus, UsbDevice } from '../usb.ts'

/**
 * A machine's USB as the published ant-plus sees it: sticks are plugged in and pulled out. The package itself is the real
 * one; only what it gets from `require('usb')` is this.
 */
export class FakeUsb implements UsbBus {
  readonly #devices: UsbDevice[] = []

  plug(device: UsbDevice): void {
    if (!this.#devices.includes(device)) this.#devices.push(device)
  }

  unplug(device: UsbDevice & { pulled(): void }): void {
    const at = this.#devices.indexOf(device)
    if (at < 0) return
    this.#devices.splice(at, 1)
    device.pulled()
  }

  getDeviceList(): readonly UsbDevice[] {
    return [...this.#devices]
  }
  setDebugLevel(): void {}
  on(): this {
    return this
  }
  removeListener(): this {
    return this
  }
  emit(): boolean {
    return false
  }
  listenerCount(): number {
    return 0
  }
}

/** The published package, loaded anew over this USB, so that each test has its own list of sticks in use. */
export function fakeDriver(usb: FakeUsb): AntDriver {
  const load = createRequire(import.meta.url)
  const main = load.resolve('ant-plus')
  const usbPath = createRequire(main).resolve('usb')
  const before = load.cache[usbPath]
  load.cache[usbPath] = { exports: { usb } } as unknown as NodeJS.Module
  const folder = dirname(main) + sep
  for (const path of Object.keys(load.cache)) if (path.startsWith(folder)) delete load.cache[path]
  try {
    return { library: load('ant-plus') as AntPlus, bus: usb }
  } finally {
    if (before === undefined) delete load.cache[usbPath]
    else load.cache[usbPath] = before
    for (const path of Object.keys(load.cache)) if (path.startsWith(folder)) delete load.cache[path]
  }
}
