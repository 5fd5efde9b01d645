import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openSigner, ownPublicKey, verifySignature } from '#server/event-signing'
import { chainOf } from '#server/world/chain'
import { fromBase64, toBase64 } from '#server/world/base64'
import { exportRun, judgeRun, sealRunFile, type RunFile } from '#server/world/run-file'
import type { JournalRecord } from '#server/world/records'
import { rideForged } from '#test/sim/forge'
import { smallMap } from '#test/sim/small-map'
import { rideRace } from './race.ts'

const folder = mkdtempSync(join(tmpdir(), 'gruppetto-judge-'))
afterAll(() => rmSync(folder, { recursive: true }))
const signer = openSigner(join(folder, 'server'))
const forger = openSigner(join(folder, 'forger'))
const map = smallMap()
const race = rideRace({ map, seed: 5, riders: 6, laps: 2 })
const text = exported()
const file = withoutSignature(text)

function exported(): string {
  const { world, lines } = race
  const { mapJson, courseBytes, mapHash } = map
  const made = exportRun({ title: 't', world, lines, seed: 5, mapJson, courseBytes, mapHash, decisions: [], signer })
  if (!made.ok) throw new Error(made.error)
  return made.text
}

function withoutSignature(json: string): RunFile {
  const { signature: _, ...rest } = JSON.parse(json) as RunFile & { signature: unknown }
  return rest
}

/** What a forger does: changes the file, computes every checksum anew, signs with a key of their own. */
function forged(changes: Partial<RunFile>): ReturnType<typeof judgeRun> {
  const changed = { ...file, ...changes }
  return judgeRun(sealRunFile({ ...changed, chain: chainOf(changed.journal) }, forger), verifySignature)
}

const withLine = (index: number, line: unknown) => file.journal.with(index, JSON.stringify(line))
const indexOf = (kind: string, nth = 0) =>
  file.journal.map((line, i) => (line.startsWith(`["${kind}"`) ? i : -1)).filter((i) => i >= 0)[nth]!
const recordAt = (index: number) => JSON.parse(file.journal[index]!) as unknown[]

describe('an exported race', () => {
  test('[G1] is ridden again to the same order, times and hash', () => {
    const judged = judgeRun(text, verifySignature)
    expect(judged.failures).toEqual([])
    expect(judged.publicKey).toBe(signer.publicKey)
    expect(judged.hash).toBe(race.world.stateHash())
    expect(judged.results).toEqual(file.results)
    expect(judged.results.map((row) => row.status)).toEqual(Array.from({ length: 6 }, () => 'finished'))
    expect(judged.checkpoints).toBeGreaterThan(0)
  })

  test('[G2] a file changed anywhere without its key is refused by its signature', () => {
    const title = judgeRun(text.replace('"title":"t"', '"title":"u"'), verifySignature)
    expect(title.failures).toEqual(['The signature does not fit: the file was changed after its server signed it.'])
  })

  test('[G3] one that is consistent, but signed by somebody else, shows that key', () => {
    const judged = judgeRun(sealRunFile(file, forger), verifySignature)
    expect([judged.failures, judged.publicKey === forger.publicKey]).toEqual([[], true])
  })

  test.each([
    ['sequence', 3],
    ['stamp', 4],
    ['power', 5],
    ['cadence', 6],
    ['heart rate', 7],
    ['steering', 8],
  ])('[G4] one flipped bit of %s, every checksum recomputed, is refused with its line', (_field, at) => {
    for (const nth of [0, 400]) {
      const index = indexOf('sample', nth)
      for (const bit of [0, 5]) {
        const record = recordAt(index)
        const flipped = (record[at] as number) ^ (1 << bit)
        const judged = forged({ journal: withLine(index, record.with(at, flipped)) })
        expect(judged.failures[0]).toMatch(/^The journal is not what was ridden: line \d+ \(tick \d+\) /)
        expect(judged.isSignatureGood).toBe(true)
      }
    }
  })

  test('[G5] a crossing earlier by a millionth of a tick is refused, wherever it was changed', () => {
    const index = indexOf('crossing', 7)
    const record = recordAt(index)
    const earlier = (record[2] as number) - 1e-6
    const inJournal = forged({ journal: withLine(index, record.with(2, earlier)) })
    expect(inJournal.failures[0]).toMatch(/says rider \d+ crossed at .* in the replay rider \d+ at/)
    const at = 7
    const crossings = file.crossings.with(at, { ...file.crossings[at]!, fraction: file.crossings[at]!.fraction - 1e-6 })
    expect(forged({ crossings }).failures).toEqual([
      expect.stringMatching(/^The first crossing that differs is number 8: ridden again .*, the file says /),
    ])
  })

  test('[G6] two finishers exchanged are refused, in the crossings and in the result', () => {
    const [a, b] = [file.crossings.at(-2)!, file.crossings.at(-1)!]
    const crossings = [...file.crossings.slice(0, -2), { ...a, riderId: b.riderId }, { ...b, riderId: a.riderId }]
    expect(forged({ crossings }).failures[0]).toMatch(/^The first crossing that differs/)
    const [first, second] = [file.results[0]!, file.results[1]!]
    const results = [{ ...second, place: 1 }, { ...first, place: 2 }, ...file.results.slice(2)]
    expect(forged({ results }).failures).toEqual([
      expect.stringMatching(/^The first place in the result that differs is number 1/),
    ])
    const journal = file.journal.with(indexOf('crossing', 16), file.journal[indexOf('crossing', 17)]!)
    expect(forged({ journal }).failures[0]).toMatch(/^The journal is not what was ridden/)
  })

  test('[G7] a line dropped is refused, whichever it is', () => {
    for (const kind of ['join', 'fact', 'sample', 'crossing', 'checkpoint', 'end']) {
      const journal = file.journal.toSpliced(indexOf(kind), 1)
      expect([kind, forged({ journal }).failures[0]]).toEqual([kind, expect.stringMatching(/^The journal is not/)])
    }
    expect(forged({ journal: file.journal.slice(0, -1) }).failures[0]).toMatch(/^The journal is not whole: /)
  })

  test('[G8] another mass is refused', () => {
    const index = indexOf('join', 2)
    const [kind, tick, row, join] = recordAt(index) as [string, number, number, { massKg: number }]
    const journal = withLine(index, [kind, tick, row, { ...join, massKg: join.massKg - 0.1 }])
    expect(forged({ journal }).failures[0]).toMatch(/line \d+ \(tick \d+\) (says|has|is)/)
  })

  test('[G9] a flatter road is refused, also when its hash was computed anew', () => {
    const bytes = fromBase64(file.map.course)!
    const flattened = bytes.slice()
    const crrAt = 16 // The first surface's rolling resistance, behind the header of course.bin.
    flattened[crrAt]! ^= 4
    const course = toBase64(flattened)
    expect(forged({ map: { ...file.map, course } }).failures[0]).toMatch(
      /^The map hashes to [0-9a-f]{64}, the file says /,
    )
    const hash = /hashes to ([0-9a-f]{64})/.exec(forged({ map: { ...file.map, course } }).failures[0]!)![1]!
    const journal = file.journal.with(0, file.journal[0]!.replace(file.map.hash, hash))
    expect(forged({ map: { ...file.map, course, hash }, journal }).failures[0]).toMatch(
      /^The journal is not what was ridden: line/,
    )
  })

  test('[G9] a finish line elsewhere than the map has it is refused, also when everything was ridden again to it', () => {
    const nearer = (record: JournalRecord): JournalRecord => {
      if (record[0] !== 'fact' || record[2].kind !== 'pen') return record
      const { run } = record[2]
      return ['fact', record[1], { kind: 'pen', run: { ...run, rules: { ...run.rules, lineM: 200 } } }]
    }
    const judged = judgeRun(rideForged(text, map, nearer, forger), verifySignature)
    expect(judged.failures).toEqual([
      'The first rule that differs is number 4: ridden again ["lineM",5], the file says ["lineM",200].',
    ])
  })

  test('[G10] a chain that was not recomputed names the lines', () => {
    const index = indexOf('sample', 3)
    const changed = { ...file, journal: withLine(index, recordAt(index).with(7, 99)) }
    const judged = judgeRun(sealRunFile(changed, forger), verifySignature)
    const title = judgeRun(
      sealRunFile({ ...file, chain: { ...file.chain, links: file.chain.links.slice(1) } }, forger),
      verifySignature,
    )
    expect(judged.failures[0]).toBe(
      'The chain of the journal breaks in lines 1 to 64: they were changed, or are missing.',
    )
    expect(title.failures[0]).toMatch(/^The chain of the journal breaks in lines 1 to 64/)
  })

  test('[G11] what is no such file is one sentence', () => {
    const error = (bad: string) => judgeRun(bad, verifySignature).failures
    expect(error('')).toEqual([expect.stringMatching(/^The file is not JSON: /)])
    expect(error('[]')).toEqual(['The file is not an exported race: "format" is not "gruppetto-run".'])
    expect(error(JSON.stringify({ ...file, version: 3 }))).toEqual(['Version 3 of the format is not known here.'])
    for (const path of ['map', 'journal', 'chain', 'crossings', 'decisions', 'results', 'final', 'signature']) {
      const bad = { ...(JSON.parse(text) as Record<string, unknown>), [path]: undefined }
      expect([path, error(JSON.stringify(bad))]).toEqual([path, [expect.stringMatching(/^The file has no usable "/)]])
    }
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    for (const bad of [
      deep,
      text.replace('"title":"t"', `"title":${deep}`),
      text.replace('"json":{', `"json":{"x":${deep},`),
    ])
      expect(error(bad)).toEqual(['The file is nested deeper than any race.'])
    const weird = JSON.stringify({ ...file, signature: { algorithm: 'Ed25519', publicKey: 'AAAA', value: '' } })
    expect(error(weird)).toEqual([expect.stringMatching(/^The signature does not fit/)])
    const zeros = Buffer.alloc(32, 255).toString('base64')
    const odd = JSON.stringify({ ...file, signature: { algorithm: 'Ed25519', publicKey: zeros, value: zeros } })
    expect(error(odd)).toEqual([expect.stringMatching(/^The signature does not fit/)])
  })
})

describe('the key', () => {
  test('[G12] is made once, for its owner only', () => {
    const dataDir = join(folder, 'fresh')
    expect(ownPublicKey(dataDir)).toBeUndefined()
    const made = openSigner(dataDir)
    expect(statSync(join(dataDir, 'keys', 'judge.key')).mode & 0o777).toBe(0o600)
    expect(openSigner(dataDir).publicKey).toBe(made.publicKey)
    expect(ownPublicKey(dataDir)).toBe(made.publicKey)
  })

  test('[G13] a damaged key file is a sentence that names it, and is not overwritten', () => {
    const dataDir = join(folder, 'damaged')
    openSigner(dataDir)
    writeFileSync(join(dataDir, 'keys', 'judge.key'), 'nonsense')
    expect(() => openSigner(dataDir)).toThrow(/judge\.key is not a key; put the right one back/)
  })
})
