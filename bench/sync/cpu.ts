import { measure } from '../measure.ts'
import type { Measured } from '../measured.ts'
import { arePeersInstalled, loadPeer, PEER_FIELDS, PEERS_REMEDY } from './peer-codecs.ts'
import { fillPeerValues } from './peers.ts'
import { BareStream } from './bare-stream.ts'
import { PlainRoom } from './plain-room.ts'
import { Playback } from './playback.ts'
import { Rows, type Suite } from './suite.ts'
import { makeTrace } from './trace.ts'
import { VIEW_TICKS, Views } from './views.ts'

const IN_VIEW = 64
const WARM_TICKS = 60
const TICKS = 60
const COUNTS = [125, 250, 500, 1000, 2000] as const
const VIEWS = [16, 32, 64, 128, 256, 300] as const
/** Riders of the trace's first stage, and seconds of it that each case needs. */
const STAGE_RIDERS = 240
const SECONDS = 10

/** Issue 4, point 5: what telling costs, for each rider in each view; without seal and socket. */
export async function benchCpu(suite: Suite): Promise<Measured> {
  const { rounds, progress } = suite.options
  const stage = suite.trace('hard').stages[0]!
  const room = new PlainRoom(new Playback(stage), IN_VIEW)
  const bare = new BareStream(new Playback(stage), IN_VIEW)
  for (let i = 0; i < WARM_TICKS; i++) {
    room.tick()
    bare.tick()
  }
  const slots = stage.count * IN_VIEW
  const cases = [
    { name: 'ours', run: () => (middle(() => bare.tick()) * 1e6) / slots },
    { name: 'all in', run: () => (middle(() => room.tick()) * 1e6) / slots },
  ]
  if (arePeersInstalled()) {
    const schema = await schemaViews(stage.count, new Playback(stage))
    cases.push({ name: 'schema views', run: () => (middle(schema) * 1e6) / slots })
  }
  const values: number[][] = cases.map(() => [])
  await measure(
    cases.map(({ name, run }, i) => ({
      name,
      run: () => {
        const value = run()
        values[i]!.push(value)
        return value
      },
    })),
    { rounds, warmUps: 1, onRound: (done, total, name) => progress(done, total, `cpu: ${name}`) },
  )
  const rows = new Rows()
  const [ours, allIn, schema] = values.map((one) => one.slice(1))
  rows.add('cpu.perSlot', ours!, 'ns', { atMost: 20 })
  const { records, interest, compose } = bare.spentMs
  const allMs = records + interest + compose
  rows.add('cpu.share.records', (100 * records) / allMs, '%')
  rows.add('cpu.share.interest', (100 * interest) / allMs, '%')
  rows.add('cpu.share.compose', (100 * compose) / allMs, '%')
  rows.add('cpu.sessions.perSlot', allIn!, 'ns')
  if (schema === undefined) rows.note('cpu.peers', `not installed; ${PEERS_REMEDY}`)
  else {
    rows.add('cpu.schema.perSlot', schema, 'ns')
    rows.add(
      'cpu.schema.over',
      schema.map((one, i) => one / ours![i]!),
      '×',
      { atLeast: 10 },
    )
  }
  return {
    method:
      `${stage.count} viewers, each with ${IN_VIEW} in view, in one process, the middle of ${TICKS} ticks, for each rider in each view: records, interest and composing of our ` +
      'stream, and nothing around it. Sessions: a whole Sessions.afterTick() without seal and socket, own state and headers in it. ' +
      'Schema: setting what changed, encode() and encodeView() for as many views; who is in view is worked out beside it and not counted.',
    figures: rows.figures,
  }
}

/** How the cost grows with riders, and with riders in view. */
export async function benchGrowth(suite: Suite): Promise<Measured> {
  const rows = new Rows()
  const { progress } = suite.options
  tickUs(COUNTS[1], IN_VIEW) // What is compiled on the way is no part of the first size.
  const byCount = COUNTS.map((count, i) => {
    const us = tickUs(count, IN_VIEW)
    progress(i + 1, COUNTS.length + VIEWS.length, `growth: ${count} riders`)
    rows.add(`growth.${count}riders.perClientTick`, us / count, 'µs')
    return [count, us] as const
  })
  rows.add('growth.byRiders', exponent(byCount), '', { atMost: 1.1 })
  const byView = VIEWS.map((inView, i) => {
    const us = tickUs(500, inView)
    progress(COUNTS.length + i + 1, COUNTS.length + VIEWS.length, `growth: ${inView} in view`)
    rows.add(`growth.${inView}inView.perClientTick`, us / 500, 'µs')
    return [inView, us] as const
  })
  rows.add('growth.byView', exponent(byView), '', { atMost: 1 })
  return {
    method:
      `As cpu, the middle of ${TICKS} ticks each: ${COUNTS.join(', ')} riders in the bunch stage (as dense, so longer), ${IN_VIEW} in view, every ` +
      `rider a client that acks and speaks; and 500 riders with ${VIEWS.join(', ')} in view. The exponents are slopes of a straight line through the logarithms.`,
    figures: rows.figures,
  }
}

function tickUs(count: number, inView: number): number {
  const share = count / STAGE_RIDERS
  const { stages } = makeTrace({ variant: 'hard', seconds: SECONDS, share, stages: ['bunch'] })
  const room = new PlainRoom(new Playback(stages[0]!), inView)
  for (let i = 0; i < WARM_TICKS; i++) room.tick()
  return middle(() => room.tick()) * 1000
}

/** Of TICKS ticks: what else the machine does hits some of them, not the middle one. */
function middle(tick: () => number): number {
  const times = Array.from({ length: TICKS }, tick).toSorted((a, b) => a - b)
  return times[times.length >> 1]!
}

async function schemaViews(count: number, playback: Playback): Promise<() => number> {
  const { create } = await loadPeer('schema')
  const codec = create({ count, viewers: count })
  const views = new Views(playback, count, IN_VIEW)
  const values = new Int32Array(count * PEER_FIELDS)
  let tick = 0
  const run = (): number => {
    if (tick > 0 && !playback.isOver) playback.step()
    fillPeerValues(playback, values)
    for (let viewer = 0; viewer < count; viewer++) {
      if (tick === 0 || (tick + viewer) % VIEW_TICKS === 0) codec.show(viewer, views.look(viewer, viewer))
    }
    const startedMs = performance.now()
    codec.update(values, tick++)
    codec.beginTick()
    for (let viewer = 0; viewer < count; viewer++) codec.encode(viewer)
    codec.endTick()
    return performance.now() - startedMs
  }
  for (let i = 0; i < WARM_TICKS; i++) run()
  return run
}

function exponent(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const)
  const mean = (at: 0 | 1): number => logs.reduce((sum, one) => sum + one[at], 0) / logs.length
  const [meanX, meanY] = [mean(0), mean(1)]
  let over = 0
  let under = 0
  for (const [x, y] of logs) {
    over += (x - meanX) * (y - meanY)
    under += (x - meanX) * (x - meanX)
  }
  return over / under
}
