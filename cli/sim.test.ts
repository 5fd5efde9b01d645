import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openSigner, verifySignature } from '#server/event-signing'
import type { JournalRecord } from '#server/world/records'
import { judgeRun, sealRunFile, type RunFile } from '#server/world/run-file'
import { rideForged } from '#test/sim/forge'
import { smallMap } from '#test/sim/small-map'
import { COMMANDS } from './list.ts'
import { main, type Surroundings } from './main.ts'

const folder = mkdtempSync(join(tmpdir(), 'gruppetto-sim-'))
const file = (name: string) => join(folder, name)
beforeAll(() => {
  vi.stubEnv('GRUPPETTO_DATA_DIR', file('data'))
  const { mapJson, courseBytes } = smallMap()
  writeFileSync(file('map.json'), JSON.stringify(mapJson))
  writeFileSync(file('course.bin'), courseBytes)
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

interface Printed {
  readonly ok: boolean
  readonly figures: Readonly<Record<string, { value: number | string | boolean; pass?: boolean }>>
  readonly failures: readonly string[]
}

/** The whole command line, with paper instead of a terminal. */
async function gruppetto(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const paper = { isTerminal: false, width: 100, hasColour: false }
  const at: Surroundings = {
    commands: COMMANDS,
    out: { ...paper, write: (text) => void (out += text) },
    err: { ...paper, write: (text) => void (err += text) },
    env: {},
    signal: new AbortController().signal,
    nowMs: () => 0,
  }
  return { code: await main(argv, at), out, err }
}

async function printed(...argv: string[]): Promise<Printed & { code: number; value(name: string): unknown }> {
  const { code, out } = await gruppetto(...argv, '--json')
  const object = JSON.parse(out) as Printed
  return { ...object, code, value: (name) => object.figures[name]?.value }
}

describe('gruppetto sim and replay', () => {
  test('one seed twice is one hash, its journal replays to it, and another seed is another', async () => {
    const first = await printed('sim', '--seed', '7', '--seconds', '8', '--journal', file('a.jsonl'))
    const second = await printed('sim', '--seed', '7', '--seconds', '8')
    const other = await printed('sim', '--seed', '8', '--seconds', '8')
    expect([first.code, first.ok, first.failures]).toEqual([0, true, []])
    expect(first.value('hash')).toMatch(/^[0-9a-f]{16}$/)
    expect(second.value('hash')).toBe(first.value('hash'))
    expect(other.value('hash')).not.toBe(first.value('hash'))
    const again = await printed('replay', file('a.jsonl'))
    expect([again.code, again.value('hash'), again.value('ticks')]).toEqual([0, first.value('hash'), 160])
  })

  test('a journal with one changed number is refused with file, line and tick', async () => {
    const lines = readFileSync(file('a.jsonl'), 'utf8').split('\n')
    const at = lines.findIndex((line) => line.startsWith('["sample",100'))
    writeFileSync(file('b.jsonl'), lines.with(at, lines[at]!.replace(/\d+\]$/, '77]')).join('\n'))
    const again = await printed('replay', file('b.jsonl'))
    expect([again.code, again.ok]).toEqual([1, false])
    expect(again.failures).toEqual([expect.stringMatching(/b\.jsonl: line \d+ \(tick \d+\) /)])
  })

  test('what is no journal, no file or no number is one sentence that says so', async () => {
    writeFileSync(file('c.txt'), 'hello\n')
    expect((await printed('replay', file('c.txt'))).failures).toEqual([
      expect.stringMatching(/c\.txt: line 1 is not a journal header\.$/),
    ])
    expect(await gruppetto('replay', file('none'))).toMatchObject({
      code: 2,
      err: expect.stringMatching(/none cannot be read: ENOENT/) as string,
    })
    expect(await gruppetto('sim', '--seconds', 'soon')).toMatchObject({
      code: 2,
      err: expect.stringContaining('seconds') as string,
    })
    expect(await gruppetto('sim', '--map', 'sorelmere')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/no map "sorelmere" \(did you mean "sorrelmere"\?\): take .*thrushford/) as string,
    })
    expect(await gruppetto('sim', '--map', file('nowhere'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('holds no map: map.json and course.bin') as string,
    })
    expect(await gruppetto('sim', '--ride', file('c.txt'), '--race')).toMatchObject({ code: 2 })
    expect(await gruppetto('sim', '--route', 'round-the-mere')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--route goes with --race') as string,
    })
    const fit = await printed('sim', '--ride', file('c.txt'))
    expect([fit.code, fit.failures.length, fit.failures[0]]).toEqual([1, 1, expect.stringMatching(/c\.txt: /)])
  })
})

describe('gruppetto sim --race and judge', () => {
  test('a race is exported, signed by this server, and judged to the same order, time and hash', async () => {
    const race = await printed(
      'sim',
      '--race',
      '--seed',
      '3',
      '--riders',
      '4',
      '--map',
      `${folder}/`,
      '--export',
      file('race.json'),
    )
    expect([race.code, race.value('finishers'), race.value('crossings')]).toEqual([0, 4, 8])
    const judged = await printed('judge', file('race.json'))
    expect([judged.code, judged.failures]).toEqual([0, []])
    expect(judged.value('signedBy')).toBe('this server')
    for (const name of ['hash', 'order', 'winnerMs', 'ticks'])
      expect([name, judged.value(name)]).toEqual([name, race.value(name)])
  })

  test('signed by an unknown server, on a road nobody ships, it is refused until its key is trusted', async () => {
    const own = await printed('judge', file('race.json'))
    vi.stubEnv('GRUPPETTO_DATA_DIR', file('elsewhere'))
    const key = String(own.value('publicKey'))
    const unknown = await printed('judge', file('race.json'))
    expect([unknown.code, unknown.value('signedBy')]).toEqual([1, 'an unknown server'])
    expect(unknown.failures).toEqual([
      expect.stringMatching(
        /race\.json: signed by an unknown server \(key \S+\): simulated on a road .* --trust KEY\.$/,
      ),
    ])
    expect(await printed('judge', file('race.json'), '--trust', key)).toMatchObject({ code: 0, ok: true })
    const refused = await printed('judge', file('race.json'), '--trust', Buffer.alloc(32).toString('base64'))
    expect([refused.code, refused.failures]).toEqual([1, [expect.stringContaining('signed by an unknown server')]])
    vi.stubEnv('GRUPPETTO_DATA_DIR', file('data'))
  })

  test('on a road we ship it needs no key: any machine makes it from its seed, to the byte', async () => {
    await printed('sim', '--race', '--seed', '3', '--riders', '2', '--export', file('shipped.json'))
    vi.stubEnv('GRUPPETTO_DATA_DIR', file('elsewhere'))
    const judged = await printed('judge', file('shipped.json'))
    expect([judged.code, judged.failures, judged.value('signedBy')]).toEqual([0, [], 'an unknown server'])
    // Scenery is in no hash that physics reads, and in no line of the journal.
    const painted = JSON.parse(readFileSync(file('shipped.json'), 'utf8')) as RunFile & { signature?: unknown }
    delete painted.signature
    const map = { ...painted.map, json: { ...(painted.map.json as object), author: 'somebody else' } }
    writeFileSync(file('painted.json'), sealRunFile({ ...painted, map }, openSigner(file('forger'))))
    expect((await printed('judge', file('painted.json'))).failures).toEqual([
      expect.stringMatching(/signed by an unknown server .*: not the simulated race of seed 3: "map" is not what/),
    ])
    vi.stubEnv('GRUPPETTO_DATA_DIR', file('data'))
  })

  test('altered and ridden again to the end it contradicts nothing in itself, and is refused, even with our own key', async () => {
    const alter = (record: JournalRecord): JournalRecord =>
      record[0] === 'sample' && record[1] > 400 && record[2] === 0 ? (record.with(5, record[5] + 1) as never) : record
    const text = readFileSync(file('race.json'), 'utf8')
    for (const key of ['data', 'forger']) {
      writeFileSync(file('forged.json'), rideForged(text, smallMap(), alter, openSigner(file(key))))
      expect(judgeRun(readFileSync(file('forged.json'), 'utf8'), verifySignature).failures).toEqual([])
      const judged = await printed('judge', file('forged.json'))
      expect([judged.code, judged.failures.length]).toEqual([1, 1])
      if (key === 'data')
        expect(judged.failures[0]).toMatch(/not the simulated race of seed 3: line \d+ of the journal/)
      else expect(judged.failures[0]).toMatch(/signed by an unknown server/)
    }
  })

  test('a race of people that was altered and ridden again is refused for its key', async () => {
    const text = readFileSync(file('race.json'), 'utf8').replaceAll('sim-3', 'evening')
    const same = (record: JournalRecord): JournalRecord => record
    writeFileSync(file('people.json'), rideForged(text, smallMap(), same, openSigner(file('data'))))
    expect(await printed('judge', file('people.json'))).toMatchObject({ code: 0, ok: true })
    writeFileSync(file('people.json'), rideForged(text, smallMap(), same, openSigner(file('forger'))))
    const judged = await printed('judge', file('people.json'))
    expect([judged.code, judged.failures]).toEqual([
      1,
      [expect.stringMatching(/signed by an unknown server \(key \S+\): everything in it fits together, but anybody/)],
    ])
  })

  test('a changed race is refused, and the first difference is named', async () => {
    const text = readFileSync(file('race.json'), 'utf8')
    const at = text.indexOf('[\\"sample\\",5')
    const end = text.indexOf(']', at)
    writeFileSync(file('bent.json'), `${text.slice(0, end - 1)}9${text.slice(end)}`)
    const judged = await printed('judge', file('bent.json'))
    expect([judged.code, judged.value('signedBy')]).toEqual([1, 'nobody'])
    expect(judged.failures).toEqual([
      expect.stringMatching(/The chain of the journal breaks in lines \d+ to \d+/),
      expect.stringMatching(/The journal is not what was ridden: line \d+ \(tick \d+\)/),
      expect.stringMatching(/The signature does not fit/),
    ])
  })
})
