import type { Measured } from '../measured.ts'
import { OUR_ENTRANT, type Entrant } from './contenders.ts'
import { PEERS_REMEDY } from './peer-codecs.ts'
import { judgeEntrant } from './riders.ts'
import { type CurvePoint, Rows, short, type Suite } from './suite.ts'

export async function curvePoints(suite: Suite): Promise<readonly CurvePoint[]> {
  if (suite.curve !== undefined) return suite.curve
  const entrants: readonly Entrant[] = [OUR_ENTRANT, ...((await suite.peers()) ?? [])]
  suite.curve = entrants.map((entrant, i) => {
    const { wireKBps, bitsPerRider, judge } = judgeEntrant(suite, entrant, 'hard', 1)
    suite.options.progress(i + 1, entrants.length, `curve: ${entrant.key}`)
    return {
      key: entrant.key,
      hz: entrant.hz,
      kbitps: short(wireKBps * 8),
      bits: short(bitsPerRider),
      nowM: short(judge.nowAlong.quantile(0.99)),
      ownM: short(judge.ownAlong.quantile(0.99)),
      behindMs: short(judge.behindMs.quantile(0.5)),
    }
  })
  return suite.curve
}

/** Rate against error: what each has to send for how true a picture, and how late it is. */
export async function benchCurve(suite: Suite): Promise<Measured> {
  const rows = new Rows()
  const points = await curvePoints(suite)
  for (const { key, kbitps, bits, nowM, ownM, behindMs } of points) {
    rows.add(`curve.${key}.wire`, kbitps, 'kbit/s')
    rows.add(`curve.${key}.payload`, bits, 'bit')
    rows.add(`curve.${key}.serverNow.p99`, nowM, 'm')
    rows.add(`curve.${key}.ownTime.p99`, ownM, 'm')
    rows.add(`curve.${key}.behind`, behindMs, 'ms')
  }
  if (points.length === 1) rows.note('curve.peers', `not installed; ${PEERS_REMEDY}`)
  return {
    method:
      'As riders, one round, and peers with fewer patches a second too: between two snapshots a picture is straight, and the ' +
      'later it is drawn the fewer it needs. "serverNow" is the error against where everybody is at the moment of the frame, ' +
      '"ownTime" against where they were at the moment that the picture claims to show, which is "behind" before it.',
    figures: rows.figures,
  }
}
