import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { command } from './check-trainers.ts'
import type { Invocation, Report } from './command.ts'

const folders: string[] = []
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })))
})

const said: string[] = []
/** `options`: what stands behind the dashes. */
async function check(file?: string, options: Readonly<Record<string, number>> = {}): Promise<Report> {
  said.length = 0
  const invocation = {
    positionals: file === undefined ? [] : [file],
    number: (option: string) => options[option],
    all: () => [],
    progress: () => {},
    say: (line: string) => said.push(line),
    signal: new AbortController().signal,
  }
  return (await command.run(invocation as unknown as Invocation)) as Report
}

async function checkRows(text: string): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'gruppetto-'))
  folders.push(folder)
  const file = join(folder, 'vectors.json')
  await writeFile(file, text)
  return check(file)
}

test('a field that differs is named with what was found and what was expected', async () => {
  const rows = [
    { profile: 'ftms.indoor_bike_data', hex: '4000b80bfa00', expected: { speed_kmh: 30, power_w: 250 } },
    { profile: 'ftms.indoor_bike_data', hex: '4000b80bfa00', expected: { power_w: 251 } },
    { profile: 'ftms.indoor_bike_data', hex: '00', expected: { power_w: 1 } },
  ]
  const report = await checkRows(JSON.stringify(rows))
  expect(report.ok).toBe(false)
  expect(report.figures['ftms.indoor_bike_data']).toMatchObject({ value: 1, unit: 'of 3', pass: false })
  expect(report.failures).toEqual([
    'row 2, ftms.indoor_bike_data 4000b80bfa00: power_w is 250, expected 251',
    'row 3, ftms.indoor_bike_data 00: refused as too_short',
  ])
})

test('a profile that is not built is unsupported, never passed, and nothing but such is a failure', async () => {
  const report = await checkRows(JSON.stringify([{ profile: 'no.such', hex: '00', expected: {} }]))
  expect(report.ok).toBe(false)
  expect(report.figures['unsupported']).toMatchObject({ value: 1 })
  expect(report.figures['passed']).toMatchObject({ value: 0 })
})

test('every profile has words, and a field without one of its own is called as in the code', async () => {
  const rows = [
    { profile: 'ant.fec.page', hex: '0180005affff4826', expected: { page: 1, spin_down_ms: 9800, temperature_c: 20 } },
    {
      profile: 'ant.common.page',
      hex: '47310500ffff9001',
      expected: { last_page: 49, sequence: 5, command_status: 0 },
    },
    { profile: 'ant.shifting.page', hex: '0109ff2b4c000000', expected: { rear_gear: 11, front_gear: 1 } },
    { profile: 'ant.controls.page', hex: '493412ffff072400', expected: { command: 36, remote_manufacturer: null } },
    { profile: 'ant.speed.page', hex: '84ff40230004f401', expected: { revolutions: 500, battery_whole_v: 3 } },
    {
      profile: 'ftms.control_point',
      hex: '801301100e7017',
      expected: { result: 'success', low_kmh: 36, high_kmh: 60 },
    },
    { profile: 'ftms.training_status', hex: '000c', expected: { status: 'watt-control' } },
    { profile: 'cps.feature', hex: '0d120000', expected: { bits: 4621 } },
    { profile: 'battery.level', hex: '57', expected: { percent: 87 } },
    { profile: 'openbikecontrol.message', hex: '025501', expected: { type: 'status', battery_percent: 85 } },
  ]
  const report = await checkRows(JSON.stringify(rows))
  expect(report).toMatchObject({ ok: true, failures: [] })
  expect(report.figures['passed']).toMatchObject({ value: rows.length })
})

test('a file that is no list of vectors is one sentence', async () => {
  await expect(check('/nowhere/vectors.json')).rejects.toThrow('/nowhere/vectors.json could not be read (ENOENT).')
  await expect(checkRows('{')).rejects.toThrow(/ is not JSON: /)
  await expect(checkRows('[{"hex":1}]')).rejects.toThrow(/ is not a list of \{ profile, hex, expected \}\.$/)
})

test('a row that calls whole pairs an odd list contradicts itself: it is said, and no failure', async () => {
  const row = (hex: string) => ({ profile: 'openbikecontrol.button', hex, expected: { error: 'odd pair list' } })
  const report = await checkRows(JSON.stringify([row('01010130'), row('0101013001')]))
  expect(report.figures['contradictory']).toMatchObject({ value: 1 })
  expect(report.figures['openbikecontrol.button']).toMatchObject({ unit: 'of 1' })
  expect(said).toEqual([
    'row 2, openbikecontrol.button 0101013001: called an odd list of pairs, has 2 whole ones; not counted',
  ])
})

test('[B21] every decoder takes its share of random and mutated bytes, and says how many were messages', async () => {
  const report = await check(undefined, { fuzz: 2000, seed: 3 })
  expect(report).toMatchObject({ ok: true, failures: [] })
  const { decoders, inputs } = report.figures
  expect(decoders!.value).toBeGreaterThan(40)
  expect(inputs!.value).toBe(2000 * (decoders!.value as number))
  expect(report.figures['indoor bike data, faults']).toMatchObject({ value: 0, pass: true })
})

test('neither a file nor --fuzz is one sentence', async () => {
  await expect(check()).rejects.toThrow('check-trainers needs a FILE of vectors, or --fuzz.')
})

const vectors = fileURLToPath(new URL('../../shared/data/trainer-vectors.json', import.meta.url))
test.skipIf(!existsSync(vectors))(
  'all vectors of other projects decode as expected; one of 144 contradicts itself (needs ../shared)',
  async () => {
    const report = await check(vectors)
    expect(report).toMatchObject({ ok: true, failures: [] })
    expect(report.figures['passed']).toMatchObject({ value: 143, unit: 'of 144' })
    expect(report.figures['unsupported']).toMatchObject({ value: 0 })
    // Its bytes are two whole pairs, as in the row before it, though its meaning says that they are an odd list.
    expect(report.figures['contradictory']).toMatchObject({ value: 1 })
  },
)
