import { describe, expect, test } from 'vitest'
import { bareNetwork } from '#maps/network'
import { plainNetwork } from '#test/sim/plain-network'
import type { RiderId, Tick } from '#protocol/ids'
import { resultsCsv } from './csv.ts'
import { advance, draftEvent, runOf, type EventAction, type RaceEvent } from './event.ts'
import type { Crossing, Decision, RaceRules, Run } from './model.ts'
import { penSlot } from './pen.ts'
import { gunTimeMs, liveBoard, results } from './results.ts'
import { raceRules } from './rules.ts'

const rules: RaceRules = {
  mapId: 'm',
  routeId: 'lap',
  lineId: 'start',
  lineM: 20,
  lapM: 1000,
  laps: 2,
  hasStartCrossing: true,
  timeLimitS: 60,
  timeLimitShare: 0,
}
const rider = (n: number) => n as RiderId
const crossing = (riderId: number, lap: number, tick: number, fraction: number): Crossing => ({
  riderId: rider(riderId),
  lap,
  tick: tick as Tick,
  fraction,
  lineId: 'start',
})

function after(...actions: EventAction[]): RaceEvent {
  let event = draftEvent({ eventId: 'e', title: 'Evening race', rules })
  for (const action of actions) {
    const moved = advance(event, action)
    if (!moved.ok) throw new Error(moved.error)
    event = moved.event
  }
  return event
}

const enter = (n: number, name = `Rider ${n}`): EventAction => ({
  kind: 'enter',
  riderId: rider(n),
  name,
  isBot: false,
})
const OPEN: EventAction = { kind: 'open' }
const COUNT: EventAction = { kind: 'count-down', runId: 'run', startTick: 100 }
const START: EventAction = { kind: 'start' }
const FINISH: EventAction = { kind: 'finish', crossings: [] }
const PUBLISH: EventAction = { kind: 'publish' }

describe('event', () => {
  test('[E1] goes draft → open → countdown → racing → finished → provisional, and back to open when called off', () => {
    const path: EventAction[] = [OPEN, enter(1), COUNT, START, FINISH, PUBLISH]
    const states = path.map((_, i) => after(...path.slice(0, i + 1)).state)
    expect(states).toEqual(['open', 'open', 'countdown', 'racing', 'finished', 'provisional'])
    for (const way of [
      [OPEN, enter(1), COUNT],
      [OPEN, enter(1), COUNT, START],
    ])
      expect(after(...way, { kind: 'call-off' })).toMatchObject({ state: 'open', entries: [{ bib: 1 }] })
  })

  test('[E2] every other arrow is refused in a sentence and changes nothing', () => {
    const actions: EventAction[] = [OPEN, enter(9), COUNT, { kind: 'call-off' }, START, FINISH, PUBLISH]
    const ways: EventAction[][] = [
      [],
      [OPEN, enter(1)],
      [OPEN, enter(1), COUNT],
      [OPEN, enter(1), COUNT, START],
      [OPEN, enter(1), COUNT, START, FINISH],
      [OPEN, enter(1), COUNT, START, FINISH, PUBLISH],
    ]
    const allowed = ways.map((way) => {
      const event = after(...way)
      return actions.map((action) => {
        const moved = advance(event, action)
        if (!moved.ok) expect(moved.error).toMatch(/^An event that is \w+ cannot /)
        return moved.ok ? action.kind : '·'
      })
    })
    expect(allowed).toEqual([
      ['open', '·', '·', '·', '·', '·', '·'],
      ['·', 'enter', 'count-down', '·', '·', '·', '·'],
      ['·', '·', '·', 'call-off', 'start', '·', '·'],
      ['·', '·', '·', 'call-off', '·', 'finish', '·'],
      ['·', '·', '·', '·', '·', '·', 'publish'],
      ['·', '·', '·', '·', '·', '·', '·'],
    ])
  })

  test('[E3] nobody enters twice, a withdrawn number is not given again below a higher one, and an empty race does not start', () => {
    const event = after(OPEN, enter(1), enter(2), { kind: 'withdraw', riderId: rider(1) }, enter(3))
    expect(event.entries.map((entry) => entry.bib)).toEqual([2, 3])
    expect(advance(event, enter(3, 'Eva'))).toEqual({ ok: false, error: 'Eva has entered already.' })
    expect(advance(after(OPEN), COUNT)).toMatchObject({ ok: false })
  })

  test('[E4] a decision after publishing makes the result anew; reverting it gives the same bytes as before', () => {
    const crossings = [
      crossing(1, 0, 110, 0.5),
      crossing(1, 2, 900, 0.25),
      crossing(2, 0, 110, 0.6),
      crossing(2, 2, 901, 0.1),
    ]
    const event = after(OPEN, enter(1), enter(2), COUNT, START, { kind: 'finish', crossings }, PUBLISH)
    const decide = (e: RaceEvent, action: Decision['action']) => {
      const moved = advance(e, { kind: 'decide', riderId: rider(1), action, reason: 'cut the corner', by: 'organiser' })
      if (!moved.ok || moved.event.state !== 'provisional') throw new Error('not provisional')
      return moved.event
    }
    if (event.state !== 'provisional') throw new Error('not provisional')
    const punished = decide(event, { kind: 'dq' })
    expect(punished.results.map((row) => [row.bib, row.place, row.status])).toEqual([
      [2, 1, 'finished'],
      [1, null, 'dq'],
    ])
    const again = decide(punished, { kind: 'revert', decisionId: 1 })
    expect(resultsCsv(again.results)).toBe(resultsCsv(event.results))
    expect(again.decisions).toHaveLength(2)
    expect(runOf(event, 'run').entries).toEqual(event.entries)
  })
})

describe('results', () => {
  const run: Run = {
    runId: 'run',
    eventId: 'e',
    rules,
    entries: [1, 2, 3, 4, 5].map((n) => ({ riderId: rider(n), bib: n, name: `R${n}`, isBot: false })),
  }
  const crossings = [
    ...[1, 2, 3, 4].map((n) => crossing(n, 0, 104, 0.5)),
    ...[1, 2, 3].map((n) => crossing(n, 1, 500 + n, 0.5)),
    crossing(2, 2, 900, 0.75),
    crossing(1, 2, 900, 0.5),
  ]
  const table = (decisions: readonly Decision[] = [], more: readonly Crossing[] = []) =>
    results({ run, startTick: 100, crossings: [...crossings, ...more], decisions })
  const decision = (id: number, riderId: number, action: Decision['action']): Decision => ({
    id,
    riderId: rider(riderId),
    action,
    reason: `reason ${id}`,
    by: 'o',
  })

  test('[R1] the gun is the start tick, and a crossing counts to the fraction of its tick', () => {
    expect(gunTimeMs({ tick: 101 as Tick, fraction: 1 }, 100)).toBe(50)
    expect(gunTimeMs({ tick: 101 as Tick, fraction: 0.5 }, 100)).toBe(25)
    expect(
      table().map(({ bib, place, status, timeMs, gapMs, laps }) => ({ bib, place, status, timeMs, gapMs, laps })),
    ).toEqual([
      { bib: 1, place: 1, status: 'finished', timeMs: 39_975, gapMs: 0, laps: 2 },
      { bib: 2, place: 2, status: 'finished', timeMs: 39_987.5, gapMs: 12.5, laps: 2 },
      { bib: 3, place: null, status: 'dnf', timeMs: null, gapMs: null, laps: 1 },
      { bib: 4, place: null, status: 'dnf', timeMs: null, gapMs: null, laps: 0 },
      { bib: 5, place: null, status: 'dns', timeMs: null, gapMs: null, laps: 0 },
    ])
  })

  test('[R2] equal times share a place, and the next place is left out', () => {
    const places = table([], [crossing(3, 2, 900, 0.5), crossing(4, 2, 950, 0.5)]).map((row) => [row.bib, row.place])
    expect(places).toEqual([
      [1, 1],
      [3, 1],
      [2, 3],
      [4, 4],
      [5, null],
    ])
  })

  test('[R3] a penalty is added to the time and may cost places, a note changes nothing but the notes', () => {
    const rows = table([decision(1, 1, { kind: 'time-penalty', penaltyMs: 20 }), decision(2, 2, { kind: 'note' })])
    expect(rows.slice(0, 2).map((row) => [row.bib, row.timeMs, row.penaltyMs, row.notes])).toEqual([
      [2, 39_987.5, 0, ['reason 2']],
      [1, 39_995, 20, ['reason 1']],
    ])
  })

  test('[R4] results do not depend on the order in which crossings are listed, and a revert of a revert stands', () => {
    const shuffled = results({
      run,
      startTick: 100,
      crossings: crossings.toSorted((a, b) => b.riderId - a.riderId),
      decisions: [],
    })
    expect(shuffled).toEqual(table())
    const decisions = [
      decision(1, 1, { kind: 'dq' }),
      decision(2, 1, { kind: 'revert', decisionId: 1 }),
      decision(3, 1, { kind: 'revert', decisionId: 2 }),
    ]
    expect(table(decisions).at(-1)).toMatchObject({ bib: 1, status: 'dq', place: null })
    expect(table(decisions.slice(0, 2))[0]).toMatchObject({ bib: 1, place: 1 })
  })

  test('[R5] the board shows who is home by time, then the others by road', () => {
    const road = new Map([
      [3, 5000],
      [4, 5100],
      [2, 6001],
      [1, 6000],
    ])
    const board = liveBoard({ run, startTick: 100, crossings }, (id) => road.get(id))
    expect(board.map((row) => [row.place, row.bib, row.gapM])).toEqual([
      [1, 1, 1],
      [2, 2, 0],
      [3, 4, 901],
      [4, 3, 1001],
      [5, 5, 6001],
    ])
  })
})

describe('csv', () => {
  test('[R6] quotes as RFC 4180 asks, ends lines with CRLF, and lets no name be a formula', () => {
    const run: Run = {
      runId: 'r',
      eventId: 'e',
      rules,
      entries: ['=HYPERLINK("x")', 'Anna, "la Jefa"', '+49', '@sum', '-1', 'two\nlines', ' =1+1', 'Zoë'].map(
        (name, i) => ({
          riderId: rider(i + 1),
          bib: i + 1,
          name,
          isBot: false,
        }),
      ),
    }
    const csv = resultsCsv(results({ run, startTick: 0, crossings: [], decisions: [] }))
    expect(csv.split('\r\n')[0]).toBe('place,status,bib,rider_id,name,is_bot,time_ms,gap_ms,penalty_ms,laps,notes')
    const names = [
      '"\'=HYPERLINK(""x"")"',
      '"Anna, ""la Jefa"""',
      "'+49",
      "'@sum",
      "'-1",
      '"two\nlines"',
      "' =1+1",
      'Zoë',
    ]
    for (const [i, name] of names.entries()) expect(csv).toContain(`\r\n,dns,${i + 1},${i + 1},${name},no,,,0,0,\r\n`)
    expect(csv.endsWith('\r\n')).toBe(true)
  })
})

describe('rules and pen', () => {
  const map = { id: 'm' }
  const loop = plainNetwork({ lengthM: 1000, penM: 30, lineM: 50, isLap: true })
  const straight = plainNetwork({ lengthM: 1000, penM: 50, lineM: 900, isLap: false })

  test('[E5] a lap is raced from its line to its line, a road from A to B from the pen to the line, once', () => {
    expect(raceRules({ map, network: loop }, { laps: 3 })).toMatchObject({
      rules: { routeId: 'route', lineM: 20, lapM: 1000, laps: 3, hasStartCrossing: true },
    })
    expect(raceRules({ map, network: straight }, { routeId: 'route', laps: 3 })).toMatchObject({
      rules: { lineM: 850, lapM: 0, laps: 1, hasStartCrossing: false },
    })
    expect(raceRules({ map, network: straight }, { routeId: 'nowhere', laps: 1 })).toEqual({
      ok: false,
      error: 'The map m has no route "nowhere"; it has route.',
    })
    expect(raceRules({ map, network: bareNetwork() }, { laps: 1 })).toEqual({
      ok: false,
      error: 'The map m has no route to race on.',
    })
  })

  test('[E6] nobody in the pen stands on the line, before it, or on another', () => {
    const slots = Array.from({ length: 40 }, (_, i) => penSlot(i, rules, loop, { widthAt: () => 7 }))
    for (const [i, slot] of slots.entries()) {
      expect(slot.distanceM).toBeLessThan(0)
      expect(Math.abs(slot.lateralM)).toBeLessThan(3)
      for (const other of slots.slice(0, i)) {
        const apart = Math.abs(other.distanceM - slot.distanceM) >= 2 || Math.abs(other.lateralM - slot.lateralM) >= 1
        expect(apart).toBe(true)
      }
    }
  })
})
