import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { RiderId, Sequence } from '#protocol/ids'
import { systemClock } from '#server/clock'
import { Sessions } from '#server/net/sessions'
import { openWebRtc } from '#server/net/webrtc'
import { startRoom } from '#test/support/ticking-room'
import { createOriginCheck } from '#server/http/origins'
import { openWebSockets } from '#server/net/websocket'
import { Connection, type ConnectionState, type TokenAnswer } from './connection.ts'

/** The page's connection against real sockets; Node has WebSocket and fetch, WebRTC is lent by a package. */

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
  vi.unstubAllGlobals()
})

async function startServer(answer: (sdp: string) => Promise<string | undefined>) {
  const { host, sessions, close } = startRoom()
  const server = createServer((request, response) => void signal(request, response, answer))
  const carrier = openWebSockets({ server, sink: sessions, isOriginAllowed: createOriginCheck([]) })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => {
    close()
    await carrier.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  const requestToken = async (): Promise<TokenAnswer> => {
    const { token } = sessions.issueToken({ riderId: 2 as RiderId, use: 'ride' })
    return {
      token: Buffer.from(token).toString('base64url'),
      keys: { up: '', down: '' },
      datagram: { host: '127.0.0.1', port: 0 },
      rider: { id: 2, name: 'Ada' },
      room: { id: 'ride-1', mapId: 'm', mapHash: 'h', tick: 0 },
    }
  }
  return { host, sessions, requestToken, origin: `http://127.0.0.1:${port}` }
}

async function signal(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (sdp: string) => Promise<string | undefined>,
): Promise<void> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  const sdp = await answer((JSON.parse(body) as { sdp: string }).sdp)
  response.statusCode = sdp === undefined ? 503 : 200
  response.end(JSON.stringify({ sdp }))
}

function connect(server: Awaited<ReturnType<typeof startServer>>, webrtcMs = 2000) {
  const states: ConnectionState[] = []
  const connection = new Connection({
    requestToken: server.requestToken,
    onState: (state) => states.push(state),
    nowMs: () => performance.now(),
    origin: server.origin,
    webrtcMs,
  })
  closing.push(() => connection.close())
  connection.start()
  return { connection, names: () => states.map((s) => ('carrier' in s ? `${s.state} ${s.carrier}` : s.state)), states }
}

async function until(isSo: () => boolean, withinMs = 6000): Promise<void> {
  await vi.waitFor(() => expect(isSo()).toBe(true), { timeout: withinMs, interval: 10 })
}

const sample = { sequence: 7 as Sequence, atMs: 7000, powerW: 240, cadenceHalfRpm: 180, heartRateBpm: 0, steer: 0 }

describe("the page's connection", () => {
  test('[D38] where WebRTC does not pass, the WebSocket is taken; samples arrive, a cut line is mended, goodbye is heard', async () => {
    const server = await startServer(async () => undefined)
    const { connection, names, states } = connect(server)
    await until(() => connection.state.state === 'riding')
    expect(names()).toEqual(['connecting webrtc', 'connecting websocket', 'riding websocket'])
    connection.offer(sample)
    await until(() => connection.buffer.own?.ackedSequence === 7)
    expect(server.host.posted.map(({ row, sample: s }) => [row, s.powerW])).toEqual([[1, 240]])
    server.sessions.dismiss(2 as RiderId, 'timed-out') // As if we had been silent: the page comes back by itself.
    await until(() => names().at(-1) === 'riding websocket' && names().includes('reconnecting'))
    connection.close()
    await until(() => server.sessions.size === 0)
    expect(states.at(-1)).toEqual({ state: 'closed', reason: 'left', words: 'You have left the road.' })
  })

  test('[D39] a rider taken over elsewhere is told so and does not fight for the seat', async () => {
    const server = await startServer(async () => undefined)
    const first = connect(server)
    await until(() => first.connection.state.state === 'riding')
    const second = connect(server)
    await until(() => second.connection.state.state === 'riding')
    await until(() => first.connection.state.state === 'closed')
    expect(first.states.at(-1)).toMatchObject({ reason: 'replaced', words: expect.stringContaining('another page') })
  })

  test('[D36] the data channel carries the same session', async () => {
    const polyfill = await import('node-datachannel/polyfill') // An optional package, but tests need it.
    vi.stubGlobal('RTCPeerConnection', polyfill.RTCPeerConnection)
    const sink = { sessions: undefined as Sessions | undefined }
    const carrier = await openWebRtc({
      host: '127.0.0.1',
      port: 0,
      sink: {
        receive: (peer, datagram) => sink.sessions!.receive(peer, datagram),
        gone: (peer) => sink.sessions!.gone(peer),
      },
      clock: systemClock,
      say: () => {},
    })
    closing.push(() => carrier.close())
    const server = await startServer((sdp) => carrier.answer(sdp))
    sink.sessions = server.sessions
    // A busy machine may take its time; here the way counts, not the haste.
    const { connection, names } = connect(server, 20_000)
    await until(() => connection.state.state === 'riding', 20_000)
    expect(names()).toEqual(['connecting webrtc', 'riding webrtc'])
    connection.offer(sample)
    await until(() => connection.buffer.own?.ackedSequence === 7)
    expect(server.host.posted.map(({ row, sample: s }) => [row, s.powerW])).toEqual([[1, 240]])
  }, 30_000)
})
