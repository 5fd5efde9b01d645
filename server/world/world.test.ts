import { describe, expect, test } from 'vitest'
import { CALM } from '#physics/weather'
import type { RiderId, Row, Sequence } from '#protocol/ids'
import { RIDER_COLUMNS } from '#physics/riders'
import { testCourse } from '#test/sim/road'
import { Bots } from './bots.ts'
import { startJournal } from './journal.ts'
import { LEDGER_COLUMNS } from './ledger.ts'
import { replayJournal } from './replay.ts'
import { CHECKPOINT_TICKS, World } from './world.ts'

const course = testCourse()
const road = { course, mapHash: 'road-1' }
const room = { mapId: 'test', mapHash: 'road-1', seed: 3, roomId: 'r', riderCapacity: 16 }

const join = (riderId: number, more: Partial<Parameters<World['join']>[0]> = {}) => ({
  riderId: riderId as RiderId,
  massKg: 78,
  cdaM2: 0.32,
  distanceM: 100,
  lateralM: -1,
  isBot: false,
  held: false,
  ...more,
})

const sample = (sequence: number, atMs: number, more: Partial<Parameters<World['post']>[1]> = {}) => ({
  sequence: sequence as Sequence,
  atMs,
  powerW: 220,
  cadenceHalfRpm: 178,
  heartRateBpm: 141,
  steer: 0,
  ...more,
})

function botRide(ticks: number, seed = 3) {
  const lines: string[] = []
  const world = new World({ course, riderCapacity: 16, journal: startJournal(room, (line) => lines.push(line)) })
  const bots = new Bots(seed)
  world.source = bots
  for (let i = 1; i <= 5; i++) {
    bots.add(world.join(join(i, { isBot: true, lateralM: i - 3 })), {
      kind: 'pacer',
      wattsPerKg: 2 + i / 4,
      bodyKg: 70,
    })
  }
  for (let i = 0; i < ticks; i++) {
    if (i === 300) world.decide({ kind: 'weather', weather: { ...CALM, seaLevelC: 30 } })
    if (i === 500) world.leave(2 as Row)
    if (i === 500) bots.remove(2 as Row)
    if (i === 700) world.join(join(9, { distanceM: 5 }))
    if (i >= 710 && i % 20 === 0) world.post(2 as Row, sample(i / 20, i * 50, { steer: i % 100 }))
    if (i === 900) world.resume(2 as Row)
    world.step()
  }
  return { world, lines, bots }
}

describe('rows', () => {
  test('a rider takes the lowest free row, and a leave clears the row to the last bit', () => {
    const fresh = new World({ course, riderCapacity: 4 })
    const world = new World({ course, riderCapacity: 4 })
    for (const w of [fresh, world]) w.join(join(1))
    const row = world.join(join(2, { held: true, distanceM: 60 })) // Out of each other's air.
    world.join(join(3, { distanceM: 120 }))
    world.post(row, sample(7, 4000, { steer: 90 }))
    world.step()
    world.leave(row)
    for (const column of RIDER_COLUMNS) {
      expect([column, world.riders[column][row]]).toEqual([column, column === 'draftFactor' ? 1 : 0])
    }
    for (const column of LEDGER_COLUMNS) expect([column, world.ledger[column][row]]).toEqual([column, 0])
    expect(world.riders.count).toBe(3)
    expect(world.join(join(4))).toBe(row)
    world.leave(1 as Row)
    world.leave(2 as Row)
    fresh.step()
    expect(world.riders.count).toBe(1)
    expect(world.stateHash()).toBe(fresh.stateHash())
  })

  test('a sample that waits for a rider who left does not reach the next one in that row', () => {
    const world = new World({ course, riderCapacity: 2 })
    const row = world.join(join(1))
    world.post(row, sample(1, 0))
    world.leave(row)
    world.join(join(2))
    world.step()
    expect(world.riders.powerW[row]).toBe(0)
    expect(world.counters.samplesTaken).toBe(0)
  })
})

describe('state hash', () => {
  test('every bit of every column of every row counts', () => {
    const { world } = botRide(60)
    const before = world.stateHash()
    expect(before).toMatch(/^[0-9a-f]{16}$/)
    for (const [table, columns] of [
      [world.riders, RIDER_COLUMNS],
      [world.ledger, LEDGER_COLUMNS],
    ] as const) {
      for (const name of columns) {
        const column = (table as unknown as Record<string, Float64Array | Uint32Array>)[name]!
        const bytes = new Uint8Array(column.buffer, 0, column.BYTES_PER_ELEMENT * world.riders.count)
        for (let bit = 0; bit < bytes.length * 8; bit++) {
          bytes[bit >> 3]! ^= 1 << (bit & 7)
          if (world.stateHash() === before) expect.fail(`${name} bit ${bit} does not count`)
          bytes[bit >> 3]! ^= 1 << (bit & 7)
        }
      }
    }
    expect(world.stateHash()).toBe(before)
  })

  test('rows beyond the count do not, and neither do counters', () => {
    const { world } = botRide(60)
    const before = world.stateHash()
    world.riders.speedMps[world.riders.count] = 4
    world.counters.samplesRefused++
    expect(world.stateHash()).toBe(before)
  })

  test('one changed bit of one input is another hash, heart rate and steering included', () => {
    const hashOf = (more: object) => {
      const world = new World({ course, riderCapacity: 4 })
      const row = world.join(join(1))
      world.post(row, sample(1, 0))
      world.step()
      world.post(row, sample(2, 1000, more))
      for (let i = 0; i < 200; i++) world.step()
      return world.stateHash()
    }
    const variants = [
      {},
      { sequence: 3 },
      { atMs: 1001 },
      { powerW: 221 },
      { cadenceHalfRpm: 179 },
      { heartRateBpm: 142 },
      { steer: 1 },
    ]
    expect(new Set(variants.map(hashOf)).size).toBe(variants.length)
  })
})

describe('journal and replay', () => {
  test('[J1] a journal gives the same world, bit for bit, without the bots that wrote it', () => {
    const { world, lines } = botRide(3000)
    world.end()
    const again = replayJournal(lines, road)
    if (!again.ok) expect.fail(again.error)
    expect(again.world.stateHash()).toBe(world.stateHash())
    expect([again.world.tick, again.checkpoints, again.isCut]).toEqual([3000, 2, false])
    expect(again.samples).toBeGreaterThan(600)
  })

  test('[J2] the same seed is the same ride, another seed another', () => {
    const hash = (seed: number) => botRide(400, seed).world.stateHash()
    expect(hash(3)).toBe(hash(3))
    expect(hash(4)).not.toBe(hash(3))
  })

  test('[J3] a checkpoint, restored, goes on to the same hash', () => {
    const { world, lines } = botRide(CHECKPOINT_TICKS + 800)
    world.end()
    const again = replayJournal(lines, road, { from: 'last-checkpoint' })
    if (!again.ok) expect.fail(again.error)
    expect(again.world.stateHash()).toBe(world.stateHash())
    expect(again.checkpoints).toBe(0)
  })

  test('[J4] bots go on after a checkpoint as if nothing had been', () => {
    const { world } = botRide(600)
    const saved = JSON.parse(JSON.stringify(world.checkpoint())) as ReturnType<World['checkpoint']>
    const restored = new World({ course, riderCapacity: 16 })
    expect(restored.restore(world.tick, saved)).toBe(true)
    const bots = new Bots(3)
    for (const row of [0, 1, 3, 4]) bots.add(row as Row, { kind: 'pacer', wattsPerKg: 2 + (row + 1) / 4, bodyKg: 70 })
    restored.source = bots
    for (let i = 0; i < 90; i++) {
      world.step()
      restored.step()
    }
    expect(restored.stateHash()).toBe(world.stateHash())
  })

  test('[J5] a journal cut anywhere by a crash replays to its last whole line', () => {
    const { lines } = botRide(1300)
    const text = lines.join('\n')
    for (let cut = lines[0]!.length + 1; cut < text.length; cut += 997) {
      const parts = text.slice(0, cut).split('\n')
      const again = replayJournal(parts, road)
      if (!again.ok) expect.fail(`${cut}: ${again.error}`)
      expect(again.isCut).toBe(true)
      expect(again.notice).toMatch(/cut off by a crash|no end/)
    }
  })

  test('[J6] any changed number in any line is found, with line and tick', () => {
    const { world, lines } = botRide(1250)
    world.end()
    let changed = 0
    for (let index = 1; index < lines.length; index += index > 12 ? 29 : 1) {
      const line = lines[index]!
      const places = [...line.matchAll(/(?<=[[,:])-?\d+(?=[\],}])/g)]
      for (const place of places.slice(0, 7)) {
        const other = Number(place[0]) + 1
        const bad = lines.with(
          index,
          line.slice(0, place.index) + String(other) + line.slice(place.index + place[0].length),
        )
        const again = replayJournal(bad, road)
        if (again.ok) expect.fail(`line ${index + 1}, ${place[0]} → ${other}: ${line.slice(0, 120)}`)
        expect(again.error).toMatch(/^line \d+ \(tick \d+\) /)
        changed++
      }
    }
    expect(changed).toBeGreaterThan(80)
  })

  test('[J7] a line that is missing, twice or in another place is found', () => {
    const { world, lines } = botRide(1250)
    world.end()
    for (let index = 1; index < lines.length; index += 23) {
      const gone = replayJournal(lines.toSpliced(index, 1), road)
      // Without its end a journal is only cut.
      expect([index, gone.ok && index < lines.length - 1]).toEqual([index, false])
      expect([index, replayJournal(lines.toSpliced(index, 0, lines[index]!), road).ok]).toEqual([index, false])
    }
  })

  test('[J8] another map, another physics, no header: one sentence with its line', () => {
    const { lines } = botRide(10)
    const error = (bad: readonly string[], at = road) => {
      const again = replayJournal(bad, at)
      return again.ok ? 'fine' : again.error
    }
    expect(error(lines, { ...road, mapHash: 'road-2' })).toBe(
      'line 1 (tick 0) was ridden on map test with hash road-1, here it is road-2',
    )
    expect(error(lines.with(0, lines[0]!.replace(/"physicsVersion":"[^"]*"/, '"physicsVersion":"x9"')))).toMatch(
      /^line 1 \(tick 0\) was ridden with physics x9, this program has /,
    )
    expect(error([])).toBe('line 1 (tick 0) is not a journal header')
    expect(error(['{"format":"gruppetto-journal"}'])).toMatch(/^line 1 \(tick 0\) has a header whose version/)
    expect(error(lines.toSpliced(3, 0, '["sample",0'))).toBe('line 4 (tick 0) is not JSON')
    expect(error(lines.toSpliced(3, 0, '["jump",0]'))).toBe('line 4 (tick 0) is of a kind nobody knows')
    expect(error(lines.toSpliced(6, 0, '["sample",0,9,1,1,1,1,1,1]'))).toMatch(/speaks of row 9, where nobody rides/)
  })
})
