import {
  ANT_PRODUCTS,
  type AntDriver,
  type AntPlusClass,
  type AntPlusDriver,
  placeOf,
  productOf,
  USB_ERRORS,
  type UsbDevice,
  type UsbError,
} from './usb.ts'

/** Bytes to and from an ANT stick. */
export interface AntStick {
  /** Where it is plugged in. */
  readonly place: string
  /** 1008 or 1009. */
  readonly product: string
  write(bytes: Uint8Array): void
  /** `atMs`: when the chunk came, where somebody on the way has noted it. */
  onData: ((chunk: Uint8Array, atMs?: number) => void) | undefined
  /** Called once, when it was pulled out or reads no longer. */
  onGone: (() => void) | undefined
  close(): Promise<void>
}

/** What keeps a stick from being used. */
export type StickTrouble = 'no-permission' | 'busy' | 'no-driver' | 'gone' | 'broken'

export type StickOpened =
  | { readonly ok: true; readonly stick: AntStick }
  | { readonly ok: false; readonly trouble: StickTrouble }

/** A driver that does not say it is done is not waited for. */
const CLOSE_MS = 1000

/**
 * Opens this stick by ant-plus, which claims it, starts reading and resets it. It throws on a byte it does not expect,
 * accepts wrong checksums and sends some, so its listener is taken off before the first byte and our own framing reads and
 * writes (core/ant-message.ts).
 */
export function openStick({ library }: AntDriver, device: UsbDevice, others: readonly UsbDevice[] = []): StickOpened {
  const name = ANT_PRODUCTS.find(({ id }) => id === device.deviceDescriptor.idProduct)?.driver
  const Driver = name === undefined ? undefined : library[name]
  if (Driver === undefined) return { ok: false, trouble: 'no-driver' }
  const driver = new Driver()
  if (!openOnly(Driver, driver, others)) return { ok: false, trouble: troubleOf(device) ?? 'broken' }
  const { inEp, outEp } = driver
  if (inEp === undefined || outEp === undefined) return { ok: false, trouble: 'broken' }
  return { ok: true, stick: wrapped(device, Driver, driver, inEp, outEp) }
}

/** ant-plus opens the first stick it likes; those it shall not take are on its list of sticks in use meanwhile. */
function openOnly(Driver: AntPlusClass, driver: AntPlusDriver, others: readonly UsbDevice[]): boolean {
  const inUse = inUseOf(Driver)
  const hidden = inUse === undefined ? [] : others.filter((other) => !inUse.includes(other))
  inUse?.push(...hidden)
  try {
    return driver.open()
  } catch {
    // What it throws says nothing: closing a stick that it could not open.
    return false
  } finally {
    for (const other of hidden) inUse!.splice(inUse!.indexOf(other), 1)
  }
}

/** A static list of the class that both sticks are made from; absent in another release. */
function inUseOf(Driver: AntPlusClass): UsbDevice[] | undefined {
  const base = Object.getPrototypeOf(Driver) as { readonly deviceInUse?: unknown } | null
  return Array.isArray(base?.deviceInUse) ? (base.deviceInUse as UsbDevice[]) : undefined
}

/** Why a stick cannot be used, by trying; undefined: it can. Leaves it closed. */
export function troubleOf(device: UsbDevice): StickTrouble | undefined {
  try {
    device.open()
  } catch (error) {
    return wordOf(error)
  }
  try {
    const first = device.interfaces?.[0]
    if (first === undefined) return 'broken'
    // A driver of the system that holds it is sent away when the stick is opened in earnest.
    if (isHeldBySystem(first)) return undefined
    first.claim()
    first.release(() => closed(device))
    return undefined
  } catch (error) {
    closed(device)
    return wordOf(error)
  }
}

function isHeldBySystem(first: { isKernelDriverActive(): boolean }): boolean {
  try {
    return first.isKernelDriverActive()
  } catch {
    return false // Systems without such drivers.
  }
}

function wordOf(error: unknown): StickTrouble {
  const { errno } = error as UsbError
  if (errno === USB_ERRORS.access) return 'no-permission'
  if (errno === USB_ERRORS.busy) return 'busy'
  if (errno === USB_ERRORS.noDevice) return 'gone'
  return errno === USB_ERRORS.notSupported || errno === USB_ERRORS.notFound ? 'no-driver' : 'broken'
}

function wrapped(
  device: UsbDevice,
  Driver: AntPlusClass,
  driver: AntPlusDriver,
  inEp: NonNullable<AntPlusDriver['inEp']>,
  outEp: NonNullable<AntPlusDriver['outEp']>,
): AntStick {
  let isOpen = true
  /** ant-plus cannot close what no longer reads: it would throw, and never use that stick again. */
  const lost = (): void => {
    if (!isOpen) return
    isOpen = false
    const inUse = inUseOf(Driver)
    if (inUse?.includes(device) === true) inUse.splice(inUse.indexOf(device), 1)
    closed(device)
    stick.onGone?.()
  }
  const stick: AntStick = {
    place: placeOf(device),
    product: productOf(device),
    onData: undefined,
    onGone: undefined,
    // What is not answered is sent again; only a stick that is gone matters here.
    write: (bytes) => {
      if (!isOpen) return
      outEp.transfer(Buffer.from(bytes), (error) => {
        const errno = (error as UsbError | undefined)?.errno
        if (errno === USB_ERRORS.noDevice || errno === USB_ERRORS.transferNoDevice) lost()
      })
    },
    close: () =>
      new Promise((resolve) => {
        if (!isOpen) return resolve()
        isOpen = false
        const timer = setTimeout(resolve, CLOSE_MS)
        driver.once('shutdown', () => {
          clearTimeout(timer)
          resolve()
        })
        try {
          driver.close()
        } catch {
          clearTimeout(timer)
          closed(device)
          resolve()
        }
      }),
  }
  inEp.removeAllListeners('data')
  inEp.on('data', (data) => {
    if (data.length > 0) stick.onData?.(new Uint8Array(data))
  })
  inEp.on('error', lost)
  inEp.on('end', lost)
  return stick
}

function closed(device: UsbDevice): void {
  try {
    device.close()
  } catch {
    // It was not open, or is not there any more.
  }
}
