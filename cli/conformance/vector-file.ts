/** One file of `protocol/vectors/`, made from our code. Whoever regenerates it must get the same bytes. */
export interface VectorFile {
  readonly name: string
  /** What the vectors show, with the ids of the rules. */
  readonly about: string
  /** What all vectors of the file share: a road, a key. */
  readonly shared?: (() => object) | undefined
  readonly vectors: () => readonly object[]
  /** Where a vector holds what happened once: what follows from it, worked out again. Otherwise all are made anew. */
  readonly again?: (vector: object) => object
}

/** JSON with one vector a line, so that a change shows in a difference as what it is. */
export function render({ about, shared, vectors }: VectorFile): string {
  return written({ about, shared, vectors: vectors() })
}

/** The same of vectors that are there. */
export function renderAgain({ about, shared }: VectorFile, vectors: readonly object[]): string {
  return written({ about, shared, vectors })
}

function written({
  about,
  shared,
  vectors,
}: Pick<VectorFile, 'about' | 'shared'> & { readonly vectors: readonly object[] }): string {
  const common = Object.entries(shared?.() ?? {}).map(([name, value]) => `"${name}": ${JSON.stringify(value)},\n`)
  const lines = vectors.map((vector) => JSON.stringify(vector))
  return `{\n"about": ${JSON.stringify(about)},\n${common.join('')}"vectors": [\n${lines.join(',\n')}\n]\n}\n`
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function unhex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))
}

const view = new DataView(new ArrayBuffer(8))

/** The 64 bits of a double, most significant first. Zero has one sign. */
export function doubleHex(value: number): string {
  view.setFloat64(0, value === 0 ? 0 : value)
  return view.getBigUint64(0).toString(16).padStart(16, '0')
}

/** Bytes that look random and are the same everywhere. */
export function someBytes(count: number, seed: number): Uint8Array {
  let state = Math.imul(seed, 0x9e3779b1) ^ 0x51ed270b
  return Uint8Array.from({ length: count }, () => {
    state = (Math.imul(state, 0x2c1b3c6d) + 0x297a2d39) | 0
    return (state >>> 16) & 0xff
  })
}

/** 0, 1, 2 … from a start: bytes that can be told apart by eye. */
export function countedBytes(count: number, from = 0): Uint8Array {
  return Uint8Array.from({ length: count }, (_zero, i) => (from + i) & 0xff)
}
