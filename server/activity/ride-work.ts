import { rowsOf } from '../http/ride-answers.ts'
import type { RideRowsAnswer } from '../http/shapes-rides.ts'
import { HelperThread } from '../helper-thread.ts'
import { filmOf } from '../replay/ride-film.ts'
import type { FilmSource } from '../replay/replays.ts'
import { fitOf } from './fit.ts'
import { type Activity, type ActivityHead, type ActivitySummary, DISTANCE_MIN_M, MOVING_MIN_S } from './model.ts'
import { packRide, readRide, unpackRide } from './ride-text.ts'
import { summarise } from './summary.ts'

/** A ride that has ended, as the store takes it. */
export interface KeptRide {
  readonly head: ActivityHead
  readonly summary: ActivitySummary
  /** All of it, packed. */
  readonly bytes: Uint8Array
  readonly hasFilm: boolean
  /** In which journals it is; as long as it is kept they are. */
  readonly journals: readonly string[]
}

/** What is made of a whole ride: 30 ms for an hour of it, and no tick waits for that. [A48] */
export interface RideWork {
  /** Of a file; undefined: too little for a ride. */
  sumUp(text: string): Promise<KeptRide | undefined>
  rows(bytes: Uint8Array, isMine: boolean): Promise<RideRowsAnswer>
  fit(bytes: Uint8Array, summary: ActivitySummary): Promise<Uint8Array>
  film(bytes: Uint8Array): Promise<FilmSource | undefined>
}

export type RideOrder =
  | { readonly kind: 'sum'; readonly text: string }
  | { readonly kind: 'rows'; readonly bytes: Uint8Array; readonly isMine: boolean }
  | { readonly kind: 'fit'; readonly bytes: Uint8Array; readonly summary: ActivitySummary }
  | { readonly kind: 'film'; readonly bytes: Uint8Array }

/** The work itself, wherever it is done. */
export function obey(order: RideOrder): unknown {
  if (order.kind === 'sum') return sumUp(order.text)
  const ride = unpackRide(order.bytes)
  if (order.kind === 'rows') return rowsOf(ride.rows, order.isMine)
  return order.kind === 'fit' ? fitOf(ride, order.summary) : filmOf(ride)
}

function sumUp(text: string): KeptRide | undefined {
  const ride = readRide(text)
  if (ride === undefined || !isRide(ride)) return undefined
  const journals = new Set(ride.marks.flatMap((mark) => (mark.kind === 'stay' ? [mark.journal] : [])))
  return {
    ...{ head: ride.head, summary: summarise(ride), bytes: packRide(ride) },
    ...{ hasFilm: filmOf(ride) !== undefined, journals: [...journals] },
  }
}

/** Nobody wants a list of tries. [A33] */
function isRide({ rows }: Pick<Activity, 'rows'>): boolean {
  return rows.length >= MOVING_MIN_S && rows.at(-1)!.distanceM >= DISTANCE_MIN_M
}

/** By whoever does it: a thread, or in a test the caller. */
export function rideWork(ask: (order: RideOrder) => Promise<unknown>): RideWork {
  return {
    sumUp: async (text) => (await ask({ kind: 'sum', text })) as KeptRide | undefined,
    rows: async (bytes, isMine) => (await ask({ kind: 'rows', bytes, isMine })) as RideRowsAnswer,
    fit: async (bytes, summary) => (await ask({ kind: 'fit', bytes, summary })) as Uint8Array,
    film: async (bytes) => (await ask({ kind: 'film', bytes })) as FilmSource | undefined,
  }
}

/** In the caller's own thread. */
export const workHere: RideWork = rideWork(async (order) => obey(order))

export function openRideThread(): RideWork & { close(): Promise<void> } {
  const thread = new HelperThread<RideOrder, unknown>(new URL('./ride-worker.ts', import.meta.url), {
    busy: 'Many rides are being looked at just now. Try again in a moment.',
  })
  return { ...rideWork(async (order) => await thread.ask(order)), close: async () => await thread.close() }
}
