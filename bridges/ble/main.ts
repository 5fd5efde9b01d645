import type { BleAdapter } from './adapter.ts'
import { type BleFault, type Host, noPackage, powerFault, stuckFault } from './faults.ts'
import type { Noble } from './noble.ts'
import { NobleAdapter } from './noble-adapter.ts'
import { quietNoble } from './quiet.ts'

/** The real radio, through noble: an optional package, loaded only when asked for. */
export type BleOpened =
  | { readonly ok: true; readonly adapter: BleAdapter }
  | { readonly ok: false; readonly fault: BleFault; readonly sentence: string }

const POWERED_MS = 5000

export const thisHost = (): Host => ({ platform: process.platform, execPath: process.execPath })

/** A radio that is switched off is opened, too: the carrier waits until it is on. */
export async function openRadio(): Promise<BleOpened> {
  const noble = await loadNoble()
  if (noble === undefined) return refused(noPackage())
  try {
    await noble.waitForPoweredOnAsync(POWERED_MS)
  } catch {
    // Not on in time; its state says why.
  }
  const adapter = new NobleAdapter(noble)
  if (adapter.power === 'on' || adapter.power === 'off') return { ok: true, adapter }
  const fault = powerFault(adapter.power, thisHost()) ?? stuckFault()
  await adapter.close().catch(() => {}) // There is nothing behind it to close.
  return refused(fault)
}

/** What `gruppetto doctor` says of the radio; none: it may be used. */
export async function radioFaults(): Promise<readonly BleFault[]> {
  const opened = await openRadio()
  if (!opened.ok) return [opened.fault]
  const fault = powerFault(opened.adapter.power, thisHost())
  await opened.adapter.close().catch(() => {}) // It was only looked at.
  return fault === undefined ? [] : [fault]
}

const refused = (fault: BleFault): BleOpened => ({ ok: false, fault, sentence: `${fault.words} ${fault.remedy}` })

let isQuiet = false

async function loadNoble(): Promise<Noble | undefined> {
  try {
    if (!isQuiet) quietNoble()
    isQuiet = true
    // A name the compiler does not follow: the package may not be there.
    const name: string = '@stoprocent/noble'
    const loaded = (await import(name)) as { default: Noble }
    return loaded.default
  } catch {
    return undefined
  }
}
