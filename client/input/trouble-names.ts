/** What is wrong, as a name; the words for it stand in client/words/sensors. */
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
