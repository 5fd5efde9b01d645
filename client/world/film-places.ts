/** Who is how far in a film, from what was noted at the lines. */

export interface OverLine {
  readonly tick: number
  readonly riderId: number
  readonly lineId: string
  readonly lap: number
  /** Of the tick that leads to `tick`, how much was gone: in a sprint two come within one. */
  readonly fraction: number
}

/**
 * Up to a tick, most laps first, then the earliest; with the tick of each. Who has finished crosses no more: the first of
 * them, once they have finished, has won.
 */
export function placesAt(
  crossings: readonly OverLine[],
  tick: number,
  finishIds: ReadonlySet<string>,
): ReadonlyMap<number, number> {
  const last = new Map<number, OverLine>()
  for (const crossing of crossings) {
    if (crossing.tick <= tick && finishIds.has(crossing.lineId)) last.set(crossing.riderId, crossing)
  }
  const inOrder = [...last.values()].toSorted(
    (a, b) => b.lap - a.lap || a.tick - b.tick || a.fraction - b.fraction || a.riderId - b.riderId,
  )
  return new Map(inOrder.map(({ riderId, tick: at }) => [riderId, at]))
}

/**
 * Who puts the arms up, and how long ago they came over the line, s. `hasFinished`: as their own records say. Nobody while
 * the leader still rides, or before anybody was noted.
 */
export function winnerAt(
  places: ReadonlyMap<number, number>,
  tick: number,
  tickMs: number,
  hasFinished: (riderId: number) => boolean,
): { readonly riderId: number; readonly agoS: number } | undefined {
  const [first] = places
  if (first === undefined || !hasFinished(first[0])) return undefined
  return { riderId: first[0], agoS: ((tick - first[1]) * tickMs) / 1000 }
}
