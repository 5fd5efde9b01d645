import { hostname } from 'node:os'
import type { GattCarrier } from '../core/gatt.ts'
import { AntCarrier, type AntCarrierOptions } from './carrier.ts'
import { type AntFault, antFaults, probeAnt, readAntKey } from './faults.ts'
import { type AntDriver, loadAntDriver } from './usb.ts'

export type AntOptions = Omit<AntCarrierOptions, 'driver' | 'networkKey' | 'ourNumber'>

/** A bridge's ANT+ half: to be started, and closed. */
export interface AntLegs extends GattCarrier {
  /** The rider wants another device instead of this one. */
  forget(id: string): void
}

export type AntOpened =
  | { readonly ok: true; make(options: AntOptions): AntLegs }
  | { readonly ok: false; readonly sentence: string }

/** What does not change while we run; a stick may be plugged in, or let go by another program. */
const LASTING: ReadonlySet<AntFault['code']> = new Set(['no-package', 'no-key', 'bad-key'])

/** The package, and the key from the environment; without them a sentence that says what to do. A stick is waited for. */
export function openAnt(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  driver: AntDriver | undefined = loadAntDriver(),
): AntOpened {
  const key = readAntKey(environment)
  const fault = antFaults(probeAnt(environment, driver)).find(({ code }) => LASTING.has(code))
  if (fault !== undefined || driver === undefined || !key.ok)
    return { ok: false, sentence: `${fault?.words ?? ''} ${fault?.remedy ?? ''}`.trim() }
  return {
    ok: true,
    make: (options) => new AntCarrier({ ...options, driver, networkKey: key.key, ourNumber: ourNumber() }),
  }
}

/** The same on every day on one machine, another on the next: remotes remember whom they were paired with. */
function ourNumber(): number {
  let hash = 0x811c9dc5
  for (const char of hostname()) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0
  return (hash % 0xfffe) + 1
}
