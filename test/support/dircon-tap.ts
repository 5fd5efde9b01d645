import { connect, createServer, type Server, type Socket } from 'node:net'
import { DIRCON_TYPE, type DirconFrame, DirconFramer, UUID_BYTES, uuidFromBytes } from '#bridges/dircon/frame'
import { GATT } from '#bridges/core/gatt'

/** A value as it went over the wire, and when. */
export interface Tapped {
  readonly atMs: number
  readonly bytes: Uint8Array
}

/**
 * Between a bridge and a trainer: passes every byte on as it came and writes down what was said. It is there before the
 * trainer is: until `lead` says where that listens, connections wait, as at a trainer that is being switched on.
 */
export class DirconTap {
  /** Notifications of Indoor Bike Data (0x2AD2), trainer to bridge. */
  readonly bikeData: Tapped[] = []
  /** Writes to the control point (0x2AD9), bridge to trainer. */
  readonly controlWrites: Tapped[] = []
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #waiting = new Set<Socket>()
  #trainer: { readonly host: string; readonly port: number } | undefined

  private constructor() {
    this.#server = createServer({ noDelay: true }, (bridge) => {
      this.#keep(bridge)
      if (this.#trainer === undefined) this.#waiting.add(bridge)
      else this.#pass(bridge, this.#trainer)
    })
  }

  static async open(): Promise<DirconTap> {
    const tap = new DirconTap()
    await new Promise<void>((resolve) => tap.#server.listen(0, '127.0.0.1', resolve))
    return tap
  }

  /** HOST:PORT for `gruppetto bridge --dircon`. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as { port: number }).port}`
  }

  /** The trainer is there, at HOST:PORT. */
  lead(address: string): void {
    const [host = '', port = ''] = address.split(':')
    this.#trainer = { host, port: Number(port) }
    for (const bridge of this.#waiting) this.#pass(bridge, this.#trainer)
    this.#waiting.clear()
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #pass(bridge: Socket, to: { readonly host: string; readonly port: number }): void {
    const trainer = connect({ ...to, noDelay: true })
    this.#keep(trainer)
    listen(bridge, (frame) => this.#note(frame, DIRCON_TYPE.write, GATT.controlPoint, this.controlWrites))
    listen(trainer, (frame) => this.#note(frame, DIRCON_TYPE.notification, GATT.indoorBikeData, this.bikeData))
    bridge.pipe(trainer)
    trainer.pipe(bridge)
    bridge.on('close', () => trainer.destroy())
    trainer.on('close', () => bridge.destroy())
  }

  #note({ type, body }: DirconFrame, wanted: number, characteristic: string, into: Tapped[]): void {
    if (type !== wanted || body.length < UUID_BYTES || uuidFromBytes(body) !== characteristic) return
    into.push({ atMs: Date.now(), bytes: body.slice(UUID_BYTES) })
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => {}) // A reset: the close that follows is passed on.
    socket.on('close', () => {
      this.#sockets.delete(socket)
      this.#waiting.delete(socket)
    })
  }
}

function listen(socket: Socket, onFrame: (frame: DirconFrame) => void): void {
  const framer = new DirconFramer()
  socket.on('data', (chunk) => {
    for (const frame of framer.push(chunk as Uint8Array)) onFrame(frame)
  })
}
