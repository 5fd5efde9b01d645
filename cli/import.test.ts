import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { Invocation, Report } from './command.ts'
import { command as importCommand } from './import.ts'

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
