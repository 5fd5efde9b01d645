import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RiderId } from '#protocol/ids'
import { TICK_HZ, TICK_MS } from '#protocol/limits'
import { Recorder, type RecordedRoom } from '#server/activity/recorder'
import { LiveReel } from '#server/room/live-reel'
import { openJournals } from '#server/room/journal-file'
import type { JournalRecord } from '#server/world/records'
import { World } from '#server/world/world'
import { Bunch } from './bunch.ts'
import { type Rounds, spread } from './measure.ts'
import { spreadFigures, type Figure, type Measured } from './measured.ts'
import { benchRoad } from './road.ts'

const RIDERS = 300
const SECONDS = 20
/** Of the 50 ms that a tick has. */
const SHARE_AT_MOST_PERCENT = 2

/** What it costs the ticks' thread that everything is written down, and that somebody looks on. */
export async function benchWritten({ rounds, warmUps, workShare = 1, onRound }: Rounds): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'gruppetto-written-'))
  try {
    const { course, network } = benchRoad()
    const openJournal = await openJournals(folder, () => 0, {
      onError: (error) => {
        throw error
      },
    })
    const journal = openJournal('bench')
    const records: JournalRecord[] = []
    const world = new World({ course, riderCapacity: RIDERS, journal: (record) => void records.push(record) })
    const bunch = new Bunch(world, RIDERS)
    const nowMs = (): number => world.tick * TICK_MS
    const recorder = await Recorder.open({
      ...{ folder: join(folder, 'rides'), clock: { nowMs, wallMs: nowMs } },
      ...{ sumUp: async () => undefined, keep: async () => {}, say: () => {} },
    })
    const people = Array.from({ length: RIDERS + 1 }, (_, id) => ({ uuid: `rider-${id}`, name: 'Ana', massKg: 70 }))
    const room: RecordedRoom = {
      ...{
        roomId: 'bench',
        journal: 'bench.jsonl',
        mapId: 'm',
        mapName: 'M',
        mapHash: 'h',
        eventId: '',
        eventTitle: '',
      },
      ...{ anchor: { latDeg: 0, lonDeg: 0 }, world, course, network, personOf: (id: RiderId) => people[id] },
    }
    const host = { riders: world.riders, course, conditions: world.conditions }
    const [quiet, watched] = [new LiveReel(host, 0), new LiveReel(host, 0)]
    watched.listen({ onPiece: () => {} })
    const parts = {
      journal: () => {
        for (const record of records) journal.write(JSON.stringify(record))
        journal.flush()
      },
      recorder: () => {
        if (world.tick % TICK_HZ === 0) recorder.second(room)
      },
      nobodyLooking: () => quiet.step(world.tick),
      lookedOn: () => watched.step(world.tick),
    }
    const perTickMs = new Map(['world', ...Object.keys(parts)].map((name) => [name, [] as number[]]))
    const slowest: number[] = []
    const seconds = Math.max(2, Math.round(SECONDS * workShare))
    // The clock on the wall: the kernel counts a thread's own time here in steps of 4 ms, longer than any of this takes.
    for (let round = -warmUps; round < rounds; round++) {
      const slowestMs = new Map<string, number>()
      const tookMs = new Map([...perTickMs.keys()].map((name) => [name, 0]))
      const take = (name: string, work: () => void): void => {
        const from = performance.now()
        work()
        const ms = performance.now() - from
        tookMs.set(name, tookMs.get(name)! + ms)
        slowestMs.set(name, Math.max(slowestMs.get(name) ?? 0, ms))
      }
      for (let i = 0; i < seconds * TICK_HZ; i++) {
        records.length = 0
        take('world', () => bunch.step())
        for (const [name, work] of Object.entries(parts)) take(name, work)
        // Files are written beside the ticks: there is time for it between them.
        if (world.tick % TICK_HZ === 0) await recorder.written
      }
      if (round < 0) continue
      for (const [name, sumMs] of tookMs) perTickMs.get(name)!.push(sumMs / (seconds * TICK_HZ))
      slowest.push(slowestMs.get('recorder') ?? 0)
      onRound?.(round + warmUps + 1, rounds + warmUps, 'all')
    }
    await recorder.close()
    await journal.close()
    const figures: Record<string, Figure> = {}
    for (const [name, values] of perTickMs) {
      const { median, min, max, rounds: count } = spread(values)
      const share = 100 / TICK_MS
      Object.assign(figures, spreadFigures(`written.${name}.tick`, { median, min, max, rounds: count }, 'ms'))
      figures[`written.${name}.second`] = { value: Math.round(median * TICK_HZ * 100) / 100, unit: 'ms' }
      const ofTick = { median: median * share, min: min * share, max: max * share, rounds: count }
      const target = name === 'world' ? undefined : { atMost: SHARE_AT_MOST_PERCENT }
      Object.assign(figures, spreadFigures(`written.${name}.share`, ofTick, '%', target))
    }
    // The worst tick of a round: the lines of everybody are put together once in five seconds, and a collection may fall into it.
    Object.assign(figures, spreadFigures('written.recorder.slowest', spread(slowest), 'ms'))
    return {
      method:
        `${RIDERS} riders in one bunch, each with four samples a second, ${seconds} s a round; the time by the wall's clock in the ` +
        'journal (every tick), the recorder (every second, its lines handed over every five), the reel of a room at which ' +
        'nobody looks and of one at which somebody does. Share: of the 50 ms of a tick, spread over all ticks.',
      figures,
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}
