import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '#server/clock'
import { until } from '#test/support/until'
import { DirconClient } from './dircon/client.ts'
import { DirconServer } from './dircon/server.ts'
import { releaseTrainer } from './release-trainer.ts'
import {
  type BridgeWord,
  type ChildEvents,
  forkBridge,
  type HeldTrainer,
  RELEASE_WITHIN_MS,
  speakTo,
  Supervisor,
} from './supervisor.ts'
import { SimulatedTrainer, type TrainerTarget } from './trainer-sim/trainer.ts'

const LOOPBACK = '127.0.0.1'
const cleanups: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

const HOLDER = fileURLToPath(new URL('../test/support/held-trainer.ts', import.meta.url))
const gradeOf = (target: TrainerTarget): number => ('gradeFraction' in target ? target.gradeFraction : Number.NaN)

test('[B95] a bridge that is killed has its trainer on the flat within two seconds, and rides again', async () => {
  const told: { grade: number; atMs: number }[] = []
  const trainer = new SimulatedTrainer({
    // One that holds on to its hill when its app is gone, as many do.
    faults: [{ name: 'keeps-target', value: 1, fromS: 0, toS: Infinity }],
    onTarget: (target) => told.push({ grade: gradeOf(target), atMs: performance.now() }),
  })
  const server = new DirconServer(trainer.peripheral)
  const port = await server.listen(0, LOOPBACK)
  cleanups.push(() => server.close())
  let pid: number | undefined
  let kill = (): void => {}
  const said: string[] = []
  const supervisor = new Supervisor({
    clock: systemClock,
    start(events) {
      const child = forkBridge(HOLDER, [String(port)], events)
      pid = (pid ?? 0) + 1
      kill = child.kill
      return child
    },
    release: (held, limitMs) =>
      releaseTrainer({
        clock: systemClock,
        deviceId: held.id,
        limitMs,
        makeCarrier: (events) => new DirconClient({ ...events, host: LOOPBACK, port, clock: systemClock }),
      }),
    onOver: () => {},
    say: (sentence) => said.push(sentence),
  })
  cleanups.push(() => supervisor.stop())
  supervisor.start()
  await until('the climb', () => told.some(({ grade }) => grade === 0.08))
  const before = told.length
  const killedMs = performance.now()
  kill()
  await until('the flat', () => told.slice(before).some(({ grade }) => grade === 0))
  expect(told.slice(before)[0]!.grade).toBe(0)
  expect(told.slice(before)[0]!.atMs - killedMs).toBeLessThan(RELEASE_WITHIN_MS)
  await until('the climb again', () => told.at(-1)!.grade === 0.08)
  expect(pid).toBe(2)
  expect(said[0]).toContain('was let go')
})

/** A bridge that is only said to be a process, on a clock that is moved by hand. */
function staged(options: { releases?: boolean; release?: () => Promise<boolean> } = {}) {
  let nowMs = 0
  const timers: { dueMs: number; call: () => void }[] = []
  const children: { events: ChildEvents; ended: string[] }[] = []
  const released: HeldTrainer[] = []
  const overs: number[] = []
  const said: string[] = []
  const supervisor = new Supervisor({
    clock: {
      nowMs: () => nowMs,
      after(delayMs, call) {
        const timer = { dueMs: nowMs + delayMs, call }
        timers.push(timer)
        return () => void (timers.includes(timer) && timers.splice(timers.indexOf(timer), 1))
      },
    },
    start(events) {
      const child = { events, ended: [] as string[] }
      children.push(child)
      return { stop: () => child.ended.push('stop'), kill: () => child.ended.push('kill') }
    },
    release: (held) => {
      released.push(held)
      return options.release?.() ?? Promise.resolve(options.releases ?? true)
    },
    onOver: (code) => overs.push(code),
    say: (sentence) => said.push(sentence),
  })
  const pass = async (durationMs: number): Promise<void> => {
    for (const endMs = nowMs + durationMs; nowMs < endMs; nowMs += 100) {
      for (const timer of timers.filter(({ dueMs }) => dueMs <= nowMs)) {
        timers.splice(timers.indexOf(timer), 1)
        timer.call()
      }
      for (let turn = 0; turn < 8; turn++) await Promise.resolve()
    }
  }
  return { supervisor, children, released, overs, said, pass }
}
const HELD = { id: 'ant:17.1', name: 'Turbo', carrier: 'ant' } as const

test('[B95] what a bridge never held is not reached for, and a bridge that let go is believed', async () => {
  const s = staged()
  s.supervisor.start()
  s.children[0]!.events.onExit(1)
  await s.pass(600)
  expect([s.released, s.children.length]).toEqual([[], 2])
  s.children[1]!.events.onWord({ say: 'holds', trainer: HELD })
  s.children[1]!.events.onWord({ say: 'free' })
  s.children[1]!.events.onExit(undefined)
  await s.pass(1100)
  expect([s.released, s.children.length]).toEqual([[], 3])
})

test('[B95] a bridge that ends in order is not started again; one that hangs while it holds a trainer is ended', async () => {
  const s = staged()
  s.supervisor.start()
  s.children[0]!.events.onWord({ say: 'holds', trainer: HELD })
  await s.pass(4000)
  expect(s.children[0]!.ended).toEqual([])
  await s.pass(3000)
  expect(s.children[0]!.ended).toContain('kill')
  s.children[0]!.events.onExit(undefined)
  await s.pass(600)
  expect(s.released).toEqual([HELD])
  s.children[1]!.events.onWord({ say: 'over' })
  s.children[1]!.events.onExit(0)
  await s.pass(5000)
  expect([s.overs, s.children.length]).toEqual([[0], 2])
})

test('[B95] words that are none are not believed, and a trainer that stays stiff is said so', async () => {
  const s = staged({ releases: false })
  s.supervisor.start()
  for (const word of [undefined, 7, {}, { say: 'holds' }, { say: 'holds', trainer: { id: 1 } }, { say: 'no' }])
    s.children[0]!.events.onWord(word)
  expect(s.supervisor.held).toBeUndefined()
  s.children[0]!.events.onWord({ say: 'holds', trainer: HELD })
  s.children[0]!.events.onExit(undefined)
  await s.pass(100)
  expect(s.said[0]).toContain('switch it off and on')
})

test('[B143] who is told to end between two bridges ends, and starts no other', async () => {
  const s = staged()
  s.supervisor.start()
  s.children[0]!.events.onExit(1)
  await s.pass(200)
  s.supervisor.stop()
  await s.pass(20_000)
  expect([s.overs, s.children.length]).toEqual([[1], 1])
})

test('[B143] a way to the trainer that hangs or fails keeps nobody from riding on, and is said', async () => {
  for (const release of [() => new Promise<boolean>(() => {}), () => Promise.reject(new Error('no radio'))]) {
    const s = staged({ release })
    s.supervisor.start()
    s.children[0]!.events.onWord({ say: 'holds', trainer: HELD })
    s.children[0]!.events.onExit(undefined)
    await s.pass(5000)
    expect(s.said[0]).toContain('switch it off and on')
    expect(s.children).toHaveLength(2)
  }
})

test('[B143] a bridge that is over and whose trainer has not confirmed leaves it to who is behind', async () => {
  const words: BridgeWord[] = []
  const s = staged()
  s.supervisor.start()
  const speaker = speakTo((word) => words.push(word), { nowMs: () => 0, after: () => () => {} })
  speaker.onTrainer(HELD)
  speaker.over()
  for (const word of words) s.children[0]!.events.onWord(word)
  s.children[0]!.events.onExit(0)
  await s.pass(100)
  expect([s.released, s.overs]).toEqual([[HELD], [0]])
})
