import { createRequire } from 'node:module'

/**
 * The parts of `usb` and of `ant-plus` that are used. ant-plus finds, opens and claims a stick through `usb`; its reading
 * and writing are not trusted (stick.ts). Both are optional packages, loaded only when asked for.
 */
export interface UsbBus {
  getDeviceList(): readonly UsbDevice[]
}

export interface UsbDevice {
  readonly deviceDescriptor: { readonly idVendor: number; readonly idProduct: number }
  readonly busNumber: number
  readonly deviceAddress: number
  readonly portNumbers?: readonly number[] | undefined
  /** Throws a `UsbError` where the system does not let us. */
  open(): void
  close(): void
  /** While it is open. */
  interfaces?: readonly UsbInterface[] | undefined
}

export interface UsbInterface {
  isKernelDriverActive(): boolean
  claim(): void
  release(done: (error?: Error) => void): void
}

/** libusb's own numbers: negative for what was asked, positive for what became of a transfer. */
export interface UsbError extends Error {
  readonly errno?: number
}

export const USB_ERRORS = {
  ...{ access: -3, noDevice: -4, notFound: -5, busy: -6, notSupported: -12 },
  ...{ transferCancelled: 3, transferNoDevice: 5 },
} as const

/** The driver inside ant-plus, one class for each stick it knows. */
export interface AntPlusDriver {
  open(): boolean
  close(): void
  once(event: 'shutdown', listener: () => void): void
  // Private in its types, and the same since its first release; checked when opened.
  inEp?: {
    removeAllListeners(event: 'data'): void
    on(event: 'data', listener: (data: Buffer) => void): void
    on(event: 'error' | 'end', listener: (error?: Error) => void): void
  }
  outEp?: { transfer(data: Buffer, done: (error?: Error) => void): void }
}

export interface AntPlusClass {
  new (): AntPlusDriver
}

export type AntPlus = Readonly<Record<string, AntPlusClass | undefined>>

export interface AntDriver {
  readonly library: AntPlus
  readonly bus: UsbBus
}

/** Every ANT stick's vendor, and the products that ant-plus knows: the older stick and the ANTUSB-m. */
const ANT_VENDOR = 0x0fcf
export const ANT_PRODUCTS: readonly { readonly id: number; readonly driver: string }[] = [
  { id: 0x1008, driver: 'GarminStick2' },
  { id: 0x1009, driver: 'GarminStick3' },
]

/** undefined: the packages are not there, or `usb` cannot be loaded on this system. */
export function loadAntDriver(): AntDriver | undefined {
  try {
    const load = createRequire(import.meta.url)
    const library = load('ant-plus') as AntPlus
    // The `usb` that ant-plus itself uses, wherever the package manager put it.
    const { usb } = createRequire(load.resolve('ant-plus'))('usb') as { usb: UsbBus }
    return { library, bus: usb }
  } catch {
    return undefined
  }
}

/** The sticks that are plugged in, in the order of their places. */
export function antDevices(bus: UsbBus): readonly UsbDevice[] {
  return listed(bus)
    .filter(({ deviceDescriptor: d }) => d.idVendor === ANT_VENDOR && ANT_PRODUCTS.some(({ id }) => id === d.idProduct))
    .toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
}

/** A bus that cannot be read now has nothing on it; it is looked at again. */
function listed(bus: UsbBus): readonly UsbDevice[] {
  try {
    return bus.getDeviceList()
  } catch {
    return []
  }
}

/** Where a stick is plugged in: bus and ports, the same until it is put elsewhere. */
export function placeOf({ busNumber, deviceAddress, portNumbers }: UsbDevice): string {
  return portNumbers === undefined || portNumbers.length === 0
    ? `${busNumber}:${deviceAddress}`
    : `${busNumber}-${portNumbers.join('.')}`
}

export const productOf = ({ deviceDescriptor }: UsbDevice): string =>
  deviceDescriptor.idProduct.toString(16).padStart(4, '0')
