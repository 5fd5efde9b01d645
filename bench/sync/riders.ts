import type { Measured } from '../measured.ts'
import { OUR_ENTRANT, type Entrant } from './contenders.ts'
import { LINKS } from './link.ts'
import { PEERS_REMEDY } from './peer-codecs.ts'
import { judgeContender, type Judged } from './rig.ts'
import { Rows, type Suite } from './suite.ts'
import type { Variant } from './trace.ts'

const AT_20_HZ = new Set(['colyseus', 'colyseusWide', 'nengi', 'geckos', 'protobuf', 'json'])
/** A peer counts as as good as ours when its own picture, at its own time, is right to this. */
const P99_M = 0.1

/** Issue 4, point 5: payload, wire, and others on screen. */
export async function benchRiders(suite: Suite): Promise<Measured> {
  const { rounds, progress } = suite.options
  const peers = ((await suite.peers()) ?? []).filter(({ key }) => AT_20_HZ.has(key))
  const entrants = [OUR_ENTRANT, ...peers]
  const results = new Map<string, Judged[]>(entrants.map(({ key }) => [key, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [i, entrant] of entrants.entries()) {
      results.get(entrant.key)!.push(judgeEntrant(suite, entrant, 'hard', round + 1))
      progress(round * entrants.length + i + 1, rounds * entrants.length, `riders: ${entrant.key}`)
    }
  }
  const rows = new Rows()
  const ours = results.get(OUR_ENTRANT.key)!
  const each = (judged: readonly Judged[], of: (one: Judged) => number): number[] => judged.map(of)
  rows.add(
    'riders.inView',
    each(ours, ({ sent }) => sent.riderTicks / sent.viewerTicks),
    'riders',
  )
  rows.add(
    'riders.payload',
    each(ours, ({ bitsPerRider }) => bitsPerRider),
    'bit',
    { atMost: 4 },
  )
  rows.add(
    'riders.wire',
    each(ours, ({ wireKBps }) => wireKBps),
    'kB/s',
    { atMost: 2 },
  )
  const quantile = (kind: 'nowAlong' | 'nowSideways' | 'gap', share: number) =>
    each(ours, ({ judge }) => judge[kind].quantile(share))
  rows.add('riders.along.p50', quantile('nowAlong', 0.5), 'm')
  rows.add('riders.along.p99', quantile('nowAlong', 0.99), 'm', { atMost: P99_M })
  rows.add('riders.along.largest', quantile('nowAlong', 1), 'm', { atMost: 0.5 })
  rows.add('riders.sideways.p99', quantile('nowSideways', 0.99), 'm', { atMost: 0.12 })
  rows.add('riders.sideways.largest', quantile('nowSideways', 1), 'm', { atMost: 0.5 })
  rows.add('riders.gap.p99', quantile('gap', 0.99), 'm')
  rows.add(
    'riders.wattsAge.p99',
    each(ours, ({ judge }) => judge.wattsAgeMs.quantile(0.99)),
    'ms',
  )
  const easy = judgeEntrant(suite, OUR_ENTRANT, 'base', 1)
  rows.add('riders.base.payload', easy.bitsPerRider, 'bit')
  rows.add('riders.base.along.p99', easy.judge.nowAlong.quantile(0.99), 'm')
  for (const { key, contender } of peers) {
    const judged = results.get(key)!
    rows.note(`riders.${key}`, contender.name)
    rows.add(
      `riders.${key}.payload`,
      each(judged, ({ bitsPerRider }) => bitsPerRider),
      'bit',
    )
    rows.add(
      `riders.${key}.wire`,
      each(judged, ({ wireKBps }) => wireKBps),
      'kB/s',
    )
    rows.add(
      `riders.${key}.ownTime.p99`,
      each(judged, ({ judge }) => judge.ownAlong.quantile(0.99)),
      'm',
    )
    rows.add(
      `riders.${key}.serverNow.p99`,
      each(judged, ({ judge }) => judge.nowAlong.quantile(0.99)),
      'm',
    )
    rows.add(`riders.${key}.behind`, judged[0]!.judge.behindMs.quantile(0.5), 'ms')
  }
  addRatios(rows, ours, peers, results)
  return {
    method:
      `Trace hard, ${suite.trace('hard').hash.slice(0, 12)}…, ridden by the real world: ${suite.trace('hard').ticks} ticks of 240 riders. ` +
      `Link: 75 ms one way, |N(0, 15 ms)| on top, 5 % loss, both ways; each round throws other dice. Bits are those that tell of ` +
      'others, for each rider in view and 50 ms. Ours is the whole stack, sealed; on the wire 28 B a datagram are added, to TCP ' +
      '40 B a segment, and TCP is taken as kindly as can be: every loss is noticed within 1¼ round trips and nothing is throttled. ' +
      'Peers tell place, lateral, speed, watts, cadence, heart rate and flags as whole numbers (5 cm, 5 cm, 0.1 m/s), only real changes.',
    figures: rows.figures,
  }
}

function addRatios(
  rows: Rows,
  ours: readonly Judged[],
  peers: readonly Entrant[],
  results: ReadonlyMap<string, readonly Judged[]>,
): void {
  if (peers.length === 0) {
    rows.note('riders.peers', `not installed; ${PEERS_REMEDY}`)
    return
  }
  const truthful = peers.filter(({ key }) =>
    results.get(key)!.every(({ judge }) => judge.ownAlong.quantile(0.99) <= P99_M),
  )
  const bits = (key: string): number => results.get(key)![0]!.bitsPerRider
  const best = truthful.toSorted((a, b) => bits(a.key) - bits(b.key))[0]
  if (best !== undefined) {
    const ratios = results.get(best.key)!.map(({ bitsPerRider }, i) => bitsPerRider / ours[i]!.bitsPerRider)
    rows.note('riders.best', best.key)
    rows.add('riders.overBest', ratios, '×', { atLeast: 20 })
  }
  for (const key of ['colyseus', 'colyseusWide'])
    rows.add(
      `riders.wire.over.${key}`,
      results.get(key)!.map(({ wireKBps }, i) => wireKBps / ours[i]!.wireKBps),
      '×',
      { atLeast: 7 },
    )
}

export function judgeEntrant(suite: Suite, entrant: Entrant, variant: Variant, seed: number): Judged {
  const { contender, viewers } = entrant
  return judgeContender(contender, suite.trace(variant), { link: LINKS.far, viewers, seed })
}
