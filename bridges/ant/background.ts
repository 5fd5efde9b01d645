import { batteryPercent, decodeCommonPage } from '../core/pages/common.ts'
import { decodeHeartRatePage, HEART_RATE_TYPE } from '../core/pages/heart-rate.ts'
import { CADENCE_TYPE, decodeTurnsPage, SPEED_CADENCE_TYPE, SPEED_TYPE } from '../core/pages/speed-cadence.ts'

/** Who made a device and which one it is, in the numbers it says. */
export interface AntFacts {
  readonly manufacturer?: number | undefined
  readonly model?: number | undefined
  readonly hardware?: number | undefined
  readonly software?: number | undefined
  readonly serial?: number | undefined
}

export interface Background extends AntFacts {
  readonly batteryPercent?: number | undefined
}

const NOTHING: Background = {}

/** What a page says in the background of its readings; older profiles have pages of their own for it, most share 80 to 82. */
export function backgroundOf(type: number, bytes: Uint8Array): Background {
  // Four counters fill a page of these: none is left to say who they are.
  if (type === SPEED_CADENCE_TYPE) return NOTHING
  if (type === HEART_RATE_TYPE) {
    const got = decodeHeartRatePage(bytes)
    if (!got.ok) return NOTHING
    const { batteryPercent: percent = batteryPercent(got.value), manufacturerLsb } = got.value
    return said({ ...got.value, manufacturer: manufacturerLsb, batteryPercent: percent })
  }
  if (type === SPEED_TYPE || type === CADENCE_TYPE) {
    const got = decodeTurnsPage(bytes)
    if (!got.ok) return NOTHING
    return said({ ...got.value, manufacturer: got.value.manufacturerLsb, batteryPercent: batteryPercent(got.value) })
  }
  const got = decodeCommonPage(bytes)
  if (!got.ok) return NOTHING
  return said({ ...got.value, batteryPercent: got.value.page === 82 ? batteryPercent(got.value) : undefined })
}

const FACTS = ['manufacturer', 'model', 'hardware', 'software', 'serial', 'batteryPercent'] as const

/** Only the facts, and only those that are there. */
function said(values: Background): Background {
  const facts: { -readonly [K in keyof Background]: Background[K] } = {}
  for (const name of FACTS) if (values[name] !== undefined) facts[name] = values[name]
  return facts
}
