import type { Decoded } from '../decoded.ts'
import { COMMON_PAGES } from './common.ts'
import { decodePage, encodePage, type Page, type PageLayout, pageTable } from './page.ts'

/** ANT+ shifting, device type 34: which gear the bicycle is in. Gears count from 0; 31 behind and 7 in front are no gear. */
export const SHIFTING_TYPE = 34
export const SHIFTING_PERIOD = 8192

export const SHIFTING_PAGES = [
  {
    page: 1,
    fill: 0xff,
    fields: [
      /** Counts shifts. */
      { name: 'eventCount', at: 1, kind: 'u8' },
      { name: 'rearGear', at: 3, kind: 'u8', bits: 5, none: 31 },
      { name: 'frontGear', at: 3, kind: 'u8', shift: 5, bits: 3, none: 7 },
      /** How many there are; 0 is not known. */
      { name: 'rearGears', at: 4, kind: 'u8', bits: 5, none: 0 },
      { name: 'frontGears', at: 4, kind: 'u8', shift: 5, bits: 3, none: 0 },
      // Presses that found no gear further that way.
      { name: 'invalidInboardRear', at: 5, kind: 'u8', bits: 4 },
      { name: 'invalidOutboardRear', at: 5, kind: 'u8', shift: 4, bits: 4 },
      { name: 'invalidInboardFront', at: 6, kind: 'u8', bits: 4 },
      { name: 'invalidOutboardFront', at: 6, kind: 'u8', shift: 4, bits: 4 },
      { name: 'failuresRear', at: 7, kind: 'u8', bits: 4 },
      { name: 'failuresFront', at: 7, kind: 'u8', shift: 4, bits: 4 },
    ],
  },
  ...COMMON_PAGES,
] as const satisfies readonly PageLayout[]

const TABLE = pageTable(SHIFTING_PAGES)

export type ShiftingPage = Page<typeof SHIFTING_PAGES>
export const decodeShifting = (bytes: Uint8Array): Decoded<ShiftingPage> => decodePage(TABLE, bytes)
export const encodeShifting = (page: ShiftingPage): Uint8Array => encodePage(TABLE, page)
