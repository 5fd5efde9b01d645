import type { Measured } from '../measured.ts'
import { createDrawn, alongErrorM, Errors } from './judge.ts'
import { LINKS, type LinkProfile } from './link.ts'
import { OurRoom, type OurClient } from './our-room.ts'
import { Playback, Truth } from './playback.ts'
import { Rows, type Suite } from './suite.ts'

const VIEWERS = 8
const IN_VIEW = 64
/** So long the link is terrible; then it only stays slow. */
const TERRIBLE_S = 25
const LOOK_S = 8
const HEALED: LinkProfile = { delayMs: 200 }
/** Drawn so wrong a rider has not come back to the truth: five tolerances. */
const WRONG_M = 0.5
const FRAME_MS = 50
/** One way: until then no client can know that the link has healed. */
const WAY_MS = 200

/** Issue 4, point 5: correct under the terrible link. */
export async function benchTerrible(suite: Suite): Promise<Measured> {
  const rows = new Rows()
  const { rounds, progress } = suite.options
  const results = Array.from({ length: rounds }, (_, round) => {
    const one = ride(suite, round + 1)
    progress(round + 1, rounds, 'terrible: rides')
    return one
  })
  const all = (of: (one: Ridden) => number): number => Math.max(...results.map(of))
  rows.add('terrible.connected', Math.min(...results.map(({ connected }) => connected)), 'clients', {
    atLeast: VIEWERS,
  })
  rows.add(
    'terrible.connectedTwice',
    all(({ connectedTwice }) => connectedTwice),
    '',
    { atMost: 0 },
  )
  rows.add(
    'terrible.closed',
    all(({ closed }) => closed),
    '',
    { atMost: 0 },
  )
  rows.add(
    'terrible.samplesTwice',
    all(({ samplesTwice }) => samplesTwice),
    '',
    { atMost: 0 },
  )
  rows.add(
    'terrible.recordsOfNobody',
    all(({ strangers }) => strangers),
    '',
    { atMost: 0 },
  )
  rows.add(
    'terrible.during.p99',
    results.map(({ during }) => during.quantile(0.99)),
    'm',
  )
  rows.add(
    'terrible.healed.lastWrong',
    all(({ lastWrongMs }) => lastWrongMs),
    'ms',
    { atMost: 1000 },
  )
  rows.add(
    'terrible.healed.p99',
    all(({ after }) => after.quantile(0.99)),
    'm',
    { atMost: 0.1 },
  )
  rows.add(
    'terrible.healed.largest',
    all(({ after }) => after.max),
    'm',
    { atMost: WRONG_M },
  )
  return {
    method:
      `${VIEWERS} clients, ${TERRIBLE_S} s of 30 % loss, 50 % duplicates, a fifth held back by 120 ms, 1 % with a bit turned, 200 ms one ` +
      'way and |N(0, 40 ms)|, both ways; then 200 ms one way and nothing else. A sample counts twice when the world is handed it twice; ' +
      `lastWrong: how long after the healed link has delivered its first packet a rider was last drawn more than ${WRONG_M} m from the ` +
      'truth; healed: all errors from one second after that on. Other dice each round, the worst of all rounds.',
    figures: rows.figures,
  }
}

interface Ridden {
  connected: number
  connectedTwice: number
  closed: number
  samplesTwice: number
  strangers: number
  lastWrongMs: number
  readonly during: Errors
  readonly after: Errors
}

function ride(suite: Suite, seed: number): Ridden {
  const stage = suite.trace('hard').stages[0]!
  const truth = new Truth(stage)
  const room = new OurRoom(new Playback(stage), { seed, inView: IN_VIEW })
  const ridden: Ridden = {
    ...{ connected: 0, connectedTwice: 0, closed: 0, samplesTwice: 0, strangers: 0, lastWrongMs: 0 },
    during: new Errors(),
    after: new Errors(),
  }
  const times = new Map<OurClient, number>()
  for (let i = 0; i < VIEWERS; i++) {
    const client = room.join(Math.floor(((i + 0.5) * stage.count) / VIEWERS), LINKS.terrible, seed * 1000 + i)
    client.onEvent = (event) => {
      if (event.kind === 'closed') ridden.closed++
      if (event.kind === 'connected') times.set(client, (times.get(client) ?? 0) + 1)
      if (event.kind === 'riders')
        for (const { riderId } of event.records) if (riderId > stage.count) ridden.strangers++
    }
  }
  const healedMs = TERRIBLE_S * 1000
  const drawn = createDrawn()
  for (let nowMs = 0; nowMs < healedMs + LOOK_S * 1000; nowMs += FRAME_MS) {
    if (nowMs === healedMs) for (const { up, down } of room.clients) up.profile = down.profile = HEALED
    room.run(nowMs)
    room.tick(nowMs / FRAME_MS)
    for (const { net, remote } of room.clients) {
      remote.frame(net.session.tickAt(nowMs), net.buffer.newestTick, FRAME_MS / 1000)
      for (let row = 0; row < remote.rows; row++) {
        if (remote.id[row] === 0) continue
        drawn.row = remote.id[row]! - 1
        drawn.placeM = remote.shownPlaceM[row]!
        const errorM = Math.abs(alongErrorM(truth, drawn, nowMs))
        const sinceMs = nowMs - healedMs - WAY_MS
        if (sinceMs < 0) ridden.during.add(errorM)
        else if (errorM > WRONG_M) ridden.lastWrongMs = sinceMs
        if (sinceMs > 1000) ridden.after.add(errorM)
      }
    }
  }
  ridden.connected = times.size
  ridden.connectedTwice = [...times.values()].filter((count) => count > 1).length
  const seen = new Set<string>()
  for (const { row, sequence } of room.playback.posted) {
    if (seen.has(`${row} ${sequence}`)) ridden.samplesTwice++
    seen.add(`${row} ${sequence}`)
  }
  return ridden
}
