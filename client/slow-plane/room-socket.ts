import { pack, unpack, type Packable } from './msgpack.ts'
import { StateReader } from './state-reader.ts'
import { defineState, type StateTree } from './state-tree.ts'

/**
 * A room of Colyseus as a page needs it: a seat, the state as it changes, messages both ways, leaving. The protocol is that
 * of Colyseus 0.18 over a WebSocket; docs/adr/0029 says why its own client is not here.
 */
export class RoomSocket {
  readonly roomId: string
  readonly sessionId: string
  readonly #socket: WebSocket
  readonly #heard = new Map<string, (message: never) => void>()
  #tree: StateTree | undefined
  #onState: ((state: unknown) => void) | undefined
  #onLeave: ((code: number) => void) | undefined
  #isGone = false

  private constructor({ roomId, sessionId }: Seat, socket: WebSocket) {
    this.roomId = roomId
    this.sessionId = sessionId
    this.#socket = socket
  }

  /** Takes a seat in a room of a kind (`joinOrCreate`, 'ride') or in that room (`joinById`); throws what the server said. */
  static async join(
    origin: string,
    how: 'joinOrCreate' | 'joinById',
    nameOrId: string,
    options: Readonly<Record<string, unknown>>,
  ): Promise<RoomSocket> {
    const answer = await fetch(`${origin}/matchmake/${how}/${encodeURIComponent(nameOrId)}`, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify(options),
    })
    const said = (await answer.json()) as Partial<Seat> & { readonly message?: string; readonly error?: string }
    const { roomId, sessionId, processId } = said
    if (!answer.ok || roomId === undefined || sessionId === undefined || processId === undefined)
      throw new Error(said.message ?? said.error ?? answer.statusText)
    const url = new URL(`/${processId}/${roomId}?sessionId=${encodeURIComponent(sessionId)}`, origin)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(url)
    socket.binaryType = 'arraybuffer'
    const room = new RoomSocket({ roomId, sessionId, processId }, socket)
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
        // What cannot be read is the end of this room: half a state would be a wrong one.
        try {
          const refused = room.#hear(new Uint8Array(data))
          if (refused !== undefined) reject(new Error(refused))
          else if (room.#tree !== undefined) resolve()
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)))
          socket.close()
        }
      })
      socket.addEventListener('close', ({ code, reason }) => {
        reject(new Error(reason === '' ? `The room closed the door (${code}).` : reason))
        room.#leave(code)
      })
    })
    return room
  }

  /** As it is now; a new look at the same lists and maps. */
  get state(): Readonly<Record<string, unknown>> {
    return this.#tree?.state ?? {}
  }

  onStateChange(call: (state: never) => void): void {
    this.#onState = call as (state: unknown) => void
  }

  /** One listener for each kind of message; what nobody listens for is passed over. */
  onMessage(type: string, call: (message: never) => void): void {
    this.#heard.set(type, call)
  }

  onLeave(call: (code: number) => void): void {
    this.#onLeave = call
  }

  send(type: string, message: Packable): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return
    this.#socket.send(Uint8Array.from([CODE.data, ...pack(type), ...pack(message)]))
  }

  /** Says goodbye, and waits until the server has heard it. */
  leave(): Promise<void> {
    if (this.#isGone) return Promise.resolve()
    return new Promise((resolve) => {
      const then = this.#onLeave
      this.#onLeave = (code) => {
        then?.(code)
        resolve()
      }
      if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(Uint8Array.of(CODE.leave))
      else this.#socket.close()
    })
  }

  /** The words of a refusal, if it is one. */
  #hear(bytes: Uint8Array): string | undefined {
    switch (bytes[0]! & CODE_MASK) {
      case CODE.join: {
        const reader = new StateReader(bytes, 1)
        reader.text(reader.uint8()) // For coming back to the same seat, which our rooms do not offer.
        reader.text(reader.uint8()) // How the state is written; there is one way.
        const length = reader.number()
        this.#tree = defineState(bytes, reader.at, reader.at + length)
        this.#socket.send(Uint8Array.of(CODE.join))
        return undefined
      }
      case CODE.error: {
        const reader = new StateReader(bytes, 1)
        reader.number()
        return reader.string()
      }
      case CODE.leave:
        this.#socket.close()
        return undefined
      case CODE.state:
      case CODE.patch:
        this.#tree?.read(bytes, 1)
        this.#onState?.(this.state)
        return undefined
      case CODE.data: {
        const reader = new StateReader(bytes, 1)
        const type = reader.string()
        this.#tell(type, reader.isAtEnd ? undefined : unpack(bytes, reader.at))
        return undefined
      }
      case CODE.bytes: {
        const reader = new StateReader(bytes, 1)
        this.#tell(reader.string(), bytes.subarray(reader.at))
        return undefined
      }
      default:
        return undefined // Newer servers may say more.
    }
  }

  #tell(type: string, message: unknown): void {
    this.#heard.get(type)?.(message as never)
  }

  #leave(code: number): void {
    if (this.#isGone) return
    this.#isGone = true
    this.#onLeave?.(code)
  }
}

interface Seat {
  readonly roomId: string
  readonly sessionId: string
  readonly processId: string
}

/** First byte of a message; its upper three bits are for rooms that take input over Colyseus, which ours do not. */
const CODE = { join: 10, error: 11, leave: 12, data: 13, state: 14, patch: 15, bytes: 17 } as const
const CODE_MASK = 31
