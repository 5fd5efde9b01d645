import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Report } from './command.ts'
import { VECTORS_FOLDER } from './conformance/ours.ts'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))

/** In a process of its own: planting mistakes is done where Node loads modules, and a test loads them otherwise. */
async function check(...args: readonly string[]): Promise<{ code: number | null; report: Report }> {
  const child = spawn(process.execPath, [MAIN, 'check-protocol', '--json', ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let out = ''
  child.stdout.on('data', (chunk) => (out += String(chunk)))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, report: JSON.parse(out) as Report }
}

test(
  '[D190] every mistake planted in our code turns the vectors red, and those in Python too',
  { timeout: 180_000 },
  async () => {
    const { code, report } = await check('--mutations')
    expect(report.failures).toEqual([])
    expect(code).toBe(0)
    for (const who of ['this program', 'Python']) {
      const killed = report.figures[`mutations killed, ${who}`]!
      expect(killed.value).toBeGreaterThanOrEqual(12)
      expect(killed.unit).toBe(`of ${String(killed.value)}`)
    }
  },
)

test('a file that differs by a digit, one that is missing and one that nobody knows: each is said, and the exit code is 1', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gruppetto-vectors-'))
  try {
    await cp(VECTORS_FOLDER, folder, { recursive: true })
    const path = join(folder, 'number.json')
    await writeFile(path, (await readFile(path, 'utf8')).replace('"number":65536', '"number":65537'))
    await rm(join(folder, 'bits.json'))
    await writeFile(join(folder, 'other.json'), '{ "vectors": [{}] }')
    const { code, report } = await check('--vectors', folder)
    expect(code).toBe(1)
    const said = report.failures.join('\n')
    for (const sentence of [
      /this program: number\.json, line \d+: "…/,
      /this program: bits\.json: cannot be read/,
      /this program: other\.json: no file of this name/,
      /Python: number: vector \d+: number: 65536, should be 65537/,
      /Python: other: nothing here checks such vectors/,
    ])
      expect(said).toMatch(sentence)
  } finally {
    await rm(folder, { recursive: true })
  }
})
