import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { VECTOR_FILES } from '#cli/conformance/all'
import { DOCUMENT, withTables } from '#cli/conformance/document'
import { verifyOurs, VECTORS_FOLDER } from '#cli/conformance/ours'
import { SESSION_SILENCE_MS } from './limits.ts'
import { findPython, NO_PYTHON, verifyTheirs } from '#cli/conformance/theirs'

const python = findPython(process.env['PATH'] ?? '')

/** Rules and the file whose vectors show them. */
const RULES = [
  { id: 'D22', file: 'session' },
  { id: 'D40', file: 'input' },
  { id: 'D50', file: 'up' },
  { id: 'D51', file: 'down' },
  { id: 'D70', file: 'token' },
  { id: 'D71', file: 'datagram' },
  { id: 'D72', file: 'sealed' },
  { id: 'D73', file: 'number' },
  { id: 'D74', file: 'ack' },
  { id: 'D75', file: 'ack' },
  { id: 'D76', file: 'bits' },
  { id: 'D77', file: 'bits' },
  { id: 'D80', file: 'malformed' },
  { id: 'D92', file: 'golomb' },
  { id: 'D93', file: 'rider-block' },
  { id: 'D94', file: 'rider-block' },
  { id: 'D95', file: 'apply' },
  { id: 'D96', file: 'follow' },
  { id: 'D97', file: 'slots' },
  { id: 'D116', file: 'key-phases' },
  { id: 'D117', file: 'session' },
  { id: 'D118', file: 'session' },
  { id: 'D140', file: 'own' },
  { id: 'D141', file: 'rider-wish' },
  { id: 'D180', file: 'carry' },
  { id: 'D181', file: 'road' },
  { id: 'D182', file: 'road' },
  { id: 'D183', file: 'road' },
  { id: 'D184', file: 'carry' },
  { id: 'D185', file: 'carry' },
  { id: 'D186', file: 'carry' },
  { id: 'D187', file: 'fields' },
  { id: 'D194', file: 'apply' },
] as const

interface Played {
  readonly outcomes: readonly string[]
  readonly up: readonly (readonly [number, string])[]
  readonly down: readonly (readonly [number, string])[]
  readonly doubted: readonly number[]
  readonly state: string
}
interface Vectors<V> {
  readonly vectors: readonly V[]
}
const load = <V>(name: string): readonly V[] =>
  (JSON.parse(readFileSync(`${VECTORS_FOLDER}/${name}.json`, 'utf8')) as Vectors<V>).vectors

/** Words in quotes that are handed to who counts refusals, or answered as one. */
function reasonsIn(room: string): string[] {
  const folder = fileURLToPath(new URL(`../${room}`, import.meta.url))
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const words =
    /(?:refused\(|#reject\(|#refuse\(|error: |counts\.add\(|return |\? |: )'([a-z]+(?:-[a-z]+)+|forged|replay|reflected|unexpected|busy)'/g
  return files
    .flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(words)].map(([, word]) => word!))
    .filter((word) => !NO_REASONS.has(word))
}
/** Why a session ends, and a package. */
const NO_REASONS = new Set(['timed-out', 'room-closed', 'rider-gone', 'sodium-native'])

describe('vectors', () => {
  const ours = verifyOurs(VECTORS_FOLDER)
  const theirs = python === undefined ? Promise.resolve(NO_PYTHON) : verifyTheirs(python, VECTORS_FOLDER)

  test.each(RULES)('[$id] vectors of $file: our code makes them byte for byte, and Python agrees', async ({ file }) => {
    for (const verdicts of [await ours, await theirs]) {
      if (typeof verdicts === 'string') throw new Error(verdicts)
      const verdict = verdicts.find(({ name }) => name === file)
      expect(verdict?.failures).toEqual([])
      expect(verdict?.passed).toBeGreaterThan(0)
    }
  })

  test('every file in the folder is checked, by both', async () => {
    const names = readdirSync(VECTORS_FOLDER).map((name) => name.replace('.json', ''))
    const checked = VECTOR_FILES.map(({ name }) => name)
    expect(new Set(names)).toEqual(new Set(checked))
    expect(new Set(RULES.map(({ file }) => file))).toEqual(new Set(names))
    for (const verdicts of [await ours, await theirs]) {
      if (typeof verdicts === 'string') throw new Error(verdicts)
      expect(new Set(verdicts.map(({ name }) => name))).toEqual(new Set(names))
      expect(verdicts.filter(({ failed }) => failed > 0)).toEqual([])
    }
  })

  test('the sessions have in them what they are there for: loss, other addresses, keys, doubles, forgeries, silence, a goodbye', () => {
    const [bad, fine, silent, replaced] = load<Played>('session')
    const has = (begin: string): number => bad!.outcomes.filter((outcome) => outcome.startsWith(begin)).length
    expect(has('tick')).toBeGreaterThan(150)
    expect(Math.min(has('refused: replay'), has('refused: forged'), has('nothing'))).toBeGreaterThan(2)
    const phases = bad!.down.map(([, hex]) => hex.slice(0, 2)).filter((byte) => byte.endsWith('5'))
    expect(phases.filter((phase, i) => i > 0 && phase !== phases[i - 1]).length).toBeGreaterThan(1)
    expect(bad!.doubted).toEqual([])
    expect(fine!.up.length).toBeGreaterThan(20)
    expect(fine!.state).toBe('closed')
    const gapsMs = silent!.down.map(([atMs], i, all) => (i === 0 ? 0 : atMs - all[i - 1]![0]))
    expect(Math.max(...gapsMs)).toBeGreaterThan(SESSION_SILENCE_MS)
    expect([silent!.state, replaced!.state]).toEqual(['connected', 'closed'])
    expect(replaced!.outcomes).toContain('closed: replaced')
  })

  test('[D80] every reason that bytes alone can have is among what must be refused, hundreds of times in all', () => {
    const bad = load<{ reason: string | null }>('malformed').filter(({ reason }) => reason !== null)
    expect(bad.length).toBeGreaterThan(500)
    expect(new Set(bad.map(({ reason }) => reason))).toEqual(
      new Set([
        'not-canonical',
        'out-of-range',
        'too-long',
        'truncated-or-trailing',
        'unknown-kind',
        'wrong-kind',
        'wrong-version',
      ]),
    )
    const table = /## 16\.[\s\S]*?## 17\./.exec(readFileSync(DOCUMENT, 'utf8'))![0]
    for (const { reason } of bad) expect(table).toContain(`\`${reason}\``)
  })

  test('every reason that our code gives stands in the table of what is refused, and no other', () => {
    const table = /## 16\.[\s\S]*?## 17\./.exec(readFileSync(DOCUMENT, 'utf8'))![0]
    const listed = new Set(
      [...table.matchAll(/^\| (`[a-z-]+`(?: · `[a-z-]+`)*) \|/gm)].flatMap(([, names]) => names!.match(/[a-z-]+/g)!),
    )
    const given = new Set(reasonsIn('protocol').concat(reasonsIn('server/net')))
    expect([...given].filter((reason) => !listed.has(reason))).toEqual([])
    expect([...listed].filter((reason) => !given.has(reason))).toEqual([])
  })
})

test('[D188] the tables of limits and of vectors in docs/protocol.md say what the code says ("gruppetto check-protocol --write" makes them)', async () => {
  const document = readFileSync(DOCUMENT, 'utf8')
  expect(await withTables(document)).toBe(document)
  expect(document.match(/^\| `[A-Z][A-Z0-9_]+` \| \d/gm)?.length).toBeGreaterThan(60)
})
