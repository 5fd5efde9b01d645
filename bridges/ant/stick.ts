import { createRequire } from 'node:module'

/** Bytes to and from an ANT stick. */
export interface AntStick {
  write(bytes: Uint8Array): void
  onData: ((chunk: Uint8Array) => void) | undefined
  close(): Promise<void>
}

export type StickOpened =
  | { readonly ok: true; readonly stick: AntStick }
  | { readonly ok: false; readonly sentence: string }

/** The parts of ant-plus's driver that are used: it finds, opens and claims the device; its reading and writing are not trusted. */
interface AntPlusDriver {
  open(): boolean
  is_present(): boolean
  close(): void
  once(event: 'shutdown', listener: () => void): void
  // Private in its types, and the same since its first release; checked when opened.
  inEp?: { removeAllListeners(event: 'data'): void; on(event: 'data', listener: (data: Buffer) => void): void }
  outEp?: { transfer(data: Buffer, done: (error?: Error) => void): void }
}

const CLOSE_MS = 1000

/**
 * Opens the first stick found. ant-plus throws on a byte it does not expect and sends wrong checksums, so its listener is
 * taken off and our own framing reads and writes.
 */
export function openStick(load: () => unknown = loadAntPlus): StickOpened {
  let library: Record<string, new () => AntPlusDriver>
  try {
    library = load() as typeof library
  } catch {
    const sentence =
      'ANT+ needs the optional package ant-plus, which is not installed here: npm install ant-plus@0.2.0, or use --dircon.'
    return { ok: false, sentence }
  }
  // Product 1008 is the older stick, 1009 the ANTUSB-m.
  for (const name of ['GarminStick2', 'GarminStick3']) {
    const Driver = library[name]
    if (Driver === undefined) continue
    const driver = new Driver()
    if (!driver.is_present()) continue
    if (!driver.open() || driver.inEp === undefined || driver.outEp === undefined) {
      const sentence =
        'An ANT+ stick is there but cannot be opened: another program has it, or on Linux this user may not use it (udev rule for 0fcf:1008 and 0fcf:1009 with TAG+="uaccess").'
      return { ok: false, sentence }
    }
    return { ok: true, stick: wrapped(driver, driver.inEp, driver.outEp) }
  }
  return { ok: false, sentence: 'No ANT+ stick is plugged in (USB 0fcf:1008 or 0fcf:1009).' }
}

function wrapped(
  driver: AntPlusDriver,
  inEp: NonNullable<AntPlusDriver['inEp']>,
  outEp: NonNullable<AntPlusDriver['outEp']>,
): AntStick {
  const stick: AntStick = {
    onData: undefined,
    write: (bytes) => outEp.transfer(Buffer.from(bytes), () => {}), // What is not answered is sent again.
    close: () =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, CLOSE_MS)
        driver.once('shutdown', () => {
          clearTimeout(timer)
          resolve()
        })
        driver.close()
      }),
  }
  inEp.removeAllListeners('data')
  inEp.on('data', (data) => stick.onData?.(new Uint8Array(data)))
  return stick
}

const loadAntPlus = (): unknown => createRequire(import.meta.url)('ant-plus')
