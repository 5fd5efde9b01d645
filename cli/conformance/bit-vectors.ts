import { AckHistory, expandNumber, isAcked, ReplayWindow } from '#protocol/ack-window'
import { type Field, onGrid, writeFields } from '#protocol/fields'
import { BitReader } from '#protocol/reader'
import { BitWriter } from '#protocol/writer'
import { doubleHex, hex, unhex, type VectorFile } from './vector-file.ts'

/** [value, bits] each. */
const WRITTEN: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [[1, 1]],
  [[0, 1]],
  [[0x12, 8]],
  [[0x1234, 16]],
  [[0xdeadbeef, 32]],
  [
    [1, 1],
    [0b10, 2],
    [0x1234, 16],
  ],
  [
    [5, 3],
    [0xffffffff, 32],
    [0, 5],
    [1, 1],
  ],
  [
    [0, 7],
    [0x80000001, 32],
    [1, 1],
    [0x155, 9],
  ],
  Array.from({ length: 33 }, (_zero, i) => [Math.floor((2 ** i - 1) / 3), i] as const),
]

/** Bytes, the widths read, and an align where a width is −1. */
const READ: readonly (readonly [string, readonly number[]])[] = [
  ['', [1]],
  ['ff', [5, 4, 1]],
  ['80', []],
  ['81', [1]],
  ['01', [1]],
  ['0180', [1, 8]],
  ['ffff', [8, 8]],
  ['ffff00', [8, 8]],
  ['05ff', [3, -1, 8]],
  ['0dff', [3, -1, 8]],
  ['efbeadde', [32]],
  ['efbeadde', [31]],
]

const bits: VectorFile = {
  name: 'bits',
  about:
    'Bits [D76] [D77]. `written`: values and widths, and the bytes they make. `read`: what a reader yields for these widths (-1: to the next whole byte), whether it ran over, and whether the bytes were read to their last bit.',
  vectors: () => [
    ...WRITTEN.map((values) => {
      const w = new BitWriter()
      for (const [value, width] of values) w.bits(value, width)
      return { written: values, hex: hex(w.finish()) }
    }),
    ...READ.map(([text, widths]) => {
      const r = new BitReader(unhex(text))
      const values = widths.map((width) => (width < 0 ? (r.align(), 0) : r.bits(width)))
      return { hex: text, read: widths, values, overrun: r.overrun, finished: r.finished }
    }),
  ],
}

/** A row of a wire table: name, bits, unit, smallest. */
const ROWS: readonly Field[] = [
  ['metres', 31, 1 / 1024, 0],
  ['watts', 12, 1, 0],
  ['half turns', 9, 0.5, 0],
  ['sideways', 7, 1 / 64, -1],
  ['area', 4, 0.02, 0.18],
  ['share', 5, 1 / 32, 1 / 32],
]
/** In units above the smallest: halves, hairs beside them, below the first and beyond the last. */
const UNITS = [0, 0.5, 0.49999999999999994, 1.5, 2.5, 2.4999, 3.5001, 7, 14.5, -0.5, -3, 1e12]

const fields: VectorFile = {
  name: 'fields',
  about:
    'Numbers onto the grid of a row [D187]: name, bits, unit, smallest; the value as 64 bits in hex, the count on the wire, and the value it stands for as 64 bits in hex.',
  vectors: () =>
    ROWS.flatMap((row) =>
      UNITS.map((units) => {
        const [, width, unit, smallest] = row
        const value = smallest + units * unit
        const w = new BitWriter()
        writeFields(w, [row], { [row[0]]: value })
        const count = new BitReader(w.finish()).bits(width)
        return { row, value: doubleHex(value), count, onGrid: doubleHex(onGrid(value, row)) }
      }),
    ),
}

const EXPECTED = [
  0,
  1,
  3,
  32767,
  32768,
  65535,
  65536,
  70000,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 32 + 40000,
  2 ** 48 + 5,
]

const number: VectorFile = {
  name: 'number',
  about: 'Packet numbers and ticks from their low 16 bits [D73]: the nearest to the one expected, of two the larger.',
  vectors: () =>
    [...EXPECTED, 2 ** 52 + 1234, 2 ** 53 - 70000].flatMap((expected) =>
      [0, 1, -1, 3, -32767, -32768, 32767, 32768, 20000, -20000].flatMap((apart) => {
        const low = (((expected + apart) % 0x10000) + 0x10000) % 0x10000
        return [{ low, expected, number: expandNumber(low, expected) }]
      }),
    ),
}

/** Packets as they arrive; each is asked about, and remembered when it was fresh. */
const ARRIVALS: readonly (readonly number[])[] = [
  [0, 1, 2, 3, 3, 1],
  [0, 1, 5, 3, 4, 3, 1027, 4, 3, 5, 6],
  [10, 9, 8, 1040, 17, 16, 18, 1041, 17, 18],
  [2 ** 33, 2 ** 33 - 1023, 2 ** 33 - 1024, 5, 2 ** 33 + 2000, 2 ** 33 + 976, 2 ** 33 + 977, 2 ** 33],
  [65534, 65536, 65535, 65537, 65535, 66559, 65536, 65535],
]
const USED: readonly (readonly number[])[] = [
  [0],
  [0, 1, 2, 3],
  [0, 2, 3, 7],
  [5, 37],
  [5, 38],
  [0, 1, 2, 33, 34],
  [65530, 65533, 65535, 65536, 65540],
  [2 ** 32 - 2, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 31],
]

const ack: VectorFile = {
  name: 'ack',
  about:
    'The window against replays [D74]: numbers as they arrive, and whether each is fresh. Acks [D75]: packets used, in order; after each the newest and the 32 bits; at the end which of the numbers around are acked.',
  vectors: () => [
    ...ARRIVALS.map((arrivals) => {
      const window = new ReplayWindow()
      const fresh = arrivals.map((n) => {
        const isFresh = window.isFresh(n)
        if (isFresh) window.mark(n)
        return isFresh
      })
      return { arrivals, fresh }
    }),
    ...USED.map((used) => {
      const history = new AckHistory()
      const after = used.map((n) => {
        history.mark(n)
        return [history.newest, history.bits]
      })
      const around = Array.from({ length: 42 }, (_zero, i) => history.newest + 2 - i).filter((n) => n >= 0)
      const acked = around.filter((n) => isAcked(n, history.newest, history.bits))
      return { used, after, asked: around, acked }
    }),
  ],
}

export const BIT_VECTORS: readonly VectorFile[] = [bits, fields, number, ack]
