import { type Decoded, decoded, refused } from '../decoded.ts'
import { batteryFields } from './common.ts'
import { PAGE_BYTES, type PageField, readInto, readyFields, writePageFields } from './page.ts'

/** ANT+ heart rate. Bytes 4 to 7 are the same on every page. */
export const HEART_RATE_TYPE = 120
export const HEART_RATE_PERIOD = 8070

const EVERY_PAGE = [
  /** Bit 7 of the page byte turns every four messages; old straps never turn it and have no pages. */
  { name: 'toggle', at: 0, kind: 'u8', shift: 7, bits: 1 },
  { name: 'beatTime1024', at: 4, kind: 'u16' },
  { name: 'beatCount', at: 6, kind: 'u8' },
  /** As sent; 0 and 255 are no heart. */
  { name: 'heartRateBpm', at: 7, kind: 'u8' },
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
  /** With the beat before it, one message gives an exact interval. */
  [{ name: 'previousBeatTime1024', at: 2, kind: 'u16' }],
  [],
  [],
  [{ name: 'batteryPercent', at: 1, kind: 'u8', none: 0xff, countMax: 100 }, ...batteryFields(2, 3)],
]
const READY = PAGES.map((fields) => readyFields([...EVERY_PAGE, ...fields]))

export interface HeartRatePage {
  page: number
  toggle: number
  beatTime1024: number
  beatCount: number
  heartRateBpm: number
  operatingTimeS?: number
  manufacturerLsb?: number
  serial?: number
  hardware?: number
  software?: number
  model?: number
  previousBeatTime1024?: number
  batteryPercent?: number
  batteryFractionV?: number
  batteryWholeV?: number
  batteryStatus?: number
}

export function decodeHeartRatePage(bytes: Uint8Array): Decoded<HeartRatePage> {
  if (bytes.length !== PAGE_BYTES) return refused(bytes.length < PAGE_BYTES ? 'too-short' : 'too-long')
  const page = bytes[0]! & 0x7f
  const values: Record<string, number> = { page }
  readInto(values, READY[page] ?? READY[0]!, bytes)
  return decoded(values as unknown as HeartRatePage)
}

export function encodeHeartRatePage(value: HeartRatePage): Uint8Array {
  const bytes = new Uint8Array(PAGE_BYTES)
  bytes[0] = value.page & 0x7f
  writePageFields(READY[value.page] ?? READY[0]!, bytes, { ...value })
  return bytes
}
