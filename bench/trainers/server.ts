import { fromHex } from '#bridges/core/bytes'
import type { UplinkGrant } from '#bridges/uplink'
import { Child } from './child.ts'

export interface ServerOrder {
  /** Say when each sample came. */
  readonly isTold: boolean
}

export type ServerWord =
  | ReadyWord
  /** The datagram that first brought a sample of these watts. */
  | { readonly word: 'came'; readonly powerW: number; readonly atNs: string }
  | { readonly word: 'bare'; readonly number: number; readonly atNs: string }

interface ReadyWord {
  readonly word: 'ready'
  readonly host: string
  readonly port: number
  readonly barePort: number
  readonly token: string
  readonly up: string
  readonly down: string
}

/** A process with a room, and what lets one rider in. */
export async function startServer(order: ServerOrder, onWord: (word: ServerWord) => void = () => {}) {
  const heard = Promise.withResolvers<ReadyWord>()
  const child = new Child('server-process.ts', order, (word: ServerWord) => {
    if (word.word === 'ready') heard.resolve(word)
    onWord(word)
  })
  const { host, port, barePort, token, up, down } = await child.orEnd(heard.promise)
  const grant: UplinkGrant = {
    ...{ token: fromHex(token)!, keys: { up: fromHex(up)!, down: fromHex(down)! } },
    datagram: { host, port },
  }
  return { child, grant, host, barePort }
}
