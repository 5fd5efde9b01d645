/**
 * SipHash-2-4 (Aumasson and Bernstein 2012) of one 64-bit word: a keyed mark that tells our tokens from invented ones for
 * less than a microsecond, where opening a seal costs several. It keeps no secret by itself: what bears it is still sealed.
 */
export class SipHash {
  readonly #key: readonly [k0l: number, k0h: number, k1l: number, k1h: number]
  /** v0 … v3, low and high halves. */
  readonly #v = new Int32Array(8)

  constructor(key: Uint8Array) {
    const words = new DataView(key.buffer, key.byteOffset, 16)
    this.#key = [words.getInt32(0, true), words.getInt32(4, true), words.getInt32(8, true), words.getInt32(12, true)]
  }

  /** The low 32 bits of the hash of the eight bytes (low, high), little endian. */
  hash(low: number, high: number): number {
    const v = this.#v
    const [k0l, k0h, k1l, k1h] = this.#key
    // "somepseudorandomlygeneratedbytes", as in the paper.
    v[0] = k0l ^ 0x70736575
    v[1] = k0h ^ 0x736f6d65
    v[2] = k1l ^ 0x6e646f6d
    v[3] = k1h ^ 0x646f7261
    v[4] = k0l ^ 0x6e657261
    v[5] = k0h ^ 0x6c796765
    v[6] = k1l ^ 0x79746573
    v[7] = k1h ^ 0x74656462
    this.#word(low, high)
    this.#word(0, 8 << 24) // The length stands in the highest byte of the last word.
    v[4]! ^= 0xff
    for (let i = 0; i < 4; i++) sipRound(v)
    return (v[0]! ^ v[2]! ^ v[4]! ^ v[6]!) >>> 0
  }

  #word(low: number, high: number): void {
    const v = this.#v
    v[6]! ^= low
    v[7]! ^= high
    sipRound(v)
    sipRound(v)
    v[0]! ^= low
    v[1]! ^= high
  }
}

function sipRound(v: Int32Array): void {
  add(v, 0, 2)
  rotateXor(v, 2, 0, 13)
  swapHalves(v, 0)
  add(v, 4, 6)
  rotateXor(v, 6, 4, 16)
  add(v, 0, 6)
  rotateXor(v, 6, 0, 21)
  add(v, 4, 2)
  rotateXor(v, 2, 4, 17)
  swapHalves(v, 4)
}

/** v[a] += v[b], 64 bits. */
function add(v: Int32Array, a: number, b: number): void {
  const low = (v[a]! >>> 0) + (v[b]! >>> 0)
  v[a + 1] = v[a + 1]! + v[b + 1]! + (low > 0xffffffff ? 1 : 0)
  v[a] = low
}

/** v[a] = (v[a] rotated left by `by` < 32) ^ v[b]. */
function rotateXor(v: Int32Array, a: number, b: number, by: number): void {
  const low = v[a]!
  const high = v[a + 1]!
  v[a] = ((low << by) | (high >>> (32 - by))) ^ v[b]!
  v[a + 1] = ((high << by) | (low >>> (32 - by))) ^ v[b + 1]!
}

/** A rotation by 32. */
function swapHalves(v: Int32Array, a: number): void {
  const low = v[a]!
  v[a] = v[a + 1]!
  v[a + 1] = low
}
