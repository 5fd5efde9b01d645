import { type Decoded, decoded, refused } from '../decoded.ts'
import { batteryFields } from './common.ts'
import {
  PAGE_BYTES,
  type PageField,
  readInto,
  readTurningPage,
  readyFields,
  writePageFields,
  writeTurningPage,
} from './page.ts'

/** ANT+ speed and cadence: three device types, the counters of a wheel, of a crank, or of both. */
export const SPEED_CADENCE_TYPE = 121
export const CADENCE_TYPE = 122
export const SPEED_TYPE = 123
export const SPEED_CADENCE_PERIOD = 8086
export const CADENCE_PERIOD = 8102
export const SPEED_PERIOD = 8118

/** Both: no page byte, four counters. */
const SPEED_CADENCE = readyFields([
  { name: 'crankTime1024', at: 0, kind: 'u16' },
  { name: 'crankRevolutions', at: 2, kind: 'u16' },
  { name: 'wheelTime1024', at: 4, kind: 'u16' },
  { name: 'wheelRevolutions', at: 6, kind: 'u16' },
])

export interface SpeedCadencePage {
  crankTime1024: number
  crankRevolutions: number
  wheelTime1024: number
  wheelRevolutions: number
}

export function decodeSpeedCadencePage(bytes: Uint8Array): Decoded<SpeedCadencePage> {
  if (bytes.length !== PAGE_BYTES) return refused(bytes.length < PAGE_BYTES ? 'too-short' : 'too-long')
  const values: Record<string, number> = {}
  readInto(values, SPEED_CADENCE, bytes)
  return decoded(values as unknown as SpeedCadencePage)
}

export function encodeSpeedCadencePage(page: SpeedCadencePage): Uint8Array {
  const bytes = new Uint8Array(PAGE_BYTES)
  writePageFields(SPEED_CADENCE, bytes, { ...page })
  return bytes
}

/** One counter: the same four bytes behind every page, and what the page itself says in bytes 1 to 3. */
const EVERY_PAGE = [
  /** Bit 7 turns every four messages on sensors that have pages. */
  { name: 'toggle', at: 0, kind: 'u8', shift: 7, bits: 1 },
  { name: 'time1024', at: 4, kind: 'u16' },
  { name: 'revolutions', at: 6, kind: 'u16' },
] as const satisfies readonly PageField[]

const PAGES: readonly (readonly PageField[])[] = [
  [],
  [{ name: 'operatingTimeS', at: 1, kind: 'u24', step: 2 }],
  [
    { name: 'manufacturerLsb', at: 1, kind: 'u8' },
    { name: 'serial', at: 2, kind: 'u16' },
  ],
  [
    { name: 'hardware', at: 1, kind: 'u8' },
    { name: 'software', at: 2, kind: 'u8' },
    { name: 'model', at: 3, kind: 'u8' },
  ],
  batteryFields(2, 3),
  /** The wheel or crank stands still: no need to wait for a turn that does not come. */
  [{ name: 'isStill', at: 1, kind: 'u8', bits: 1 }],
]
const READY = PAGES.map((fields) => readyFields([...EVERY_PAGE, ...fields]))

/** A speed sensor's (123) or a cadence sensor's (122) page; whose turns they are the device type says. */
export interface TurnsPage {
  page: number
  toggle: number
  time1024: number
  revolutions: number
  operatingTimeS?: number
  manufacturerLsb?: number
  serial?: number
  hardware?: number
  software?: number
  model?: number
  batteryFractionV?: number
  batteryWholeV?: number
  batteryStatus?: number
  isStill?: number
}

export const decodeTurnsPage = (bytes: Uint8Array): Decoded<TurnsPage> => readTurningPage(READY, bytes)

export const encodeTurnsPage = (value: TurnsPage): Uint8Array => writeTurningPage(READY, value, 0xff)
