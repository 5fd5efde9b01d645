import { PROTOCOL_VERSION } from '#protocol/limits'
import { Connection, type TokenAnswer } from './net/connection.ts'
import { NetWatch } from './net-watch.ts'
import { get, post, type Answer } from './pages/api.ts'
import type { ClientClock } from './clock.ts'
import { line } from './words/line.ts'

/** What the server tells who asks (GET /api/reach). */
export interface Reach {
  readonly version: string
  readonly protocol: number
  readonly you: string
  readonly datagram: { readonly host: string; readonly port: number; readonly isSet: boolean }
  readonly webrtc: { readonly state: string; readonly reason: string; readonly port: number; readonly peers: number }
}

/** A test of the line by who rides nowhere: looks on from a pacer's wheel, as a riding page would. */
export interface Probe {
  readonly net: NetWatch
  readonly reach: Reach
  close(): void
}

const BEAT_MS = 50

export async function startProbe(clock: ClientClock): Promise<Answer<Probe>> {
  const askToken = (): Promise<Answer<TokenAnswer>> =>
    post<TokenAnswer>('/api/token', { protocol: PROTOCOL_VERSION, lookOn: '' })
  const [reach, token] = await Promise.all([get<Reach>('/api/reach'), askToken()])
  if (!reach.ok) return reach
  if (!token.ok) return token
  let first: TokenAnswer | undefined = token.value
  const connection = new Connection({
    words: line,
    requestToken: async () => {
      const held = first
      first = undefined
      if (held) return held
      const answer = await askToken()
      if (answer.ok) return answer.value
      throw new Error(answer.message)
    },
    nowMs: () => clock.nowMs(),
    onState: () => {},
  })
  connection.start()
  const net = new NetWatch({
    ...{ connection, name: 'Test', roomId: token.value.room.id },
    nowMs: () => clock.nowMs(),
    inView: () => 0,
    hasSensor: () => false,
    isShared: false,
  })
  let isOver = false
  const frame = (): void => {
    if (isOver) return
    net.frame(clock.nowMs())
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
  const timer = setInterval(() => {
    connection.buffer.take() // Nobody draws them.
    net.beat(clock.nowMs())
  }, BEAT_MS)
  return {
    ok: true,
    value: {
      ...{ net, reach: reach.value },
      close() {
        isOver = true
        clearInterval(timer)
        net.close()
        connection.close()
      },
    },
  }
}
