import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSocket } from 'node:dgram'
import { randomBytes } from 'node:crypto'
import process from 'node:process'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { HeadlessClient } from '#client/net/headless'
import { Uplink, type UplinkState } from '#bridges/uplink'
import { PROTOCOL_VERSION, SESSION_SILENCE_MS } from '#protocol/limits'
import type { RiderId, Sequence } from '#protocol/ids'
import { systemClock } from '../clock.ts'
import { Sessions } from './sessions.ts'
import { RecordingSink } from './testing.ts'
import { openUdp } from './udp.ts'
import { openWebRtc, type WebRtcCarrier, withCandidate, withoutCandidates } from './webrtc.ts'
import { Nat } from '#test/support/nat'
import { startRoom } from '#test/support/ticking-room'
import { createOriginCheck } from '../http/origins.ts'
import { openWebSockets } from './websocket.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const close of closing.splice(0).toReversed()) await close()
})

function openRoom() {
  const { host, sessions, close } = startRoom()
  closing.push(close)
  return { host, sessions }
}

const sample = (sequence: number, powerW: number) => ({
  sequence: sequence as Sequence,
  atMs: sequence * 250,
  powerW,
  cadenceHalfRpm: 182,
  heartRateBpm: 148,
  steer: 0,
})

async function until(isSo: () => boolean, what: string, withinMs = 8000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

describe('UDP', () => {
  test('[D30] a bridge rides over real sockets: its watts reach the world, own state comes back; restarted, it is the same rider', async () => {
    const { host, sessions } = openRoom()
    const udp = await openUdp({ host: '127.0.0.1', port: 0, sink: sessions })
    closing.push(() => udp.close())
    const requestGrant = async () => ({
      ...sessions.issueToken({ riderId: 3 as RiderId, use: 'ride' }),
      datagram: { host: '127.0.0.1', port: udp.port },
    })
    const owns: number[] = []
    const states: UplinkState[] = []
    const make = () =>
      new Uplink({
        requestGrant,
        nowMs: () => performance.now(),
        onState: (state) => states.push(state),
        onOwn: (own) => owns.push(own.gradeFraction),
      })
    const first = make()
    first.start()
    await until(() => first.state === 'connected', 'the bridge was connected')
    first.send(sample(1, 247))
    await until(() => host.posted.length === 1, 'the sample was posted')
    expect(host.posted[0]).toMatchObject({ row: 2, sample: { powerW: 247, cadenceHalfRpm: 182, heartRateBpm: 148 } })
    await until(() => owns.length > 0, 'own state came back')
    expect(owns[0]).toBeGreaterThan(-0.05)
    await first.close()
    await until(() => sessions.size === 0, 'the goodbye arrived')

    const second = make()
    closing.push(() => second.close())
    second.start()
    await until(() => second.state === 'connected', 'the second bridge was connected')
    second.send(sample(1, 251))
    await until(() => host.posted.length === 2, 'its sample was posted')
    expect(host.posted[1]!.row).toBe(2)
    expect(states).toEqual(['connected', 'closed', 'connected'])
  })

  test('[D31] a bridge whose server went away asks for a new grant and goes on', async () => {
    const { sessions } = openRoom()
    const udp = await openUdp({ host: '127.0.0.1', port: 0, sink: sessions })
    closing.push(() => udp.close())
    let asked = 0
    const uplink = new Uplink({
      requestGrant: async () => {
        asked++
        if (asked === 1) throw new Error('The server is starting.')
        const grant = sessions.issueToken({ riderId: 1 as RiderId, use: 'ride' })
        return { ...grant, datagram: { host: '127.0.0.1', port: udp.port } }
      },
      nowMs: () => performance.now(),
    })
    closing.push(() => uplink.close())
    uplink.start()
    await until(() => uplink.state === 'connected', 'it was connected at the second try')
    sessions.dismiss(1 as RiderId)
    await until(() => asked === 3 && uplink.state === 'connected', 'it came back')
  })

  test('[D31] a server that was killed and is back has its bridges back after ten seconds of silence, not after seventy', async () => {
    const { sessions } = openRoom()
    let udp = await openUdp({ host: '127.0.0.1', port: 0, sink: sessions })
    let aheadMs = 0
    let asked = 0
    const uplink = new Uplink({
      requestGrant: async () => {
        // Nobody answers when it asks first: it goes on knocking, and asks again.
        if (++asked === 2) throw new Error('The server is starting.')
        const grant = sessions.issueToken({ riderId: 1 as RiderId, use: 'ride' })
        return { ...grant, datagram: { host: '127.0.0.1', port: udp.port } }
      },
      askAgainMs: 20,
      nowMs: () => performance.now() + aheadMs,
    })
    closing.push(() => uplink.close())
    uplink.start()
    await until(() => uplink.state === 'connected', 'it was connected')
    await udp.close()
    aheadMs = SESSION_SILENCE_MS + 1
    await until(() => uplink.state === 'silent', 'it noticed')
    udp = await openUdp({ host: '127.0.0.1', port: 0, sink: sessions })
    closing.push(() => udp.close())
    await until(() => asked === 3 && uplink.state === 'connected', 'it came back with a new grant')
  })

  test('[D31] a rider lent by a code goes on knocking: there is no second grant to ask for', async () => {
    const { sessions } = openRoom()
    const udp = await openUdp({ host: '127.0.0.1', port: 0, sink: sessions })
    let aheadMs = 0
    let asked = 0
    const uplink = new Uplink({
      requestGrant: async () => {
        asked++
        const grant = sessions.issueToken({ riderId: 1 as RiderId, use: 'ride' })
        return { ...grant, datagram: { host: '127.0.0.1', port: udp.port } }
      },
      mayAskAgain: () => false,
      askAgainMs: 1,
      nowMs: () => performance.now() + aheadMs,
    })
    closing.push(() => uplink.close())
    uplink.start()
    await until(() => uplink.state === 'connected', 'it was connected')
    await udp.close()
    aheadMs = SESSION_SILENCE_MS + 1
    await until(() => uplink.state === 'silent', 'it noticed')
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect([asked, uplink.state]).toEqual([1, 'silent'])
  })

  test('[D111] a router forgets, five times: the bridge rides on in the same session, its watts arrive at once', async () => {
    const { host, sessions } = openRoom()
    const udp = await openUdp({ host: '127.0.0.1', port: 0, sink: sessions })
    closing.push(() => udp.close())
    const nat = new Nat(udp.port)
    const port = await nat.open()
    closing.push(() => nat.close())
    let asked = 0
    let owns = 0
    const uplink = new Uplink({
      requestGrant: async () => {
        asked++
        return {
          ...sessions.issueToken({ riderId: 3 as RiderId, use: 'ride' }),
          datagram: { host: '127.0.0.1', port },
        }
      },
      nowMs: () => performance.now(),
      onOwn: () => owns++,
    })
    closing.push(() => uplink.close())
    uplink.start()
    await until(() => uplink.state === 'connected', 'the bridge was connected')
    for (let i = 0; i < 5; i++) {
      await nat.rebind()
      uplink.send(sample(i + 1, 200 + i))
      await until(() => host.posted.at(-1)?.sample.powerW === 200 + i, 'its sample was posted')
      await until(() => (sessions.counts['pathChanges'] ?? 0) === i + 1, 'the new path was proven')
      const heard = owns
      await until(() => owns > heard, 'own state came back')
    }
    expect([asked, sessions.size, uplink.state]).toEqual([1, 1, 'connected'])
  })

  test('[D32] nothing is answered to strangers: rubbish gets silence and is counted', async () => {
    const { sessions } = openRoom()
    const udp = await openUdp({ host: '127.0.0.1', port: 0, sink: sessions })
    closing.push(() => udp.close())
    const stranger = createSocket('udp4')
    closing.push(() => stranger.close())
    let heard = 0
    stranger.on('message', () => heard++)
    const connect = new Uint8Array(1200)
    connect.set([0x01, PROTOCOL_VERSION])
    const rubbish = [
      Uint8Array.of(),
      Uint8Array.of(0xff),
      Uint8Array.of(0x01, 0x01),
      connect,
      new Uint8Array(1201).fill(4),
    ]
    for (const datagram of rubbish) stranger.send(datagram, udp.port, '127.0.0.1')
    await until(() => sessions.counts['datagramsIn'] === 5, 'all had arrived')
    expect(sessions.counts).toMatchObject({
      'wrong-kind': 1,
      'truncated-or-trailing': 2,
      'token-forged': 1,
      'too-long': 1,
    })
    expect([heard, sessions.counts['datagramsOut'] ?? 0]).toEqual([0, 0])
  })

  test('a port in use is one sentence that names it', async () => {
    const sink = new RecordingSink()
    const udp = await openUdp({ host: '127.0.0.1', port: 0, sink })
    closing.push(() => udp.close())
    await expect(openUdp({ host: '127.0.0.1', port: udp.port, sink })).rejects.toThrow(
      new RegExp(`^UDP port ${udp.port} on 127.0.0.1 cannot be opened: .*\\.$`),
    )
  })
})

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  return (server.address() as AddressInfo).port
}

describe('WebSocket', () => {
  test('[D33] the same datagrams over /datagrams; other paths stay with whoever served them', async () => {
    const { host, sessions } = openRoom()
    const server = createServer()
    const other = new WebSocketServer({ server })
    other.on('connection', (socket) => socket.send('the other'))
    closing.push(() => other.close())
    const carrier = openWebSockets({ server, sink: sessions, isOriginAllowed: createOriginCheck([]) })
    closing.push(() => carrier.close())
    const port = await listen(server)

    const socket = new WebSocket(`ws://127.0.0.1:${port}/datagrams`)
    await new Promise((resolve) => socket.once('open', resolve))
    const { token } = sessions.issueToken({ riderId: 4 as RiderId, use: 'ride' })
    const client = new HeadlessClient({
      token,
      path: 'channel',
      randomBytes,
      nowMs: performance.now(),
      send: (datagram) => socket.send(datagram),
    })
    socket.on('message', (datagram: Buffer) => client.receive(datagram, performance.now()))
    client.work(performance.now())
    await until(() => client.session.state === 'connected', 'it was connected')
    client.offer(sample(9, 300), performance.now())
    await until(() => client.buffer.own?.ackedSequence === 9, 'the sample was acked')
    expect(host.posted[0]!.row).toBe(3)
    expect(client.buffer.take().filter((record) => record.kind === 'absolute').length).toBeGreaterThanOrEqual(4)

    const elsewhere = new WebSocket(`ws://127.0.0.1:${port}/ride`)
    const said = await new Promise((resolve) => elsewhere.once('message', (data) => resolve(String(data))))
    expect(said).toBe('the other')
    elsewhere.terminate()

    socket.terminate()
    await until(() => sessions.size === 0, 'the session ended with its channel')
  })

  test('[D34] a page of another origin is refused, text and oversized messages end the socket', async () => {
    const sink = new RecordingSink()
    const server = createServer()
    const carrier = openWebSockets({ server, sink, isOriginAllowed: createOriginCheck(['https://friend.example']) })
    closing.push(() => carrier.close())
    const port = await listen(server)
    const url = `ws://127.0.0.1:${port}/datagrams`
    const outcome = (origin: string | undefined, then: (socket: WebSocket) => void = (socket) => socket.terminate()) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(url, origin === undefined ? {} : { origin })
        socket.on('open', () => then(socket))
        socket.on('error', (error) => resolve(error.message))
        socket.on('close', (code) => resolve(`closed ${code}`))
      })
    expect(await outcome('http://evil.example')).toBe('Unexpected server response: 403')
    expect(await outcome(`http://127.0.0.1:${port}`)).toBe('closed 1006')
    expect(await outcome('https://friend.example')).toBe('closed 1006')
    expect(await outcome(undefined, (socket) => socket.send('text'))).toBe('closed 1003')
    expect(await outcome(undefined, (socket) => socket.send(new Uint8Array(1201)))).toBe('closed 1009')
    expect([carrier.counts.originRefused, sink.received.length]).toEqual([1, 0])
  })

  test('[D127] a socket that says nothing between two looks, or is said nothing to, is ended; one that is spoken with stays', async () => {
    const sink = new RecordingSink()
    const server = createServer()
    const looks: (() => void)[] = []
    const after = (_ms: number, look: () => void) => {
      looks.push(look)
      return () => {}
    }
    const carrier = openWebSockets({ server, sink, isOriginAllowed: () => true, clock: { after } })
    closing.push(() => carrier.close())
    const port = await listen(server)
    const [silent, stranger, speaking] = [0, 1, 2].map(() => new WebSocket(`ws://127.0.0.1:${port}/datagrams`)) as [
      WebSocket,
      WebSocket,
      WebSocket,
    ]
    const ended = new Set<string>()
    silent.on('close', () => ended.add('silent'))
    stranger.on('close', () => ended.add('stranger'))
    speaking.on('close', () => ended.add('speaking'))
    const all = [silent, stranger, speaking]
    await Promise.all(all.map((socket) => new Promise((resolve) => socket.once('open', resolve))))
    looks.shift()!() // All were heard: they came.
    stranger.send(Uint8Array.of(2)) // Talks on and on, and is answered nothing: it never had a token.
    speaking.send(Uint8Array.of(1))
    await until(() => sink.received.length === 2, 'they were heard')
    sink.received.find(({ datagram }) => datagram[0] === 1)!.peer.send(Uint8Array.of(5))
    looks.shift()!()
    await until(() => ended.size > 1, 'two were ended')
    expect([[...ended].toSorted(), looks.length]).toEqual([['silent', 'stranger'], 1])
    speaking.terminate()
  })

  test('[D35] to a peer that reads too slowly datagrams are dropped, not queued', async () => {
    const sink = new RecordingSink()
    const server = createServer()
    const carrier = openWebSockets({ server, sink, isOriginAllowed: () => true })
    closing.push(() => carrier.close())
    const port = await listen(server)
    const socket = new WebSocket(`ws://127.0.0.1:${port}/datagrams`)
    await new Promise((resolve) => socket.once('open', resolve))
    closing.push(() => socket.terminate())
    socket.send(Uint8Array.of(1))
    await until(() => sink.received.length === 1, 'it was heard')
    socket.pause()
    const { peer } = sink.received[0]!
    for (let i = 0; i < 20_000 && carrier.counts.dropped === 0; i++) peer.send(new Uint8Array(1200))
    expect(carrier.counts.dropped).toBeGreaterThan(0)
  })
})

describe('WebRTC', () => {
  test('[D36] an offer cannot name whom we knock at: its candidates never reach the gateway', () => {
    const kept = ['v=0', 'a=ice-ufrag:abcd', 'a=setup:actpass', 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel']
    const named = [
      'a=candidate:1 1 UDP 2122317823 198.51.100.7 53 typ host',
      'a=candidate:2 1 UDP 1 x.example 9 typ host',
    ]
    const offer = [kept[0], named[0], ...kept.slice(1), named[1], 'a=end-of-candidates', ''].join('\r\n')
    expect(withoutCandidates(offer)).toBe(`${kept.join('\r\n')}\r\n`)
    expect(withoutCandidates(named[1]!)).toBe('')
  })

  test('[D171] behind a router the outer address stands beside the inner one, in every answer', () => {
    const inner = 'a=candidate:1 1 UDP 2122317823 192.168.1.20 8215 typ host'
    const answer = ['v=0', 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel', inner, 'a=end-of-candidates', '']
    const told = withCandidate(answer.join('\r\n'), '203.0.113.7', 40_000).split('\r\n')
    expect(told.filter((line) => line.startsWith('a=candidate'))).toEqual([
      inner,
      'a=candidate:99 1 UDP 1686052607 203.0.113.7 40000 typ srflx raddr 192.168.1.20 rport 8215',
    ])
    expect(told).toHaveLength(answer.length + 1)
    const moved = withCandidate(answer.join('\r\n'), undefined, 40_000)
    expect(moved).toContain(' 192.168.1.20 40000 typ srflx ')
    expect(withCandidate('v=0\r\n', '203.0.113.7', 1)).toBe('v=0\r\n')
  })

  /** Joins through the gateway as a browser would, with node-datachannel as the foreign end. */
  async function join(carrier: WebRtcCarrier, sessions: Sessions, riderId: number) {
    const { PeerConnection } = await import('node-datachannel')
    const connection = new PeerConnection('browser', { iceServers: [], bindAddress: '127.0.0.1' })
    closing.push(() => connection.close())
    const offer = new Promise<string>((resolve) => {
      connection.onGatheringStateChange((state) => {
        if (state === 'complete') resolve(connection.localDescription()!.sdp)
      })
    })
    const channel = connection.createDataChannel('gruppetto', { unordered: true, maxRetransmits: 0 })
    const isOpen = new Promise<void>((resolve) => channel.onOpen(() => resolve()))
    const answer = await carrier.answer(await offer)
    if (answer === undefined) throw new Error('The gateway did not answer.')
    connection.setRemoteDescription(answer, 'answer')
    await isOpen
    const { token } = sessions.issueToken({ riderId: riderId as RiderId, use: 'ride' })
    const client = new HeadlessClient({
      token,
      path: 'channel',
      randomBytes,
      nowMs: performance.now(),
      send: (datagram) => void channel.sendMessageBinary(Buffer.from(datagram)),
    })
    channel.onMessage((message) => {
      if (typeof message !== 'string') client.receive(new Uint8Array(message), performance.now())
    })
    client.work(performance.now())
    await until(() => client.session.state === 'connected', 'it was connected')
    return { client, connection, answer }
  }

  test('[D171] all browsers meet on one UDP port, which port 0 chooses, and the gateway says what it costs', async () => {
    const { sessions } = openRoom()
    const carrier = await openWebRtc({
      ...{ host: '127.0.0.1', port: 0, sink: sessions, clock: systemClock, say: () => {} },
      ...{ advertisedHost: '127.0.0.1', advertisedPort: 4 },
    })
    closing.push(() => carrier.close())
    const joined = [await join(carrier, sessions, 1), await join(carrier, sessions, 2)]
    for (const { answer } of joined) {
      const ports = [...answer.matchAll(/^a=candidate:\S+ 1 UDP \d+ \S+ (\d+)/gm)].map((match) => Number(match[1]))
      expect(ports).toEqual([carrier.port, 4])
    }
    expect(sessions.size).toBe(2)
    await until(() => carrier.load?.peers === 2, 'the gateway has said how busy it is')
    expect(carrier.load!.memoryBytes).toBeGreaterThan(1e6)
    expect(carrier.load!.shed).toBe(0)
  }, 20_000)

  test('[D37] without node-datachannel WebRTC is off, and one sentence says so', async () => {
    const hidden =
      "import{registerHooks}from'node:module';const resolve=(name,context,next)=>{" +
      "if(name==='node-datachannel')throw new Error('not here');return next(name,context)};registerHooks({resolve})"
    vi.stubEnv('NODE_OPTIONS', `--import=data:text/javascript,${encodeURIComponent(hidden)}`)
    const said: string[] = []
    const carrier = await openWebRtc({
      host: '127.0.0.1',
      port: 0,
      sink: new RecordingSink(),
      clock: systemClock,
      say: (sentence) => said.push(sentence),
    })
    closing.push(() => carrier.close())
    expect([carrier.state, await carrier.answer('v=0')]).toEqual(['off', undefined])
    expect(said).toEqual(['WebRTC is off, browsers use WebSocket: node-datachannel cannot be loaded (not here).'])
  })

  test('[D36] the same datagrams through a gateway in its own process; killed, it comes back and other carriers ride on', async () => {
    const { host, sessions } = openRoom()
    const said: string[] = []
    const udp = await openUdp({ host: '127.0.0.1', port: 0, sink: sessions })
    closing.push(() => udp.close())
    // One port for all peers: free a moment ago, so free now.
    const probe = await openUdp({ host: '127.0.0.1', port: 0, sink: new RecordingSink() })
    await probe.close()
    const carrier = await openWebRtc({
      host: '127.0.0.1',
      port: probe.port,
      sink: sessions,
      clock: systemClock,
      say: (sentence) => said.push(sentence),
    })
    closing.push(() => carrier.close())
    expect(carrier.state).toBe('ready')

    const bridge = new Uplink({
      requestGrant: async () => ({
        ...sessions.issueToken({ riderId: 1 as RiderId, use: 'ride' }),
        datagram: { host: '127.0.0.1', port: udp.port },
      }),
      nowMs: () => performance.now(),
    })
    closing.push(() => bridge.close())
    bridge.start()

    const first = await join(carrier, sessions, 2)
    first.client.offer(sample(5, 260), performance.now())
    await until(() => first.client.buffer.own?.ackedSequence === 5, 'the sample was acked')
    expect(host.posted.map(({ row, sample: s }) => [row, s.powerW])).toEqual([[1, 260]])
    expect(await carrier.answer('v=0 nonsense')).toBeUndefined()

    await until(() => bridge.state === 'connected', 'the bridge was connected')
    process.kill(carrier.pid!, 'SIGKILL')
    await until(() => carrier.state === 'down', 'the loss was noticed')
    expect(sessions.hasInput(2 as RiderId)).toBe(false)
    expect(await carrier.answer('v=0')).toBeUndefined()
    await until(() => carrier.state === 'ready', 'the gateway was back', 3000)
    await join(carrier, sessions, 2)
    expect([bridge.state, said.length]).toEqual(['connected', 1])
    expect(said[0]).toMatch(
      /^The WebRTC gateway ended \(SIGKILL\) and starts again in 200 ms; other connections ride on\.$/,
    )
  }, 20_000)
})
