import { decoded, type Decoded, refused } from './decoded.ts'
import { VIEW_RIDERS_MAX, VIEW_RIDERS_MIN } from './limits.ts'

/**
 * What a rider wishes, beside watts and bars. Each kind is one state with a number of its own, said again in every packet
 * until it is acked; the newest number holds. On the wire a wish is kind, number, length, body; a kind that is not known
 * is skipped by its length and acked all the same. docs/protocol.md, "Wishes".
 */
export const WISH = { turn: 1, route: 2, trainer: 3, sources: 4, view: 5, doubt: 6 } as const

/** What a trainer is made to do; the wire sends the index. `unknown`: nobody said. */
export const TRAINER_MODES = ['unknown', 'off', 'road', 'target'] as const
export type TrainerMode = (typeof TRAINER_MODES)[number]
export const TRAINER_MODE_BITS = 2
export const TARGET_BITS = 12

/** Which device gives a quantity; the wire sends the index. `none`: no device, or nobody said. */
export const SOURCES = ['none', 'power-meter', 'cadence-sensor', 'strap', 'trainer', 'controls'] as const
export type SourceName = (typeof SOURCES)[number]
export const SOURCE_BITS = 3

/** A trainer is asked for no more, W. */
export const TARGET_MAX_W = 2500
/** Characters of a route's id: ASCII, as map files have them. */
const ROUTE_ID_MAX = 64
/** Turns as physics counts them: 0 none, 1 left, 2 straight, 3 right, 4 back. */
const TURN_LAST = 4
/** Riders doubted in one wish; the rest next time. */
export const DOUBTS_MAX = 20

export type RiderWish =
  /** For the next junction; back is a U-turn at the next place that lets one. */
  | { readonly kind: 'turn'; readonly turn: number }
  /** From here on along a route of the map; '': along none. */
  | { readonly kind: 'route'; readonly routeId: string }
  /** What this end makes the trainer do; `targetW` is 0 but for `target`. */
  | { readonly kind: 'trainer'; readonly mode: TrainerMode; readonly targetW: number }
  | {
      readonly kind: 'sources'
      readonly power: SourceName
      readonly cadence: SourceName
      readonly heartRate: SourceName
    }
  /** How many riders this viewer wants to see; the server may show fewer. */
  | { readonly kind: 'view'; readonly riders: number }
  /** A check said that this end believes something wrong of these riders: they are to be told whole. [D95] */
  | { readonly kind: 'doubt'; readonly riderIds: readonly number[] }

/** Kind and body as the wish block carries them. */
export interface WishBytes {
  readonly kind: number
  readonly body: Uint8Array
}

export function encodeWish(wish: RiderWish): WishBytes {
  const kind = WISH[wish.kind]
  switch (wish.kind) {
    case 'turn':
      return { kind, body: Uint8Array.of(wish.turn) }
    case 'route':
      return { kind, body: Uint8Array.from(wish.routeId, (letter) => letter.charCodeAt(0)) }
    case 'trainer':
      return { kind, body: Uint8Array.of(TRAINER_MODES.indexOf(wish.mode), wish.targetW & 0xff, wish.targetW >> 8) }
    case 'sources':
      return {
        kind,
        body: Uint8Array.of(...[wish.power, wish.cadence, wish.heartRate].map((name) => SOURCES.indexOf(name))),
      }
    case 'view':
      return { kind, body: Uint8Array.of(wish.riders & 0xff, wish.riders >> 8) }
    case 'doubt':
      return { kind, body: Uint8Array.from(wish.riderIds.flatMap((id) => [id & 0xff, (id >> 8) & 0xff, id >> 16])) }
  }
}

/** `unknown-kind` is no fault of the sender: a later version says more than we know. */
export function decodeWish({ kind, body }: WishBytes): Decoded<RiderWish> | { ok: false; error: 'unknown-kind' } {
  switch (kind) {
    case WISH.turn:
      if (body.length !== 1) return refused('truncated-or-trailing')
      return body[0]! > TURN_LAST ? refused('out-of-range') : decoded({ kind: 'turn', turn: body[0]! })
    case WISH.route:
      if (body.length > ROUTE_ID_MAX) return refused('too-long')
      if (body.some((byte) => byte < 0x21 || byte > 0x7e)) return refused('out-of-range')
      return decoded({ kind: 'route', routeId: String.fromCharCode(...body) })
    case WISH.trainer: {
      if (body.length !== 3) return refused('truncated-or-trailing')
      const mode = TRAINER_MODES[body[0]!]
      const targetW = body[1]! + 256 * body[2]!
      if (mode === undefined || targetW > TARGET_MAX_W) return refused('out-of-range')
      if (mode !== 'target' && targetW !== 0) return refused('not-canonical')
      return decoded({ kind: 'trainer', mode, targetW })
    }
    case WISH.sources: {
      if (body.length !== 3) return refused('truncated-or-trailing')
      const [power, cadence, heartRate] = Array.from(body, (index) => SOURCES[index])
      if (power === undefined || cadence === undefined || heartRate === undefined) return refused('out-of-range')
      return decoded({ kind: 'sources', power, cadence, heartRate })
    }
    case WISH.view: {
      if (body.length !== 2) return refused('truncated-or-trailing')
      const riders = body[0]! + 256 * body[1]!
      return riders < VIEW_RIDERS_MIN || riders > VIEW_RIDERS_MAX
        ? refused('out-of-range')
        : decoded({ kind: 'view', riders })
    }
    case WISH.doubt: {
      if (body.length === 0 || body.length % 3 !== 0) return refused('truncated-or-trailing')
      if (body.length > 3 * DOUBTS_MAX) return refused('too-long')
      const riderIds: number[] = []
      for (let i = 0; i < body.length; i += 3) riderIds.push(body[i]! + 256 * body[i + 1]! + 65536 * body[i + 2]!)
      return decoded({ kind: 'doubt', riderIds })
    }
    default:
      return { ok: false, error: 'unknown-kind' }
  }
}
