import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { clientBuild, compressFiles, hashSources } from './client-build.ts'

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

test('[V118] beside each text lies its gzip and its Brotli, and a gzip that the build wrote stays', async () => {
  const folder = join(root, 'built')
  await mkdir(folder)
  const text = 'a page of many words, many words, many words '.repeat(40)
  await writeFile(join(folder, 'page.html'), text)
  await writeFile(join(folder, 'one.js'), text)
  await writeFile(join(folder, 'one.js.gz'), 'written by the build')
  await writeFile(join(folder, 'icon.png'), 'no text')
  await compressFiles(folder)
  const files = (await readdir(folder)).toSorted()
  expect(files).toEqual('icon.png one.js one.js.br one.js.gz page.html page.html.br page.html.gz'.split(' '))
  const of = async (name: string) => await readFile(join(folder, name))
  expect(brotliDecompressSync(await of('page.html.br')).toString()).toBe(text)
  expect(gunzipSync(await of('page.html.gz')).toString()).toBe(text)
  expect((await of('one.js.gz')).toString()).toBe('written by the build')
  expect((await of('page.html.br')).length).toBeLessThan((await of('page.html.gz')).length)
})
