import type { Decoded } from '../decoded.ts'
import { COMMON_PAGES } from './common.ts'
import { decodePage, encodePage, type Page, type PageField, type PageLayout, pageTable } from './page.ts'

/** ANT+ fitness equipment control, device type 17, period 8192/32768 s. Pages 48 to 55 and 70 go to the trainer, acknowledged. */
export const FITNESS_EQUIPMENT_TYPE = 17
export const FITNESS_EQUIPMENT_PERIOD = 8192

/** 1 off, 2 ready, 3 in use, 4 finished; and the lap bit. */
const STATE = [
  { name: 'state', at: 7, kind: 'u8', shift: 4, bits: 3 },
  { name: 'lap', at: 7, kind: 'u8', shift: 7, bits: 1 },
] as const satisfies readonly PageField[]

export const FITNESS_EQUIPMENT_PAGES = [
  {
    page: 1,
    fill: 0,
    fields: [
      { name: 'hasZeroOffset', at: 1, kind: 'u8', shift: 6, bits: 1 },
      { name: 'hasSpinDown', at: 1, kind: 'u8', shift: 7, bits: 1 },
      { name: 'temperatureC', at: 3, kind: 'u8', step: 0.5, zero: -25, none: 0xff },
      { name: 'zeroOffset', at: 4, kind: 'u16', none: 0xffff },
      { name: 'spinDownMs', at: 6, kind: 'u16', none: 0xffff },
    ],
  },
  {
    page: 2,
    fill: 0,
    fields: [
      { name: 'isZeroOffsetPending', at: 1, kind: 'u8', shift: 6, bits: 1 },
      { name: 'isSpinDownPending', at: 1, kind: 'u8', shift: 7, bits: 1 },
      /** 1 too cold, 2 right, 3 too warm; 0 not said. */
      { name: 'temperatureCondition', at: 2, kind: 'u8', shift: 4, bits: 2 },
      /** 1 too slow, 2 right; 0 not said. */
      { name: 'speedCondition', at: 2, kind: 'u8', shift: 6, bits: 2 },
      { name: 'temperatureC', at: 3, kind: 'u8', step: 0.5, zero: -25, none: 0xff },
      { name: 'targetSpeedMps', at: 4, kind: 'u16', step: 0.001, none: 0xffff },
      { name: 'targetSpinDownMs', at: 6, kind: 'u16', none: 0xffff },
    ],
  },
  {
    page: 16,
    fill: 0xff,
    fields: [
      /** 25 is a trainer. */
      { name: 'equipment', at: 1, kind: 'u8', bits: 5 },
      { name: 'elapsedS', at: 2, kind: 'u8', step: 0.25 },
      { name: 'distanceM', at: 3, kind: 'u8' },
      { name: 'speedMps', at: 4, kind: 'u16', step: 0.001, none: 0xffff },
      { name: 'heartRateBpm', at: 6, kind: 'u8', none: 0xff },
      { name: 'heartRateSource', at: 7, kind: 'u8', bits: 2 },
      { name: 'isDistanceOn', at: 7, kind: 'u8', shift: 2, bits: 1 },
      { name: 'isSpeedVirtual', at: 7, kind: 'u8', shift: 3, bits: 1 },
      ...STATE,
    ],
  },
  {
    page: 17,
    fill: 0xff,
    fields: [
      { name: 'cycleLengthM', at: 3, kind: 'u8', step: 0.01, none: 0xff },
      { name: 'gradeFraction', at: 4, kind: 's16', step: 0.0001, none: 0x7fff },
      { name: 'resistancePercent', at: 6, kind: 'u8', step: 0.5, none: 0xff, countMax: 200 },
      ...STATE,
    ],
  },
  {
    page: 25,
    fill: 0,
    fields: [
      { name: 'eventCount', at: 1, kind: 'u8' },
      { name: 'cadenceRpm', at: 2, kind: 'u8', none: 0xff },
      { name: 'accumulatedPowerW', at: 3, kind: 'u16' },
      { name: 'powerW', at: 5, kind: 'u16', bits: 12, none: 0xfff },
      { name: 'needsPowerCalibration', at: 6, kind: 'u8', shift: 4, bits: 1 },
      { name: 'needsResistanceCalibration', at: 6, kind: 'u8', shift: 5, bits: 1 },
      { name: 'needsUserConfiguration', at: 6, kind: 'u8', shift: 6, bits: 1 },
      /** 0 on target, 1 too slow, 2 too fast, 3 not known. */
      { name: 'limit', at: 7, kind: 'u8', bits: 2 },
      ...STATE,
    ],
  },
  {
    page: 26,
    fill: 0,
    fields: [
      { name: 'eventCount', at: 1, kind: 'u8' },
      { name: 'wheelTicks', at: 2, kind: 'u8' },
      { name: 'wheelPeriod2048', at: 3, kind: 'u16' },
      { name: 'accumulatedTorque32', at: 5, kind: 'u16' },
      ...STATE,
    ],
  },
  {
    page: 48,
    fill: 0xff,
    fields: [{ name: 'resistancePercent', at: 7, kind: 'u8', step: 0.5, none: 0xff, countMax: 200 }],
  },
  { page: 49, fill: 0xff, fields: [{ name: 'powerW', at: 6, kind: 'u16', step: 0.25 }] },
  {
    page: 50,
    fill: 0xff,
    fields: [
      { name: 'cwKgpm', at: 5, kind: 'u8', step: 0.01, none: 0xff },
      { name: 'windKmh', at: 6, kind: 'u8', zero: -127, none: 0xff },
      { name: 'draftFactor', at: 7, kind: 'u8', step: 0.01, none: 0xff },
    ],
  },
  {
    page: 51,
    fill: 0xff,
    fields: [
      { name: 'gradeFraction', at: 5, kind: 'u16', step: 0.0001, zero: -2, none: 0xffff },
      { name: 'crr', at: 7, kind: 'u8', step: 0.00005, none: 0xff },
    ],
  },
  {
    page: 54,
    fill: 0xff,
    fields: [
      { name: 'resistanceMaxN', at: 5, kind: 'u16', none: 0xffff },
      { name: 'hasResistanceMode', at: 7, kind: 'u8', bits: 1 },
      { name: 'hasPowerMode', at: 7, kind: 'u8', shift: 1, bits: 1 },
      { name: 'hasSimulationMode', at: 7, kind: 'u8', shift: 2, bits: 1 },
    ],
  },
  {
    page: 55,
    fill: 0xff,
    fields: [
      { name: 'userMassKg', at: 1, kind: 'u16', step: 0.01, none: 0xffff },
      { name: 'wheelOffsetMm', at: 4, kind: 'u8', bits: 4 },
      { name: 'bikeMassKg', at: 4, kind: 'u16', shift: 4, bits: 12, step: 0.05, none: 0xfff },
      { name: 'wheelM', at: 6, kind: 'u8', step: 0.01, none: 0xff },
      { name: 'gearRatio', at: 7, kind: 'u8', step: 0.03, none: 0 },
    ],
  },
  ...COMMON_PAGES,
] as const satisfies readonly PageLayout[]

const TABLE = pageTable(FITNESS_EQUIPMENT_PAGES)

export type FitnessEquipmentPage = Page<typeof FITNESS_EQUIPMENT_PAGES>

export const decodeFitnessEquipment = (bytes: Uint8Array): Decoded<FitnessEquipmentPage> => decodePage(TABLE, bytes)
export const encodeFitnessEquipment = (page: FitnessEquipmentPage): Uint8Array => encodePage(TABLE, page)
