import { describe, expect, test } from 'vitest'
import type { RiderId, Tick } from '#protocol/ids'
import type { RiderRecord } from '#protocol/rider-stream'
import { StreamBuffer } from './stream-buffer.ts'

const leave = (tick: number, riderId: number): RiderRecord => ({
  kind: 'leave',
  tick: tick as Tick,
  riderId: riderId as RiderId,
})

describe('records between network and frame', () => {
  test('come out once, in the order of their ticks', () => {
    const buffer = new StreamBuffer()
    buffer.accept({ kind: 'riders', tick: 5 as Tick, records: [leave(4, 1), leave(5, 2)] }, 1000)
    buffer.accept({ kind: 'riders', tick: 6 as Tick, records: [leave(6, 3)] }, 1050)
    expect(buffer.take().map(({ tick, riderId }) => [tick, riderId])).toEqual([
      [4, 1],
      [5, 2],
      [6, 3],
    ])
    expect(buffer.take()).toEqual([])
    expect(buffer.newestTick).toBe(6)
  })

  test('the stream is dry after five ticks of silence, also before the first packet', () => {
    const buffer = new StreamBuffer()
    expect([buffer.isDry(0), buffer.newestTick]).toEqual([true, -1])
    buffer.accept({ kind: 'riders', tick: 5 as Tick, records: [] }, 1000)
    expect([buffer.isDry(1250), buffer.isDry(1251), buffer.silentMs(1300)]).toEqual([false, true, 300])
  })

  test('another session forgets what waited and says so once; the first says nothing', () => {
    const buffer = new StreamBuffer()
    buffer.accept({ kind: 'connected', tick: 5 as Tick, riderId: 1 as RiderId }, 1000)
    expect(buffer.takeReset()).toBe(false)
    buffer.accept({ kind: 'riders', tick: 5 as Tick, records: [leave(5, 2)] }, 1000)
    buffer.accept({ kind: 'connected', tick: 90 as Tick, riderId: 1 as RiderId }, 9000)
    expect([buffer.takeReset(), buffer.takeReset(), buffer.take().length, buffer.newestTick]).toEqual([
      true,
      false,
      0,
      89,
    ])
  })

  test('a page that never looks keeps a bounded number of records, the newest', () => {
    const buffer = new StreamBuffer()
    for (let tick = 0; tick < 5000; tick++)
      buffer.accept({ kind: 'riders', tick: tick as Tick, records: [leave(tick, 1)] }, tick)
    const records = buffer.take()
    expect([records.length, records.at(-1)!.tick]).toEqual([4096, 4999])
  })
})
