import { TRACE_POINTS, type Trace } from '../world/segment-watch.ts'

/** Own best traces of segments, in this browser: checked when read, the oldest go first. */
const KEY = 'gruppetto.segments'
const TRACES_MAX = 60
const LONGEST_S = 6 * 3600

export function readTrace(mapId: string, segmentId: string): Trace | undefined {
  const trace = all()[`${mapId}/${segmentId}`]
  if (!Array.isArray(trace) || trace.length !== TRACE_POINTS) return undefined
  const isRising = trace.every(
    (at, i) => typeof at === 'number' && at >= (i === 0 ? 0 : trace[i - 1]) && at < LONGEST_S,
  )
  return isRising ? (trace as Trace) : undefined
}

export function writeTrace(mapId: string, segmentId: string, trace: Trace): void {
  const key = `${mapId}/${segmentId}`
  const others = Object.entries(all()).filter(([other]) => other !== key)
  const kept = [...others, [key, trace.map((at) => Math.round(at * 100) / 100)]].slice(-TRACES_MAX)
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(kept)))
  } catch {
    // Storage full or switched off: the best counts until the page is closed.
  }
}

function all(): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    return typeof read === 'object' && read !== null ? { ...read } : {}
  } catch {
    return {} // Switched off, or not ours.
  }
}
