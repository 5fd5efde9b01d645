/**
 * An address as a QR code: byte mode, versions 1 to 9, error correction level L (ISO/IEC 18004:2015; clauses in brackets).
 * Enough for 230 characters, and for nothing else than being scanned off a screen.
 */

/** By version: data codewords, and error correction codewords of each of so many blocks (table 9). */
const VERSIONS = [
  [19, 7, 1],
  [34, 10, 1],
  [55, 15, 1],
  [80, 20, 1],
  [108, 26, 1],
  [136, 18, 2],
  [156, 20, 2],
  [194, 24, 2],
  [232, 30, 2],
] as const
/** Middles of alignment patterns besides 6 (annex E). */
const ALIGNED = [[], [18], [22], [26], [30], [34], [22, 38], [24, 42], [26, 46]] as const
const BYTE_MODE = 0b0100
/** Mode and count of a byte segment, bits. */
const HEAD_BITS = 12
const LEVEL_L = 0b01

/** undefined: too long. */
export function qrPath(text: string): { readonly size: number; readonly path: string } | undefined {
  const modules = qrModules(text)
  if (modules === undefined) return undefined
  const size = modules.length
  let path = ''
  modules.forEach((row, y) => row.forEach((isDark, x) => (path += isDark ? `M${x} ${y}h1v1h-1z` : '')))
  return { size, path }
}

/** Rows of modules, true where dark. */
export function qrModules(text: string): readonly (readonly boolean[])[] | undefined {
  const bytes = new TextEncoder().encode(text)
  const version = VERSIONS.findIndex(([data]) => 8 * bytes.length + HEAD_BITS <= 8 * data)
  if (version < 0) return undefined
  const codewords = interleaved(dataOf(bytes, VERSIONS[version]![0]), VERSIONS[version]!)
  let best: boolean[][] | undefined
  let least = Infinity
  for (let mask = 0; mask < 8; mask++) {
    const modules = drawn(version + 1, codewords, mask)
    const penalty = penaltyOf(modules)
    if (penalty >= least) continue
    least = penalty
    best = modules
  }
  return best
}

/** Mode, count, bytes, end, and the two pad bytes in turn (7.4). */
function dataOf(bytes: Uint8Array, length: number): Uint8Array {
  const data = new Uint8Array(length)
  let at = 0
  const put = (value: number, bits: number): void => {
    for (let k = bits - 1; k >= 0; k--, at++) if ((value >> k) & 1) data[at >> 3]! |= 0x80 >> (at & 7)
  }
  put(BYTE_MODE, 4)
  put(bytes.length, 8)
  for (const byte of bytes) put(byte, 8)
  for (let k = Math.ceil((at + 4) / 8), pad = 0xec; k < length; k++, pad ^= 0xfd) data[k] = pad
  return data
}

/** Blocks with their correction, woven (7.5, 7.6). The versions here have blocks of one length. */
function interleaved(data: Uint8Array, [, ecCount, blocks]: readonly [number, number, number]): number[] {
  const perBlock = data.length / blocks
  const parts = Array.from({ length: blocks }, (_, k) => data.subarray(k * perBlock, (k + 1) * perBlock))
  const corrections = parts.map((part) => correctionOf(part, ecCount))
  const out: number[] = []
  for (let i = 0; i < perBlock; i++) for (const part of parts) out.push(part[i]!)
  for (let i = 0; i < ecCount; i++) for (const correction of corrections) out.push(correction[i]!)
  return out
}

/** In GF(2⁸) modulo x⁸ + x⁴ + x³ + x² + 1. */
function times(a: number, b: number): number {
  let product = 0
  for (let k = 7; k >= 0; k--) {
    product = (product << 1) ^ ((product >> 7) * 0x11d)
    if ((b >> k) & 1) product ^= a
  }
  return product
}

/** Reed-Solomon: what is left of the data when divided by (x − 1)(x − 2)(x − 4)… */
function correctionOf(data: Uint8Array, count: number): Uint8Array {
  const divisor = new Uint8Array(count)
  divisor[count - 1] = 1
  for (let k = 0, root = 1; k < count; k++, root = times(root, 2)) {
    for (let i = 0; i < count; i++) divisor[i] = times(divisor[i]!, root) ^ (divisor[i + 1] ?? 0)
  }
  const rest = new Uint8Array(count)
  for (const byte of data) {
    const factor = byte ^ rest[0]!
    rest.copyWithin(0, 1)
    rest[count - 1] = 0
    for (let i = 0; i < count; i++) rest[i]! ^= times(divisor[i]!, factor)
  }
  return rest
}

function drawn(version: number, codewords: readonly number[], mask: number): boolean[][] {
  const size = 17 + 4 * version
  const modules = Array.from({ length: size }, () => Array.from({ length: size }, () => false))
  const isFixed = modules.map((row) => [...row])
  const fix = (x: number, y: number, isDark: boolean): void => {
    if (x < 0 || y < 0 || x >= size || y >= size) return
    modules[y]![x] = isDark
    isFixed[y]![x] = true
  }
  const ring = (cx: number, cy: number, reach: number, dark: (far: number) => boolean): void => {
    for (let dy = -reach; dy <= reach; dy++)
      for (let dx = -reach; dx <= reach; dx++) fix(cx + dx, cy + dy, dark(Math.max(Math.abs(dx), Math.abs(dy))))
  }
  for (let k = 0; k < size; k++) {
    fix(6, k, k % 2 === 0)
    fix(k, 6, k % 2 === 0)
  }
  for (const [cx, cy] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    ring(cx, cy, 4, (far) => far !== 2 && far !== 4)
  const aligned = [6, ...ALIGNED[version - 1]!]
  const last = aligned.length - 1
  aligned.forEach((cy, i) =>
    aligned.forEach((cx, j) => {
      const isFinder = (i === 0 && (j === 0 || j === last)) || (i === last && j === 0)
      if (last > 0 && !isFinder) ring(cx, cy, 2, (far) => far !== 1)
    }),
  )
  const format = coded((LEVEL_L << 3) | mask, 10, 0x537) ^ 0x5412
  for (let k = 0; k < 15; k++) {
    const isDark = ((format >> k) & 1) === 1
    // Round the first finder, then by halves along the other two (figure 25).
    fix(8, k < 6 ? k : k < 8 ? k + 1 : size - 15 + k, isDark)
    fix(k < 8 ? size - 1 - k : k === 8 ? 7 : 14 - k, 8, isDark)
  }
  fix(8, size - 8, true)
  if (version >= 7) {
    const info = coded(version, 12, 0x1f25)
    for (let k = 0; k < 18; k++) {
      const [a, b] = [size - 11 + (k % 3), Math.floor(k / 3)]
      fix(a, b, ((info >> k) & 1) === 1)
      fix(b, a, ((info >> k) & 1) === 1)
    }
  }
  let bit = 0
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5 // The upright timing line is no column.
    for (let step = 0; step < size; step++) {
      const isUp = ((right + 1) & 2) === 0
      const y = isUp ? size - 1 - step : step
      for (const x of [right, right - 1]) {
        if (isFixed[y]![x]!) continue
        const isDark = (((codewords[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1
        modules[y]![x] = isDark !== MASKS[mask]!(x, y)
        bit++
      }
    }
  }
  return modules
}

/** With the rest of a division by a generator behind it (annexes C and D). */
function coded(value: number, bits: number, generator: number): number {
  let rest = value
  for (let k = 0; k < bits; k++) rest = (rest << 1) ^ ((rest >> (bits - 1)) * generator)
  return (value << bits) | rest
}

/** Table 10. */
const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
]

/** Long runs, blocks, and too much of one colour are hard to read (7.8.3, its first, second and fourth feature). */
function penaltyOf(modules: readonly (readonly boolean[])[]): number {
  const size = modules.length
  let penalty = 0
  let dark = 0
  for (let i = 0; i < size; i++) {
    for (const at of [(k: number) => modules[i]![k]!, (k: number) => modules[k]![i]!]) {
      let run = 1
      for (let k = 1; k <= size; k++) {
        if (k < size && at(k) === at(k - 1)) run++
        else {
          if (run >= 5) penalty += run - 2
          run = 1
        }
      }
    }
    for (let k = 0; k < size; k++) {
      const one = modules[i]![k]!
      if (one) dark++
      const isBlock = i > 0 && k > 0 && one === modules[i - 1]![k] && one === modules[i]![k - 1]
      if (isBlock && one === modules[i - 1]![k - 1]) penalty += 3
    }
  }
  return penalty + 10 * Math.floor(Math.abs(20 * dark - 10 * size * size) / (size * size))
}
