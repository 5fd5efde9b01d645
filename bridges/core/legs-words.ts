import type { SpinDownFailure } from './devices.ts'

/**
 * Every sentence that trainer, sensors and their calibration come to, each with the facts it is made of. A bridge speaks
 * this English; a page brings the same table in its reader's language (client/words/sensors.ts).
 */
export interface LegsWords {
  readonly trainer: {
    readonly waiting: string
    readonly flat: string
    /** `gear` undefined: none; `isAlone`: from memory, for the server is silent. */
    readonly road: (percent: number, gear: number | undefined, isAlone: boolean) => string
    readonly noBrake: string
    readonly brake: (percent: number) => string
    readonly letGo: string
    readonly returning: (heldW: number, wishedW: number) => string
    readonly held: (watts: number) => string
    readonly cannotHold: string
    readonly noAnswer: string
    readonly refused: string
    readonly none: string
    readonly asking: string
    readonly starting: string
    readonly unsupported: string
    readonly workout: (name: string, step: number, steps: number, left: string) => string
  }
  readonly spinDown: {
    readonly asking: string
    readonly faster: (kmh: number | undefined) => string
    readonly coast: string
    readonly done: (seconds: number | undefined) => string
    readonly failed: Readonly<Record<SpinDownFailure, string>>
  }
  readonly nothingUseful: string
  /** What devices bring, by the name carriers give it; what is not here is called as it is. */
  readonly brings: Readonly<Record<string, string>>
  readonly unknownDevice: (deviceId: string) => string
  readonly noCalibration: (name: string) => string
}

/** In tenths, and no tenth of nothing below zero. */
const tenths = (value: number): string => (Math.round(value * 10) / 10 + 0).toFixed(1).replace('-', '−')

export const LEGS_WORDS: LegsWords = {
  trainer: {
    waiting: 'waiting for the road',
    flat: 'nothing to feel: the flat',
    road: (percent, gear, isAlone) =>
      `the road, ${tenths(percent)} %${gear === undefined ? '' : `, gear ${gear}`}` +
      (isAlone ? ' (from memory: the server is silent)' : ''),
    noBrake: 'this trainer has no such brake to set',
    brake: (percent) => `brake at ${percent} %`,
    letGo: 'let go: your cadence fell; pedal on and it comes back',
    returning: (heldW, wishedW) => `coming back: ${heldW} W of ${wishedW} W`,
    held: (watts) => `${watts} W held`,
    cannotHold: 'this trainer cannot hold watts; it makes the road instead',
    noAnswer: 'the trainer does not answer; asking again',
    refused: 'the trainer refused what it was asked; asking again',
    none: 'no trainer',
    asking: 'asking the trainer for control',
    starting: 'starting the trainer',
    unsupported: 'this trainer takes no such target: it rides as it is',
    workout: (name, step, steps, left) => `; ${name}, step ${step} of ${steps}, ${left} left`,
  },
  spinDown: {
    asking: 'Asking the trainer for a spin-down …',
    faster: (kmh) => `Pedal faster${kmh === undefined ? '' : ` to ${kmh} km/h`}.`,
    coast: 'Stop pedalling and let the wheel roll to rest.',
    done: (seconds) =>
      `The trainer is calibrated.${seconds === undefined ? '' : ` It rolled for ${seconds.toFixed(1)} s.`}`,
    failed: {
      'not-supported': 'This trainer has no spin-down that programs can start; its maker’s app may have one.',
      refused: 'The trainer refused the spin-down. Ride ten minutes to warm it, then try again.',
      'no-answer': 'The trainer did not answer. Is another program using it? Close that one and try again.',
      slow: 'The speed was not reached in two minutes. Shift to the biggest gear and try again.',
      'no-end': 'The trainer said nothing of the result. Let the wheel come to rest without pedalling, and try again.',
      trainer: 'The spin-down failed. Stop pedalling at once when told to, do not brake, and try again.',
      stopped: 'The spin-down was stopped; the trainer is as it was.',
      gone: 'The trainer went away during the spin-down.',
    },
  },
  nothingUseful: 'nothing of a bicycle on it',
  brings: {},
  unknownDevice: (deviceId) => `No device ${deviceId} is here now; wake it, or pair it first.`,
  noCalibration: (name) => `${name} has no calibration that can be started from here.`,
}
