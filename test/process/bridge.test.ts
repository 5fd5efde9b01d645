import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { DirconServer } from '#bridges/dircon/server'
import { SimulatedTrainer } from '#bridges/trainer-sim/trainer'
import { until } from '#test/support/until'

const TREE = fileURLToPath(new URL('../..', import.meta.url))
const NOWHERE = 'http://127.0.0.1:1'
const WAIT_MS = 15_000

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

/** `gruppetto bridge` as a person starts it, who types. */
async function start(args: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'gruppetto-'))
  cleanups.push(() => rm(folder, { recursive: true }))
  const child: ChildProcess = spawn(
    process.execPath,
    ['gruppetto.mjs', 'bridge', '--state', join(folder, 'bridge.json'), '--page-port', '0', ...args],
    { cwd: TREE, stdio: ['pipe', 'pipe', 'pipe'] },
  )
  const heard = { text: '' }
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text) => (heard.text += String(text)))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  cleanups.push(async () => {
    child.kill('SIGINT')
    await ended
  })
  return { child, heard, ended }
}

/** The process that rides, behind which the started one stands. */
async function riderOf(parent: number): Promise<number | undefined> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    if (new RegExp(`^PPid:\\s+${parent}$`, 'm').test(status)) return Number(pid)
  }
  return undefined
}

test('[B125] no server is needed to ride, and a bridge that is killed lets go of the trainer and rides again', async () => {
  const targets: string[] = []
  const trainer = new SimulatedTrainer({
    onTarget: (target) => targets.push(target.mode === 'power' ? `${target.powerW} W` : target.mode),
  })
  const server = new DirconServer(trainer.peripheral)
  const port = await server.listen(0, '127.0.0.1')
  cleanups.push(() => server.close())
  const { child, heard, ended } = await start(['--dircon', `127.0.0.1:${port}`, '--server', NOWHERE])
  await until('the trainer', () => /power, cadence/.test(heard.text), WAIT_MS)
  expect(heard.text).toContain('cannot be reached')
  child.stdin!.write('210\n')
  await until('watts to hold', () => targets.includes('210 W'), WAIT_MS)

  const rider = await riderOf(child.pid!)
  expect(rider).toBeDefined()
  process.kill(rider!, 'SIGKILL')
  const killedMs = performance.now()
  await until('the trainer let go', () => targets.at(-1) === 'simulation', WAIT_MS)
  // The rule says 2 s of a machine that has time; tests run beside others.
  expect(performance.now() - killedMs).toBeLessThan(6000)
  await until('the ride again', () => heard.text.split('power, cadence').length > 2, WAIT_MS)
  expect(heard.text).toContain('was let go: its bridge had ended')

  child.stdin!.write('quit\n')
  expect(await ended).toBe(0)
  expect(heard.text).toContain('the trainer is free again; goodbye')
})

test('[B117] a route that no world of the server has ends the bridge before it rides, with the names of those there are', async () => {
  const { createServer } = await import('node:http')
  const worlds = { worlds: [{ mapId: 'town', routes: [{ id: 'ring', name: 'The Ring' }] }] }
  const server = createServer((_request, answer) => answer.end(JSON.stringify(worlds)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  cleanups.push(() => new Promise((resolve) => server.close(resolve)))
  const { port } = server.address() as { port: number }
  const { heard, ended } = await start([
    '--server',
    `http://127.0.0.1:${port}`,
    '--route',
    'rign',
    '--dircon',
    '127.0.0.1',
  ])
  expect(await ended).toBe(2)
  expect(heard.text).toContain('gruppetto: --route: There is no route "rign" here; there are ring.')
})
