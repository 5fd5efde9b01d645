import { toHex } from '#bridges/core/bytes'
import type { Door } from './trainer-doors.ts'

export interface FuzzResult {
  readonly inputs: number
  /** So many were messages; were they few, the rest would prove little. */
  readonly decoded: number
  /** In words, with the bytes: the first few. */
  readonly faults: readonly string[]
}

export interface FuzzOptions {
  readonly inputs: number
  readonly seed: number
  /** What was decoded is encoded and decoded again: every one so many, since it takes longer than all the rest. */
  readonly againEvery: number
}

const LENGTH_MAX = 64
const FAULTS_MAX = 5

/** Random and mutated inputs: none may make the door throw, or answer a number that is none or lies outside its field. */
export function fuzz(door: Door, { inputs, seed, againEvery }: FuzzOptions): FuzzResult {
  const next = random(seed)
  // One array per length, used again and again: an input costs nothing but its bytes.
  const arrays = Array.from({ length: LENGTH_MAX + 1 }, (_, length) => new Uint8Array(length))
  const faults: string[] = []
  let count = 0
  for (let run = 0; run < inputs && faults.length < FAULTS_MAX; run++) {
    const given = mutated(door, arrays, next)
    const isAgain = run % againEvery === 0
    try {
      const got = door.decode(given)
      if (!got.ok) continue
      count++
      const fault = faultIn(got.value) ?? (isAgain ? saidAgain(door, got.value) : undefined)
      if (fault !== undefined) faults.push(`${door.name} ${toHex(given)}: ${fault}`)
    } catch (error) {
      faults.push(`${door.name} ${toHex(given)}: threw ${String(error)}`)
    }
  }
  return { inputs, decoded: count, faults }
}

function mutated(door: Door, arrays: readonly Uint8Array[], next: () => number): Uint8Array {
  const seed = door.valid[next() % door.valid.length]!
  const kind = next() & 7
  const length = kind < 3 ? next() % (LENGTH_MAX + 1) : seed.length
  const given =
    arrays[kind === 3 ? next() % (seed.length + 1) : kind === 4 ? Math.min(length + 1, LENGTH_MAX) : length]!
  if (kind < 2) {
    for (let i = 0; i < given.length; i++) given[i] = next()
    // Half of them begin as a message does, or none would pass the first byte.
    if (kind === 1) copyFrom(seed, given, 2)
    return given
  }
  for (let i = seed.length; i < given.length; i++) given[i] = next()
  copyFrom(seed, given, seed.length)
  if (given.length === 0) return given
  for (let left = next() & 7; left > 0; left--) {
    const at = next() % given.length
    const how = next() & 3
    if (how === 0) given[at]! ^= 1 << (next() & 7)
    else if (how === 1) given[at] = next()
    else given[at] = EDGES[next() % EDGES.length]!
  }
  return given
}

const EDGES = [0x00, 0xff, 0x7f, 0x80, 0x01, 0xfe, 0xa4, 0x40]

function copyFrom(from: Uint8Array, to: Uint8Array, count: number): void {
  for (let i = Math.min(count, from.length, to.length) - 1; i >= 0; i--) to[i] = from[i]!
}

/** By the unit at the end of its name, what a field of the wire can hold at most. Names without a unit are counts. */
const RANGES: readonly (readonly [end: string, min: number, max: number])[] = [
  ['Kmh', -127, 655.35],
  ['Rpm', 0, 32_767.5],
  ['Bpm', 0, 0xffff],
  ['Percent', 0, 127.5],
  ['Fraction', -32.768, 65.535],
  ['W', -0x8000, 0xffff],
  ['Mps', -32.768, 65.535],
  ['Nm', -1024, 0xffff],
  ['N', -0x8000, 0xffff],
  ['C', -327.68, 327.67],
  ['Deg', 0, 0xffff],
  ['Kcal', 0, 0xffff],
  ['Kj', 0, 0xffff],
  ['Kg', 0, 655.35],
  ['Kgpm', 0, 2.55],
  ['Dbm', -128, 127],
  ['PerS', 0, 20],
  ['PerHz', 0, 6553.5],
  ['Mm', 0, 32_767.5],
  ['V', 0, 15],
  ['crr', 0, 6.5535],
  ['cw', 0, 65.535],
  ['resistanceLevel', -0x8000, 0x7fff],
  ['offset', -0x8000, 0x7fff],
  ['value', -0x8000, 0xffff],
  ['min', -3276.8, 3276.7],
  ['max', -3276.8, 3276.7],
  ['reserved', -0x8000, 0x7fff],
]
const rangeByName = new Map<string, readonly [number, number]>()
function rangeOf(name: string): readonly [number, number] {
  let range = rangeByName.get(name)
  if (range === undefined) {
    const found = RANGES.filter(([end]) => name.endsWith(end)).toSorted((a, b) => b[0].length - a[0].length)[0]
    rangeByName.set(name, (range = found === undefined ? [0, 0xffffffff] : [found[1], found[2]]))
  }
  return range
}

/** A number that is none, or outside its field: which, in words. */
function faultIn(value: unknown, name = ''): string | undefined {
  if (typeof value === 'number') {
    const [min, max] = rangeOf(name)
    return value >= min && value <= max ? undefined : `${name} is ${value}, outside ${min} … ${max}`
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || value instanceof Set)
    return undefined
  if (Array.isArray(value)) {
    for (const one of value) {
      const fault = faultIn(one, name)
      if (fault !== undefined) return fault
    }
    return undefined
  }
  for (const key in value) {
    const fault = faultIn((value as Record<string, unknown>)[key], key)
    if (fault !== undefined) return fault
  }
  return undefined
}

/** The writer clamps: a value that comes back as it was is one that its field can hold. */
export function saidAgain(door: Door, value: unknown): string | undefined {
  if (door.encode === undefined) return undefined
  const encoded = door.encode(value as never)
  const again = door.decode(encoded)
  if (!again.ok) return `encoded as ${toHex(encoded)}, which is ${again.error}`
  if (isSame(value, again.value)) return undefined
  return `${JSON.stringify(value)} comes back as ${JSON.stringify(again.value)}`
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b) || a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (a instanceof Set && b instanceof Set) return a.size === b.size && [...a].every((one) => b.has(one))
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => isSame((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]))
  )
}

/** Whole numbers of 24 bits, the same for the same seed. */
function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 8
  }
}
