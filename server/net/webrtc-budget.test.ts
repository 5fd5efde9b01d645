import { expect, test } from 'vitest'
import { GatewayBudget } from './webrtc-budget.ts'

/** A gateway that takes these shares of a core, second by second. */
function run(shares: readonly number[], peers = 25) {
  const budget = new GatewayBudget()
  budget.look({ nowMs: 0, cpuUs: 500_000, peers })
  let cpuUs = 500_000
  return shares.map((share, i) => {
    cpuUs += share * 1e6
    const gone = budget.look({ nowMs: (i + 1) * 1000, cpuUs, peers })
    return { gone, isFull: budget.isFull, cpuShare: Number(budget.cpuShare.toFixed(3)) }
  })
}

test('[D172] a gateway that is busy lets nobody new in, until it has room again', () => {
  const seen = run([0.5, 0.8, 0.7, 0.59, 0.7])
  expect(seen.map(({ isFull }) => isFull)).toEqual([false, true, true, false, false])
  expect(seen[0]!.cpuShare).toBe(0.5)
  expect(seen.every(({ gone }) => gone === 0)).toBe(true)
})

test('[D172] over its budget for three seconds it sends a tenth of its peers away, and looks again', () => {
  const seen = run([0.95, 0.97, 0.99, 0.95, 0.95, 0.95, 0.95])
  expect(seen.map(({ gone }) => gone)).toEqual([0, 0, 3, 0, 0, 3, 0])
})

test('[D172] one busy second sends nobody away', () => {
  expect(run([0.95, 0.2, 0.95, 0.95, 0.2]).every(({ gone }) => gone === 0)).toBe(true)
})
