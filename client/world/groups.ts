import type { SceneRiders } from './scene-riders.ts'

/** Riders farther apart than this ride in two groups: metres, or seconds at their speed, whichever is more. */
const APART_M = 12
const APART_S = 1.5

/** Riders who ride together, told from the road alone. */
export interface Group {
  readonly size: number
  readonly isOwn: boolean
  /** Rows of the table: who leads it and who closes it. */
  readonly firstRow: number
  readonly lastRow: number
  readonly meanMps: number
}

/** Everybody on my road by groups, the first one first. */
export function groupsOf(riders: SceneRiders): readonly Group[] {
  const rows: number[] = []
  for (let row = 0; row < riders.count; row++) if (gapOf(riders, row) === gapOf(riders, row)) rows.push(row)
  rows.sort((a, b) => gapOf(riders, b) - gapOf(riders, a) || a - b)
  const groups: Group[] = []
  for (let from = 0; from < rows.length;) {
    let to = from
    let sumMps = riders.speedMps[rows[from]!]!
    let isOwn = rows[from] === 0
    while (to + 1 < rows.length) {
      const spaceM = gapOf(riders, rows[to]!) - gapOf(riders, rows[to + 1]!)
      const next = rows[to + 1]!
      if (spaceM > Math.max(APART_M, APART_S * riders.speedMps[next]!)) break
      sumMps += riders.speedMps[next]!
      isOwn ||= next === 0
      to++
    }
    const size = to - from + 1
    groups.push({ size, isOwn, firstRow: rows[from]!, lastRow: rows[to]!, meanMps: sumMps / size })
    from = to + 1
  }
  return groups
}

function gapOf(riders: SceneRiders, row: number): number {
  return row === 0 ? 0 : riders.gapM[row]!
}
