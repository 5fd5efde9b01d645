import type { Decoded } from '../decoded.ts'
import { decodePage, type Page, type PageField, type PageLayout, readPageFields } from './page.ts'
import { decoded, refused } from '../decoded.ts'

/** Pages every ANT+ device may send: who made it, which one it is. */
const COMMON_PAGES = [
  {
    page: 80,
    fill: 0xff,
    fields: [
      { name: 'hardware', at: 3, kind: 'u8', step: 1 },
      { name: 'manufacturer', at: 4, kind: 'u16', step: 1 },
      { name: 'model', at: 6, kind: 'u16', step: 1 },
    ],
  },
  {
    page: 81,
    fill: 0xff,
    fields: [
      { name: 'softwareSupplement', at: 2, kind: 'u8', step: 1 },
      { name: 'software', at: 3, kind: 'u8', step: 1 },
      { name: 'serial', at: 4, kind: 'u32', step: 1 },
    ],
  },
] as const satisfies readonly PageLayout[]

export type CommonPage = Page<typeof COMMON_PAGES>
export const decodeCommonPage = (bytes: Uint8Array): Decoded<CommonPage> => decodePage(COMMON_PAGES, bytes)

/** Combined speed and cadence: no page byte, four counters. */
export const SPEED_CADENCE_TYPE = 121
const SPEED_CADENCE = [
  { name: 'crankTime1024', at: 0, kind: 'u16', step: 1 },
  { name: 'crankRevolutions', at: 2, kind: 'u16', step: 1 },
  { name: 'wheelTime1024', at: 4, kind: 'u16', step: 1 },
  { name: 'wheelRevolutions', at: 6, kind: 'u16', step: 1 },
] as const satisfies readonly PageField[]

export interface SpeedCadencePage {
  crankTime1024: number
  crankRevolutions: number
  wheelTime1024: number
  wheelRevolutions: number
}

export function decodeSpeedCadencePage(bytes: Uint8Array): Decoded<SpeedCadencePage> {
  if (bytes.length !== 8) return refused(bytes.length < 8 ? 'too-short' : 'too-long')
  return decoded(readPageFields(SPEED_CADENCE, bytes) as unknown as SpeedCadencePage)
}
