import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { toHex } from '#bridges/core/bytes'
import { GATT } from '#bridges/core/gatt'
import { encodeCyclingPower } from '#bridges/core/profiles/cycling-power'
import { encodeIndoorBikeData } from '#bridges/core/profiles/indoor-bike-data'
import { RECORDING_HEADER, type RawRecord } from '#bridges/core/recording/record'
import { createRandom } from '#physics/random'
import { invocation } from '#test/support/invocation'
import type { Report } from './command.ts'
import { command } from './recording.ts'

const folder = mkdtempSync(join(tmpdir(), 'gruppetto-recording-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A quarter of an hour of blocks: a meter, and a trainer that shows three per cent more, 1.2 s later. */
function dualRecording(): string {
  const { fraction } = createRandom(11)
  const blocks = Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? 140 : 220 + 120 * fraction()))
  const course = (s: number): number => {
    const at = Math.max(0, Math.floor(s / 31.7))
    const share = Math.min(1, (s - at * 31.7) / 3)
    return blocks[Math.max(0, at - 1)]! * (1 - share) + blocks[at]! * share
  }
  const link = (id: string, service: string, at: string): RawRecord[] => [
    { ms: 0, id, is: 'link', name: id, carrier: 'bluetooth', services: { [service]: [at] } },
    { ms: 1, id, is: 'listen', at, ok: true },
  ]
  const records = [
    ...link('trainer', GATT.fitnessMachine, GATT.indoorBikeData),
    ...link('meter', GATT.cyclingPower, GATT.powerMeasurement),
  ]
  for (let ms = 1000; ms < 900_000; ms += 500) {
    const noisy = (w: number): number => Math.round(w * (1 + 0.02 * (fraction() + fraction() - 1)))
    const meter = encodeCyclingPower({ powerW: noisy(course(ms / 1000)) })
    const trainer = encodeIndoorBikeData({ speedKmh: 30, powerW: noisy(1.03 * course((ms + 250) / 1000 - 1.2)) })
    records.push({ ms, id: 'meter', is: 'in', at: GATT.powerMeasurement, hex: toHex(meter) })
    records.push({ ms: ms + 250, id: 'trainer', is: 'in', at: GATT.indoorBikeData, hex: toHex(trainer) })
  }
  return `${[RECORDING_HEADER, ...records.toSorted((a, b) => a.ms - b.ms).map((r) => JSON.stringify(r))].join('\n')}\n`
}

async function ran(path: string, options: Readonly<Record<string, string>> = {}) {
  const said: string[] = []
  const report = await command.run({ ...invocation([path], options), say: (line) => said.push(line) })
  return { report: report as Report, said }
}

it('[B106] from the raw bytes of both: what the trainer shows more, and how much later; the files have every reading and every sample', async () => {
  const path = join(folder, 'dual.jsonl')
  writeFileSync(path, dualRecording())
  const files = { samples: join(folder, 's.jsonl'), csv: join(folder, 'b.csv') }
  const { report, said } = await ran(path, files)
  const value = (name: string): number => report.figures[name]!.value as number
  expect(Math.abs(value('dual.bias') - 3)).toBeLessThan(0.2)
  expect(Math.abs(value('dual.lag') - 1.2)).toBeLessThan(0.1)
  expect(said.at(-1)).toMatch(
    /^the trainer shows [23]\.\d % more than the power meter .*, and says it 1\.[123] s later$/,
  )
  expect(readFileSync(files.csv, 'utf8').split('\n')).toHaveLength(1 + 2 * 1798 + 1)
  expect(readFileSync(files.samples, 'utf8').split('\n')).toHaveLength(value('samples') + 1)
  // The meter gives the samples; nothing of the trainer's is among them.
  expect(value('samples')).toBe(1798)
})

it('[B108] the same file gives the same samples: their hash is the same, and another with other bytes', async () => {
  const path = join(folder, 'hash.jsonl')
  const text = dualRecording()
  const hash = async (content: string): Promise<unknown> => {
    writeFileSync(path, content)
    return (await ran(path)).report.figures['samplesHash']!.value
  }
  const first = await hash(text)
  expect(await hash(text)).toBe(first)
  const lines = text.split('\n')
  expect(await hash(lines.toSpliced(1000, 2).join('\n'))).not.toBe(first)
})
