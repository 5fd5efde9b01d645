import type { Config } from '../config.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { WebRtcCarrier } from '../net/webrtc.ts'
import type { MeetDesk } from '../meet/meet-desk.ts'
import type { TrackShop } from '../meet/track-shop.ts'
import type { WorldShelf } from '../meet/world-shelf.ts'
import type { EventDesk } from '../room/event-desk.ts'
import type { RideDirectory } from '../room/ride-directory.ts'
import type { Blocks } from '../room/blocks.ts'
import type { Reports } from '../room/reports.ts'
import type { Rate } from './rate-limit.ts'
import type { StoredRider } from '../store/store.ts'
import type { HouseWorld } from '../room/worlds.ts'

/** What the handlers ask of the house. Anything that opens late throws ERR_NOT_READY until it is there. */
export interface Doors {
  readonly config: Config
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly version: string
  readonly worlds: ReadonlyMap<string, HouseWorld>
  readonly rides: RideDirectory
  /** What riders reported, for the organiser. */
  readonly reports: Reports
  /** Whom riders avoid. */
  readonly blocks: Blocks
  readonly events: () => EventDesk
  /** A person as the store knows them, by the hash of their secret. */
  readonly riderBySecret: (secretHash: string) => Promise<StoredRider | undefined>
  readonly meets: () => MeetDesk
  readonly shelf: () => WorldShelf
  readonly tracks: TrackShop
  readonly isOrganiser: (bearer: string) => boolean
  readonly udpPort: () => number
  /** What one address may ask for; the house's own measure unless said. */
  readonly askRate?: Rate
  readonly webrtc: () => WebRtcCarrier
  /** What is being waited for, or ''. */
  readonly waitingFor: () => string
  readonly files: {
    readonly client: string
    /** The folder of a map; undefined: there is no such map. */
    readonly map: (mapId: string) => string | undefined
  }
}
