import { writeGolomb, writeSigned } from '#protocol/codes'
import { decodeDownPacket, decodeUpPacket } from '#protocol/control'
import { decodeDatagram } from '#protocol/datagram'
import type { Decoded } from '#protocol/decoded'
import { decodeWish, encodeWish } from '#protocol/rider-wish'
import { decodeToken, encodeToken } from '#protocol/token'
import type { BitWriter } from '#protocol/writer'
import { WISHED } from './input-vectors.ts'
import { written } from './meaning.ts'
import { DOWN_BYTES, UP_BYTES } from './packet-vectors.ts'
import { hex, type VectorFile } from './vector-file.ts'
import { DATAGRAMS, TOKENS } from './wire-vectors.ts'

/** What is refused, by whom it is read. `wish`: a byte of kind, then the body. */
const READERS: Readonly<Record<string, (bytes: Uint8Array) => Decoded<unknown, string>>> = {
  datagram: decodeDatagram,
  up: decodeUpPacket,
  down: decodeDownPacket,
  token: decodeToken,
  wish: (bytes) => decodeWish({ kind: bytes[0]!, body: bytes.subarray(1) }),
}

interface Bad {
  readonly what: string
  readonly name: string
  readonly bytes: Uint8Array
}

/** Right bytes of each kind, to be spoilt. */
const RIGHT: readonly Bad[] = [
  ...DATAGRAMS.map(([name, bytes]) => ({ what: 'datagram', name, bytes })),
  ...UP_BYTES.map(([name, bytes]) => ({ what: 'up', name, bytes })),
  ...DOWN_BYTES.map(([name, bytes]) => ({ what: 'down', name, bytes })),
  ...TOKENS.map(([name, token]) => ({ what: 'token', name, bytes: encodeToken(token) })),
  ...WISHED.map((wish) => {
    const { kind, body } = encodeWish(wish)
    return { what: 'wish', name: `wish: ${wish.kind}`, bytes: Uint8Array.of(kind, ...body) }
  }),
]

const pad = (bytes: Uint8Array, length: number): Uint8Array => {
  const longer = new Uint8Array(length)
  longer.set(bytes.subarray(0, length))
  return longer
}
const turned = (bytes: Uint8Array, bit: number): Uint8Array =>
  bytes.with(bit >>> 3, bytes[bit >>> 3]! ^ (1 << (bit & 7)))

/** Cut, lengthened, and with a bit turned here and there. */
function spoilt({ what, name, bytes }: Bad, index: number): Bad[] {
  const { length } = bytes
  const cuts =
    length <= 12 ? Array.from({ length }, (_zero, i) => i) : [1, length >> 2, length >> 1, length - 2, length - 1]
  const turns = [index * 7 + 3, index * 13 + 50, index * 29 + 11].map((bit) => bit % (length * 8))
  const last = length * 8 - 1
  return [
    ...cuts.map((at) => ({ what, name: `${name}: cut to ${at} bytes`, bytes: bytes.subarray(0, at) })),
    { what, name: `${name}: a zero byte more`, bytes: pad(bytes, length + 1) },
    ...[...turns, last].map((bit) => ({ what, name: `${name}: bit ${bit} turned`, bytes: turned(bytes, bit) })),
  ].filter((bad) => what !== 'wish' || bad.bytes.length > 0)
}

type Write = (w: BitWriter) => void
const bits =
  (...values: readonly (readonly [value: number, width: number])[]): Write =>
  (w) => {
    for (const [value, width] of values) w.bits(value, width)
  }
const bad = (what: string, name: string, ...writes: readonly Write[]): Bad => ({
  what,
  name,
  bytes: written((w) => writes.forEach((write) => write(w))),
})

const INPUT = bits([4, 8])
const FIRST = bits([1, 2], [10, 16], [5000, 32], [200, 12], [180, 9], [140, 8], [127, 8])
const SAME = bits([0, 4])
const one = (powerW: number, cadence: number, heart: number, steer: number): Write =>
  bits([0, 2], [10, 16], [5000, 32], [powerW, 12], [cadence, 9], [heart, 8], [steer, 8])
const WISHES = bits([16, 8])
const DOWN = (block: number): Write => bits([block, 8], [100, 16])
const OWN_MOTION = bits([1000, 30], [100, 16], [8192, 14], [1024, 11], [512, 10], [2048, 12])
/** A rider block with one record in slot 0 at the packet's own tick. */
const RECORD: Write = (w) => {
  DOWN(16)(w)
  w.bits(1, 1)
  for (const k of [0, 2, 2]) writeGolomb(w, 0, k)
}
const signed =
  (...values: readonly (readonly [value: number, k: number])[]): Write =>
  (w) => {
    for (const [value, k] of values) writeSigned(w, value, k)
  }
/** kind and id, tier, motion, line, turn, body, telemetry. */
const whole = (id: number, turn: number, powerW: number, cadence: number, heart: number): Write =>
  bits(
    ...([
      [0b001111, 6],
      [id, 24],
      [0, 1],
      [1, 31],
      [1, 20],
      [1, 15],
      [1, 13],
      [1, 8],
      [turn, 3],
    ] as const),
    ...([
      [1, 4],
      [1, 4],
      [1, 6],
      [0, 4],
      [powerW, 12],
      [cadence, 9],
      [heart, 8],
    ] as const),
  )
const TRANSFER_STEPS = [0, 7, 0, 9, 0, 6, 0, 6, 0, 2, 0, 0] as const
const transfer =
  (turn: number, power: number): Write =>
  (w) => {
    w.bits(0b101111, 6)
    for (let i = 0; i < TRANSFER_STEPS.length; i += 2) writeSigned(w, TRANSFER_STEPS[i]!, TRANSFER_STEPS[i + 1]!)
    w.bits(turn, 3)
    signed([power, 4], [0, 0], [0, 0])(w)
  }

const BY_HAND: readonly Bad[] = [
  ...[0, 8, 0x10, 0x40, 0x7f, 0x80, 0x81, 0x82, 0x83, 0x86, 0x87, 0x88, 0xff].map((kind) => ({
    ...{ what: 'datagram', name: `kind ${kind}` },
    bytes: pad(Uint8Array.of(kind, 3), 40),
  })),
  { what: 'datagram', name: 'nothing', bytes: new Uint8Array(0) },
  { what: 'datagram', name: '1201 bytes', bytes: pad(Uint8Array.of(5), 1201) },
  { what: 'datagram', name: 'CONNECT of 1199 bytes', bytes: DATAGRAMS[0]![1].subarray(0, 1199) },
  { what: 'datagram', name: 'CONNECT that does not end in zeros', bytes: DATAGRAMS[0]![1].with(1199, 1) },
  { what: 'datagram', name: 'CONNECT, a byte behind the token', bytes: DATAGRAMS[0]![1].with(156, 1) },
  ...[0, 1, 2, 4, 255].flatMap((version) =>
    [0, 2, 11].map((which) => ({
      ...{ what: 'datagram', name: `${DATAGRAMS[which]![0]}: version ${version}` },
      bytes: DATAGRAMS[which]![1].with(1, version),
    })),
  ),
  bad('up', 'an unknown block', bits([0x80, 8])),
  bad('up', 'power 3001 W', INPUT, one(3001, 0, 0, 127)),
  bad('up', 'power 4095 W', INPUT, one(4095, 0, 0, 127)),
  bad('up', 'cadence 250.5 rpm', INPUT, one(0, 501, 0, 127)),
  bad('up', 'heart rate 251', INPUT, one(0, 0, 251, 127)),
  bad('up', 'steer 128', INPUT, one(0, 0, 0, 255)),
  bad('up', 'a step of one in the long form', INPUT, FIRST, bits([1, 1], [1, 16], [0, 1], [5, 11]), SAME),
  bad('up', 'a step of nothing', INPUT, FIRST, bits([1, 1], [0, 16], [0, 1], [5, 11]), SAME),
  bad('up', 'a step of half the circle', INPUT, FIRST, bits([1, 1], [0x8000, 16], [0, 1], [5, 11]), SAME),
  bad('up', 'a newer sample behind an older one', INPUT, FIRST, bits([1, 1], [0xffff, 16], [0, 1], [5, 11]), SAME),
  bad('up', '2047 ms in the long form', INPUT, FIRST, bits([0, 1], [1, 1], [2047, 32]), SAME),
  bad('up', 'half the circle of stamps', INPUT, FIRST, bits([0, 1], [1, 1], [0x80000000, 32]), SAME),
  bad('up', 'a stamp that rises', INPUT, FIRST, bits([0, 1], [1, 1], [0xffffffff, 32]), SAME),
  bad('up', 'a power said again', INPUT, FIRST, bits([0, 1], [0, 1], [5, 11], [1, 1], [200, 12], [0, 3])),
  bad(
    'up',
    'a power of 3001 W in the older sample',
    INPUT,
    FIRST,
    bits([0, 1], [0, 1], [5, 11], [1, 1], [3001, 12], [0, 3]),
  ),
  bad(
    'up',
    'a body of 65 bytes',
    WISHES,
    bits([0, 3], [1, 16], [2, 8], [65, 8]),
    bits(...Array.from({ length: 65 }, () => [0x41, 8] as const)),
  ),
  bad('up', 'two wishes of one number', WISHES, bits([1, 3], [7, 16], [1, 8], [0, 8], [7, 16], [2, 8], [0, 8])),
  bad('up', 'wishes that fall', WISHES, bits([1, 3], [7, 16], [1, 8], [0, 8], [6, 16], [2, 8], [0, 8])),
  bad(
    'up',
    'wishes half the circle apart',
    WISHES,
    bits([1, 3], [0, 16], [1, 8], [0, 8], [0x8000, 16], [2, 8], [0, 8]),
  ),
  bad('up', 'extensions, and none there', bits([32, 8])),
  bad('up', 'an extension without a length', bits([32, 8], [7, 8])),
  bad('up', 'an extension that is cut', bits([32, 8], [7, 8], [3, 8], [0, 16])),
  bad('up', 'an extension, and a byte behind it', bits([32, 8], [7, 8], [1, 8], [9, 8], [1, 8])),
  bad(
    'up',
    'an extension behind bits that are not zero',
    bits([36, 8]),
    one(0, 0, 0, 127),
    bits([7, 3], [7, 8], [0, 8]),
  ),
  ...[6, 7, 15].map((reason) => bad('down', `bye ${reason}`, DOWN(2), bits([reason, 4]))),
  bad('down', 'own: nothing owed, said', DOWN(8), bits([2, 8]), OWN_MOTION, bits([32768, 16])),
  ...[6, 7].flatMap((source) =>
    [0, 1, 2].map((which) =>
      bad(
        'down',
        `own: source ${source} of quantity ${which}`,
        DOWN(8),
        bits([128, 8]),
        OWN_MOTION,
        bits([1, 2], [0, 12], ...[0, 1, 2].map((i) => [i === which ? source : 1, 3] as const)),
      ),
    ),
  ),
  bad('down', 'whole: rider 0', RECORD, whole(0, 0, 0, 0, 0)),
  ...[5, 6, 7].map((turn) => bad('down', `whole: turn ${turn}`, RECORD, whole(9, turn, 0, 0, 0))),
  bad('down', 'whole: 3001 W', RECORD, whole(9, 0, 3001, 0, 0)),
  bad('down', 'whole: 250.5 rpm', RECORD, whole(9, 0, 0, 501, 0)),
  bad('down', 'whole: heart rate 251', RECORD, whole(9, 0, 0, 0, 251)),
  ...[0, 1, 2, 4].map((parts) =>
    bad(
      'down',
      `a change of parts ${parts} in the long form`,
      RECORD,
      bits([0b0111, 4], [parts, 5]),
      signed([1, 4], [1, 4], [1, 4]),
    ),
  ),
  bad('down', 'telemetry that changes nothing', RECORD, bits([0b00, 2]), signed([0, 4], [0, 0], [0, 0])),
  bad('down', 'sideways and nothing', RECORD, bits([0b01, 2]), signed([0, 0], [0, 1], [0, 3])),
  bad('down', 'along and nothing', RECORD, bits([0b011, 3]), signed([0, 0], [0, 2], [0, 0])),
  bad(
    'down',
    'along, and telemetry that changes nothing',
    RECORD,
    bits([0b0111, 4], [5, 5]),
    signed([1, 0], [0, 2], [0, 0], [0, 4], [0, 0], [0, 0]),
  ),
  bad('down', 'telemetry: 3001 W more', RECORD, bits([0b00, 2]), signed([3001, 4], [0, 0], [0, 0])),
  bad('down', 'telemetry: 250.5 rpm less', RECORD, bits([0b00, 2]), signed([0, 4], [-501, 0], [0, 0])),
  bad('down', 'telemetry: 251 beats more', RECORD, bits([0b00, 2]), signed([0, 4], [0, 0], [251, 0])),
  bad('down', 'watts: 3001 W less', RECORD, bits([0b10, 2]), signed([-3001, 4], [0, 0])),
  ...[5, 6, 7].map((turn) => bad('down', `a change to turn ${turn}`, RECORD, bits([0b0111, 4], [16, 5], [turn, 3]))),
  bad('down', 'a transfer to turn 5', RECORD, transfer(5, 0)),
  bad('down', 'a transfer by 3001 W', RECORD, transfer(0, 3001)),
  bad('down', 'a code of 25 ones', DOWN(16), bits([1, 1], [0x1ffffff, 25], [0, 1], [0, 32])),
  bad('down', 'news 64 ticks old', DOWN(16), bits([1, 1]), (w) => writeGolomb(w, 64, 0), bits([0, 32])),
  bad(
    'down',
    'two sections of one age',
    DOWN(16),
    bits([1, 1]),
    ...[0, 1].flatMap((more) => [section(3, 0), bits([1 - more, 1])]),
  ),
  bad(
    'down',
    'a younger section before an older one',
    DOWN(16),
    bits([1, 1]),
    section(3, 0),
    bits([1, 1]),
    section(4, 0),
    bits([0, 1]),
  ),
  bad('down', 'slot 512', DOWN(16), bits([1, 1]), section(0, 512)),
  ...[2, 4, 0, 255].map((version) => ({
    what: 'token',
    name: `version ${version}`,
    bytes: encodeToken(TOKENS[0]![1]).with(0, version),
  })),
  ...[0, 3, 255].map((use) => ({ what: 'token', name: `use ${use}`, bytes: encodeToken(TOKENS[0]![1]).with(1, use) })),
  ...[0x20, 0x7f, 0x80, 0, 10].map((letter) => ({
    what: 'token',
    name: `a room with the byte ${letter} in it`,
    bytes: encodeToken(TOKENS[0]![1]).with(3, letter),
  })),
  { what: 'token', name: 'no room', bytes: encodeToken(TOKENS[0]![1]).fill(0, 2, 18) },
  { what: 'token', name: 'a time that nobody can count', bytes: encodeToken(TOKENS[0]![1]).with(28, 0x20) },
  ...[
    ['01', 'turn of nothing'],
    ['0105', 'turn 5'],
    ['01ff', 'turn 255'],
    ['020a', 'a route with a line break'],
    ['0220', 'a route with a blank'],
    ['027f', 'a route with a deletion'],
    [`02${'61'.repeat(65)}`, 'a route of 65 letters'],
    ['03040000', 'a trainer mode of tomorrow'],
    ['0302fa00', 'a target for a trainer that follows the road'],
    ['0303c509', '2501 W'],
    ['04060000', 'a device that there is not'],
    ['04000006', 'a strap that there is not'],
    ['050f00', 'fifteen riders'],
    ['054101', '321 riders'],
    ['05ffff', '65535 riders'],
    ['06', 'nobody doubted'],
    ['060102', 'two thirds of a rider doubted'],
    ['0601020304', 'a rider and a third'],
    [`06${'010203'.repeat(21)}`, 'twenty-one riders doubted'],
    ['63010203', 'a kind of tomorrow'],
    ['00', 'kind 0'],
  ].map(([text, name]) => ({ what: 'wish', name: `wish: ${name}`, bytes: Uint8Array.from(Buffer.from(text!, 'hex')) })),
]

/** One leave, so many ticks old, in a slot. */
function section(age: number, slot: number): Write {
  return (w) => {
    writeGolomb(w, age, 0)
    writeGolomb(w, 0, 2)
    writeGolomb(w, slot, 2)
    w.bits(0b011111, 6)
  }
}

const malformed: VectorFile = {
  name: 'malformed',
  about:
    'What must be refused, and the reason [D80]. `what`: datagram, up or down packet, token, or wish (a byte of kind, then the body). Where a turned bit makes other right bytes the reason is null.',
  vectors: () =>
    [...BY_HAND, ...RIGHT.flatMap(spoilt)].map(({ what, name, bytes }) => {
      const read = READERS[what]!(bytes)
      return { what, name, hex: shortHex(bytes), ...longer(bytes), reason: read.ok ? null : read.error }
    }),
}

/** Zeros at the end of something long are left out, and said. */
function longer(bytes: Uint8Array): object {
  return bytes.length > 400 ? { paddedTo: bytes.length } : {}
}
function shortHex(bytes: Uint8Array): string {
  if (bytes.length <= 400) return hex(bytes)
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end--
  return hex(bytes.subarray(0, end))
}

export const MALFORMED_VECTORS: readonly VectorFile[] = [malformed]
