import { existsSync, readdirSync, readFileSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { loadWorld } from '#maps/load'
import { invocation, withFile } from '#test/support/invocation'
import type { Report } from './command.ts'
import { command as importCommand } from './import.ts'

const shared = path.join(import.meta.dirname, '..', '..', 'shared', 'data')

test('[I2] import says in one sentence what is wrong with a file', async () => {
  for (const [name, content] of [
    ['noise.gpx', 'nonsense'],
    ['noise.fit', 'nonsense'],
    ['empty.tcx', ''],
  ] as const) {
    const found = (await withFile(name, content, (file) => importCommand.run(invocation([file])))) as Report
    expect(found.ok).toBe(false)
    expect(found.failures).toHaveLength(1)
    expect(found.failures[0]!.startsWith(`${name}: `)).toBe(true)
  }
})

test('[I2] a file that is too large is not read, whatever its size', async () => {
  const found = await withFile('big.gpx', '', async (file) => {
    truncateSync(file, 40_000_000_000)
    return (await importCommand.run(invocation([file]))) as Report
  })
  expect(found.failures).toEqual(['big.gpx: byte 33554432: the file goes on; files of up to 32 MB are read'])
})

test('[I2] what is no file is not opened', async () => {
  await expect(importCommand.run(invocation([tmpdir()]))).rejects.toThrow(/ is no file\.$/)
  await expect(importCommand.run(invocation(['nowhere.gpx']))).rejects.toThrow(
    'nowhere.gpx could not be read (ENOENT).',
  )
})

const HILL = `<gpx><trk><name>A hill &amp; back</name><trkseg>${Array.from(
  { length: 200 },
  (_, i) => `<trkpt lat="${(47 + i * 0.0002).toFixed(4)}" lon="8"><ele>${400 + i}</ele></trkpt>`,
).join('\n')}</trkseg></trk></gpx>`

test('[M59] import saves a map folder that loads, says what it is called, and replaces none unasked', async () => {
  await withFile('hill.gpx', HILL, async (file) => {
    const out = path.join(path.dirname(file), 'worlds', 'my-hill')
    const run = (options: Record<string, string>, flags: string[] = []) =>
      importCommand.run({ ...invocation([file]), text: (name) => options[name], flag: (name) => flags.includes(name) })
    const saved = (await run({ out })) as Report
    expect(saved.failures).toEqual([])
    expect(saved.figures['mapHash']?.value).toMatch(/^[0-9a-f]{64}$/)
    const world = loadWorld(
      JSON.parse(readFileSync(path.join(out, 'map.json'), 'utf8')),
      new Uint8Array(readFileSync(path.join(out, 'course.bin'))),
    )
    expect(world).toMatchObject({ ok: true, value: { map: { id: 'my-hill', name: 'A hill & back' } } })
    await expect(run({ out })).rejects.toThrow('there is a map already; --force replaces it')
    await expect(run({ out: path.join(path.dirname(file), 'My Hill') })).rejects.toThrow('a name like "my-hill"')
    const again = (await run({ out, name: 'Other' }, ['force'])) as Report
    expect(again.ok).toBe(true)
    expect(JSON.parse(readFileSync(path.join(out, 'map.json'), 'utf8'))).toMatchObject({ name: 'Other' })
  })
})

test('[I9] a teleport is one sentence with point and line, and nothing is saved', async () => {
  await withFile('hill.gpx', HILL.replace('lat="47.0200"', 'lat="17.0200"'), async (file) => {
    const out = path.join(path.dirname(file), 'hill')
    const found = (await importCommand.run(invocation([file], { out }))) as Report
    expect(found.failures).toHaveLength(1)
    expect(found.failures[0]).toMatch(
      /^hill\.gpx: point 101, line 101: 33\d\d km away from the points before and after it$/,
    )
    expect(existsSync(out)).toBe(false)
  })
})

const imported = new Map<string, Promise<Report>>()

/** Each file is read once for all tests. */
function importOf(name: string): Promise<Report> {
  const file = path.join(shared, 'routes', name)
  const found = imported.get(name) ?? (importCommand.run(invocation([file])) as Promise<Report>)
  imported.set(name, found)
  return found
}

test.skipIf(!existsSync(shared))(
  '[I6] gain of recorded tracks is the published one, raw and by 5 m (needs ../shared)',
  { timeout: 30_000 },
  async () => {
    for (const [name, lengthM, rawM, hystereticM] of [
      ['cerknicko-jezero.gpx', 13_665, 259.6, 187.9],
      ['old-la-honda-skyline.gpx', 48_250.7, 1319.9, 1104.5],
      ['mont-ventoux.gpx', 21_281.7, 1562.5, 1562.3],
    ] as const) {
      const { ok, figures } = await importOf(name)
      expect(ok).toBe(true)
      expect(figures['lengthM']?.value).toBe(lengthM)
      expect(figures['gainRawM']?.value).toBe(rawM)
      expect(figures['gain5mM']?.value).toBe(hystereticM)
    }
  },
)

test.skipIf(!existsSync(shared))(
  '[M50] [M51] [M52] [M53] every recorded route keeps length and gain and can be ridden (needs ../shared)',
  { timeout: 30_000 },
  async () => {
    // All there are but one, a ride indoors that has no place to be.
    const names = readdirSync(path.join(shared, 'routes')).filter((name) => name !== 'incyclist-activity.tcx')
    expect(names).toHaveLength(5)
    for (const name of names) {
      const { ok, figures } = await importOf(name)
      const value = (figure: string) => figures[figure]?.value as number
      expect([name, ok]).toEqual([name, true])
      expect(Math.abs(value('road.lengthM') / value('mended.lengthM') - 1)).toBeLessThan(0.003)
      expect(Math.abs(value('road.length3dM') / value('mended.length3dM') - 1)).toBeLessThan(0.003)
      expect(Math.abs(value('road.lengthM') / value('lengthM') - 1)).toBeLessThan(0.003)
      expect(Math.abs(value('road.gain5mM') / value('mended.gain5mM') - 1)).toBeLessThan(0.03)
      expect(value('road.radiusMinM')).toBeGreaterThanOrEqual(6)
      expect(value('road.gradeStepMaxPerM')).toBeLessThan(0.01)
    }
  },
)
