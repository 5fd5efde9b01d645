import process from 'node:process'
import type { DataChannel, PeerConnection } from 'node-datachannel'
import { CHANNEL_BUFFER_BYTES_MAX, DATAGRAM_BYTES_MAX, WEBRTC_PEERS_MAX } from '#protocol/limits'
import { systemClock } from '../clock.ts'
import { GatewayBudget } from './webrtc-budget.ts'
import type { FromGateway, ToGateway } from './webrtc-messages.ts'

/**
 * WebRTC data channels in a process of their own: native threads and native faults stay out of the server. Peers meet
 * on one UDP port; a datagram is one binary message of an unordered channel without retransmission.
 */

/** A peer that has not opened its channel by then is let go. */
const OPENING_MS = 15_000
const LOOK_MS = 1000
/** Who has a session is told of each tick; a peer that is told nothing for so long has none, and holds a place. [D127] */
const UNTOLD_MS = 30_000

interface GatewayPeer {
  readonly connection: PeerConnection
  channel: DataChannel | undefined
  toldMs: number
}

const peers = new Map<number, GatewayPeer>()
const budget = new GatewayBudget()
const counts = { dropped: 0, shed: 0 }

function say(message: FromGateway): void {
  if (process.connected) process.send!(message)
}

async function load(): Promise<typeof import('node-datachannel') | undefined> {
  try {
    return await import('node-datachannel')
  } catch (error) {
    say({ kind: 'missing', reason: error instanceof Error ? error.message.split('\n')[0]! : String(error) })
    return undefined
  }
}

const library = await load()
let endpoint = { host: '127.0.0.1', port: 0 }

function accept(id: number, sdp: string): void {
  if (library === undefined || peers.size >= WEBRTC_PEERS_MAX || budget.isFull)
    return say({ kind: 'answer', id, sdp: undefined })
  const { host, port } = endpoint
  const connection = new library.PeerConnection(`peer-${id}`, {
    iceServers: [],
    bindAddress: host === '0.0.0.0' ? undefined : host,
    maxMessageSize: DATAGRAM_BYTES_MAX,
    // One port for everybody: a firewall needs one hole, and who is meant stands in each peer's first packet.
    ...{ enableIceUdpMux: true, portRangeBegin: port, portRangeEnd: port },
  } as ConstructorParameters<typeof library.PeerConnection>[1])
  const peer: GatewayPeer = { connection, channel: undefined, toldMs: systemClock.nowMs() }
  peers.set(id, peer)
  let isAnswered = false
  const answer = (): void => {
    const sdp = connection.localDescription()?.sdp
    // Callbacks come from threads of the library, in no promised order: the description may be the later one.
    if (isAnswered || sdp === undefined || connection.gatheringState() !== 'complete') return
    isAnswered = true
    say({ kind: 'answer', id, sdp })
  }
  connection.onLocalDescription(answer)
  connection.onGatheringStateChange((state) => {
    if (state === 'complete') answer()
  })
  connection.onStateChange((state) => {
    if (state === 'failed' || state === 'closed' || state === 'disconnected') drop(id)
  })
  connection.onDataChannel((channel) => {
    if (peer.channel !== undefined) return channel.close()
    peer.channel = channel
    channel.onMessage((message) => {
      if (typeof message === 'string') return
      const datagram = message instanceof ArrayBuffer ? new Uint8Array(message) : new Uint8Array(message)
      if (datagram.length <= DATAGRAM_BYTES_MAX) say({ kind: 'datagram', peer: id, datagram })
    })
    channel.onClosed(() => drop(id))
    channel.onError(() => drop(id))
  })
  systemClock.after(OPENING_MS, () => {
    if (peer.channel === undefined) drop(id)
  })
  try {
    connection.setRemoteDescription(sdp, 'offer')
  } catch {
    isAnswered = true
    say({ kind: 'answer', id, sdp: undefined }) // Not an offer: the asker hears so.
    drop(id)
  }
}

function drop(id: number): void {
  const peer = peers.get(id)
  if (peer === undefined) return
  peers.delete(id)
  say({ kind: 'gone', peer: id })
  // Closing from inside a callback of the same connection would wait for itself.
  setImmediate(() => peer.connection.close())
}

function send(id: number, datagram: Uint8Array): void {
  const peer = peers.get(id)
  const channel = peer?.channel
  if (peer === undefined || channel === undefined || !channel.isOpen()) return
  peer.toldMs = systemClock.nowMs()
  if (channel.bufferedAmount() > CHANNEL_BUFFER_BYTES_MAX) {
    counts.dropped++
    return
  }
  try {
    channel.sendMessageBinary(Buffer.from(datagram.buffer, datagram.byteOffset, datagram.byteLength))
  } catch {
    drop(id) // Closed between the question and the sending.
  }
}

/** Each second: who has no session, what this costs, and who has to take the WebSocket because it is too much. The newest go first. */
function look(): void {
  const nowMs = systemClock.nowMs()
  for (const [id, { toldMs }] of peers) if (nowMs - toldMs > UNTOLD_MS) drop(id)
  const toGo = budget.look({ nowMs, cpuUs: cpuUs(), peers: peers.size })
  for (const id of [...peers.keys()].slice(peers.size - toGo)) {
    counts.shed++
    drop(id)
  }
  const { cpuShare } = budget
  say({ kind: 'load', load: { peers: peers.size, cpuShare, memoryBytes: process.memoryUsage.rss(), ...counts } })
  systemClock.after(LOOK_MS, look)
}

function cpuUs(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

process.on('message', (message: ToGateway) => {
  switch (message.kind) {
    case 'open':
      endpoint = { host: message.host, port: message.port }
      if (library === undefined) return
      say({ kind: 'ready' })
      look()
      return
    case 'offer':
      return accept(message.id, message.sdp)
    case 'send':
      return send(message.peer, message.datagram)
    case 'close':
      return drop(message.peer)
  }
})
// Ctrl-C reaches the whole group; the server decides when we go, and closes the pipe then.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {})
// The server is gone, and with it the reason to be here.
process.on('disconnect', () => {
  process.exit(0)
})
