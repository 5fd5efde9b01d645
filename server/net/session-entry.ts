import { Allowance } from '#protocol/allowance'
import type { CloseReason } from '#protocol/control'
import type { RiderId } from '#protocol/ids'
import { PACKETS_AT_ONCE_MAX, RIDER_SESSIONS_MAX, SAMPLES_AT_ONCE_MAX } from '#protocol/limits'
import type { ServerSession } from '#protocol/server-session'
import { OwnFeed } from '../world/own-feed.ts'
import type { Viewer } from '../world/packets.ts'
import { LineFigures } from './line-figures.ts'
import type { PathProbe } from './path-probe.ts'
import type { Peer } from './peers.ts'

/** A session of a room, with all that is kept for it. */
export interface Entry {
  readonly key: string
  readonly session: ServerSession
  /** Where datagrams go: the address that has proven itself last. */
  peer: Peer
  readonly viewer: Viewer
  readonly line: LineFigures
  /** Interest is looked at anew every INTEREST_TICKS, each session in its own tick. */
  readonly phase: number
  readonly own: OwnFeed
  /** Packets it may still send us, and from addresses not its own; samples we still take up: each is a line of the journal. */
  readonly packets: Allowance
  strays: Allowance | undefined
  readonly samples: Allowance
  /** Another address it was heard from. */
  probe: PathProbe | undefined
  /** Nothing is sent: it fell silent, and where it may be now is not proven. [D114] */
  isMuted: boolean
  /** Tick in which an ack came last. */
  ackedTick: number
  /** Datagrams that its first view took. */
  welcomes: number
  /** RESPONSEs said again that were answered. */
  responsesAgain: number
  /** It ended while nobody listened; told when somebody does. */
  ended: CloseReason | undefined
}

/** As it begins. */
export function openEntry(
  { key, session, peer, viewer }: Pick<Entry, 'key' | 'session' | 'peer' | 'viewer'>,
  { id, phase, tick, nowMs }: { id: number; phase: number; tick: number; nowMs: number },
): Entry {
  return {
    ...{ key, session, peer, viewer, phase },
    line: new LineFigures(id, nowMs),
    own: new OwnFeed(session.use === 'ride'),
    packets: new Allowance(PACKETS_AT_ONCE_MAX, nowMs),
    strays: undefined,
    samples: new Allowance(SAMPLES_AT_ONCE_MAX, nowMs),
    probe: undefined,
    isMuted: false,
    ackedTick: tick,
    welcomes: 0,
    responsesAgain: 0,
    ended: undefined,
  }
}

/**
 * A rider has so many sessions, ended ones that nobody has heard of counted. The oldest of those goes, else the oldest that
 * looks on: who may only watch ends no ride. [D18]
 */
export function whoMakesPlace(entries: Iterable<Entry>, riderId: RiderId): Entry | undefined {
  let over: Entry | undefined
  let watching: Entry | undefined
  let count = 0
  for (const entry of entries) {
    if (entry.session.riderId !== riderId) continue
    if (entry.ended !== undefined) over ??= entry
    else if (entry.session.use === 'watch') watching ??= entry
    count++
  }
  return count < RIDER_SESSIONS_MAX ? undefined : (over ?? watching)
}

/** A room full of sessions lets go of the one that rests longest, or has ended; none of those: it is full. [D128] */
export function whoRestsLongest(entries: Iterable<Entry>): Entry | undefined {
  let goes: Entry | undefined
  for (const entry of entries) {
    if (!entry.isMuted) continue
    if (goes === undefined || entry.session.heardMs < goes.session.heardMs) goes = entry
  }
  return goes
}
