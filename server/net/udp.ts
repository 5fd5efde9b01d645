import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { AppError } from '../errors.ts'
import type { DatagramSink, Peer } from './peers.ts'

export interface UdpCarrier {
  readonly port: number
  /** Datagrams the system refused to send. */
  readonly sendErrors: number
  close(): Promise<void>
}

const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024

/** node:dgram ⇄ datagrams. Port 0 takes a free one. */
export async function openUdp({
  host,
  port,
  sink,
}: {
  host: string
  port: number
  sink: DatagramSink
}): Promise<UdpCarrier> {
  const family = host.includes(':') ? 6 : 4
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    // Addresses come from datagrams, so there is nothing to look up; node's own look-up would delay each send a turn.
    lookup: (name, _options, done) => done(null, name, family),
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (cause) =>
      reject(new AppError('ERR_CONFIG', `UDP port ${port} on ${host} cannot be opened: ${cause.message}.`, { cause })),
    )
    socket.bind(port, host, () => resolve())
  })
  socket.removeAllListeners('error')
  try {
    socket.setRecvBufferSize(SOCKET_BUFFER_BYTES)
    socket.setSendBufferSize(SOCKET_BUFFER_BYTES)
  } catch {
    // The system allows less: bursts may lose datagrams, which the protocol bears.
  }
  const errors = { send: 0 }
  // ICMP errors of peers that went away surface here; their sessions time out by themselves.
  socket.on('error', () => errors.send++)
  socket.on('message', (bytes, from) => sink.receive(new UdpPeer(socket, from, errors), bytes))
  return {
    port: socket.address().port,
    get sendErrors() {
      return errors.send
    },
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  }
}

/** A port that is free now: for a process that cannot say which one it took. */
export async function freeUdpPort(host: string): Promise<number> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.bind(0, host, () => resolve())
    })
    return socket.address().port
  } finally {
    socket.close()
  }
}

class UdpPeer implements Peer {
  readonly carrier = 'udp'
  readonly path = 'udp'
  readonly isPrompt = true
  readonly #socket: Socket
  readonly #port: number
  readonly #address: string
  readonly #errors: { send: number }
  #key: string | undefined

  constructor(socket: Socket, { address, port }: RemoteInfo, errors: { send: number }) {
    this.#socket = socket
    this.#port = port
    this.#address = address
    this.#errors = errors
  }

  /** Made when asked for: most datagrams of a flood are refused before. */
  get key(): string {
    return (this.#key ??= `udp/${this.#address}/${this.#port}`)
  }

  isAt(other: Peer): boolean {
    return other instanceof UdpPeer && other.#port === this.#port && other.#address === this.#address
  }

  /**
   * Nearly always the system takes the datagram at once. When its buffer is full node keeps a reference until there is
   * room, and the bytes would be written over meanwhile: so what follows is copied while anything waits, and the one that
   * was the first to wait is lost to its receiver, who takes it for forged. A full buffer loses datagrams anyway.
   */
  send(datagram: Uint8Array): void {
    try {
      const isWaiting = this.#socket.getSendQueueCount() > 0
      this.#socket.send(isWaiting ? datagram.slice() : datagram, this.#port, this.#address)
    } catch {
      this.#errors.send++ // The socket is closed; so is the server.
    }
  }

  close(): void {}
}
