import { errorWords } from './words/errors.ts'
import { readyWorld, type ReadyWorld } from '#maps/ready'
import type { ClientClock } from './clock.ts'
import type { Admission } from './entry.ts'
import { Connection } from './net/connection.ts'
import type { Answer } from './pages/api.ts'
import { line } from './words/line.ts'

/** `replaced`: somebody else has the legs. `begun-anew`: the room is another one now, or will be. */
export type RideClosed = 'replaced' | 'begun-anew' | 'over'

export interface OpeningOptions {
  readonly admission: Admission
  readonly clock: ClientClock
  /** The server has ended it: why, in words, and what a page may do about it. */
  readonly onClosed: (words: string, why: RideClosed) => void
}

/** The line of a ride: begun with the token of admission, mended with new ones, as the same rider in the same room. */
export function openConnection({ admission, clock, onClosed }: OpeningOptions): Connection {
  const { token } = admission
  let first: typeof token | undefined = token
  const connection = new Connection({
    words: line,
    requestToken: async () => {
      const held = first
      first = undefined
      if (held) return held
      const answer = await admission.renew()
      if (answer.ok) {
        const { rider, room } = answer.value
        if (rider.id === token.rider.id && room.id === token.room.id) return answer.value
        // A server that was started again knows the person, and has put another rider on another road.
        connection.close()
        onClosed(errorWords.begunAnew, 'begun-anew')
        throw new Error(errorWords.begunAnew)
      }
      if (!answer.isPassing) {
        connection.close()
        onClosed(answer.message, 'over')
      }
      throw new Error(answer.message)
    },
    nowMs: () => clock.nowMs(),
    onState: (state) => {
      if (state.state !== 'closed' || state.reason === 'left') return
      const why = state.reason === 'replaced' ? 'replaced' : state.reason === 'room-closed' ? 'begun-anew' : 'over'
      onClosed(state.words, why)
    },
  })
  connection.start()
  return connection
}

/** The road, from the server that rides it: the same road, by its hash. */
export async function fetchWorld({ token }: Admission): Promise<Answer<ReadyWorld>> {
  const loaded = await fetchLoadedWorld(token.room.mapId)
  if (loaded.ok && loaded.value.mapHash !== token.room.mapHash) return { ok: false, message: errorWords.otherRoad }
  return loaded
}

export async function fetchLoadedWorld(mapId: string): Promise<Answer<ReadyWorld>> {
  const folder = `/maps/${encodeURIComponent(mapId)}`
  try {
    const [ready, course] = await Promise.all([fetch(`${folder}/ready.json`), fetch(`${folder}/course.bin`)])
    const loaded = readyWorld(await ready.json(), new Uint8Array(await course.arrayBuffer()))
    return loaded.ok ? loaded : { ok: false, message: errorWords.badRoad(loaded.error[0]!) }
  } catch {
    return { ok: false, message: errorWords.noRoad }
  }
}
