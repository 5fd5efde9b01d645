import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { clientBuild, hashSources } from './client-build.ts'

const root = await mkdtemp(join(tmpdir(), 'gruppetto-build-'))
afterAll(async () => await rm(root, { recursive: true }))

test('the page is built again when a source changes, appears or moves, and not for a test or another room', async () => {
  const hashes: string[] = []
  const write = async (path: string, text: string) => {
    await mkdir(join(root, path, '..'), { recursive: true })
    await writeFile(join(root, path), text)
    hashes.push(await hashSources(root))
  }
  await write('client/main.ts', 'one')
  await write('client/main.ts', 'two')
  await write('physics/step.ts', 'two')
  await write('package-lock.json', '{}')
  expect(new Set(hashes).size).toBe(4)
  const before = hashes.at(-1)
  await write('client/main.test.ts', 'a test')
  await write('server/main.ts', 'another room')
  expect(hashes.slice(-2)).toEqual([before, before])
  await rm(join(root, 'client/main.ts'))
  await write('client/other.ts', 'two')
  expect(hashes.at(-1)).not.toBe(before)
})

test('what was never built is not fresh', async () => {
  expect(await clientBuild(root).isFresh()).toBe(false)
})
