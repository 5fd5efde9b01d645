import { lstat, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FileMemory, type KnownDevice } from './rider-memory.ts'

let folder = ''
let file = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gruppetto-'))
  file = join(folder, 'deep', 'bridge.json')
})
afterEach(() => rm(folder, { recursive: true }))

const device = (id: string, more: Partial<KnownDevice> = {}): KnownDevice => ({
  ...{ id, name: id.toUpperCase(), carrier: 'bluetooth', source: 'strap', isTrainer: false },
  ...more,
})

test('[B116] devices are remembered beside the rider, each once, the newest last, and survive the program', async () => {
  const memory = new FileMemory(file)
  await memory.remember('http://a', 'secret-a')
  await memory.rememberDevice(device('one'))
  await memory.rememberDevice(device('two', { host: '10.0.0.4', port: 1, services: ['x'] }))
  await memory.rememberDevice(device('one', { name: 'One again' }))
  const again = new FileMemory(file)
  expect((await again.devices()).map(({ id, name }) => `${id} ${name}`)).toEqual(['two TWO', 'one One again'])
  expect((await again.devices())[0]).toMatchObject({ host: '10.0.0.4', port: 1, services: ['x'] })
  expect([await again.recall('http://a'), await again.lastServer()]).toEqual(['secret-a', 'http://a'])
  await again.forgetDevice('two')
  expect((await memory.devices()).map(({ id }) => id)).toEqual(['one'])
  await again.forgetDevice()
  expect(await memory.devices()).toEqual([])
  expect(await memory.recall('http://a')).toBe('secret-a')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('[B116] many devices that come at once are all remembered, and no more than a household has', async () => {
  const memory = new FileMemory(file)
  await Promise.all(Array.from({ length: 12 }, (_, index) => memory.rememberDevice(device(`d${index}`))))
  expect(await memory.devices()).toHaveLength(12)
  await Promise.all(Array.from({ length: 40 }, (_, index) => memory.rememberDevice(device(`e${index}`))))
  const left = await memory.devices()
  expect([left.length, left[0]!.id, left.at(-1)!.id]).toEqual([32, 'e8', 'e39'])
})

test('[B116] what is no device in the file is left out, and the rider stays', async () => {
  const memory = new FileMemory(file)
  await memory.remember('http://a', 'secret-a')
  await memory.rememberDevice(device('one'))
  const state = JSON.parse(await readFile(file, 'utf8')) as { devices: unknown[] }
  state.devices.push(null, 'x', { id: 7 }, { ...device('bad'), carrier: 'pigeon' })
  await writeFile(file, JSON.stringify(state))
  expect((await memory.devices()).map(({ id }) => id)).toEqual(['one'])
  expect(await memory.recall('http://a')).toBe('secret-a')
})

test('[B144] a file that is anything but a state file is a new rider, never the end of a ride', async () => {
  await mkdir(join(folder, 'deep'))
  for (const text of [
    ...['', 'null', '5', '[]', '"x"', '{}', '\u0000'],
    ...['{"format":"gruppetto-bridge","version":1,"secrets":null}', '{"format":"gruppetto-bridge","secrets":[1]}'],
  ]) {
    await writeFile(file, text)
    const memory = new FileMemory(file)
    expect([text, await memory.recall('http://a'), await memory.devices(), await memory.lastServer()]).toEqual([
      ...[text, undefined, [], undefined],
    ])
    expect(await memory.remember('http://a', 'secret-a')).toBeUndefined()
    expect(await new FileMemory(file).recall('http://a')).toBe('secret-a')
  }
})

test('[B144] a device whose address, port or services are none is left out', async () => {
  const memory = new FileMemory(file)
  await memory.rememberDevice(device('fine', { host: 'x', port: 36_866, services: ['1826'], peripheralId: 'p' }))
  const wrong = [{ port: 99_999 }, { port: 0.5 }, { port: '1' }, { host: 5 }, { services: 'abc' }, { services: [1] }]
  for (const [index, more] of [...wrong, { peripheralId: {} }].entries())
    await memory.rememberDevice(device(`wrong${index}`, more as Partial<KnownDevice>))
  expect((await memory.devices()).map(({ id }) => id)).toEqual(['fine'])
})

test('[B144] secrets are not written into a file that somebody laid beside, and a link to the file stays one', async () => {
  const elsewhere = join(folder, 'elsewhere.json')
  const bait = join(folder, 'bait')
  await mkdir(join(folder, 'deep'))
  await writeFile(elsewhere, '{}')
  await writeFile(bait, 'mine')
  await symlink(elsewhere, file)
  await symlink(bait, `${elsewhere}.next`)
  await symlink(bait, `${file}.next`)
  await new FileMemory(file).remember('http://a', 'secret-a')
  expect((await lstat(file)).isSymbolicLink()).toBe(true)
  expect(await readFile(bait, 'utf8')).toBe('mine')
  expect(await readFile(elsewhere, 'utf8')).toContain('secret-a')
  expect((await stat(elsewhere)).mode & 0o777).toBe(0o600)
})
