import type { Measured } from '../measured.ts'
import { LINKS, type LinkProfile } from './link.ts'
import { OurRoom, type OurClient } from './our-room.ts'
import { Errors } from './judge.ts'
import { Playback } from './playback.ts'
import { Rows, type Suite } from './suite.ts'
import type { Stage } from './trace.ts'

const IN_VIEW = 64
const RTT_MS = 150
/** Each join at another moment of the tick. */
const SPACING_MS = 163
/** Who has not seen everybody by then never will. */
const PATIENCE_MS = 6000
const STEP_MS = 5
const MOVE_AFTER_MS = 3000

interface Joined {
  readonly connected: Errors
  readonly full: Errors
  failed: number
}

/** Issue 4, point 5: from the token to the session, to everybody in view, and on after an address change. */
export async function benchJoin(suite: Suite): Promise<Measured> {
  const [stage] = suite.trace('hard').stages as [Stage]
  const rows = new Rows()
  const near: LinkProfile = { delayMs: RTT_MS / 2 }
  const { progress } = suite.options
  const clean = joinMany(new OurRoom(new Playback(stage), { seed: 1, inView: IN_VIEW }), near)
  progress(1, 3, 'join: without loss')
  rows.add('join.connected', clean.connected.quantile(1) / RTT_MS, 'RTT', { atMost: 2 + 5 / RTT_MS })
  rows.add('join.fullView', clean.full.quantile(0.99) / RTT_MS, 'RTT')
  const lossy = joinMany(new OurRoom(new Playback(stage), { seed: 2, inView: IN_VIEW }), LINKS.far)
  progress(2, 3, 'join: 5 % loss')
  rows.add('join.lossy.connected.p99', lossy.connected.quantile(0.99) / RTT_MS, 'RTT')
  rows.add('join.lossy.fullView.p50', lossy.full.quantile(0.5) / RTT_MS, 'RTT')
  rows.add('join.lossy.fullView.p99', lossy.full.quantile(0.99) / RTT_MS, 'RTT', { atMost: 3 })
  rows.add('join.lossy.failed', lossy.failed + clean.failed, '', { atMost: 0 })
  const moved = moveMany(new OurRoom(new Playback(stage), { seed: 3, inView: IN_VIEW }), near)
  progress(3, 3, 'join: another address')
  rows.add('join.moved.input', moved.input.max - RTT_MS / 2, 'ms', { atMost: STEP_MS })
  rows.add('join.moved.view', moved.view.max - moved.input.quantile(0.5), 'ms', { atMost: 1.5 * RTT_MS + 50 + STEP_MS })
  return {
    method:
      `${lossy.connected.count + lossy.failed} clients join one after another, each at another moment of the tick, a round trip of ` +
      `${RTT_MS} ms; lossy: 5 % loss and |N(0, 15 ms)| each way. Connected: the client holds an authentic welcome. Full view: it has been ` +
      `told of ${IN_VIEW} riders. Moved: the server sees another address; input, beyond the way there, until a sample from there counts; view, from ` +
      'the first packet that the server heard from there until the client has a packet with riders again. Virtual time.',
    figures: rows.figures,
  }
}

function joinMany(room: OurRoom, link: LinkProfile): Joined {
  const { stage } = room.playback
  const joined: Joined = { connected: new Errors(), full: new Errors(), failed: 0 }
  const waiting = new Map<OurClient, number>()
  let row = 0
  each(room, (nowMs) => {
    if (row < stage.count && nowMs >= 500 + row * SPACING_MS && nowMs < stage.ticks * 50 - PATIENCE_MS) {
      const client = room.join(row, link, 7000 + row)
      const met = new Set<number>()
      client.onEvent = (event, atMs) => {
        if (event.kind === 'connected') joined.connected.add(atMs - nowMs)
        if (event.kind !== 'riders' || !waiting.has(client)) return
        for (const { kind, riderId } of event.records) if (kind === 'absolute') met.add(riderId)
        if (met.size < IN_VIEW) return
        joined.full.add(atMs - nowMs)
        waiting.delete(client)
      }
      waiting.set(client, nowMs)
      row++
    }
    for (const [client, sinceMs] of waiting) {
      if (nowMs - sinceMs < PATIENCE_MS) continue
      joined.failed++
      waiting.delete(client)
    }
    for (const client of [...room.clients]) if (!waiting.has(client)) room.leave(client)
  })
  return joined
}

function moveMany(room: OurRoom, link: LinkProfile): { readonly input: Errors; readonly view: Errors } {
  const input = new Errors()
  const view = new Errors()
  const moves = new Map<OurClient, { readonly atMs: number; readonly sequence: number; isHeard: boolean }>()
  let row = 0
  const joinedMs = new Map<OurClient, number>()
  each(room, (nowMs) => {
    if (row < 40 && nowMs >= 500 + row * SPACING_MS) {
      const client = room.join(row++, link, 9000 + row)
      joinedMs.set(client, nowMs)
      client.onEvent = (event, atMs) => {
        const move = moves.get(client)
        if (move === undefined || event.kind !== 'riders' || event.records.length === 0) return
        view.add(atMs - move.atMs)
        moves.delete(client)
      }
    }
    for (const [client, sinceMs] of joinedMs) {
      if (nowMs - sinceMs < MOVE_AFTER_MS + client.row) continue
      joinedMs.delete(client)
      client.down.drop()
      client.move()
      client.offer(250, nowMs)
      moves.set(client, { atMs: nowMs, sequence: client.sequence, isHeard: false })
    }
    for (const [client, move] of moves) {
      const last = room.playback.posted.findLast(({ row: from }) => from === client.row)
      if (move.isHeard || last === undefined || ((last.sequence - move.sequence) & 0xffff) > 0x7fff) continue
      move.isHeard = true
      input.add(nowMs - move.atMs)
    }
  })
  return { input, view }
}

function each(room: OurRoom, look: (nowMs: number) => void): void {
  for (let nowMs = 0; nowMs < room.playback.stage.ticks * 50 - 50; nowMs += STEP_MS) {
    room.run(nowMs)
    if (nowMs % 50 === 0) room.tick(nowMs / 50)
    look(nowMs)
  }
}
