import { describe, expect, it } from 'vitest'
import { PHYSICS_VERSION } from '#physics/constants'
import { peerContender } from './peers.ts'
import { loadPeer } from './peer-codecs.ts'
import { ours } from './ours.ts'
import { LINKS } from './link.ts'
import { judgeContender, type Judged } from './rig.ts'
import { FROZEN, makeTrace, type Trace } from './trace.ts'

/** A short one: the same roads, riders and dice, a third of the time. */
const SECONDS = 15
const trace = makeTrace({ variant: 'hard', seconds: SECONDS })

function judge(contender: Parameters<typeof judgeContender>[0], viewers = 3, on: Trace = trace): Judged {
  return judgeContender(contender, on, { link: LINKS.far, viewers })
}

describe('the trace', () => {
  it('[N4] is frozen: whoever rides it with these equations gets the same bits', { timeout: 120_000 }, () => {
    const frozen = FROZEN[PHYSICS_VERSION]
    expect(
      frozen,
      `the physics is ${PHYSICS_VERSION} now: freeze its trace in bench/sync/trace.ts, and measure anew`,
    ).toBeDefined()
    expect(makeTrace({ variant: 'hard' }).hash).toBe(frozen!.hard)
  })

  it('[N4] is hard: sprints, stops, contact, junctions, steering, and sensors that fall silent', () => {
    let contactJ = 0
    let ways = 0
    let most = 0
    let silent = 0
    let steered = 0
    for (const { count, ticks, columns } of trace.stages) {
      const last = (ticks - 1) * count
      for (let row = 0; row < count; row++) {
        contactJ += columns.contactJ[last + row]! - columns.contactJ[row]!
        for (let tick = 1; tick < ticks; tick++) {
          const at = tick * count + row
          if (columns.way[at] !== columns.way[at - count]) ways++
          most = Math.max(most, columns.powerW[at]!)
          if (columns.heartRateBpm[at] === 0) silent++
          if (columns.steer[at] !== 0) steered++
        }
      }
    }
    expect(contactJ).toBeGreaterThan(50_000)
    expect(ways).toBeGreaterThan(100)
    expect(most).toBeGreaterThan(600)
    expect(silent).toBeGreaterThan(20)
    expect(steered).toBeGreaterThan(5000)
  })
})

describe('on the hard trace, 150 ms away, 5 % lost', () => {
  const our = judge(ours())

  it('[N5] a rider in view costs at most four bits in 50 ms, and a client two kilobytes a second on the wire', () => {
    expect(our.sent.riderTicks / our.sent.viewerTicks).toBeGreaterThan(63)
    expect(our.bitsPerRider).toBeLessThanOrEqual(4)
    expect(our.wireKBps).toBeLessThanOrEqual(2)
  })

  it('[N5] and is drawn where it is now', () => {
    const { nowAlong, nowSideways } = our.judge
    expect(nowAlong.count).toBeGreaterThan(100_000)
    // In a quarter of a minute clocks do not agree yet; the whole trace is held to 10 cm by the bench.
    expect(nowAlong.quantile(0.99)).toBeLessThan(0.17)
    expect(nowSideways.quantile(0.99)).toBeLessThan(0.14)
    expect(nowAlong.max).toBeLessThan(1)
  })

  it('[N6] views of schema, told with every bit counted, cost twelve times as many bits and five times the bytes', async () => {
    const module = await loadPeer('schema')
    const options = { name: 'schema', module, carrier: 'stream', headerBytes: 40, picture: 'between' } as const
    const schema = judge(peerContender(options))
    // Its picture is right, for the past that it shows: the comparison is a fair one.
    expect(schema.judge.ownAlong.quantile(0.99)).toBeLessThan(0.1)
    expect(schema.sent.riderTicks).toBe(schema.sent.viewerTicks * 64)
    expect(schema.bitsPerRider / our.bitsPerRider).toBeGreaterThan(12)
    expect(schema.wireKBps / our.wireKBps).toBeGreaterThan(5)
  })

  it('[N6] a judge sees what is wrong: one who is drawn a metre ahead is wrong by a metre', () => {
    const contender = ours()
    const shifted = judgeContender(
      {
        ...contender,
        begin: (...args) => {
          const rig = contender.begin(...args)
          const { draw } = rig
          return Object.assign(Object.create(rig) as typeof rig, {
            tick: (tick: number) => rig.tick(tick),
            run: (nowMs: number) => rig.run(nowMs),
            draw: (nowMs: number, dtS: number, judge: Parameters<typeof draw>[2]) =>
              rig.draw(
                nowMs,
                dtS,
                Object.assign(Object.create(judge) as typeof judge, {
                  frame: () => judge.frame(),
                  see: (drawn: Parameters<typeof judge.see>[0], atMs: number) =>
                    judge.see({ ...drawn, placeM: drawn.placeM + 1 }, atMs),
                }),
              ),
          })
        },
      },
      makeTrace({ variant: 'hard', seconds: 6, stages: ['bunch'] }),
      { link: {}, viewers: 1 },
    )
    expect(shifted.judge.nowAlong.quantile(0.5)).toBeCloseTo(1, 1)
  })
})
