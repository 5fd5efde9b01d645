/** Shape of server/http/public.ts as it arrives. */
export interface RaceNow {
  readonly event: { readonly id: string; readonly title: string; readonly laps: number; readonly phase: string }
  /** Counts down before the gun, then up. */
  readonly clockMs: number
  readonly rows: readonly RaceRow[]
}

export interface RaceRow {
  readonly place: number
  readonly riderId: number
  readonly bib: number
  readonly name: string
  readonly lap: number
  readonly distanceM: number
  readonly gapMs: number
  readonly finishedMs: number | null
  readonly speedKmh: number
  readonly powerW: number
  readonly wattsPerKg: number
}

/** A race as it goes, told by the server once a second; the browser mends the line by itself. Answers how to stop. */
export function followRace(eventId: string, onRace: (race: RaceNow) => void, onNone: () => void): () => void {
  const events = new EventSource(`/api/public/events/${encodeURIComponent(eventId)}/stream`)
  events.addEventListener('board', ({ data }) => {
    try {
      onRace(JSON.parse(data as string) as RaceNow)
    } catch {
      // Half a message: the next one comes in a second.
    }
  })
  events.addEventListener('error', () => {
    if (events.readyState === EventSource.CLOSED) onNone()
  })
  return () => events.close()
}

/** Riders within so many seconds of the one before them are one group. */
const GROUP_GAP_MS = 2000

export interface RaceGroup {
  /** Of its first rider, behind the first of the race. */
  readonly gapMs: number
  readonly rows: readonly RaceRow[]
}

/** Who rides together, from the front; who has finished is no group any more. */
export function groupsOf(rows: readonly RaceRow[]): readonly RaceGroup[] {
  const groups: { gapMs: number; rows: RaceRow[] }[] = []
  let lastMs = -Infinity
  for (const row of rows.filter(({ finishedMs }) => finishedMs === null).toSorted((a, b) => a.gapMs - b.gapMs)) {
    if (row.gapMs - lastMs > GROUP_GAP_MS) groups.push({ gapMs: row.gapMs, rows: [] })
    groups.at(-1)!.rows.push(row)
    lastMs = row.gapMs
  }
  const firstMs = groups[0]?.gapMs ?? 0
  return groups.map((group) => ({ ...group, gapMs: group.gapMs - firstMs }))
}
