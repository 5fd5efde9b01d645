import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { Invocation, Report } from './command.ts'
import { command as check } from './check-physics.ts'
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
    { ...row, name: 'telepathy', kind: 'telepathy', expected: { tau_s: 862 } },
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

test.skipIf(!existsSync(shared))('[C2] no published case that our law covers fails (needs ../shared)', async () => {
  const { ok, figures } = (await check.run(invoke(path.join(shared, 'physics-cases.json')))) as Report
  expect(ok).toBe(true)
  expect(figures['passed']?.value).toBe(114)
  expect(figures['off.martin98-total']?.value).toBeLessThanOrEqual(0.3)
  expect(figures['flagged']?.value).toBe(5)
  expect(figures['unsupported']?.value).toBe(0)
})
