import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { computeCase, type PhysicsCase } from './physics-cases.ts'

const file = path.join(import.meta.dirname, '..', '..', 'shared', 'data', 'physics-cases.json')

const row: PhysicsCase = {
  name: 'row',
  kind: 'steady',
  model: 'simple',
  inputs: { mass: 80, CdA: 0.3, Crr: 0.004, rho: 1.2, grade: 0.01, v: 9 },
  expected: { power_W: 0 },
  tolerance: { abs: 1 },
  agrees: true,
}

test('[C1] a power is ridden: it is the force against the rider times speed, over what the drivetrain leaves', () => {
  const slope = 0.01 / Math.sqrt(1 + 0.01 * 0.01)
  const againstN = 80 * 9.80665 * slope + 80 * 9.80665 * 0.004 * Math.sqrt(1 - slope * slope) + 0.5 * 1.2 * 0.3 * 81
  expect(computeCase(row)).toBeCloseTo(againstN * 9, 3)
  expect(computeCase({ ...row, inputs: { ...row.inputs, eff: 0.5 } })).toBeCloseTo(againstN * 18, 3)
})

test('[C1] wind, side wind and recovery have a law; what has none is undefined', () => {
  const inputs = { v: 8, wind_speed: 5, wind_dir_deg: 90, travel_dir_deg: 0 }
  const geometry = { ...row, kind: 'geometry', model: 'martin98', inputs }
  expect(computeCase({ ...geometry, name: 'x-airspeed' })).toBeCloseTo(8, 9)
  expect(computeCase({ ...geometry, name: 'x-yaw' })).toBeCloseTo((Math.atan(5 / 8) * 180) / Math.PI, 9)
  expect(computeCase({ ...row, kind: 'physiology', inputs: { D_CP: 0 } })).toBeCloseTo(862, 9)
  expect(computeCase({ ...row, kind: 'telepathy' })).toBeUndefined()
})

test.skipIf(!existsSync(file))('[C2] Martin’s total, ridden, is 213.3 ± 0.3 W (needs ../shared)', () => {
  const cases = JSON.parse(readFileSync(file, 'utf8')) as PhysicsCase[]
  const total = cases.find(({ name }) => name === 'martin98-total')!
  expect(Math.abs(computeCase(total)! - 213.3)).toBeLessThan(0.3)
})
