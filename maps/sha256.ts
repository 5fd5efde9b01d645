/** SHA-256 (FIPS 180-4) in whole numbers, so that a pure room can name what it read. */
export function sha256Hex(...parts: readonly Uint8Array[]): string {
  const bytes = padded(parts)
  const view = new DataView(bytes.buffer)
  const h = Int32Array.from(INITIAL)
  const w = new Int32Array(64)
  for (let block = 0; block < bytes.length; block += 64) {
    for (let t = 0; t < 16; t++) w[t] = view.getInt32(block + 4 * t)
    for (let t = 16; t < 64; t++) {
      const a = w[t - 15]!
      const b = w[t - 2]!
      const sigma0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3)
      const sigma1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10)
      w[t] = (w[t - 16]! + sigma0 + w[t - 7]! + sigma1) | 0
    }
    compress(h, w)
  }
  return Array.from(h, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

function compress(h: Int32Array, w: Int32Array): void {
  let a = h[0]!,
    b = h[1]!,
    c = h[2]!,
    d = h[3]!,
    e = h[4]!,
    f = h[5]!,
    g = h[6]!,
    k = h[7]!
  for (let t = 0; t < 64; t++) {
    const sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const choice = (e & f) ^ (~e & g)
    const t1 = (k + sum1 + choice + ROUND[t]! + w[t]!) | 0
    const sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const majority = (a & b) ^ (a & c) ^ (b & c)
    k = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + sum0 + majority) | 0
  }
  const state = [a, b, c, d, e, f, g, k]
  for (let i = 0; i < 8; i++) h[i] = (h[i]! + state[i]!) | 0
}

const rotate = (x: number, n: number): number => (x >>> n) | (x << (32 - n))

/** The message, a one bit, zeros, and its length in bits in the last eight bytes. */
function padded(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const bytes = new Uint8Array(64 * Math.ceil((length + 9) / 64))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  bytes[length] = 0x80
  const view = new DataView(bytes.buffer)
  view.setUint32(bytes.length - 8, Math.floor(length / 0x20000000))
  view.setUint32(bytes.length - 4, (length * 8) >>> 0)
  return bytes
}

/** First 32 bits of the fractions of the square roots of the first 8 primes, and of the cube roots of the first 64. */
const { INITIAL, ROUND } = rootsOfPrimes()

/** Both by whole-number roots, so that no table has to be trusted: floor(root(p) · 2³²) mod 2³². */
function rootsOfPrimes(): { INITIAL: Int32Array; ROUND: Int32Array } {
  const primes: bigint[] = []
  for (let n = 2n; primes.length < 64; n++) if (primes.every((p) => n % p !== 0n)) primes.push(n)
  return {
    INITIAL: Int32Array.from(primes.slice(0, 8), (p) => Number(root(p << 64n, (x) => x * x))),
    ROUND: Int32Array.from(primes, (p) => Number(root(p << 96n, (x) => x * x * x))),
  }
}

/** The last 32 bits of the largest x with power(x) ≤ n. */
function root(n: bigint, power: (x: bigint) => bigint): bigint {
  let low = 0n
  let high = 1n << 40n
  while (high - low > 1n) {
    const middle = (low + high) >> 1n
    if (power(middle) <= n) low = middle
    else high = middle
  }
  return BigInt.asIntN(32, low)
}
