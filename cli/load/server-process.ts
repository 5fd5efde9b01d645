import { readFileSync } from 'node:fs'
import { TIER } from '#protocol/rider-state'
import { readConfig } from '#server/config'
import { openHouse } from '#server/main'
import type { RideRoom } from '#server/room/ride-room'
import type { FromServer, ServerOrder } from './messages.ts'
import { hashRiderState } from './state-hash.ts'
import { placesOf } from './start-places.ts'

/**
 * The server of a load run: the house as `gruppetto serve` opens it, on this machine only. What differs is handed to it
 * here and is no setting: all riders may ask from one address, they begin spread along the road, and once a second it
 * says what clients ought to believe.
 */
const order = JSON.parse(process.argv[2]!) as ServerOrder
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}
/** Above what a generator asks. */
const OPEN_RATE = { burst: 100_000, perS: 100_000 }

try {
  const house = await openHouse({
    config: { ...readConfig(), host: '127.0.0.1' },
    version,
    say: () => {},
    hasPage: false,
    firstRoad: order.map,
    rates: { seats: OPEN_RATE, asks: OPEN_RATE },
    whereToBegin: placesOf(order),
    onSecond: tellTruth,
  })
  const close = async (): Promise<void> => {
    await house.close()
    process.exit(0)
  }
  process.on('disconnect', () => void close())
  process.on('message', (word) => {
    if (word === 'stop') void close()
  })
  tell({ kind: 'open', url: `http://127.0.0.1:${house.port}` })
} catch (error) {
  tell({ kind: 'failed', sentence: error instanceof Error ? error.message : String(error) })
  process.exit(1)
}

function tellTruth({ ride }: RideRoom): void {
  const { riders, tick } = ride.world
  const { stream } = ride.sessions
  const ids: number[] = []
  const hashes: [number[], number[]] = [[], []]
  for (let row = 0; row < riders.count; row++) {
    if (riders.id[row] === 0) continue
    ids.push(riders.id[row]!)
    for (const tier of [TIER.fine, TIER.coarse]) hashes[tier].push(hashRiderState(stream.stateOf(row, tier)))
  }
  tell({ kind: 'truth', tick, ids: Uint32Array.from(ids), hashes: hashes.map((each) => Uint32Array.from(each)) })
}

function tell(message: FromServer): void {
  process.send?.(message)
}
