import { type ChildProcess, fork } from 'node:child_process'
import { lookup } from 'node:dns/promises'
import { fileURLToPath } from 'node:url'
import { WEBRTC_OFFER_CHARS_MAX } from '#protocol/limits'
import type { Clock } from '../clock.ts'
import type { DatagramSink, Peer } from './peers.ts'
import { freeUdpPort } from './udp.ts'
import type { FromGateway, GatewayLoad, ToGateway } from './webrtc-messages.ts'

export interface WebRtcCarrier {
  /** off: the package is missing (`reason` says so). down: restarting. */
  readonly state: 'ready' | 'starting' | 'down' | 'off'
  readonly reason: string | undefined
  /** The gateway's process while it lives. */
  readonly pid: number | undefined
  /** The one UDP port of all peers; the same after every restart. */
  readonly port: number
  readonly peers: number
  /** What the gateway said of itself last; undefined before it did. */
  readonly load: GatewayLoad | undefined
  /** Datagrams to browsers dropped because the gateway did not take them. */
  readonly dropped: number
  /** Browser's offer in, our answer out; undefined when WebRTC is off or down, or the offer is nonsense. */
  answer(offerSdp: string): Promise<string | undefined>
  close(): Promise<void>
}

export interface WebRtcOptions {
  readonly host: string
  /** The one UDP port all peers share; 0: a free one. */
  readonly port: number
  /** Where that port is reached from outside, if a router or container stands before it. */
  readonly advertisedHost?: string | undefined
  readonly advertisedPort?: number | undefined
  readonly sink: DatagramSink
  readonly clock: Clock
  readonly say: (sentence: string) => void
}

const ANSWER_MS = 5000
const RESTART_FIRST_MS = 200
const RESTART_MAX_MS = 5000
/** A gateway that lived so long starts its next life at once. */
const STEADY_MS = 30_000
const OFFERS_WAITING_MAX = 100
/** Bytes on their way to the gateway; what is more waits behind a process that does not read, and is old when it does. */
const PIPE_BYTES_MAX = 4 * 1024 * 1024
/** Names are looked up again after this. */
const LOOKUP_MS = 60_000

/** Starts the gateway and looks after it: when it dies it is started again, and other carriers never notice. */
export async function openWebRtc(options: WebRtcOptions): Promise<WebRtcCarrier> {
  const { host, port } = options
  const gateway = new Gateway({ ...options, port: port === 0 ? await freeUdpPort(host) : port })
  await gateway.start()
  return gateway
}

class Gateway implements WebRtcCarrier {
  state: WebRtcCarrier['state'] = 'starting'
  reason: string | undefined
  readonly #options: WebRtcOptions
  readonly #peers = new Map<number, Peer>()
  readonly #waiting = new Map<number, (sdp: string | undefined) => void>()
  load: GatewayLoad | undefined
  dropped = 0
  #child: ChildProcess | undefined
  #pipeBytes = 0
  #outside: { readonly address: string; readonly untilMs: number } | undefined
  #nextId = 1
  #restartMs = RESTART_FIRST_MS
  #startedMs = 0
  #cancelRestart: (() => void) | undefined
  #isClosing = false

  constructor(options: WebRtcOptions) {
    this.#options = options
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  get port(): number {
    return this.#options.port
  }

  get peers(): number {
    return this.#peers.size
  }

  /** Resolves when the gateway is ready, or known to be missing. */
  start(): Promise<void> {
    const { host, port, clock } = this.#options
    this.#startedMs = clock.nowMs()
    const child = fork(fileURLToPath(new URL('webrtc-gateway.ts', import.meta.url)), {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    this.#child = child
    child.send({ kind: 'open', host, port } satisfies ToGateway, () => {})
    return new Promise((resolve) => {
      child.on('message', (message: FromGateway) => {
        this.#hear(message)
        if (message.kind === 'ready' || message.kind === 'missing') resolve()
      })
      child.on('error', () => {}) // `exit` follows, or the process never was: both end below.
      child.once('exit', (code, signal) => {
        this.#lost(child, signal ?? `code ${code}`)
        resolve()
      })
    })
  }

  async answer(offerSdp: string): Promise<string | undefined> {
    const sdp = await this.#ask(offerSdp)
    const { advertisedHost, advertisedPort, port } = this.#options
    if (sdp === undefined || (advertisedHost === undefined && advertisedPort === undefined)) return sdp
    const address = advertisedHost === undefined ? undefined : await this.#addressOf(advertisedHost)
    return withCandidate(sdp, address, advertisedPort ?? port)
  }

  /** Not every browser looks up names in candidates, so that we do; undefined when there is no such name just now. */
  async #addressOf(name: string): Promise<string | undefined> {
    const nowMs = this.#options.clock.nowMs()
    if (this.#outside !== undefined && nowMs < this.#outside.untilMs) return this.#outside.address
    const found = await lookup(name).catch(() => undefined)
    if (found === undefined) return this.#outside?.address
    this.#outside = { address: found.address, untilMs: nowMs + LOOKUP_MS }
    return found.address
  }

  #ask(offerSdp: string): Promise<string | undefined> {
    const child = this.#child
    if (this.state !== 'ready' || child === undefined) return Promise.resolve(undefined)
    if (offerSdp.length > WEBRTC_OFFER_CHARS_MAX || this.#waiting.size >= OFFERS_WAITING_MAX)
      return Promise.resolve(undefined)
    const id = this.#nextId++
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(ANSWER_MS, () => done(undefined))
      const done = (sdp: string | undefined): void => {
        cancel()
        this.#waiting.delete(id)
        resolve(sdp)
      }
      this.#waiting.set(id, done)
      this.#tell({ kind: 'offer', id, sdp: withoutCandidates(offerSdp) })
    })
  }

  async close(): Promise<void> {
    this.#isClosing = true
    this.#cancelRestart?.()
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve())
      if (child.connected) child.disconnect()
      else child.kill()
    })
  }

  #hear(message: FromGateway): void {
    const { sink, say } = this.#options
    switch (message.kind) {
      case 'ready':
        this.state = 'ready'
        return
      case 'missing':
        this.state = 'off'
        this.reason = `WebRTC is off, browsers use WebSocket: node-datachannel cannot be loaded (${message.reason}).`
        say(this.reason)
        return
      case 'answer':
        this.#waiting.get(message.id)?.(message.sdp)
        return
      case 'datagram':
        sink.receive(this.#peer(message.peer), message.datagram)
        return
      case 'load':
        this.load = message.load
        return
      case 'gone': {
        const peer = this.#peers.get(message.peer)
        this.#peers.delete(message.peer)
        if (peer !== undefined) sink.gone(peer)
      }
    }
  }

  #peer(id: number): Peer {
    const known = this.#peers.get(id)
    if (known !== undefined) return known
    const peer: Peer = {
      key: `rtc/${id}`,
      carrier: 'webrtc',
      path: 'channel',
      send: (datagram) => this.#send(id, datagram),
      close: () => this.#tell({ kind: 'close', peer: id }),
    }
    this.#peers.set(id, peer)
    return peer
  }

  #send(peer: number, datagram: Uint8Array): void {
    const child = this.#child
    if (child?.connected !== true) return
    if (this.#pipeBytes > PIPE_BYTES_MAX) {
      this.dropped++
      return
    }
    this.#pipeBytes += datagram.length
    child.send({ kind: 'send', peer, datagram } satisfies ToGateway, () => {
      if (child === this.#child) this.#pipeBytes -= datagram.length
    })
  }

  #tell(message: ToGateway): void {
    const child = this.#child
    // A gateway that dies while we speak is noticed at its exit.
    if (child?.connected === true) child.send(message, () => {})
  }

  /** The gateway ended. Its peers are gone; unless we wanted it, or it has nothing to run with, it starts again. */
  #lost(child: ChildProcess, how: string): void {
    if (this.#child !== child) return
    this.#child = undefined
    this.#pipeBytes = 0
    this.load = undefined
    for (const done of this.#waiting.values()) done(undefined)
    for (const peer of this.#peers.values()) this.#options.sink.gone(peer)
    this.#peers.clear()
    if (this.#isClosing || this.state === 'off') return
    this.state = 'down'
    const { clock, say } = this.#options
    if (clock.nowMs() - this.#startedMs > STEADY_MS) this.#restartMs = RESTART_FIRST_MS
    const delayMs = this.#restartMs
    this.#restartMs = Math.min(this.#restartMs * 2, RESTART_MAX_MS)
    say(`The WebRTC gateway ended (${how}) and starts again in ${delayMs} ms; other connections ride on.`)
    this.#cancelRestart = clock.after(delayMs, () => void this.start())
  }
}

/**
 * Browsers come to us, and where from is seen from their first packet. Candidates of a stranger would have us look up
 * names and knock at addresses of their choice, many times for one request.
 */
export function withoutCandidates(sdp: string): string {
  return sdp.replaceAll(/^a=(candidate|remote-candidates|end-of-candidates)\b.*(\r?\n|$)/gm, '')
}

/**
 * The answer names addresses of this machine; behind a router or in a container riders outside come by another one, which is
 * added behind them: who is in the same network still takes the short way. Without an address only the port is another.
 */
export function withCandidate(sdp: string, address: string | undefined, port: number): string {
  const lines = sdp.split('\r\n')
  const first = lines.findIndex((line) => /^a=candidate:\S+ 1 UDP /i.test(line))
  if (first < 0) return sdp
  const inner = lines[first]!.split(' ')
  const outer = address ?? inner[4]!
  const line = `a=candidate:99 1 UDP 1686052607 ${outer} ${port} typ srflx raddr ${inner[4]} rport ${inner[5]}`
  let last = first
  while (lines[last + 1]?.startsWith('a=candidate:') === true) last++
  return lines.toSpliced(last + 1, 0, line).join('\r\n')
}
