import { afterAll, expect, test } from 'vitest'
import { HelperThread } from './helper-thread.ts'

/** Answers what it is asked; `hang` never, and `die` takes it down. */
const SCRIPT = `import { parentPort } from 'node:worker_threads'
parentPort.on('message', ({ id, order }) => {
  if (order === 'hang') for (;;);
  if (order === 'die') process.exit(1)
  parentPort.postMessage({ id, ok: true, answer: order })
})`
/** Timers that are set; time passes when one of them is called. */
const timers = new Set<() => void>()
let set = 0
const clock = {
  after(_delayMs: number, callback: () => void) {
    set++
    timers.add(callback)
    return () => void timers.delete(callback)
  },
}
function passTime(): void {
  const [callback] = timers
  timers.clear()
  callback!()
}
const thread = new HelperThread<string, string>(new URL(`data:text/javascript,${encodeURIComponent(SCRIPT)}`), {
  busy: 'Busy.',
  clock,
})
afterAll(async () => await thread.close())

const asked = (orders: readonly string[]): Promise<string[]> =>
  Promise.all(orders.map(async (order) => await thread.ask(order).catch((error: Error) => error.message)))

test('[A64] an order that takes its thread down is alone in it: those behind it are answered', async () => {
  expect(await asked(['one', 'die', 'two', 'three'])).toEqual(['one', 'it was broken off', 'two', 'three'])
})

test('[A64] an order that never ends is ended, and those behind it are answered', async () => {
  expect(await asked(['one'])).toEqual(['one'])
  expect(timers.size).toBe(0)
  set = 0
  const answers = asked(['hang', 'two', 'hang', 'three'])
  passTime()
  // Set anew for the rest of them, and when the first of those was answered: each has all of its time.
  await expect.poll(() => set).toBe(3)
  passTime()
  expect(await answers).toEqual(['it took too long', 'two', 'it took too long', 'three'])
  expect(timers.size).toBe(0)
})

test('[A64] a house that closes leaves nobody waiting', async () => {
  const answers = asked(['hang', 'two'])
  await thread.close()
  expect(await answers).toEqual(['it was broken off', 'it was broken off'])
})
