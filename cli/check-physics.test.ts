import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { invocation, withFile } from '#test/support/invocation'
import type { Report } from './command.ts'
import { command as check } from './check-physics.ts'
import { computeCase, type PhysicsCase } from './physics-cases.ts'

const shared = path.join(import.meta.dirname, '..', '..', 'shared', 'data')

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
  const found = await withFile('cases.json', JSON.stringify(rows), (file) => check.run(invocation([file])))
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
    await expect(withFile('cases.json', content, (file) => check.run(invocation([file])))).rejects.toThrow(
      /cases\.json.* is/,
    )
  await expect(check.run(invocation(['nowhere.json']))).rejects.toThrow('nowhere.json could not be read (ENOENT)')
})

const flat: PhysicsCase = {
  ...row,
  model: 'simple',
  inputs: { mass: 80, CdA: 0.3, Crr: 0.004, rho: 1.2, grade: 0.01, v: 9 },
}

test('[C1] a power is ridden: it is the force against the rider times speed, over what the drivetrain leaves', () => {
  const slope = 0.01 / Math.sqrt(1 + 0.01 * 0.01)
  const againstN = 80 * 9.80665 * slope + 80 * 9.80665 * 0.004 * Math.sqrt(1 - slope * slope) + 0.5 * 1.2 * 0.3 * 81
  expect(computeCase(flat)).toBeCloseTo(againstN * 9, 3)
  expect(computeCase({ ...flat, inputs: { ...flat.inputs, eff: 0.5 } })).toBeCloseTo(againstN * 18, 3)
})

test('[C1] wind, side wind and recovery have a law; what has none is undefined', () => {
  const inputs = { v: 8, wind_speed: 5, wind_dir_deg: 90, travel_dir_deg: 0 }
  const geometry = { ...flat, kind: 'geometry', model: 'martin98', inputs }
  expect(computeCase({ ...geometry, name: 'x-airspeed' })).toBeCloseTo(8, 9)
  expect(computeCase({ ...geometry, name: 'x-yaw' })).toBeCloseTo((Math.atan(5 / 8) * 180) / Math.PI, 9)
  expect(computeCase({ ...flat, kind: 'physiology', inputs: { D_CP: 0 } })).toBeCloseTo(862, 9)
  expect(computeCase({ ...flat, kind: 'telepathy' })).toBeUndefined()
})

test.skipIf(!existsSync(shared))('[C2] no published case that our law covers fails (needs ../shared)', async () => {
  const { ok, figures } = (await check.run(invocation([path.join(shared, 'physics-cases.json')]))) as Report
  expect(ok).toBe(true)
  expect(figures['passed']?.value).toBe(114)
  expect(figures['off.martin98-total']?.value).toBeLessThanOrEqual(0.3)
  expect(figures['flagged']?.value).toBe(5)
  expect(figures['unsupported']?.value).toBe(0)
})
