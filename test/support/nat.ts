import { createSocket, type Socket } from 'node:dgram'

const LOOPBACK = '127.0.0.1'

/** A router between a client and a server, on loopback: what comes in goes out by a port of its own, which it may forget. */
export class Nat {
  readonly #inside = createSocket('udp4')
  readonly #serverPort: number
  /** All that were ever opened, the newest last. */
  readonly #sockets: Socket[] = []
  #outside: Socket | undefined
  #clientPort = 0

  constructor(serverPort: number) {
    this.#serverPort = serverPort
    this.#inside.on('message', (datagram, { port }) => {
      this.#clientPort = port
      this.#outside?.send(datagram, this.#serverPort, LOOPBACK)
    })
  }

  /** Answers the port that clients talk to. */
  async open(): Promise<number> {
    await new Promise<void>((resolve) => this.#inside.bind(0, LOOPBACK, () => resolve()))
    await this.rebind()
    return this.#inside.address().port
  }

  /** From now on the client is seen under another port; what is sent to the old one is lost. */
  async rebind(): Promise<void> {
    const socket = createSocket('udp4')
    socket.on('message', (datagram) => {
      if (socket === this.#outside) this.#inside.send(datagram, this.#clientPort, LOOPBACK)
    })
    await new Promise<void>((resolve) => socket.bind(0, LOOPBACK, () => resolve()))
    this.#sockets.push(socket)
    this.#outside = socket
  }

  close(): void {
    for (const socket of [this.#inside, ...this.#sockets]) socket.close()
  }
}
