import { describe, expect, test } from 'vitest'
import { createRandom } from '#physics/random'
import { Ticker } from './ticker.ts'

const ticker = (nowMs = 0) => new Ticker({ tickMs: 50, ticksMax: 10, nowMs })

describe('ticker', () => {
  test('[T1] time gives whole ticks, and keeps what is left', () => {
    const t = ticker()
    expect([t.due(49), t.due(50), t.due(149), t.due(150)]).toEqual([0, 1, 1, 1])
    expect(t.untilNextMs(170)).toBe(30)
  })

  test('[T2] a late timer yields more ticks, never a longer one', () => {
    const t = ticker()
    expect(t.due(260)).toBe(5)
    expect(t.untilNextMs(260)).toBe(40)
    expect(t.droppedTicks).toBe(0)
  })

  test('[T3] no call yields more than its limit; what is dropped is counted', () => {
    const t = ticker()
    expect(t.due(50 * 25 + 10)).toBe(10)
    expect(t.droppedTicks).toBe(15)
    expect(t.due(50 * 26)).toBe(1)
    expect(t.droppedTicks).toBe(15)
  })

  test('[T2] the oldest tick of a late call began as late as the timer and the ticks before it made it', () => {
    const t = ticker()
    t.due(53)
    expect(t.lateMs).toBe(3)
    t.due(90)
    expect(t.lateMs).toBe(0)
    t.due(260) // Ticks of 100, 150, 200 and 250 are owed.
    expect(t.lateMs).toBe(160)
  })

  test('[T4] a clock that stands still or goes back owes nothing, and nothing twice', () => {
    const t = ticker(1000)
    expect([t.due(1000), t.due(700), t.due(1049), t.due(1050)]).toEqual([0, 0, 0, 1])
  })

  test('[T5] ticks given and dropped are all the time there was, whatever the jitter', () => {
    const random = createRandom(7)
    const t = ticker()
    let nowMs = 0
    let given = 0
    for (let i = 0; i < 5000; i++) {
      nowMs += random.fraction() * (i % 100 === 0 ? 2000 : 120)
      given += t.due(nowMs)
    }
    expect(given + t.droppedTicks).toBe(Math.floor(nowMs / 50))
    expect(t.droppedTicks).toBeGreaterThan(0)
  })
})
