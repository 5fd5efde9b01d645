import { createServer, type Server, type Socket } from 'node:net'
import type { Addressees, GattPeripheral } from '../gatt-peripheral.ts'
import {
  DIRCON_RESULT,
  DIRCON_TYPE,
  type DirconFrame,
  DirconFramer,
  encodeDirconFrame,
  PROPERTY,
  UUID_BYTES,
  uuidFromBytes,
  uuidToBytes,
} from './frame.ts'

/** Apps at one trainer: more are a mistake or worse. The oldest that listens to nothing makes room for a new one. */
const CONNECTIONS_MAX = 8
/** Notifications for a reader that does not read are dropped beyond this; fresh ones come soon. Who asks on without reading is closed. */
export const BACKLOG_BYTES_MAX = 64 * 1024

/** A peripheral offered to the network. */
export class DirconServer {
  readonly #peripheral: GattPeripheral
  readonly #server: Server
  /** In the order they came. */
  readonly #connections = new Set<Connection>()
  #lastClient = 0
  droppedNotifications = 0
  /** Connections that were closed for what they did, or turned away. */
  refusedConnections = 0

  constructor(peripheral: GattPeripheral) {
    this.#peripheral = peripheral
    this.#server = createServer({ noDelay: true, keepAlive: true }, (socket) => this.#accept(socket))
    peripheral.onNotify = (uuid, bytes, to) => this.#notify(uuid, bytes, to)
    peripheral.onPresence = (presence) => {
      if (presence === 'away') this.dropAll()
    }
  }

  /** Listens; answers with the port in use. Port 0 takes a free one. */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject)
        const address = this.#server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : port)
      })
    })
  }

  /** Ends every connection; listens on unless closed. For tests and for `--once`. */
  dropAll(): void {
    for (const connection of this.#connections) connection.socket.destroy()
  }

  get connectionCount(): number {
    return this.#connections.size
  }

  /** The most that waits for a reader, bytes. */
  get backlogBytes(): number {
    let most = 0
    for (const { socket } of this.#connections) most = Math.max(most, socket.writableLength)
    return most
  }

  /** Connections that want this characteristic's values. */
  subscriberCount(uuid: string): number {
    let count = 0
    for (const connection of this.#connections) if (connection.subscribed.has(uuid)) count++
    return count
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      for (const connection of this.#connections) connection.socket.destroySoon()
    })
  }

  #accept(socket: Socket): void {
    // A reset is told by 'close' too; without a listener it would end the process.
    socket.on('error', () => socket.destroy())
    if (this.#peripheral.presence === 'away' || !this.#hasRoom()) {
      this.refusedConnections++
      socket.destroy()
      return
    }
    const client = ++this.#lastClient
    const connection: Connection = { client, socket, framer: new DirconFramer(), subscribed: new Set(), sequence: 0 }
    this.#connections.add(connection)
    socket.on('close', () => {
      this.#connections.delete(connection)
      this.#peripheral.left(client)
    })
    socket.on('data', (chunk) => {
      for (const frame of connection.framer.push(chunk)) if (!socket.destroyed) this.#answer(connection, frame)
      if (connection.framer.isBroken) this.#refuse(connection)
    })
  }

  #hasRoom(): boolean {
    if (this.#connections.size < CONNECTIONS_MAX) return true
    for (const connection of this.#connections) {
      if (connection.subscribed.size > 0) continue
      this.#refuse(connection)
      this.#connections.delete(connection)
      return true
    }
    return false
  }

  #refuse(connection: Connection): void {
    this.refusedConnections++
    connection.socket.destroy()
  }

  #answer(connection: Connection, frame: DirconFrame): void {
    if (this.#peripheral.presence !== 'here') return
    if (connection.socket.writableLength > BACKLOG_BYTES_MAX) return this.#refuse(connection)
    const send = (result: number, body: Uint8Array): void => {
      connection.socket.write(encodeDirconFrame({ type: frame.type, sequence: frame.sequence, result, body }))
    }
    const empty = new Uint8Array(0)
    const { body } = frame
    if (frame.type === DIRCON_TYPE.services) {
      send(DIRCON_RESULT.ok, joinAll(this.#peripheral.services.map((service) => uuidToBytes(service.uuid))))
      return
    }
    // Seen in the wild, empty, meaning unknown; an empty answer contents those who send it.
    if (frame.type === DIRCON_TYPE.unknown) return send(DIRCON_RESULT.ok, empty)
    if (frame.type === DIRCON_TYPE.notification) return
    if (frame.type > DIRCON_TYPE.unknown || frame.type === 0) return send(DIRCON_RESULT.unknownType, empty)
    if (body.length < UUID_BYTES) return send(DIRCON_RESULT.error, empty)
    const uuid = uuidFromBytes(body)
    const head = body.slice(0, UUID_BYTES)
    if (frame.type === DIRCON_TYPE.characteristics) {
      const service = this.#peripheral.services.find((s) => s.uuid === uuid)
      if (service === undefined) return send(DIRCON_RESULT.noService, head)
      const rows = service.characteristics.map((c) => joinAll([uuidToBytes(c.uuid), Uint8Array.of(c.properties)]))
      return send(DIRCON_RESULT.ok, joinAll([head, ...rows]))
    }
    const characteristic = this.#peripheral.find(uuid)
    if (characteristic === undefined) return send(DIRCON_RESULT.noCharacteristic, head)
    const can = (property: number): boolean => (characteristic.properties & property) !== 0
    if (frame.type === DIRCON_TYPE.read) {
      if (!can(PROPERTY.read)) return send(DIRCON_RESULT.notSupported, head)
      return send(DIRCON_RESULT.ok, joinAll([head, characteristic.value]))
    }
    if (frame.type === DIRCON_TYPE.write) {
      if (!can(PROPERTY.write)) return send(DIRCON_RESULT.notSupported, head)
      send(DIRCON_RESULT.ok, head)
      return this.#peripheral.written(uuid, body.slice(UUID_BYTES), connection.client)
    }
    if (!can(PROPERTY.notify) && !can(PROPERTY.indicate)) return send(DIRCON_RESULT.notSupported, head)
    if (body[UUID_BYTES] === 1) connection.subscribed.add(uuid)
    else connection.subscribed.delete(uuid)
    send(DIRCON_RESULT.ok, head)
    this.#peripheral.onSubscriptions?.()
  }

  #notify(uuid: string, bytes: Uint8Array, to: Addressees): void {
    const body = joinAll([uuidToBytes(uuid), bytes])
    for (const connection of this.#connections) {
      if (!connection.subscribed.has(uuid) || (to.only ?? connection.client) !== connection.client) continue
      if (connection.socket.writableLength > BACKLOG_BYTES_MAX) {
        this.droppedNotifications++
        continue
      }
      connection.sequence = (connection.sequence + 1) & 0xff
      const { sequence } = connection
      connection.socket.write(encodeDirconFrame({ type: DIRCON_TYPE.notification, sequence, result: 0, body }))
    }
  }
}

interface Connection {
  /** Its number: 1 is the first that ever came. */
  readonly client: number
  readonly socket: Socket
  readonly framer: DirconFramer
  readonly subscribed: Set<string>
  /** Of notifications, counted apart from requests. */
  sequence: number
}

function joinAll(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
