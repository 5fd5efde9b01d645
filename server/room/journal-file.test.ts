import { writeSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openJournals } from './journal-file.ts'

const folder = await mkdtemp(join(tmpdir(), 'gruppetto-journal-'))
const failures: Error[] = []
afterAll(async () => await rm(folder, { recursive: true, force: true }))

test('a reader gets every line up to the moment of the call, also those written while the file was read', async () => {
  const journal = (await openJournals(folder, () => 0, { onError: (error) => failures.push(error) }))('room')
  for (let i = 0; i < 1000; i++) journal.write(`line ${i} é`)
  const reading = journal.withLines((lines) => lines)
  for (let i = 1000; i < 1010; i++) journal.write(`line ${i} é`)
  expect(await reading).toEqual(Array.from({ length: 1010 }, (_, i) => `line ${i} é`))
  await journal.close()
  expect((await readFile(journal.path, 'utf8')).split('\n')).toHaveLength(1011)
  expect(journal.name).toBe('1970-01-01T00-00-00-000Z_room.jsonl')
})

test('the header is on the disk at once, lines when their tick is over, and nothing twice', async () => {
  const open = await openJournals(folder, () => 1, { onError: (error) => failures.push(error) })
  const journal = open('ticks')
  const written = async () => await readFile(journal.path, 'utf8')
  journal.write('header')
  expect(await written()).toBe('header\n')
  journal.write('one')
  journal.write('two')
  expect(await written()).toBe('header\n')
  journal.flush()
  journal.flush()
  await expect.poll(written).toBe('header\none\ntwo\n')
  journal.write('three')
  await journal.close()
  expect(await written()).toBe('header\none\ntwo\nthree\n')
})

test('a disk that fails is said once; the ride goes on', async () => {
  const open = await openJournals(folder, () => 0, { onError: (error) => failures.push(error) })
  const journal = open('room') // The name is taken: a journal is never written over.
  journal.write('one')
  await expect.poll(() => failures.length).toBe(1)
  journal.write('two')
  await expect(journal.withLines((lines) => lines)).rejects.toThrow(/^The journal of this room has a hole, .*EEXIST/)
  await journal.close()
  expect(failures).toHaveLength(1)
  expect(failures[0]).toMatchObject({ code: 'EEXIST' })
})

test('[D204] a journal at its limit ends whole with the last tick that fits, says so once, and nothing is judged from it', async () => {
  const said: string[] = []
  const onError = (error: Error) => void said.push(error.message)
  const journal = (await openJournals(folder, () => 2, { onError, bytesMost: 2e6 }))('long')
  const line = 'x'.repeat(99_999)
  journal.write('header')
  for (let tick = 0; tick < 30; tick++) {
    journal.write(line)
    journal.flush()
  }
  expect(said).toEqual(['it has reached 2 MB, the limit in GRUPPETTO_JOURNAL_MB'])
  await expect(journal.withLines((lines) => lines)).rejects.toThrow(/to its end \(it has reached 2 MB/)
  await journal.close()
  await expect.poll(async () => (await readFile(journal.path, 'utf8')).length).toBe(7 + 19 * 100_000)
})

/** A disk that takes `room` bytes, and then nothing until somebody makes more. */
function smallDisk(room: number) {
  const disk = { room, asked: 0 }
  const write = async (fd: number, bytes: Buffer, position: number) => {
    disk.asked++
    const taken = Math.min(bytes.length, disk.room)
    if (taken === 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
    disk.room -= taken
    return writeSync(fd, bytes, 0, taken, position)
  }
  return { disk, write }
}

test('[A61] a disk that is full for a while makes no hole: it is said, and all lines are there in order when there is room', async () => {
  const { disk, write } = smallDisk(25)
  const said: string[] = []
  const options = {
    onError: (error: Error) => said.push(`lost: ${error.message}`),
    onTrouble: (trouble: Error | undefined) => said.push(trouble?.message ?? 'well again'),
    write,
  }
  const journal = (await openJournals(folder, () => 3, options))('full')
  const lines = Array.from({ length: 50 }, (_, i) => `line ${i} é`)
  for (const line of lines.slice(0, 40)) {
    journal.write(line)
    journal.flush()
  }
  await expect.poll(() => said).toEqual(['ENOSPC: no space left on device'])
  // Whoever reads has all of it, too.
  expect(await journal.withLines((all) => all)).toEqual(lines.slice(0, 40))
  disk.room = 1e6
  journal.tell(['left', 7, 1])
  for (const line of lines.slice(40)) journal.write(line)
  await journal.close()
  expect(said).toEqual(['ENOSPC: no space left on device', 'well again'])
  expect(await readFile(journal.path, 'utf8')).toBe(lines.map((line) => `${line}\n`).join(''))
  expect(await readFile(journal.path.replace('.jsonl', '.facts'), 'utf8')).toBe('["left",7,1]\n')
})

test('[A61] a disk that stays full ends the journal where it stands, once, and memory stays small', async () => {
  const { disk, write } = smallDisk(4)
  const said: string[] = []
  const onError = (error: Error) => said.push(error.message)
  const journal = (await openJournals(folder, () => 4, { onError, write }))('lost')
  journal.write('header')
  await expect.poll(() => disk.asked).toBe(2)
  const line = 'x'.repeat(1 << 20)
  for (let i = 0; i < 70; i++) journal.write(line)
  expect(said).toEqual(['ENOSPC: no space left on device'])
  await expect(journal.withLines((lines) => lines)).rejects.toThrow(/has a hole/)
  await journal.close()
  expect(said).toHaveLength(1)
})

test('[A66] a disk that neither takes nor refuses ends the journal as well, before it is out of memory', async () => {
  const said: string[] = []
  let answer = (_taken: number): void => {}
  const write = async () => await new Promise<number>((resolve) => (answer = resolve))
  const onError = (error: Error) => said.push(error.message)
  const journal = (await openJournals(folder, () => 5, { onError, write }))('hangs')
  journal.write('header')
  const line = 'x'.repeat(1 << 20)
  for (let i = 0; i < 70; i++) journal.write(line)
  expect(said).toEqual([expect.stringContaining('64 MB')])
  answer(7)
  await journal.close()
  expect(said).toHaveLength(1)
})
