import type { Sequence } from '#protocol/ids'
import { decodeInput, encodeInput, type InputSample } from '#protocol/input'
import { type OwnBlock, readOwn, writeOwn } from '#protocol/own'
import { BitReader } from '#protocol/reader'
import { decodeWish, encodeWish, type RiderWish } from '#protocol/rider-wish'
import { BitWriter } from '#protocol/writer'
import { meaning, valueOf } from './meaning.ts'
import { hex, type VectorFile } from './vector-file.ts'

const LEGS = { powerW: 247, cadenceHalfRpm: 182, heartRateBpm: 148, steer: 0 }

export function sample(sequence: number, atMs: number, more: Partial<InputSample> = {}): InputSample {
  return { sequence: sequence as Sequence, atMs, ...LEGS, ...more }
}

export const INPUTS: readonly (readonly [name: string, samples: readonly InputSample[]])[] = [
  ['one sample: 247 W, 91 rpm, 148 bpm', [sample(10764, 1_000_000)]],
  [
    'four samples, 250 ms apart; the older three differ in power only',
    [247, 243, 243, 239].map((powerW, i) => sample(10764 - i, 1_000_000 - 250 * i, { powerW })),
  ],
  ['the sequence and the stamp wrap', [sample(0, 100), sample(65535, 2 ** 32 - 150)]],
  ['a gap in the sequence', [sample(500, 70_000), sample(497, 69_000), sample(496, 68_999)]],
  ['the largest gap', [sample(40_000, 70_000), sample(40_000 - 32_767, 69_999)]],
  ['2047 ms apart, the short form', [sample(2, 10_000), sample(1, 7953)]],
  ['2048 ms apart, the long form', [sample(2, 10_000), sample(1, 7952)]],
  ['almost 2³¹ ms apart', [sample(2, 2 ** 31), sample(1, 1)]],
  ['at one moment', [sample(2, 5000, { steer: 3 }), sample(1, 5000)]],
  ['hard left', [sample(1, 1, { steer: -127 })]],
  ['hard right', [sample(1, 1, { steer: 127 })]],
  ['nothing turns, no strap', [sample(65535, 2 ** 32 - 1, { powerW: 0, cadenceHalfRpm: 0, heartRateBpm: 0 })]],
  ['as much as there may be', [sample(9, 9, { powerW: 3000, cadenceHalfRpm: 500, heartRateBpm: 250 })]],
  [
    'everything changes, twice',
    [
      sample(7, 900, { powerW: 1, cadenceHalfRpm: 2, heartRateBpm: 3, steer: 4 }),
      sample(6, 800, { powerW: 5, cadenceHalfRpm: 6, heartRateBpm: 7, steer: -8 }),
      sample(5, 0, { powerW: 9, cadenceHalfRpm: 10, heartRateBpm: 11, steer: 12 }),
    ],
  ],
]

const input: VectorFile = {
  name: 'input',
  about: 'Input blocks [D40]: the bytes, and the samples in them, newest first.',
  vectors: () =>
    INPUTS.map(([name, samples]) => {
      const bytes = encodeInput(samples)
      return { name, hex: hex(bytes), samples: meaning(valueOf(decodeInput(bytes))) }
    }),
}

const MOTION = {
  ...{ placeM: 12345.5, speedMps: 9.25, lateralM: -1.5, lateralMps: 0.125 },
  ...{ draftFactor: 0.75, gradeFraction: 0.0625, isTouched: false },
}
const FULL_LEGS = { powerW: 247, cadenceRpm: 91, heartRateBpm: 148 }
const ROAD = { distanceM: 2345.5, route: 3, leg: 12, turn: 1, flags: 0 }
const BOOKS = { workJ: 123456, brakeJ: 789, contactJ: -1234 }
const GEAR = { trainerMode: 3, targetW: 250, powerSource: 4, cadenceSource: 2, heartRateSource: 3 }

export const OWNS: readonly (readonly [name: string, own: OwnBlock])[] = [
  ['motion alone: nobody gives the legs, the line is where the motion ends', MOTION],
  [
    'in a bunch: ack of sample 10764 two ticks ago, 37 J owed, steering for 0.25 m left, touched',
    { ...MOTION, ack: { sequence: 10764, ageTicks: 2 }, owedJ: 37, lineM: -0.25, isTouched: true },
  ],
  ['paid too much: −12 J', { ...MOTION, ack: { sequence: 0, ageTicks: 127 }, owedJ: -12 }],
  ['less than half a joule is not said', { ...MOTION, owedJ: 0.4 }],
  ['legs', { ...MOTION, legs: FULL_LEGS }],
  ['road', { ...MOTION, road: ROAD }],
  [
    'behind the line of a pen, in a race',
    { ...MOTION, road: { distanceM: -12.5, route: 1, leg: 1, turn: 0, flags: 17 } },
  ],
  ['books', { ...MOTION, books: BOOKS }],
  ['gear', { ...MOTION, gear: GEAR }],
  [
    'everything',
    {
      ...{ ...MOTION, ack: { sequence: 65535, ageTicks: 0 }, owedJ: 32767, lineM: 15.5, isTouched: true },
      ...{ legs: FULL_LEGS, road: ROAD, books: BOOKS, gear: GEAR },
    },
  ],
  [
    'all at the end of their fields',
    {
      ...{ placeM: 1e9, speedMps: 1e3, lateralM: 99, lateralMps: 99, draftFactor: 9, gradeFraction: 9 },
      ...{ isTouched: false, owedJ: -1e9, lineM: -99 },
      legs: { powerW: 3000, cadenceRpm: 250, heartRateBpm: 250 },
      books: { workJ: 1e12, brakeJ: 1e9, contactJ: -1e9 },
    },
  ],
]

const own: VectorFile = {
  name: 'own',
  about:
    'Own blocks [D140], the bits of a down packet after its block bits, zeros to the byte. `own`: as read; a part that is not there is left out.',
  vectors: () =>
    OWNS.map(([name, block]) => {
      const w = new BitWriter()
      writeOwn(w, block)
      const bytes = w.finish()
      return { name, bits: w.bitLength, hex: hex(bytes), own: meaning(valueOf(readOwn(new BitReader(bytes)))) }
    }),
}

export const WISHED: readonly RiderWish[] = [
  ...[0, 1, 2, 3, 4].map((turn) => ({ kind: 'turn' as const, turn })),
  { kind: 'route', routeId: '' },
  { kind: 'route', routeId: 'round-the-mere' },
  { kind: 'route', routeId: 'x'.repeat(64) },
  { kind: 'trainer', mode: 'unknown', targetW: 0 },
  { kind: 'trainer', mode: 'off', targetW: 0 },
  { kind: 'trainer', mode: 'road', targetW: 0 },
  { kind: 'trainer', mode: 'target', targetW: 250 },
  { kind: 'trainer', mode: 'target', targetW: 2500 },
  { kind: 'sources', power: 'none', cadence: 'none', heartRate: 'none' },
  { kind: 'sources', power: 'trainer', cadence: 'cadence-sensor', heartRate: 'strap' },
  { kind: 'sources', power: 'power-meter', cadence: 'controls', heartRate: 'none' },
  ...[16, 100, 255, 256, 320].map((riders) => ({ kind: 'view' as const, riders })),
  { kind: 'doubt', riderIds: [17] },
  { kind: 'doubt', riderIds: [1, 0xffffff, 0x010203] },
  { kind: 'doubt', riderIds: Array.from({ length: 20 }, (_zero, i) => i * 1000) },
]

const riderWish: VectorFile = {
  name: 'rider-wish',
  about: 'Bodies of wishes [D141]: kind, body, and what it means.',
  vectors: () =>
    WISHED.map((wish) => {
      const { kind, body } = encodeWish(wish)
      return { name: JSON.stringify(wish), kind, body: hex(body), wish: meaning(valueOf(decodeWish({ kind, body }))) }
    }),
}

export const INPUT_VECTORS: readonly VectorFile[] = [input, own, riderWish]
