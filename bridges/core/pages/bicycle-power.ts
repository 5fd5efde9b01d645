import type { Decoded } from '../decoded.ts'
import { decodePage, encodePage, type Page, type PageField, type PageLayout } from './page.ts'

/** ANT+ bicycle power, period 8182/32768 s. */
export const BICYCLE_POWER_TYPE = 11

const TORQUE = [
  { name: 'eventCount', at: 1, kind: 'u8', step: 1 },
  { name: 'ticks', at: 2, kind: 'u8', step: 1 },
  { name: 'cadenceRpm', at: 3, kind: 'u8', step: 1, none: 0xff },
  { name: 'period2048', at: 4, kind: 'u16', step: 1 },
  { name: 'accumulatedTorque32', at: 6, kind: 'u16', step: 1 },
] as const satisfies readonly PageField[]

const percent = (name: string, at: number) => ({ name, at, kind: 'u8', step: 0.5, none: 0xff }) as const

export const BICYCLE_POWER_PAGES = [
  {
    page: 0x10,
    fill: 0xff,
    fields: [
      { name: 'eventCount', at: 1, kind: 'u8', step: 1 },
      { name: 'pedalPercent', at: 2, kind: 'u8', bits: 7, step: 1, noneRaw: 0xff },
      { name: 'isPedalRight', at: 2, kind: 'u8', shift: 7, bits: 1, step: 1, noneRaw: 0xff },
      { name: 'cadenceRpm', at: 3, kind: 'u8', step: 1, none: 0xff },
      { name: 'accumulatedPowerW', at: 4, kind: 'u16', step: 1 },
      { name: 'powerW', at: 6, kind: 'u16', step: 1, none: 0xffff },
    ],
  },
  { page: 0x11, fill: 0xff, fields: TORQUE },
  { page: 0x12, fill: 0xff, fields: TORQUE },
  {
    page: 0x13,
    fill: 0,
    fields: [
      { name: 'eventCount', at: 1, kind: 'u8', step: 1 },
      { ...percent('', 2), name: 'leftEffectivenessPercent' },
      { ...percent('', 3), name: 'rightEffectivenessPercent' },
      { ...percent('', 4), name: 'leftSmoothnessPercent' },
      // FE here says that the left one is both sides together.
      { ...percent('', 5), name: 'rightSmoothnessPercent' },
    ],
  },
] as const satisfies readonly PageLayout[]

export type BicyclePowerPage = Page<typeof BICYCLE_POWER_PAGES>

export const decodeBicyclePower = (bytes: Uint8Array): Decoded<BicyclePowerPage> =>
  decodePage(BICYCLE_POWER_PAGES, bytes)
export const encodeBicyclePower = (page: BicyclePowerPage): Uint8Array => encodePage(BICYCLE_POWER_PAGES, page)
