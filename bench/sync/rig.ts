import { TICK_MS } from '#protocol/limits'
import type { LinkProfile } from './link.ts'
import { Judge } from './judge.ts'
import type { Stage, Trace } from './trace.ts'

/** What one way of telling others about riders has sent, to all viewers together. */
export interface Sent {
  /** Of what tells about others: without headers, seals, acks, the viewer's own state. */
  payloadBits: number
  /** Everything above UDP or TCP. */
  bytes: number
  /** Datagrams, or writes to a TCP stream that are segments of their own. */
  packets: number
  /** Sum over ticks and viewers of riders in view. */
  riderTicks: number
  viewerTicks: number
}

export function nothingSent(): Sent {
  return { payloadBits: 0, bytes: 0, packets: 0, riderTicks: 0, viewerTicks: 0 }
}

/** One way of telling, on one stage: a server and some clients in virtual time. */
export interface Rig {
  readonly sent: Sent
  /** The server's tick of this number, at tick · 50 ms. */
  tick(tick: number): void
  /** What is due until `nowMs` arrives. */
  run(nowMs: number): void
  /** Every client draws a frame and shows it to the judge. */
  draw(nowMs: number, dtS: number, judge: Judge): void
}

export interface Contender {
  readonly name: string
  /** Bytes around each packet: 28 for IP and UDP, 40 for IP and TCP. */
  readonly headerBytes: number
  begin(stage: Stage, viewers: readonly number[], link: LinkProfile, seed: number): Rig
}

export interface Judged {
  readonly name: string
  readonly headerBytes: number
  readonly sent: Sent
  readonly judge: Judge
  /** Payload bits for each rider in view and 50 ms. */
  readonly bitsPerRider: number
  /** On the wire, headers counted, kB/s for each client. */
  readonly wireKBps: number
  /** The payload alone, kbit/s for each client. */
  readonly payloadKbps: number
}

/** Frames a second at which pictures are judged; a prime share of the tick, so that every phase comes up. */
const FRAME_MS = 31
/** The beginning of each stage is not judged: joining is measured elsewhere, and clocks take twenty seconds to agree. */
const SETTLE_SHARE = 0.3

/** Viewers of a stage: spread over its riders, so that front, middle, chase, stragglers and both directions are looked at. */
export function viewersOf(stage: Stage, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * stage.count) / count))
}

export function judgeContender(
  contender: Contender,
  trace: Trace,
  { link, viewers, seed = 1 }: { readonly link: LinkProfile; readonly viewers: number; readonly seed?: number },
): Judged {
  const judge = new Judge()
  const sent = nothingSent()
  for (const stage of trace.stages) {
    judge.begin(stage)
    const rig = contender.begin(stage, viewersOf(stage, viewers), link, seed)
    const settleTicks = Math.round(SETTLE_SHARE * stage.ticks)
    let before: Sent = nothingSent()
    let frameMs = 0
    for (let tick = 0; tick < stage.ticks; tick++) {
      rig.tick(tick)
      if (tick === settleTicks) before = { ...rig.sent }
      const untilMs = (tick + 1) * TICK_MS
      for (; frameMs < untilMs; frameMs += FRAME_MS) {
        rig.run(frameMs)
        if (tick < settleTicks || tick >= stage.ticks - 1) rig.draw(frameMs, FRAME_MS / 1000, IGNORING)
        else rig.draw(frameMs, FRAME_MS / 1000, judge)
      }
      rig.run(untilMs)
    }
    for (const key of Object.keys(sent) as (keyof Sent)[]) sent[key] += rig.sent[key] - before[key]
  }
  return judged(contender, sent, judge)
}

/** Looks away. */
const IGNORING = Object.assign(Object.create(Judge.prototype) as Judge, { frame() {}, see() {} })

export function judged(
  { name, headerBytes }: Pick<Contender, 'name' | 'headerBytes'>,
  sent: Sent,
  judge: Judge,
): Judged {
  const seconds = (sent.viewerTicks * TICK_MS) / 1000
  return {
    name,
    headerBytes,
    sent,
    judge,
    bitsPerRider: sent.payloadBits / sent.riderTicks,
    wireKBps: (sent.bytes + sent.packets * headerBytes) / seconds / 1000,
    payloadKbps: sent.payloadBits / seconds / 1000,
  }
}
