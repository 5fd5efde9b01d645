import { sensorWords } from '../words/sensors.ts'

/** What can be wrong with trainer and sensors, by name; the words stand in client/words/sensors. Order is that of the bridge's own page. */

/** What is wrong, as a name; the words for it below. */
export type TroubleId =
  // this page
  | 'not-secure'
  | 'no-bluetooth'
  | 'bluetooth-hidden'
  | 'bluetooth-off'
  | 'denied'
  | 'nothing-chosen'
  | 'chooser-failed'
  // a link
  | 'waiting'
  | 'asleep'
  | 'held'
  | 'lost'
  | 'long-lost'
  | 'stalled'
  // what comes over it
  | 'nothing-useful'
  | 'no-power'
  | 'no-cadence'
  | 'no-heart'
  | 'stuck'
  | 'battery-low'
  // what the trainer does
  | 'control-held'
  | 'control-lost'
  | 'no-answer'
  | 'refused'
  | 'unsupported'
  | 'no-resistance'

export interface Told {
  /** One short sentence: what is. */
  readonly words: string
  /** One more: what to do. */
  readonly remedy: string
}

/** `name`: of the device; `more`: a number that belongs to it. */
export const TROUBLE_WORDS: Readonly<Record<TroubleId, (name: string, more: string) => Told>> = sensorWords.troubles
export const {
  quantities: QUANTITY_WORDS,
  carriers: CARRIER_WORDS,
  modes: MODE_WORDS,
  tiles: TILE_WORDS,
  pairing: PAIRING_WORDS,
  control: CONTROL_WORDS,
} = sensorWords
