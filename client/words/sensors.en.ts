import type { Quantity } from '#bridges/core/devices'
import { LEGS_WORDS, type LegsWords } from '#bridges/core/legs-words'
import { speedText, units } from './units.ts'
import type { Told, TroubleId } from '../input/trouble-names.ts'

const told = (words: string, remedy: string): Told => ({ words, remedy })

/** `name`: of the device; `more`: a number that belongs to it. */
const troubles: Readonly<Record<TroubleId, (name: string, more: string) => Told>> = {
  'not-secure': () =>
    told(
      'Browsers allow Bluetooth only on secure pages.',
      'Open this address with https, or as localhost on the server itself; or pair with “gruppetto bridge”.',
    ),
  'no-bluetooth': () =>
    told(
      'This browser has no Bluetooth for pages.',
      'Use Chrome or Edge, or pair the trainer with “gruppetto bridge”, which needs no browser.',
    ),
  'bluetooth-hidden': () =>
    told(
      'This browser has Bluetooth for pages only when it is told so.',
      'Open chrome://flags, enable “Web Bluetooth” and start it again; or pair the trainer with “gruppetto bridge”.',
    ),
  'bluetooth-off': () =>
    told(
      'Bluetooth is switched off on this computer.',
      'Switch it on and pair again; what was paired comes by itself.',
    ),
  denied: () =>
    told(
      'This page may not use Bluetooth.',
      'Allow it: the sign left of the address, then Bluetooth devices; on a Mac also in its Privacy settings.',
    ),
  'nothing-chosen': () => told('No device was chosen.', 'Wake the trainer by pedalling, then pair again.'),
  'chooser-failed': () => told('The browser’s Bluetooth window did not open.', 'Reload the page and pair again.'),
  waiting: (name) =>
    told(`Paired on another day: ${name}.`, 'Press “Reconnect”, and take each in the browser’s window.'),
  asleep: (name) => told(`${name} does not answer: it is asleep or far away.`, 'Turn the pedals to wake it.'),
  held: (name) =>
    told(
      `${name} still does not answer: another program may hold it.`,
      'Close the other app, on the phone and the television too; else switch it off and on.',
    ),
  lost: (name) => told(`${name} is gone.`, 'It is looked for, and goes on by itself when it is back.'),
  'long-lost': (name, more) =>
    told(
      `${name} has been gone for ${more}.`,
      'Turn the pedals; is it switched on? If another app has taken it, close that one.',
    ),
  stalled: (name) =>
    told(`${name} is connected and does not say what it has.`, 'Wait ten seconds; then switch it off and on.'),
  'nothing-useful': (name) =>
    told(
      `${name} is connected, and has nothing that riding can use.`,
      'Forget it, and look whether its app can make it speak to bicycle computers.',
    ),
  'no-power': (name) =>
    told(`${name} is connected, and says no watts.`, 'Turn the pedals. If it stays so, switch it off and on.'),
  'no-cadence': (name) =>
    told(
      `${name} says watts and no cadence.`,
      'Add a cadence sensor; or a newer firmware from its maker’s app may know it.',
    ),
  'no-heart': (name) =>
    told(`${name} is connected, and feels no heart.`, 'Wet it where it touches the skin, and wear it tighter.'),
  stuck: (name) =>
    told(
      `${name} repeats itself: these watts are a memory, and do not count.`,
      'Pedal on; if it stays so, switch it off and on.',
    ),
  'battery-low': (name, more) =>
    told(`${name} has ${more} of its battery left.`, 'Charge it or change the cell before a long ride.'),
  'control-held': (name) =>
    told(
      `${name} does not let this page set its resistance.`,
      'Close the other app that has it, its maker’s too; it is asked again and again.',
    ),
  'control-lost': (name) =>
    told(`Another app has taken the resistance of ${name}.`, 'Close that app; it is asked back again and again.'),
  'no-answer': (name) =>
    told(`${name} does not answer what it is asked.`, 'It is asked again. If it stays so, switch it off and on.'),
  refused: (name) =>
    told(`${name} refused what it was asked.`, 'It is asked again; pedal, for some obey only while they turn.'),
  unsupported: (name) =>
    told(`${name} does not know this way of riding.`, 'Choose another: the road, watts to hold, or resistance.'),
  'no-resistance': (name) =>
    told(
      `${name} says its watts, and takes no resistance from programs.`,
      'Update it with its maker’s app, and switch it off and on; until then its watts count, hills are not felt.',
    ),
}

const quantities: Readonly<Record<Quantity, { readonly name: string; readonly unit: string }>> = {
  powerW: { name: 'Power', unit: 'W' },
  cadenceRpm: { name: 'Cadence', unit: 'rpm' },
  heartRateBpm: { name: 'Heart rate', unit: 'bpm' },
}

const carriers = {
  bluetooth: 'Bluetooth',
  network: 'network',
  ant: 'ANT+',
  simulated: 'simulated',
}

/** How a tile stands, in a word beside its shape. */
const tiles = { good: 'Live', working: 'Waiting', bad: 'Lost', none: 'No sensor' }

const pairing = {
  add: 'Add a device',
  adding: 'Choose it in the browser’s window …',
  reconnect: (count: number): string => (count === 1 ? 'Reconnect' : `Reconnect all ${count}`),
  nextClick: (name: string, left: number): string =>
    `One more click: the browser asks for ${name} by itself${left > 1 ? `, ${left} are left` : ''}.`,
  close: 'Close',
  ride: 'Ride with these',
  numbers: 'Your numbers',
  devices: 'Devices',
  wrong: 'What is wrong',
  worthKnowing: 'Worth knowing',
  fine: 'Nothing is wrong.',
  empty: 'Turn the pedals, so that the trainer wakes. Then add it, and after it what you wear: strap, meter, buttons.',
  resistance: 'Resistance',
  ready: 'Ready for the road',
  battery: (percent: number): string => `battery ${percent} %`,
  used: 'used',
  usedChosen: 'used, your choice',
  chosenAway: 'your choice, silent',
  notUsed: 'not used',
  useThis: 'Use this one',
  letBest: 'Use the best',
  calibrate: 'Calibrate',
  forget: 'Forget',
  forgetReally: 'Forget it?',
  calibration: 'Calibration',
  warmUp: 'Ride ten minutes first: a cold trainer is calibrated wrong. Then this takes a minute.',
  begin: 'Begin',
  later: 'Not now',
  stop: 'Stop',
  done: 'Done',
  again: 'Try again',
  steps: ['Speed up', 'Stop pedalling', 'Let it roll to rest'] as readonly string[],
  speed: (now: string, low: string, high: string): string => `${now}, wanted ${low} to ${high}`,
}

/** How a device stands, by its link alone. */
const links = {
  off: 'Bluetooth is switched off on this computer; it goes on by itself when it is on again',
  connected: 'Connected',
  connecting: (name: string) => `Connecting to ${name} …`,
  silent: (name: string) => `${name} does not answer; trying again. Is it awake, and does no other app hold it?`,
  gone: (name: string) => `${name} is gone, trying again`,
  stillGone: (name: string) => `${name} is still gone, trying again. Is it switched on, and does no other app hold it?`,
  letGo: (name: string) => `${name} was let go`,
  pairedEarlier: (name: string) => `${name} was paired earlier: one click connects it again`,
  nameless: 'Sensor without a name',
  asking: 'Connected, asking what it has …',
}

/** The English of terminals, but speeds in the reader's own units. */
const legs: LegsWords = {
  ...LEGS_WORDS,
  spinDown: {
    ...LEGS_WORDS.spinDown,
    faster: (kmh) => `Pedal faster${kmh === undefined ? '' : ` to ${speedText(kmh, units(), 0)}`}.`,
  },
}

export const en = {
  troubles,
  quantities,
  carriers,
  tiles,
  pairing,
  links,
  legs,
}
