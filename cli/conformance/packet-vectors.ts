import {
  decodeDownPacket,
  decodeUpPacket,
  type DownParts,
  type UpPacket,
  writeDownPacket,
  writeUpPacket,
} from '#protocol/control'
import type { RiderId, Sequence } from '#protocol/ids'
import { encodeWish } from '#protocol/rider-wish'
import { INPUTS, OWNS, sample, WISHED } from './input-vectors.ts'
import { meaning, valueOf, written } from './meaning.ts'
import { BLOCKS } from './rider-vectors.ts'
import { countedBytes, hex, type VectorFile } from './vector-file.ts'

const ACK = { newestLow: 4711, bits: 0xfffffff7 }
const wish = (number: number, kind: number, body: Uint8Array = new Uint8Array(0)) => ({
  number: number as Sequence,
  kind,
  body,
})
const NOTHING: UpPacket = { ack: undefined, clockMs: undefined, input: undefined, isBye: false }

type Named<T> = readonly (readonly [name: string, value: T])[]

const UPS: Named<UpPacket> = [
  ['nothing to say', NOTHING],
  ['ack, clock and a sample', { ...NOTHING, ack: ACK, clockMs: 31234, input: [sample(7, 7000)] }],
  ['goodbye', { ...NOTHING, ack: { newestLow: 65535, bits: 1 }, isBye: true }],
  [
    'the answer to a path challenge',
    { ...NOTHING, ack: { newestLow: 300, bits: 0xffffffff }, path: countedBytes(8, 1) },
  ],
  [
    'two wishes, the second of a kind of tomorrow with an empty body, behind a sample',
    {
      ...NOTHING,
      clockMs: 500,
      input: [sample(9, 9000, { steer: -5 })],
      wishes: [wish(65535, 1, Uint8Array.of(3)), wish(0, 200)],
    },
  ],
  [
    'eight wishes, as many as there may be',
    { ...NOTHING, wishes: WISHED.slice(0, 8).map((one, i) => ({ number: (40 + i) as Sequence, ...encodeWish(one) })) },
  ],
  ['the largest body of a wish', { ...NOTHING, wishes: [wish(5, 2, countedBytes(64, 0x21))] }],
  [
    'everything',
    {
      ack: ACK,
      clockMs: 65535,
      path: countedBytes(8, 0xf0),
      input: INPUTS[1]![1],
      wishes: [wish(1, 5, Uint8Array.of(64, 0))],
      isBye: true,
    },
  ],
  ...INPUTS.map(([name, input]) => [`input: ${name}`, { ...NOTHING, clockMs: 1, input }] as const),
]

export const UP_BYTES: Named<Uint8Array> = UPS.map(([name, packet]) => [name, written((w) => writeUpPacket(w, packet))])

const up: VectorFile = {
  name: 'up',
  about: 'Inner packets, client to server [D50].',
  vectors: () =>
    UP_BYTES.map(([name, bytes]) => {
      return { name, hex: hex(bytes), packet: meaning(valueOf(decodeUpPacket(bytes))) }
    }),
}

const WELCOME = { tick: 70000, riderId: 17 as RiderId, agoMs: 31 }
const DOWNS: Named<DownParts> = [
  ['a tick with no news', { tick: 8214 }],
  ['welcome: tick 70000, rider 17, made 31 ms after its tick', { tick: 70000, welcome: WELCOME }],
  [
    'welcome of the last tick that can be told',
    { tick: 2 ** 32 - 1, welcome: { tick: 2 ** 32 - 1, riderId: 0xffffff as RiderId, agoMs: 255 } },
  ],
  ...(['left', 'timed-out', 'refused', 'replaced', 'room-closed', 'rider-gone'] as const).map(
    (bye) => [`goodbye: ${bye}`, { tick: 65537, bye }] as const,
  ),
  ['clock echo: sent at 31234, held 17 ms', { tick: 65535, echo: { clockMs: 31234, heldMs: 17 } }],
  ['clock echo: held too long to say', { tick: 65535, echo: { clockMs: 0, heldMs: 99_999 } }],
  ['a path challenge', { tick: 5, path: countedBytes(8, 0x55) }],
  ['a wish was taken up', { tick: 6, wishAck: 40_000 as Sequence }],
  ...OWNS.slice(0, 10).map(([name, own]) => [`own: ${name}`, { tick: 7, own }] as const),
  ...BLOCKS.map(([name, riders]) => [`riders: ${name}`, { tick: 90_000, riders }] as const),
  [
    'everything',
    {
      ...{ tick: 70000, welcome: WELCOME, bye: 'left', echo: { clockMs: 1, heldMs: 2 }, path: countedBytes(8) },
      ...{ wishAck: 3 as Sequence, own: OWNS[9]![1], riders: BLOCKS[0]![1] },
    },
  ],
]

export const DOWN_BYTES: Named<Uint8Array> = DOWNS.map(([name, parts]) => [
  name,
  written((w) => writeDownPacket(w, parts)),
])

const down: VectorFile = {
  name: 'down',
  about: 'Inner packets, server to client [D51]. `tickLow`: low 16 bits of the tick.',
  vectors: () =>
    DOWN_BYTES.map(([name, bytes]) => {
      return { name, hex: hex(bytes), packet: meaning(valueOf(decodeDownPacket(bytes))) }
    }),
}

export const PACKET_VECTORS: readonly VectorFile[] = [up, down]
