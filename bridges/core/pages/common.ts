import type { Decoded } from '../decoded.ts'
import { decodePage, encodePage, type Page, type PageField, type PageLayout, pageTable } from './page.ts'

/** Volts in two parts, and the status: the same three fields wherever a page tells of a battery. */
export const batteryFields = (fractionAt: number, wholeAt: number) =>
  [
    { name: 'batteryFractionV', at: fractionAt, kind: 'u8', step: 1 / 256 },
    { name: 'batteryWholeV', at: wholeAt, kind: 'u8', bits: 4, none: 0xf },
    { name: 'batteryStatus', at: wholeAt, kind: 'u8', shift: 4, bits: 3 },
  ] as const satisfies readonly PageField[]

/** Pages every ANT+ device may send or take: requests, what became of a command, who made it, which one it is, its battery. */
export const COMMON_PAGES = [
  {
    page: 70,
    fill: 0xff,
    fields: [
      { name: 'descriptor1', at: 3, kind: 'u8' },
      { name: 'descriptor2', at: 4, kind: 'u8' },
      { name: 'times', at: 5, kind: 'u8', bits: 7 },
      /** The answer is to come as acknowledged data. */
      { name: 'isAnswerAcknowledged', at: 5, kind: 'u8', shift: 7, bits: 1 },
      { name: 'requestedPage', at: 6, kind: 'u8' },
      /** 1: a data page. */
      { name: 'command', at: 7, kind: 'u8' },
    ],
  },
  {
    page: 71,
    fill: 0xff,
    fields: [
      { name: 'lastPage', at: 1, kind: 'u8', none: 0xff },
      { name: 'sequence', at: 2, kind: 'u8', none: 0xff },
      /** 0 pass, 1 fail, 2 not supported, 3 rejected, 4 pending. */
      { name: 'commandStatus', at: 3, kind: 'u8', none: 0xff },
      /** The last four bytes of the command, first byte lowest. */
      { name: 'echo', at: 4, kind: 'u32' },
    ],
  },
  {
    page: 80,
    fill: 0xff,
    fields: [
      { name: 'hardware', at: 3, kind: 'u8' },
      { name: 'manufacturer', at: 4, kind: 'u16' },
      { name: 'model', at: 6, kind: 'u16' },
    ],
  },
  {
    page: 81,
    fill: 0xff,
    fields: [
      { name: 'softwareSupplement', at: 2, kind: 'u8' },
      { name: 'software', at: 3, kind: 'u8' },
      { name: 'serial', at: 4, kind: 'u32' },
    ],
  },
  {
    page: 82,
    fill: 0xff,
    fields: [
      /** Both missing: one battery, without a number. */
      { name: 'batteryCount', at: 2, kind: 'u8', bits: 4, noneRaw: 0xff },
      { name: 'batteryIndex', at: 2, kind: 'u8', shift: 4, bits: 4, noneRaw: 0xff },
      { name: 'operatingTicks', at: 3, kind: 'u24' },
      ...batteryFields(6, 7),
      /** 1: a tick is 2 s, else 16 s. */
      { name: 'isTickShort', at: 7, kind: 'u8', shift: 7, bits: 1 },
    ],
  },
] as const satisfies readonly PageLayout[]

const TABLE = pageTable(COMMON_PAGES)

export type CommonPage = Page<typeof COMMON_PAGES>
export const decodeCommonPage = (bytes: Uint8Array): Decoded<CommonPage> => decodePage(TABLE, bytes)
export const encodeCommonPage = (page: CommonPage): Uint8Array => encodePage(TABLE, page)

/** By status: 1 new, 2 good, 3 ok, 4 low, 5 critical, 6 charging; these sensors send volts of a cell nobody knows, and a word. */
const BATTERY_PERCENTS: readonly (number | undefined)[] = [undefined, 100, 75, 50, 25, 5, undefined, undefined]

/** A share for the eye, from the word: no sensor of this kind counts its charge. */
export const batteryPercent = (page: { readonly batteryStatus?: number | undefined }): number | undefined =>
  BATTERY_PERCENTS[page.batteryStatus ?? 0]
