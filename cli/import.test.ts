import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { Invocation, Report } from './command.ts'
import { command as check } from './check-physics.ts'
import { command as importCommand } from './import.ts'
import { computeCase, type PhysicsCase } from './physics-cases.ts'

const shared = path.join(import.meta.dirname, '..', '..', 'shared', 'data')

function invoke(...positionals: string[]): Invocation {
  return {
    positionals,
    text: () => undefined,
    number: () => undefined,
    flag: () => false,
    all: () => [],
    isJson: true,
    progress: () => {},
    say: () => {},
    signal: new AbortController().signal,
  }
}

async function withFile<T>(name: string, content: string | Uint8Array, use: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gruppetto-'))
  try {
    writeFileSync(path.join(folder, name), content)
    return await use(path.join(folder, name))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const row: PhysicsCase = {
  name: 'gribble-247W',
  kind: 'steady',
  model: 'gribble',
  inputs: { mass: 85, CdA: 0.4, Crr: 0.004, rho: 1.275, grade: 0, power: 100, eff: 0.98, Fw: 0, bearings: false },
  expected: { speed_mps: 6.6722 },
  tolerance: { rel: 0.003 },
  agrees: true,
}

test('[C1] a case is ridden with its calculator’s own losses', () => {
  expect(computeCase(row)).toBeCloseTo(6.6724, 3)
  const martin = computeCase({ ...row, model: 'martin98', inputs: { ...row.inputs, Fw: 0.0044, bearings: true } })!
  expect(martin).toBeLessThan(6.65)
})

test('[C1] check-physics counts passes, failures, flagged and unsupported rows apart', async () => {
  const rows = [
    row,
    { ...row, name: 'gribble-wrong', expected: { speed_mps: 7 } },
    { ...row, name: 'gribble-flagged', expected: { speed_mps: 9 }, agrees: false },
    { ...row, name: 'telepathy', kind: 'telepathy', model: 'none', expected: { tau_s: 862 } },
  ]
  const found = await withFile('cases.json', JSON.stringify(rows), (file) => check.run(invoke(file)))
  const { ok, figures, failures } = found as Report
  const value = (name: string) => figures[name]?.value
  expect([ok, value('rows'), value('passed'), value('failed'), value('unsupported'), value('flagged')]).toEqual([
    false,
    4,
    1,
    1,
    1,
    1,
  ])
  expect(failures).toHaveLength(1)
  expect(failures[0]).toMatch(/^gribble-wrong: speed_mps 6\.672/)
})

test('[C1] a file that is no list of cases is the user’s mistake, in one sentence', async () => {
  for (const content of ['', 'nonsense', '{}', '[]', '[1]', '[{"name":"x"}]'])
    await expect(withFile('cases.json', content, (file) => check.run(invoke(file)))).rejects.toThrow(/cases\.json.* is/)
  await expect(check.run(invoke('nowhere.json'))).rejects.toThrow('nowhere.json could not be read (ENOENT)')
})

test('[I2] import says in one sentence what is wrong with a file', async () => {
  for (const [name, content] of [
    ['noise.gpx', 'nonsense'],
    ['noise.fit', 'nonsense'],
    ['empty.tcx', ''],
  ] as const) {
    const found = (await withFile(name, content, (file) => importCommand.run(invoke(file)))) as Report
    expect(found.ok).toBe(false)
    expect(found.failures).toHaveLength(1)
    expect(found.failures[0]!.startsWith(`${name}: `)).toBe(true)
  }
})

test.skipIf(!existsSync(shared))('[C2] no published case that our law covers fails (needs ../shared)', async () => {
  const { ok, figures } = (await check.run(invoke(path.join(shared, 'physics-cases.json')))) as Report
  expect(ok).toBe(true)
  expect(figures['passed']?.value).toBe(114)
  expect(figures['flagged']?.value).toBe(5)
  expect(figures['unsupported']?.value).toBe(0)
})

test.skipIf(!existsSync(shared))(
  '[I6] gain of recorded tracks is the published one, raw and by 5 m (needs ../shared)',
  async () => {
    for (const [name, lengthM, rawM, hystereticM] of [
      ['cerknicko-jezero.gpx', 13_665, 259.6, 187.9],
      ['old-la-honda-skyline.gpx', 48_250.7, 1319.9, 1104.5],
      ['mont-ventoux.gpx', 21_281.7, 1562.5, 1562.3],
    ] as const) {
      const { ok, figures } = (await importCommand.run(invoke(path.join(shared, 'routes', name)))) as Report
      expect(ok).toBe(true)
      expect(figures['lengthM']?.value).toBe(lengthM)
      expect(figures['gainRawM']?.value).toBe(rawM)
      expect(figures['gain5mM']?.value).toBe(hystereticM)
      expect(Math.abs(Number(figures['bakedLengthM']?.value) / lengthM - 1)).toBeLessThan(0.01)
    }
  },
)
