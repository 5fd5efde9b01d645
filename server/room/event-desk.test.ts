import { expect, test } from 'vitest'
import { createRandom } from '#physics/random'
import { bytesFrom } from '#cli/sim/simulation'
import { VirtualClock } from '#cli/sim/virtual-clock'
import { smallMap } from '#test/sim/small-map'
import { createLog } from '../log.ts'
import type { NewEvent, Store, StoredEvent } from '../store/store.ts'
import { EventDesk } from './event-desk.ts'
import { Ride } from './ride.ts'
import type { RideRoom } from './ride-room.ts'
import type { HouseWorld } from './worlds.ts'

const map = smallMap()
const world = { ...map, mapJson: map.mapJson, courseBytes: map.courseBytes } as unknown as HouseWorld

/** A desk over a store that can be away, with a race that a few bots ride in virtual time. */
async function newDesk(stored: readonly StoredEvent[] = [], journal?: string) {
  const clock = new VirtualClock()
  const randomBytes = bytesFrom(createRandom(5))
  const lines: string[] = []
  const kept: string[] = []
  const calls: string[] = []
  const state = { isAway: false }
  const answers: Record<string, (...given: never[]) => unknown> = {
    createEvent: (event: NewEvent) => ({ ...event, id: 'event', phase: 'planned' }),
    createEntry: () => ({ id: 'entry' }),
    addResults: () => 1,
    events: () => stored,
    decisions: () => [],
    runOf: () => ({ id: 'run', journal: 'a.jsonl' }),
  }
  const store = new Proxy({} as Store, {
    get:
      (_none, name) =>
      async (...given: never[]) => {
        if (state.isAway) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
        calls.push([name, ...given.filter((each) => typeof each === 'string')].join(' '))
        return answers[String(name)]?.(...given)
      },
  })
  const room = {
    ...{ roomId: 'race', plan: { world, seed: 5 }, showEvent() {}, showBoard() {}, async end() {} },
    journal: { name: 'race.jsonl', withLines: async (use: (all: readonly string[]) => unknown) => use(lines) },
    ride: new Ride({
      ...{ clock, randomBytes, tokenKey: randomBytes(32), roomId: 'race', mapId: 'ring', mapHash: map.mapHash },
      ...{ course: map.course, spawnM: 10, seed: 5, riderCapacity: 8, leaveAfterS: 600 },
      journal: (line) => lines.push(line),
    }),
  }
  room.ride.start()
  const desk = await EventDesk.open({
    ...{ store, clock, log: createLog('silent') },
    worldOf: () => world,
    openRoom: async () => room as unknown as RideRoom,
    personOf: async () => undefined,
    journal: async () => journal,
    exports: {
      signer: { sign: () => ({ algorithm: 'Ed25519', publicKey: '', value: '' }) },
      keep: async (_id, text) => void kept.push(text),
      read: async () => kept.at(-1),
    },
  })
  const untilS = async (seconds: number) => {
    while (clock.nowMs() < seconds * 1000) {
      clock.runUntil(clock.nowMs() + 1000)
      desk.onSecond(room as unknown as RideRoom)
      // The desk works between two seconds.
      await desk.results('event').catch(() => undefined)
    }
  }
  return { desk, room, calls, kept, state, lines, untilS }
}

async function withRace() {
  const house = await newDesk()
  await house.desk.create({ title: 'Ring', mapId: 'ring', laps: 1, bots: 2 })
  await house.desk.openEvent('event')
  return house
}

test('a start that the store does not hear of is none: nobody counts, and the next start works', async () => {
  const { desk, room, state } = await withRace()
  state.isAway = true
  await expect(desk.start('event', 3)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  expect([room.ride.world.run.phase, desk.get('event').phase]).toEqual(['none', 'open'])
  state.isAway = false
  expect((await desk.start('event', 3)).phase).toBe('countdown')
  expect(room.ride.world.run.phase).toBe('countdown')
})

test('a race that ends while the store is away has its result when the store is back, and the judge’s file at once', async () => {
  const { desk, room, state, calls, kept, untilS } = await withRace()
  await desk.start('event', 3)
  await untilS(10)
  expect(desk.get('event').phase).toBe('racing')
  state.isAway = true
  await untilS(300)
  expect([room.ride.world.run.phase, desk.get('event').phase]).toEqual(['finished', 'racing'])
  state.isAway = false
  await untilS(305)
  expect(desk.get('event').phase).toBe('provisional')
  expect(calls.filter((call) => call.startsWith('addResults'))).toHaveLength(1)
  expect(kept).toHaveLength(1)
  const places = (JSON.parse(kept[0]!) as { results: { place: number }[] }).results.map(({ place }) => place)
  expect(places).toEqual([1, 2])
})

test('a race that was on when its server was killed comes back with the result of its journal, provisional', async () => {
  const before = await withRace()
  await before.desk.start('event', 3)
  await before.untilS(20)
  const runId = before.lines.map((line) => /"pen","run":\{"runId":"([^"]+)/.exec(line)?.[1]).find(Boolean)!
  const racing = { id: 'event', phase: 'racing', title: 'Ring', mapId: 'ring', mapHash: map.mapHash, laps: 1 }
  const journal = before.lines.join('\n').replaceAll(runId, 'run')
  const { desk, calls } = await newDesk([{ ...racing, startsAtMs: null, bots: 2 } as StoredEvent], journal)
  expect(desk.get('event').phase).toBe('provisional')
  expect(calls).toEqual(
    expect.arrayContaining(['addCrossings run', 'addResults run', 'setEventPhase event provisional']),
  )
  const lost = await newDesk([{ ...racing, startsAtMs: null, bots: 2 } as StoredEvent])
  expect(lost.desk.get('event').phase).toBe('closed')
})

test('the list is newest first, after a restart too', async () => {
  const planned = { phase: 'planned', title: 'Ring', mapId: 'ring', mapHash: map.mapHash, laps: 1, bots: 0 }
  const stored = ['second', 'first'].map((id) => ({ ...planned, id, startsAtMs: null }) as StoredEvent)
  const { desk } = await newDesk(stored)
  await desk.create({ title: 'Ring', mapId: 'ring', laps: 1 })
  expect(desk.list().map(({ id }) => id)).toEqual(['event', 'second', 'first'])
})
