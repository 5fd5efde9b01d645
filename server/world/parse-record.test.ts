import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PHYSICS_VERSION } from '#physics/constants'
import { testCourse } from '#test/sim/road'
import { verifySignature } from '#server/event-signing'
import { parseHeader, parseRecord } from './parse-record.ts'
import { journalLines, replayJournal } from './replay.ts'
import { judgeRun } from './run-file.ts'

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
      [2, 2000],
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
})
