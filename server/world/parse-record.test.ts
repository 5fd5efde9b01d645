import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RiderId } from '#protocol/ids'
import { ROOM_RIDERS_MAX } from '#protocol/limits'
import { PHYSICS_VERSION } from '#physics/constants'
import { createRandom } from '#physics/random'
import { smallNetwork } from '#test/sim/small-network'
import { testCourse } from '#test/sim/road'
import { verifySignature } from '#server/event-signing'
import { columnsOf } from './checkpoint.ts'
import { startJournal } from './journal.ts'
import { parseHeader, parseRecord } from './parse-record.ts'
import { journalLines, replayJournal } from './replay.ts'
import type { JournalRecord } from './records.ts'
import { judgeRun } from './run-file.ts'
import { World } from './world.ts'

const HEADER = JSON.stringify({
  format: 'gruppetto-journal',
  version: 2,
  mapId: 'm',
  mapHash: 'h',
  physicsVersion: PHYSICS_VERSION,
  protocolVersion: 1,
  seed: 1,
  roomId: 'r',
  riderCapacity: 8,
})

describe('bad input to journals and exported races', () => {
  test('any JSON, and any text, is a record or a sentence; never a throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (line) => {
        for (const parsed of [parseRecord(line), parseHeader(line)]) {
          if (!parsed.ok) expect(parsed.error.length).toBeGreaterThan(5)
        }
        expect(judgeRun(line, verifySignature).failures).toHaveLength(1)
      }),
      { numRuns: 200 },
    )
  })

  test('numbers out of range are refused with their field: a journal cannot bring what a datagram could not', () => {
    const good = ['sample', 5, 0, 1, 1000, 250, 180, 140, 0]
    expect(parseRecord(JSON.stringify(good)).ok).toBe(true)
    for (const [at, bad] of [
      [1, -1],
      [2, ROOM_RIDERS_MAX],
      [3, 65_536],
      [4, 2 ** 32],
      [5, 3001],
      [5, 250.5],
      [5, '250'],
      [5, null],
      [6, 501],
      [7, 251],
      [8, -128],
    ] as const) {
      const parsed = parseRecord(JSON.stringify(good.with(at, bad as never)))
      expect(parsed).toEqual({ ok: false, error: `is a "sample" whose field ${at} is out of range` })
    }
    expect(parseRecord(JSON.stringify(good.slice(0, 8)))).toEqual({
      ok: false,
      error: 'has 7 fields, a "sample" has 8',
    })
    const join = {
      riderId: 1,
      massKg: 80,
      cdaM2: 0.3,
      distanceM: 0,
      placeM: 0,
      routeId: '',
      lateralM: 0,
      isBot: false,
      held: false,
    }
    expect(parseRecord(JSON.stringify(['join', 0, 0, join])).ok).toBe(true)
    for (const wrong of [{ massKg: 1 }, { cdaM2: null }, { riderId: 0 }, { isBot: 1 }, { __proto__x: 1 }]) {
      expect(parseRecord(JSON.stringify(['join', 0, 0, { ...join, ...wrong }])).ok).toBe(false)
    }
    expect(parseRecord('["fact",0,{"kind":"toString"}]').ok).toBe(false)
    expect(parseRecord('["constructor",0]').ok).toBe(false)
  })

  test('a journal of any lines is refused with the line, whatever they are', () => {
    const road = { course: testCourse(), mapHash: 'h' }
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.json(), fc.string()), { minLength: 2, maxLength: 6 }), (lines) => {
        const replayed = replayJournal([HEADER, ...lines, 'x'], road)
        expect(replayed).toMatchObject({
          ok: false,
          line: 2,
          error: expect.stringMatching(/^line 2 \(tick 0\) /) as string,
        })
      }),
    )
    expect(journalLines('a\nb\n')).toEqual(['a', 'b'])
    expect(journalLines('a\nb')).toEqual(['a', 'b'])
  })

  test('a tick from far away does not keep a replay busy: the checkpoint that is missing on the way is the difference', () => {
    const road = { course: testCourse(), mapHash: 'h' }
    const far = JSON.stringify(['end', 2_000_000_000, '0123456789abcdef'])
    const replayed = replayJournal([HEADER, far], road)
    expect(replayed).toMatchObject({ ok: false, line: 2, tick: 1200 })
    expect(parseRecord(JSON.stringify(['end', 1e10, '0123456789abcdef'])).ok).toBe(false)
  })

  test('laps shorter than a tick’s road are refused: lines are looked for lap by lap', () => {
    const rules = {
      mapId: 'm',
      routeId: 'r',
      lineId: 'l',
      lineM: 0,
      laps: 1,
      hasStartCrossing: true,
      timeLimitS: 1,
      timeLimitShare: 0,
    }
    const fact = (lapM: number) =>
      JSON.stringify([
        'fact',
        0,
        { kind: 'pen', run: { runId: 'r', eventId: 'e', rules: { ...rules, lapM }, entries: [] } },
      ])
    for (const lapM of [0, 10, 1e7]) expect(parseRecord(fact(lapM)).ok).toBe(true)
    for (const lapM of [1e-300, 1e-9, 9, -1]) expect(parseRecord(fact(lapM)).ok).toBe(false)
  })

  test('a checkpoint of any numbers, hashed anew, is ridden on or is not used; nothing throws, nothing is left of it', () => {
    const { course, network, mapHash } = smallNetwork()
    const road = { course, network, mapHash }
    const lines: string[] = []
    const room = { mapId: 'square', mapHash, seed: 1, roomId: 'r', riderCapacity: 8 }
    const build = (journal?: (record: JournalRecord) => void) =>
      new World({ course, network, riderCapacity: 8, ...(journal === undefined ? {} : { journal }) })
    const world = build(startJournal(room, (line) => lines.push(line)))
    const body = { massKg: 80, cdaM2: 0.3, lateralM: 0, isBot: false, held: false }
    for (let n = 1; n <= 5; n++) world.join({ ...body, riderId: n as RiderId, distanceM: 40 * n })
    for (let i = 0; i < 10; i++) world.step()
    const sound = JSON.stringify(world.checkpoint())
    world.end()
    expect(replayJournal(lines, road).ok).toBe(true)
    const { u32 } = createRandom(3)
    const junk = [NaN, Infinity, -Infinity, 1e300, -1e300, 1e7, -5, 4e9, 1e-320, -0, 77777]
    let used = 0
    for (let n = 0; n < 400; n++) {
      const forged = build()
      forged.restore(10, JSON.parse(sound))
      const columns = columnsOf(forged)
      for (let k = 0; k <= n % 3; k++) columns[u32() % columns.length]![u32() % 5] = junk[u32() % junk.length]!
      const line = JSON.stringify(['checkpoint', 10, forged.stateHash(), forged.checkpoint()])
      const cut = replayJournal([...lines.slice(0, -1), line], road, { from: 'last-checkpoint' })
      if (cut.ok) {
        used++
        for (let i = 0; i < 20; i++) cut.world.step()
      }
    }
    expect(used).toBeGreaterThan(20)
    expect(used).toBeLessThan(380)
  })
})
