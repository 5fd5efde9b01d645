import { TICK_HZ } from '#protocol/limits'
import { figure, type Figure } from '../command.ts'
import type { CurvePoint } from './curve.ts'
import type { FleetCounts } from './messages.ts'
import type { LoadRun } from './run.ts'
import { percentile } from './samples.ts'

/** Issue 4, points 5 and 6. */
const LATE_SHARE_MOST = 0.001
const LATE_MS = 50
const UDP_IP_HEADER_BYTES = 28

/** What a run says, as figures. */
export function loadFigures(run: LoadRun): { figures: Record<string, Figure>; failures: string[] } {
  const { span, spanS, options, fleets } = run
  const all = sumOf(fleets)
  const by = `map="${options.map}"`
  const done = span.histogram('gruppetto_tick_done_ms', by)
  const late = span.histogram('gruppetto_tick_late_ms', by)
  const world = span.histogram('gruppetto_tick_world_ms', by)
  const packets = span.histogram('gruppetto_tick_packets_ms', by)
  const sessions = span.risen('gruppetto_sessions_total')
  const cpuS =
    span.rise('process_cpu_seconds_total{mode="user"}') + span.rise('process_cpu_seconds_total{mode="system"}')
  const clientTicks = all.connected * spanS * TICK_HZ
  const ticksMissing = Math.max(0, Math.round(spanS * TICK_HZ) - done.count - 1)
  const young = span.histogram('gruppetto_gc_pause_ms', 'kind="young"')
  const old = span.histogram('gruppetto_gc_pause_ms', 'kind="old"')
  const datagramsOut = sessions['datagramsOut'] ?? 0
  const lostDown = 1 - all.datagramsIn / datagramsOut
  // With strangers at the door only what the system dropped of everything that came is known.
  const read = Object.values(span.risen('gruppetto_datagrams_total')).reduce(
    (sum, n) => sum + n,
    sessions['datagramsIn'] ?? 0,
  )
  const dropped = span.rise('gruppetto_udp_drops_total')
  const lostUp =
    run.flood === undefined ? 1 - (sessions['datagramsIn'] ?? 0) / all.datagramsOut : dropped / (dropped + read)
  const figures: Record<string, Figure> = {
    riders: figure(all.connected, ''),
    'riders.field': { value: options.server === undefined ? options.field : 'where that server puts them', unit: '' },
    'riders.seen': figure(round(all.meanSeen, 1), ''),
    'riders.seen.fewest': figure(all.fewestSeen, ''),
    'join.seconds': figure(round(run.joinS, 1), 's'),
    'join.connect.p50': figure(round(percentile(all.connectMs, 0.5), 1), 'ms'),
    'join.connect.p99': figure(round(percentile(all.connectMs, 0.99), 1), 'ms'),
    'join.firstSeen.p99': figure(round(percentile(all.firstSeenMs, 0.99), 1), 'ms'),
    ticks: figure(done.count, ''),
    'ticks.late': figure(round(done.above(LATE_MS), 5), 'share > 50 ms', { atMost: LATE_SHARE_MOST }),
    'ticks.dropped': figure(ticksMissing, ''),
    'ticks.spared': figure(span.rise(`gruppetto_ticks_spared_total{${by}}`), 'packets at 10 Hz'),
    'tick.begins.p99': figure(round(late.percentile(0.99), 2), 'ms late'),
    'tick.done.p50': figure(round(done.percentile(0.5), 2), 'ms'),
    'tick.done.p99': figure(round(done.percentile(0.99), 2), 'ms'),
    'tick.done.p99.9': figure(round(done.percentile(0.999), 2), 'ms'),
    'tick.done.worst': figure(round(done.worst, 2), 'ms at most'),
    'tick.world.mean': figure(round(world.mean, 3), 'ms'),
    'tick.packets.mean': figure(round(packets.mean, 3), 'ms'),
    'cpu.server': figure(round((cpuS / spanS) * 100, 1), '% of a core'),
    'cpu.perClientTick': figure(round((cpuS * 1e6) / clientTicks, 2), 'µs'),
    'cpu.perClientTick.world': figure(round((world.sum * 1000) / clientTicks, 2), 'µs'),
    'cpu.perClientTick.packets': figure(round((packets.sum * 1000) / clientTicks, 2), 'µs'),
    'cpu.perClientTick.system': figure(
      round((span.rise('process_cpu_seconds_total{mode="system"}') * 1e6) / clientTicks, 2),
      'µs',
    ),
    'cpu.perPacket': figure(round((cpuS * 1e6) / datagramsOut, 2), 'µs, receiving and all'),
    'cpu.generator': figure(round((all.cpuS / spanS) * 100, 1), '% of a core'),
    'gc.young.p99': figure(round(young.percentile(0.99), 2), 'ms'),
    'gc.old.worst': figure(old.count === 0 ? 0 : old.worst, 'ms at most'),
    'gc.share': figure(round(((young.sum + old.sum) / (spanS * 1000)) * 100, 2), '%'),
    'memory.server': figure(Math.round(span.at('gruppetto_memory_bytes{kind="rss"}') / 1e6), 'MB'),
    'memory.server.heap': figure(Math.round(span.at('gruppetto_memory_bytes{kind="heapUsed"}') / 1e6), 'MB'),
    'memory.generator': figure(Math.round(all.rssBytes / 1e6), 'MB'),
    'down.perClient': figure(round(perSecond(sessions['bytesOut'] ?? 0, datagramsOut) / 1000, 3), 'kB/s on the wire'),
    'down.packets': figure(round(datagramsOut / all.connected / spanS, 2), 'a second'),
    'up.perClient': figure(round(perSecond(all.bytesOut, all.datagramsOut) / 1000, 3), 'kB/s on the wire'),
    'up.packets': figure(round(all.datagramsOut / all.connected / spanS, 2), 'a second'),
    'lost.down': figure(round(Math.max(0, lostDown), 5), 'share'),
    'lost.up': figure(round(Math.max(0, lostUp), 5), 'share'),
    'lost.kernel': figure(dropped, 'datagrams'),
    'rtt.p50': figure(round(percentile(all.rttMs, 0.5), 2), 'ms'),
    'rtt.p99': figure(round(percentile(all.rttMs, 0.99), 2), 'ms'),
    'answered.p50': figure(round(percentile(all.answeredMs, 0.5), 1), 'ms'),
    'answered.p99': figure(round(percentile(all.answeredMs, 0.99), 1), 'ms'),
    'views.carriedBy': figure(all.carrying, 'clients'),
    'views.compared': figure(all.compared, 'riders'),
    'views.agreed': figure(all.compared === 0 ? Number.NaN : round(all.agreed / all.compared, 6), 'share'),
    'views.stillDiffer': figure(all.stillDiffer, 'riders a second later'),
    // What is late makes a view old; only a check that does not fit says that it is wrong.
    'views.checked': figure(all.checks, 'riders'),
    'views.wrong': figure(all.doubts, 'riders'),
    'records.perClient': figure(round(all.records / all.connected / spanS, 1), 'a second'),
    'generator.late.p99': figure(round(all.loopLateP99Ms, 1), 'ms'),
  }
  if (run.flood !== undefined) {
    figures['flood.sent'] = figure(round(run.flood.sent / spanS, 0), 'a second')
    figures['flood.read'] = figure(round(read / spanS, 0), 'a second, honest ones too')
    figures['flood.cpu'] = figure(round((run.flood.cpuS / spanS) * 100, 1), '% of a core')
  }
  const aead = Object.keys(span.held('gruppetto_aead'))[0]
  if (aead !== undefined) figures['server.aead'] = { value: aead, unit: '' }
  // What was not measured (nobody carried anybody, nothing was answered) is left out.
  for (const [name, { value }] of Object.entries(figures))
    if (typeof value === 'number' && !Number.isFinite(value)) delete figures[name]
  const failures = [...run.failures]
  if (all.connected < options.riders)
    failures.push(`${options.riders - all.connected} of ${options.riders} riders are not connected`)
  for (const [reason, count] of Object.entries(all.closed)) failures.push(`${count} sessions ended: ${reason}`)
  for (const [sentence, count] of Object.entries(all.refusals)) failures.push(`${count} times ${sentence}`)
  for (const [reason, count] of Object.entries(all.rejects))
    figures[`client.refused.${reason}`] = figure(count, 'datagrams')
  for (const [reason, count] of Object.entries(sessions))
    if (!/^(datagrams|bytes|sessions)/.test(reason)) figures[`server.refused.${reason}`] = figure(count, '')
  return { figures, failures }

  function perSecond(bytes: number, packetCount: number): number {
    return (bytes + packetCount * UDP_IP_HEADER_BYTES) / all.connected / spanS
  }
}

/** A run as a point of the curve. */
export function curvePoint({ span, spanS, options, fleets }: LoadRun): CurvePoint {
  const by = `map="${options.map}"`
  const done = span.histogram('gruppetto_tick_done_ms', by)
  const worldMs = span.histogram('gruppetto_tick_world_ms', by).mean
  const packetsMs = span.histogram('gruppetto_tick_packets_ms', by).mean
  const cpuS =
    span.rise('process_cpu_seconds_total{mode="user"}') + span.rise('process_cpu_seconds_total{mode="system"}')
  const ticks = spanS * TICK_HZ
  return {
    ...{ riders: options.riders, worldMs, packetsMs, restMs: Math.max(0, (cpuS * 1000) / ticks - worldMs - packetsMs) },
    generatorMs: (sumOf(fleets).cpuS * 1000) / ticks,
    ...{ doneP50Ms: done.percentile(0.5), doneP99Ms: done.percentile(0.99), doneWorstMs: done.worst },
    lateShare: done.above(LATE_MS),
  }
}

/** How many riders hold, and what the first size that does not hold is full of. */
export function breakingPoint(points: readonly CurvePoint[]): { holds: number; sentence: string } {
  const rising = points.toSorted((a, b) => a.riders - b.riders)
  const broken = rising.find(({ lateShare }) => lateShare > LATE_SHARE_MOST)
  const holds = rising.findLast(({ riders }) => riders < (broken?.riders ?? Infinity))?.riders ?? 0
  if (broken === undefined) return { holds, sentence: 'nowhere on this curve' }
  const { riders, worldMs, packetsMs, restMs, generatorMs } = broken
  const parts = `${round(packetsMs, 1)} ms packets, ${round(worldMs, 1)} ms world, ${round(restMs, 1)} ms receiving and the rest`
  return {
    holds,
    sentence: `at ${riders}: a tick costs ${parts}; the riders’ processes ${round(generatorMs, 1)} ms`,
  }
}

function sumOf(fleets: readonly FleetCounts[]): FleetCounts {
  const sum = (of: (counts: FleetCounts) => number): number => fleets.reduce((total, counts) => total + of(counts), 0)
  const joined = (of: (counts: FleetCounts) => Float64Array): Float64Array =>
    Float64Array.from(fleets.flatMap((counts) => [...of(counts)]))
  const merged = (of: (counts: FleetCounts) => Readonly<Record<string, number>>): Record<string, number> => {
    const all: Record<string, number> = {}
    for (const counts of fleets)
      for (const [name, count] of Object.entries(of(counts))) all[name] = (all[name] ?? 0) + count
    return all
  }
  return {
    riders: sum((c) => c.riders),
    connected: sum((c) => c.connected),
    carrying: sum((c) => c.carrying),
    datagramsIn: sum((c) => c.datagramsIn),
    bytesIn: sum((c) => c.bytesIn),
    datagramsOut: sum((c) => c.datagramsOut),
    bytesOut: sum((c) => c.bytesOut),
    samples: sum((c) => c.samples),
    records: sum((c) => c.records),
    closed: merged((c) => c.closed),
    rejects: merged((c) => c.rejects),
    refusals: merged((c) => c.refusals),
    compared: sum((c) => c.compared),
    agreed: sum((c) => c.agreed),
    stillDiffer: sum((c) => c.stillDiffer),
    checks: sum((c) => c.checks),
    doubts: sum((c) => c.doubts),
    unmatched: sum((c) => c.unmatched),
    fewestSeen: Math.min(...fleets.map((c) => c.fewestSeen)),
    meanSeen: sum((c) => c.meanSeen) / fleets.length,
    rttMs: joined((c) => c.rttMs),
    answeredMs: joined((c) => c.answeredMs),
    connectMs: joined((c) => c.connectMs),
    firstSeenMs: joined((c) => c.firstSeenMs),
    cpuS: sum((c) => c.cpuS),
    loopLateP99Ms: Math.max(...fleets.map((c) => c.loopLateP99Ms)),
    rssBytes: sum((c) => c.rssBytes),
    wallS: Math.max(...fleets.map((c) => c.wallS)),
  }
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits
  return Math.round(value * scale) / scale
}
