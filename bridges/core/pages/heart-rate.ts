import type { Decoded } from '../decoded.ts'
import { batteryFields } from './common.ts'
import { type PageField, readTurningPage, readyFields, writeTurningPage } from './page.ts'

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

export const decodeHeartRatePage = (bytes: Uint8Array): Decoded<HeartRatePage> => readTurningPage(READY, bytes)

export const encodeHeartRatePage = (value: HeartRatePage): Uint8Array => writeTurningPage(READY, value, 0)
