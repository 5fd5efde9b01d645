import { readFileSync } from 'node:fs'
import { constants, PerformanceObserver } from 'node:perf_hooks'
import { type Metrics, PAUSE_BUCKETS_MS, TICK_BUCKETS_MS } from './metrics.ts'
import type { TickTimes } from './room/ride-options.ts'

/** What every tick of a road costs: histograms of how late it was and how long, and where the time went. */
export function createTickMetrics(metrics: Metrics): (mapId: string) => (times: Readonly<TickTimes>) => void {
  const by = { label: 'map', upperEnds: TICK_BUCKETS_MS }
  const late = metrics.histograms('gruppetto_tick_late_ms', 'From when a tick was due until it began.', by)
  const done = metrics.histograms('gruppetto_tick_done_ms', 'From when a tick was due until its packets had left.', by)
  const world = metrics.histograms('gruppetto_tick_world_ms', 'The step of the world.', by)
  const packets = metrics.histograms('gruppetto_tick_packets_ms', 'Making and sending packets.', by)
  const spared = new Map<string, number>()
  metrics.family(
    'gruppetto_ticks_spared_total',
    'Ticks that told half of the clients only: the room is at its end.',
    'map',
    () => Object.fromEntries(spared),
  )
  return (mapId) => {
    const [lateMs, doneMs, worldMs, packetsMs] = [late.of(mapId), done.of(mapId), world.of(mapId), packets.of(mapId)]
    return (times) => {
      lateMs.observe(times.lateMs)
      doneMs.observe(times.doneMs)
      worldMs.observe(times.worldMs)
      packetsMs.observe(times.packetsMs)
      if (times.isSparing) spared.set(mapId, (spared.get(mapId) ?? 0) + 1)
    }
  }
}

/** What the process costs the machine. */
export function addProcessMetrics(
  metrics: Metrics,
  { udpPort, sendErrors }: { udpPort: number; sendErrors: () => number },
): { close(): void } {
  metrics.family('process_cpu_seconds_total', 'Time on processors.', 'mode', () => {
    const { user, system } = process.cpuUsage()
    return { user: user / 1e6, system: system / 1e6 }
  })
  metrics.family('gruppetto_memory_bytes', 'Memory of the process.', 'kind', () => {
    const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage()
    return { rss, heapUsed, external, arrayBuffers }
  })
  metrics.family('gruppetto_node_flags', 'What its Node was started with.', 'flag', () =>
    Object.fromEntries(process.execArgv.map((flag) => [flag, 1])),
  )
  metrics.gauge('gruppetto_udp_port', 'Where datagrams are taken.', () => udpPort)
  metrics.gauge('gruppetto_udp_send_errors_total', 'Datagrams the system refused to send.', sendErrors)
  metrics.gauge(
    'gruppetto_udp_drops_total',
    'Datagrams that came faster than they were read, where the system says so.',
    () => udpDrops(udpPort),
  )
  const pauses = metrics.histograms('gruppetto_gc_pause_ms', 'Pauses of the garbage collector.', {
    label: 'kind',
    upperEnds: PAUSE_BUCKETS_MS,
  })
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { kind } = (entry as unknown as { readonly detail: { readonly kind: number } }).detail
      pauses.of(GC_KINDS[kind] ?? 'other').observe(entry.duration)
    }
  })
  observer.observe({ entryTypes: ['gc'] })
  return { close: () => observer.disconnect() }
}

const GC_KINDS: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'young',
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'old',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'step',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weak',
}

/** Linux counts them for each socket; elsewhere 0. */
export function udpDrops(port: number, read: (path: string) => string = readText): number {
  let drops = 0
  for (const path of ['/proc/net/udp', '/proc/net/udp6']) {
    for (const line of read(path).split('\n').slice(1)) {
      const cells = line.trim().split(/\s+/)
      const [, local = ''] = cells
      if (Number.parseInt(local.split(':')[1] ?? '', 16) === port) drops += Number(cells.at(-1)) || 0
    }
  }
  return drops
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // Not Linux.
  }
}
