import { BICYCLE_POWER_PERIOD, BICYCLE_POWER_TYPE } from '../core/pages/bicycle-power.ts'
import { CONTROLS_PERIOD, CONTROLS_TYPE } from '../core/pages/controls.ts'
import { FITNESS_EQUIPMENT_PERIOD, FITNESS_EQUIPMENT_TYPE } from '../core/pages/fitness-equipment.ts'
import { HEART_RATE_PERIOD, HEART_RATE_TYPE } from '../core/pages/heart-rate.ts'
import { SHIFTING_PERIOD, SHIFTING_TYPE } from '../core/pages/shifting.ts'
import {
  CADENCE_PERIOD,
  CADENCE_TYPE,
  SPEED_CADENCE_PERIOD,
  SPEED_CADENCE_TYPE,
  SPEED_PERIOD,
  SPEED_TYPE,
} from '../core/pages/speed-cadence.ts'
import type { Source } from '../core/sample.ts'

/** A kind of ANT+ device: how its channel is opened, and what a person calls it. */
export interface AntKind {
  readonly type: number
  readonly name: string
  readonly period32768: number
  readonly source: Source
  readonly brings: readonly string[]
  /** We are the one who transmits, and it finds us: handlebar buttons look for what they control. */
  readonly isOurs?: true
}

/** Most wanted first: a stick with few channels takes the upper rows. Eight rows, as many as a stick mostly has. */
export const ANT_KINDS: readonly AntKind[] = [
  {
    ...{ type: FITNESS_EQUIPMENT_TYPE, name: 'trainer', period32768: FITNESS_EQUIPMENT_PERIOD, source: 'trainer' },
    brings: ['power and cadence', 'resistance'],
  },
  {
    ...{ type: BICYCLE_POWER_TYPE, name: 'power meter', period32768: BICYCLE_POWER_PERIOD, source: 'power-meter' },
    brings: ['power'],
  },
  {
    ...{ type: HEART_RATE_TYPE, name: 'heart rate strap', period32768: HEART_RATE_PERIOD, source: 'strap' },
    brings: ['heart rate'],
  },
  {
    ...{ type: SPEED_CADENCE_TYPE, name: 'speed and cadence sensor', period32768: SPEED_CADENCE_PERIOD },
    ...{ source: 'cadence-sensor', brings: ['cadence', 'speed'] },
  },
  {
    ...{ type: CADENCE_TYPE, name: 'cadence sensor', period32768: CADENCE_PERIOD, source: 'cadence-sensor' },
    brings: ['cadence'],
  },
  {
    ...{ type: CONTROLS_TYPE, name: 'remote', period32768: CONTROLS_PERIOD, source: 'controls', brings: ['buttons'] },
    isOurs: true,
  },
  {
    ...{ type: SHIFTING_TYPE, name: 'shifters', period32768: SHIFTING_PERIOD, source: 'controls', brings: ['gears'] },
  },
  {
    ...{ type: SPEED_TYPE, name: 'speed sensor', period32768: SPEED_PERIOD, source: 'cadence-sensor' },
    brings: ['speed'],
  },
]

export const antId = (type: number, number: number): string => `ant:${type}.${number}`

/** `ant:17.34211`, `17.34211`, or a number alone: a trainer's or power meter's, for those two are often one device. */
export function readAntId(text: string): readonly { readonly type: number; readonly number: number }[] | undefined {
  const match = /^(?:ant:)?(?:(\d{1,3})\.)?(\d{1,7})$/.exec(text.trim())
  if (match === null) return undefined
  const number = Number(match[2])
  if (number < 1 || number > DEVICE_NUMBER_MAX) return undefined
  if (match[1] === undefined) return [FITNESS_EQUIPMENT_TYPE, BICYCLE_POWER_TYPE].map((type) => ({ type, number }))
  const type = Number(match[1])
  return ANT_KINDS.some((kind) => kind.type === type) ? [{ type, number }] : undefined
}

/** Twenty bits: sixteen in the device number, four more in the upper half of the transmission type. */
const DEVICE_NUMBER_MAX = 0xfffff
