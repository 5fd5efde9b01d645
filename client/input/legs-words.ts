import { sensorWords } from '../words/sensors.ts'
import type { Told, TroubleId } from './trouble-names.ts'

/** What can be wrong with trainer and sensors, by name; the words stand in client/words/sensors. Order is that of the bridge's own page. */

/** `name`: of the device; `more`: a number that belongs to it. */
export const TROUBLE_WORDS: Readonly<Record<TroubleId, (name: string, more: string) => Told>> = sensorWords.troubles
export const {
  quantities: QUANTITY_WORDS,
  carriers: CARRIER_WORDS,
  tiles: TILE_WORDS,
  pairing: PAIRING_WORDS,
} = sensorWords
