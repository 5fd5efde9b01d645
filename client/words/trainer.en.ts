import type { TrainerMode } from '#bridges/core/devices'

const modes: Readonly<Record<TrainerMode, string>> = {
  sim: 'The road',
  erg: 'Hold watts',
  resistance: 'Resistance',
  free: 'Free',
}

const control = {
  trainer: 'Trainer',
  modes: 'What the trainer does',
  target: 'Watts to hold',
  difficulty: 'How much of a hill you feel',
  resistance: 'Resistance',
  gears: 'Gears',
  noGear: 'none',
  gearsOn: 'Use virtual gears',
  gearsOff: 'No virtual gears',
  less: { sim: 'An easier gear', erg: '10 watts less', resistance: 'Less resistance', free: 'Less' },
  more: { sim: 'A harder gear', erg: '10 watts more', resistance: 'More resistance', free: 'More' },
  openBar: 'Trainer: modes and gears',
  keys: [
    [['↑', '↓'], 'more, less'],
    [['E', 'Q'], 'gears'],
    [['G'], 'watts, road'],
    [['T'], 'sensors'],
  ] as readonly (readonly [keys: readonly string[], words: string])[],
}

/** After a reload. */
const waiting = {
  label: 'Sensors of last time',
  connect: (name: string, more: number) => `Connect ${name}${more > 0 ? ` and ${more} more` : ''} again`,
  later: 'Not now',
}

/** Of all devices, on the ride screen. */
const line = {
  bridge: 'Watts come from your bridge',
  waits: (name: string) => `${name} waits for a click`,
  none: 'No sensor is paired: the menu pairs one',
  simulated: 'Simulated trainer',
}

export const en = {
  modes,
  control,
  waiting,
  line,
  title: 'Trainer and sensors',
  back: 'Back to the ride',
}
