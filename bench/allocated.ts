import { getHeapStatistics } from 'node:v8'

const CHUNKS = 100
/** Of fewer stretches the median is no median. */
const CHUNKS_MIN = 5
const CHUNK_TICKS = 20

/**
 * Heap bytes that a tick makes: the median over a hundred stretches of twenty ticks, each seen from before it to after it.
 * A stretch in which the engine collects or compiles shows too little or too much; the median does not care. `workShare`: of
 * so many stretches, for who only wants to see that it measures.
 */
export function allocatedPerTick(step: () => void, workShare = 1): number {
  const chunks = Math.max(CHUNKS_MIN, Math.ceil(CHUNKS * workShare))
  const used = () => getHeapStatistics().used_heap_size
  const grown: number[] = []
  for (let chunk = 0; chunk < chunks; chunk++) {
    const before = used()
    const again = used()
    for (let i = 0; i < CHUNK_TICKS; i++) step()
    grown.push((used() - again - (again - before)) / CHUNK_TICKS)
  }
  return Math.max(0, Math.round(grown.toSorted((a, b) => a - b)[chunks >> 1]!))
}
