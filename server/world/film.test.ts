import { expect, test } from 'vitest'
import { shippedWorld } from '#bench/stream/hard-ride'
import { decodeReelChunk, REEL_CHUNK_TICKS } from '#protocol/reel'
import type { RiderId, Sequence } from '#protocol/ids'
import { createRandom } from '#physics/random'
import { filmChunk } from './film.ts'
import { startJournal } from './journal.ts'
import { World } from './world.ts'

const RIDERS = 12
const road = shippedWorld('thrushford')
const lines: string[] = []
/** Where everybody was at the first tick of each chunk. */
const truth = new Map<number, Map<number, number>>()

{
  const { course, network, mapHash } = road
  const room = { mapId: 'thrushford', mapHash, seed: 1, roomId: 'a-room', riderCapacity: 16 }
  const journal = startJournal(room, (line) => lines.push(line))
  const world = new World({ course, network, riderCapacity: 16, journal })
  const random = createRandom(99)
  const rows = Array.from({ length: RIDERS }, (_none, i) =>
    world.join({
      ...{ riderId: (i + 1) as RiderId, massKg: 75, cdaM2: 0.3, distanceM: 60 - 4 * i, routeId: 'boulevard' },
      ...{ lateralM: (i % 3) - 1, isBot: false, held: false },
    }),
  )
  for (let tick = 0; tick < 2.5 * REEL_CHUNK_TICKS; tick++) {
    if (tick % 5 === 0)
      rows.forEach((row, i) => {
        const powerW = Math.round(150 + 250 * random.fraction())
        const sequence = (tick / 5 + 1) as Sequence
        const sample = { sequence, atMs: tick * 50, powerW, cadenceHalfRpm: 180, heartRateBpm: 140, steer: 0 }
        if (i < RIDERS) world.post(row, sample)
      })
    if (tick % REEL_CHUNK_TICKS === 0) truth.set(tick, placesOf(world))
    world.step()
  }
}

function placesOf({ riders }: World): Map<number, number> {
  const places = Array.from({ length: riders.count }, (_none, row): [number, number] => [
    riders.id[row]!,
    riders.distanceM[row]! + riders.offsetM[row]!,
  ])
  return new Map(places)
}

/** The header, then everything from the checkpoint of a tick on. */
function from(firstTick: number): string[] {
  if (firstTick === 0) return lines
  const at = lines.findIndex((line) => line.startsWith(`["checkpoint",${firstTick},`))
  return [lines[0]!, ...lines.slice(at)]
}

test('[S5] any minute of a journal is filmed by itself, from its checkpoint, and is what happened', () => {
  for (const firstTick of [REEL_CHUNK_TICKS, 0, 2 * REEL_CHUNK_TICKS]) {
    const filmed = filmChunk(from(firstTick), road, firstTick)
    if (!filmed.ok) throw new Error(filmed.error)
    const ticks = decodeReelChunk(filmed.bytes)
    if (!ticks.ok) throw new Error(ticks.error)
    expect(ticks.value).toHaveLength(REEL_CHUNK_TICKS)
    // At tick 0 nobody is on the road before the journal says so.
    const whole = ticks.value.slice(0, 2).flatMap(({ records }) => records.filter(({ kind }) => kind === 'absolute'))
    expect(whole).toHaveLength(RIDERS)
    if (firstTick === 0) continue
    for (const record of whole) {
      if (record.kind !== 'absolute') continue
      expect(record.state.placeM).toBeCloseTo(truth.get(firstTick)!.get(record.riderId)!, 2)
    }
  }
})

test('[S5] a journal that was tampered with yields no film, and says where', () => {
  const forged = from(REEL_CHUNK_TICKS).map((line) =>
    line.startsWith('["sample",1300,') ? line.replace(/\d+,180,140/, '999,180,140') : line,
  )
  expect(forged).not.toEqual(from(REEL_CHUNK_TICKS))
  const filmed = filmChunk(forged, road, REEL_CHUNK_TICKS)
  expect(filmed).toMatchObject({ ok: false, error: expect.stringContaining('tick 2400') })
  const cut = from(REEL_CHUNK_TICKS)
  const broken = [cut[0]!, cut[1]!.replace(/"[0-9a-f]{16}"/, '"0000000000000000"'), ...cut.slice(2)]
  expect(filmChunk(broken, road, REEL_CHUNK_TICKS)).toMatchObject({ ok: false })
})
