import { describe, expect, it } from 'vitest'
import { NET, NetStats, NetWindow } from './net-stats.ts'

describe('statistics of a connection', () => {
  it('[D160] loss follows from the gaps in packet numbers; what comes late is late and not lost', () => {
    const stats = new NetStats()
    for (const number of [0, 1, 4, 5, 3, 6]) stats.packet(number)
    expect(stats.count('packets')).toBe(7)
    expect(stats.count('lost')).toBe(1) // 2 never came.
    expect(stats.count('late')).toBe(1)
    expect(new NetWindow(stats.snapshot()).lossShare).toBeCloseTo(1 / 7, 12)
  })

  it('[D160] another session begins its numbers at 0 and loses nothing by it', () => {
    const stats = new NetStats()
    for (const number of [0, 1, 2]) stats.packet(number)
    stats.begin()
    for (const number of [0, 1]) stats.packet(number)
    expect(stats.count('lost')).toBe(0)
    expect(stats.count('late')).toBe(0)
    expect(stats.count('packets')).toBe(5)
  })

  it('[D161] jitter is that of RFC 3550, and delay what a packet needed beyond the shortest transit', () => {
    const stats = new NetStats()
    for (let i = 0; i < 100; i++) stats.arrived(i * 50, 1000 + i * 50)
    expect(stats.jitterMs).toBe(0)
    stats.arrived(5000, 6016) // 16 ms later than all before: a sixteenth of it.
    expect(stats.jitterMs).toBeCloseTo(1, 12)
    const window = new NetWindow(stats.snapshot())
    expect(window.quantile('delayMs', 0.5)).toBeLessThanOrEqual(0.5)
    expect(window.quantile('delayMs', 1)).toBeCloseTo(16, 1)
    expect(window.quantile('gapMs', 0.5)).toBeGreaterThanOrEqual(50)
    expect(window.quantile('gapMs', 0.5)).toBeLessThan(50 * Math.SQRT2)
  })

  it('[D161] a server that dropped a second of ticks makes packets look late for some seconds, not for ever', () => {
    const stats = new NetStats()
    for (let i = 0; i < 100; i++) stats.arrived(i * 50, 1000 + i * 50)
    for (let i = 100; i < 200; i++) stats.arrived(i * 50, 2000 + i * 50)
    const before = stats.snapshot()
    for (let i = 200; i < 260; i++) stats.arrived(i * 50, 2000 + i * 50)
    expect(new NetWindow(before).quantile('delayMs', 0.95)).toBeGreaterThan(900)
    expect(new NetWindow(stats.snapshot(), before).quantile('delayMs', 0.95)).toBeLessThan(2)
  })

  it('[D162] a window is the difference of two snapshots, and a snapshot does not change any more', () => {
    const stats = new NetStats()
    stats.received(100)
    stats.bits('telemetry', 7, 1)
    stats.roundTrip(400)
    const before = stats.snapshot()
    stats.received(60)
    stats.sent(40)
    stats.bits('telemetry', 11, 2)
    stats.roundTrip(20)
    const window = new NetWindow(stats.snapshot(), before)
    expect(window.count('bytesIn')).toBe(60)
    expect(window.count('datagramsOut')).toBe(1)
    expect(window.bits('telemetry')).toBe(11)
    expect(window.records('telemetry')).toBe(2)
    expect(window.observed('rttMs')).toBe(1)
    expect(window.quantile('rttMs', 0.99)).toBeLessThan(30)
    expect(before.numbers[NET.bytesIn]).toBe(100)
  })

  it('[D163] corrections of one centimetre and of one metre are told apart, whatever their sign', () => {
    const stats = new NetStats()
    for (let i = 0; i < 99; i++) stats.ownCorrection(-0.01, 0)
    stats.ownCorrection(-1, 0.2)
    const window = new NetWindow(stats.snapshot())
    expect(window.quantile('ownAlongM', 0.99)).toBeCloseTo(0.01, 2)
    expect(window.quantile('ownAlongM', 1)).toBeGreaterThanOrEqual(1)
    expect(window.quantile('ownLateralM', 1)).toBeGreaterThanOrEqual(0.2)
  })

  it('[D164] refusals are counted by reason, and their table has an end', () => {
    const stats = new NetStats()
    stats.refuse('replay')
    stats.refuse('replay')
    for (let i = 0; i < 1000; i++) stats.refuse(`made-up-${i}`)
    expect(stats.refusals['replay']).toBe(2)
    expect(stats.count('duplicate')).toBe(2)
    expect(stats.count('refused')).toBe(1002)
    expect(Object.keys(stats.refusals).length).toBe(40)
  })

  it("[D164] a server's end keeps no histograms and takes a fraction of the memory", () => {
    const lean = new NetStats({ hasHistograms: false })
    lean.roundTrip(30)
    lean.packet(0)
    expect(lean.rttMs).toBe(30)
    expect(new NetWindow(lean.snapshot()).quantile('rttMs', 0.5)).toBe(0)
    expect(lean.numbers.byteLength).toBeLessThan(400)
    expect(new NetStats().numbers.byteLength).toBeLessThan(2048)
  })
})
