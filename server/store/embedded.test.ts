import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findEngine, openEmbedded } from './embedded.ts'

const folder = await mkdtemp(join(tmpdir(), 'gruppetto-embedded-'))
await chmod(folder, 0o711) // Under root the database runs as `nobody`, who must be able to pass.
const data = join(folder, 'postgres')
const engine = await findEngine(data)
afterAll(async () => await rm(folder, { recursive: true }))

// As root in a folder of root's alone it cannot run; then the reason is what is tested, and the server takes PGlite.
test('killed in the middle it is started again, and nothing committed is lost', { timeout: 60_000 }, async () => {
  if (!engine.ok) {
    expect(engine.why).toMatch(/not yet supported on Windows|no PostgreSQL binaries for|who may not enter \//)
    return
  }
  const said: string[] = []
  const store = await openEmbedded(data, engine, (sentence) => said.push(sentence))
  try {
    await store.putSetting('kept', 'yes')
    const pid = Number((await readFile(join(data, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0])
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => said.at(-1), { timeout: 30_000 }).toBe('The embedded database is back.')
    expect(said[0]).toMatch(/^The embedded database ended and is started again; rides go on/)
    expect(await store.setting('kept')).toBe('yes')
  } finally {
    await store.close()
  }
  // An end that was wished for is none to come back from.
  expect(said.filter((sentence) => sentence.includes('is started again'))).toHaveLength(1)
})
