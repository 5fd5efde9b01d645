import type { RiderId, Tick } from '#protocol/ids'
import type { Crossing, Run } from '#server/event/model'
import { parseRecord } from './parse-record.ts'

/**
 * What a journal says of one run: start list, gun and crossings, without riding any of it again. For a race whose server
 * stopped in the middle: what was written down is what counts. Undefined when the race was never started.
 */
export function racePapers(
  lines: readonly string[],
  runId: string,
): { readonly run: Run; readonly startTick: number; readonly crossings: readonly Crossing[] } | undefined {
  let run: Run | undefined
  let startTick: number | undefined
  const crossings: Crossing[] = []
  for (const line of lines) {
    if (!line.startsWith('["fact"') && !line.startsWith('["crossing"')) continue
    const parsed = parseRecord(line)
    if (!parsed.ok) continue // The last line of a server that was killed.
    const record = parsed.value
    if (record[0] === 'crossing' && startTick !== undefined) {
      const [, tick, fraction, riderId, lineId, lap] = record
      crossings.push({ tick: tick as Tick, fraction, riderId: riderId as RiderId, lineId, lap })
    } else if (record[0] === 'fact') {
      const fact = record[2]
      if (fact.kind === 'pen') run = fact.run.runId === runId ? fact.run : undefined
      if (fact.kind === 'start' && run !== undefined && fact.runId === runId) startTick = fact.startTick
    }
  }
  return run === undefined || startTick === undefined ? undefined : { run, startTick, crossings }
}
