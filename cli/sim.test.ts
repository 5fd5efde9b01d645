import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
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
    expect(await gruppetto('sim', '--ride', file('c.txt'), '--race')).toMatchObject({ code: 2 })
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

  test('without this server’s key it is signed by an unknown server; a trusted key is known, another is refused', async () => {
    const own = await printed('judge', file('race.json'))
    vi.stubEnv('GRUPPETTO_DATA_DIR', file('elsewhere'))
    const key = String(own.value('publicKey'))
    const said = await gruppetto('judge', file('race.json'))
    expect([said.code, said.out]).toEqual([0, expect.stringContaining(`signed by an unknown server (key ${key})`)])
    expect((await printed('judge', file('race.json'))).value('signedBy')).toBe('an unknown server')
    expect(await printed('judge', file('race.json'), '--trust', key)).toMatchObject({ code: 0, ok: true })
    const refused = await printed('judge', file('race.json'), '--trust', Buffer.alloc(32).toString('base64'))
    expect([refused.code, refused.failures]).toEqual([1, [expect.stringContaining('signed by an unknown server')]])
    vi.stubEnv('GRUPPETTO_DATA_DIR', file('data'))
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
