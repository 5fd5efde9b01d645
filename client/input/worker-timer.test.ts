import { expect, test } from 'vitest'
import type { TimerOrder } from './timer-worker.ts'
import { WorkerTimers } from './worker-timer.ts'

function setUp() {
  const orders: TimerOrder[] = []
  let listener: (event: { readonly data: number }) => void = () => {}
  const timers = new WorkerTimers({
    postMessage: (order) => orders.push(order),
    addEventListener: (_type, added) => (listener = added),
  })
  return { orders, timers, fire: (id: number) => listener({ data: id }) }
}

test('[B69] timers of a page are a worker’s: once or again, and one cancelled while its message was on the way is silent', () => {
  const { orders, timers, fire } = setUp()
  const said: string[] = []
  timers.after(20, () => said.push('once'))
  const stop = timers.every(50, () => said.push('again'))
  const cancel = timers.after(30, () => said.push('never'))
  expect(orders).toEqual([
    { id: 1, delayMs: 20, isRepeated: false },
    { id: 2, delayMs: 50, isRepeated: true },
    { id: 3, delayMs: 30, isRepeated: false },
  ])
  cancel()
  for (const id of [3, 1, 1, 2, 2]) fire(id)
  expect(said).toEqual(['once', 'again', 'again'])
  stop()
  fire(2)
  expect([said.length, timers.count, orders.slice(3)]).toEqual([3, 0, [{ id: 3 }, { id: 2 }]])
})
