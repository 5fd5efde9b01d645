import { OWN_FLAG_BOUND } from '#protocol/own'
import type { OwnState } from '#protocol/session'
import { plainText } from './core/text.ts'
import type { RouteAnswer, ServerDoor } from './server-door.ts'

export interface RouteDeskOptions {
  readonly door: Pick<ServerDoor, 'routes'>
  readonly nowMs: () => number
  readonly say: (sentence: string) => void
  readonly wish: (routeId: string) => void
}

/** A wish is told with the next packets, heeded in the next tick, and answered by the rider's own state. */
const HEEDED_MS = 3000

/**
 * The datagrams carry wishes up and no sentences down, so that the bridge finds out itself: which routes there are, the
 * server says over HTTP; whether the rider is on one, the rider's own state says. [B117]
 */
export class RouteDesk {
  readonly #options: RouteDeskOptions
  /** Since when: since the first that was heard of the rider after the wish. */
  #waiting: { readonly number: number; readonly name: string; sinceMs: number | undefined } | undefined

  constructor(options: RouteDeskOptions) {
    this.#options = options
  }

  /** '' leaves the route. Answers a sentence when there is no such route; then nothing was wished. */
  async choose(routeId: string, mapId: string | undefined): Promise<string | undefined> {
    if (routeId === '' || mapId === undefined) {
      this.#waiting = undefined
      this.#options.wish(routeId)
      return undefined
    }
    const routes = await this.#options.door.routes(mapId)
    // Not known is not refused: the server may be slow, and says it by the rider's state.
    if (routes === undefined) {
      this.#options.wish(routeId)
      return undefined
    }
    const index = routes.findIndex(({ id }) => id === routeId)
    if (index < 0) return noSuchRoute(routeId, routes)
    this.#waiting = { number: index + 1, name: routes[index]!.name, sinceMs: undefined }
    this.#options.wish(routeId)
    return undefined
  }

  /** What the server says of the rider. */
  own({ route, flags }: Pick<OwnState, 'route' | 'flags'>): void {
    const waiting = this.#waiting
    if (waiting === undefined) return
    const { say, nowMs } = this.#options
    waiting.sinceMs ??= nowMs()
    if (route === waiting.number) {
      this.#waiting = undefined
      say(`route: ${waiting.name}`)
    } else if ((flags & OWN_FLAG_BOUND) !== 0) {
      this.#waiting = undefined
      say('A race stays on its route.')
    } else if (nowMs() - waiting.sinceMs >= HEEDED_MS) {
      this.#waiting = undefined
      say(`${waiting.name} does not lead by here; ride to one of its roads, then choose it again.`)
    }
  }
}

export function noSuchRoute(routeId: string, routes: readonly RouteAnswer[]): string {
  const names = plainText(routes.map(({ id }) => id).join(', '))
  return `There is no route "${routeId}" here${names === '' ? '' : `; there are ${names}`}.`
}
