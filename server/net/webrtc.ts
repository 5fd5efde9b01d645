import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { WEBRTC_OFFER_CHARS_MAX } from '#protocol/limits'
import type { Clock } from '../clock.ts'
import type { DatagramSink, Peer } from './peers.ts'
import type { FromGateway, ToGateway } from './webrtc-messages.ts'

export interface WebRtcCarrier {
  /** off: the package is missing (`reason` says so). down: restarting. */
  readonly state: 'ready' | 'starting' | 'down' | 'off'
  readonly reason: string | undefined
  /** The gateway's process while it lives. */
  readonly pid: number | undefined
  /** Browser's offer in, our answer out; undefined when WebRTC is off or down, or the offer is nonsense. */
  answer(offerSdp: string): Promise<string | undefined>
  close(): Promise<void>
}

export interface WebRtcOptions {
  readonly host: string
  /** The one UDP port all peers share; 0: a free one each. */
  readonly port: number
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

/** Starts the gateway and looks after it: when it dies it is started again, and other carriers never notice. */
export async function openWebRtc(options: WebRtcOptions): Promise<WebRtcCarrier> {
  const gateway = new Gateway(options)
  await gateway.start()
  return gateway
}

class Gateway implements WebRtcCarrier {
  state: WebRtcCarrier['state'] = 'starting'
  reason: string | undefined
  readonly #options: WebRtcOptions
  readonly #peers = new Map<number, Peer>()
  readonly #waiting = new Map<number, (sdp: string | undefined) => void>()
  #child: ChildProcess | undefined
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

  answer(offerSdp: string): Promise<string | undefined> {
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
      send: (datagram) => this.#tell({ kind: 'send', peer: id, datagram }),
      close: () => this.#tell({ kind: 'close', peer: id }),
    }
    this.#peers.set(id, peer)
    return peer
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
