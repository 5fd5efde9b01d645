import type { Decoded } from '../decoded.ts'
import { COMMON_PAGES } from './common.ts'
import { decodePage, encodePage, type Page, type PageField, type PageLayout, pageTable } from './page.ts'

/** ANT+ bicycle power, period 8182/32768 s. */
export const BICYCLE_POWER_TYPE = 11
export const BICYCLE_POWER_PERIOD = 8182

const TORQUE = [
  { name: 'eventCount', at: 1, kind: 'u8' },
  { name: 'ticks', at: 2, kind: 'u8' },
  { name: 'cadenceRpm', at: 3, kind: 'u8', none: 0xff },
  { name: 'period2048', at: 4, kind: 'u16' },
  { name: 'accumulatedTorque32', at: 6, kind: 'u16' },
] as const satisfies readonly PageField[]

const percent = (name: string, at: number) => ({ name, at, kind: 'u8', step: 0.5, none: 0xff, countMax: 200 }) as const

export const BICYCLE_POWER_PAGES = [
  {
    page: 0x01,
    fill: 0xff,
    fields: [
      /** One of CALIBRATION. */
      { name: 'calibrationId', at: 1, kind: 'u8' },
      /** 0 off, 1 on. In a torque-frequency message what it is about: 1 its offset. */
      { name: 'autoZero', at: 2, kind: 'u8', none: 0xff },
      /** What the meter measured with nobody on it. Torque-frequency meters write the high byte first: `torqueFrequencyOffset`. */
      { name: 'offset', at: 6, kind: 's16' },
    ],
  },
  {
    page: 0x02,
    fill: 0xff,
    fields: [
      /** 1: the crank. */
      { name: 'subPage', at: 1, kind: 'u8' },
      /** None: the meter finds it out by itself. */
      { name: 'crankLengthMm', at: 4, kind: 'u8', step: 0.5, zero: 110, none: 0xff },
    ],
  },
  {
    page: 0x10,
    fill: 0xff,
    fields: [
      { name: 'eventCount', at: 1, kind: 'u8' },
      { name: 'pedalPercent', at: 2, kind: 'u8', bits: 7, noneRaw: 0xff },
      { name: 'isPedalRight', at: 2, kind: 'u8', shift: 7, bits: 1, noneRaw: 0xff },
      { name: 'cadenceRpm', at: 3, kind: 'u8', none: 0xff },
      { name: 'accumulatedPowerW', at: 4, kind: 'u16' },
      { name: 'powerW', at: 6, kind: 'u16', none: 0xffff },
    ],
  },
  { page: 0x11, fill: 0xff, fields: TORQUE },
  { page: 0x12, fill: 0xff, fields: TORQUE },
  {
    page: 0x13,
    fill: 0,
    fields: [
      { name: 'eventCount', at: 1, kind: 'u8' },
      { ...percent('', 2), name: 'leftEffectivenessPercent' },
      { ...percent('', 3), name: 'rightEffectivenessPercent' },
      { ...percent('', 4), name: 'leftSmoothnessPercent' },
      // 127 (FE) says that the left one is both sides together.
      { name: 'rightSmoothnessPercent', at: 5, kind: 'u8', step: 0.5, none: 0xff },
    ],
  },
  {
    page: 0x20,
    fill: 0xff,
    // The one page of the profile with the high byte first.
    fields: [
      { name: 'eventCount', at: 1, kind: 'u8' },
      { name: 'slopeNmPerHz', at: 2, kind: 'u16be', step: 0.1 },
      { name: 'time2000', at: 4, kind: 'u16be' },
      { name: 'torqueTicks', at: 6, kind: 'u16be' },
    ],
  },
  ...COMMON_PAGES,
] as const satisfies readonly PageLayout[]

const TABLE = pageTable(BICYCLE_POWER_PAGES)

export type BicyclePowerPage = Page<typeof BICYCLE_POWER_PAGES>

export const decodeBicyclePower = (bytes: Uint8Array): Decoded<BicyclePowerPage> => decodePage(TABLE, bytes)
export const encodeBicyclePower = (page: BicyclePowerPage): Uint8Array => encodePage(TABLE, page)

/** Page 1: what is asked of a meter, and what it answers. */
export const CALIBRATION = {
  torqueFrequency: 0x10,
  autoZeroSupport: 0x12,
  zeroNow: 0xaa,
  setAutoZero: 0xab,
  done: 0xac,
  failed: 0xaf,
} as const

/** The offset of a torque-frequency meter, Hz, out of page 1: its two bytes stand the other way round. */
export const torqueFrequencyOffset = (offset: number): number => ((offset & 0xff) << 8) | ((offset >> 8) & 0xff)
