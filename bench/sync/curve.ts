import type { Measured } from '../measured.ts'
import { OUR_ENTRANT, type Entrant } from './contenders.ts'
import { TOLERANCE_FACTORS, toleranceEdits } from './ablations.ts'
import { runEdited } from './edited.ts'
import { LINKS } from './link.ts'
import { PEERS_REMEDY } from './peer-codecs.ts'
import { judgeEntrant } from './riders.ts'
import { STAGE_S } from './trace.ts'
import { type CurvePoint, Rows, short, type Suite } from './suite.ts'

export async function curvePoints(suite: Suite): Promise<readonly CurvePoint[]> {
  if (suite.curve !== undefined) return suite.curve
  const entrants: readonly Entrant[] = [OUR_ENTRANT, ...((await suite.peers()) ?? [])]
  const { progress } = suite.options
  const total = entrants.length + TOLERANCE_FACTORS.length
  const points: CurvePoint[] = entrants.map((entrant, i) => {
    const { wireKBps, bitsPerRider, judge } = judgeEntrant(suite, entrant, 'hard', 1)
    progress(i + 1, total, `curve: ${entrant.key}`)
    return {
      key: entrant.key,
      hz: entrant.hz,
      kbitps: short(wireKBps * 8),
      bits: short(bitsPerRider),
      nowM: short(judge.nowAlong.quantile(0.99)),
      sidewaysM: short(judge.nowSideways.quantile(0.99)),
      ownM: short(judge.ownAlong.quantile(0.99)),
      behindMs: short(judge.behindMs.quantile(0.5)),
    }
  })
  // Ours, told finer and coarser.
  for (const [i, factor] of TOLERANCE_FACTORS.entries()) {
    const { viewers, hz } = OUR_ENTRANT
    const run = { variant: 'hard', link: LINKS.far, viewers, seed: 1, inView: IN_VIEW } as const
    const result = await runEdited({ ...run, seconds: STAGE_S, edits: toleranceEdits(factor) })
    progress(entrants.length + i + 1, total, `curve: ours, tolerances times ${factor}`)
    points.push({
      ...{ key: `gruppetto×${factor}`, hz, kbitps: short(result.wireKBps * 8), bits: short(result.bits) },
      ...{ nowM: short(result.along), sidewaysM: short(result.sideways), ownM: short(result.along), behindMs: 0 },
    })
  }
  suite.curve = points
  return points
}

const IN_VIEW = 64

/** Rate against error: what each has to send for how true a picture, and how late it is. */
export async function benchCurve(suite: Suite): Promise<Measured> {
  const rows = new Rows()
  const points = await curvePoints(suite)
  for (const { key, kbitps, bits, nowM, sidewaysM, ownM, behindMs } of points) {
    rows.add(`curve.${key}.wire`, kbitps, 'kbit/s')
    rows.add(`curve.${key}.payload`, bits, 'bit')
    rows.add(`curve.${key}.serverNow.p99`, nowM, 'm')
    rows.add(`curve.${key}.sideways.p99`, sidewaysM, 'm')
    rows.add(`curve.${key}.ownTime.p99`, ownM, 'm')
    rows.add(`curve.${key}.behind`, behindMs, 'ms')
  }
  if ((await suite.peers()) === undefined) rows.note('curve.peers', `not installed; ${PEERS_REMEDY}`)
  return {
    method:
      'As riders, one round, and peers with fewer patches a second too: between two snapshots a picture is straight, and the ' +
      'later it is drawn the fewer it needs. "serverNow" is the error against where everybody is at the moment of the frame, ' +
      '"ownTime" against where they were at the moment that the picture claims to show, which is "behind" before it. gruppetto×2 tells where a rider is twice as far off as we do.',
    figures: rows.figures,
  }
}
