import { createServer, type Server, type Socket } from 'node:net'
import type { BridgeClock } from '../core/clock.ts'
import { type AntFrame, encodeAntFrame } from '../core/ant-frame.ts'
import { AntFramer } from '../core/ant-framer.ts'
import { encodeAntMessage } from '../core/ant-message.ts'
import { encodeAntPage } from '../core/ant-page.ts'
import type { AntDevice, AntTrainer } from './ant-pages.ts'
import { FrameSpoiler } from './tacx.ts'
import type { SimulatedTrainer } from './trainer.ts'

const CONNECTIONS_MAX = 4
const BACKLOG_BYTES_MAX = 64 * 1024
/** EVENT_TRANSFER_TX_COMPLETED, and the id under which events come. */
const TX_COMPLETED = 5
const EVENT = 1
const FITNESS_CHANNEL = 0
const POWER_CHANNEL = 1

/**
 * A stick with the trainer already in its channels, as a stream of serial frames over TCP: FE-C on channel 0, power on
 * channel 1, each with its sender behind the page. What a host writes is answered as a stick answers; acknowledged pages
 * go to the trainer. For programs that speak to a stick through a socket; no key is needed, for there is no radio.
 */
export class AntStream {
  readonly #ant: AntTrainer
  readonly #clock: BridgeClock
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #spoiler: FrameSpoiler
  readonly #trainer: SimulatedTrainer
  #cancels: (() => void)[] = []

  constructor(trainer: SimulatedTrainer, ant: AntTrainer, clock: BridgeClock) {
    this.#trainer = trainer
    this.#ant = ant
    this.#clock = clock
    this.#spoiler = new FrameSpoiler(trainer)
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket))
    this.#server.maxConnections = CONNECTIONS_MAX
  }

  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject)
        this.#cancels = [this.#play(FITNESS_CHANNEL), this.#play(POWER_CHANNEL)]
        const address = this.#server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : port)
      })
    })
  }

  close(): Promise<void> {
    for (const cancel of this.#cancels) cancel()
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      for (const socket of this.#sockets) socket.destroy()
    })
  }

  #play(channel: number): () => void {
    const device: AntDevice = channel === FITNESS_CHANNEL ? this.#ant.fitness : this.#ant.power
    const startMs = this.#clock.nowMs()
    let slots = 0
    let cancel = (): void => {}
    const turn = (): void => {
      slots++
      const page = channel === FITNESS_CHANNEL ? this.#ant.next() : this.#ant.nextPower()
      const { faults, peripheral } = this.#trainer
      if (peripheral.presence === 'here' && !faults.has('dropout') && !faults.hits('lossy'))
        this.#send(this.#spoiler.frame(encodeAntPage({ channel, sender: device }, page)))
      const dueMs = startMs + (slots * device.period32768 * 1000) / 32_768
      cancel = this.#clock.after(Math.max(0, dueMs - this.#clock.nowMs()), turn)
    }
    turn()
    return () => cancel()
  }

  #send(frame: Uint8Array): void {
    for (const socket of this.#sockets) if (socket.writableLength < BACKLOG_BYTES_MAX) socket.write(frame)
  }

  #accept(socket: Socket): void {
    const framer = new AntFramer()
    this.#sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('data', (chunk) => {
      for (const frame of framer.push(chunk)) {
        if (socket.writableLength > BACKLOG_BYTES_MAX) return socket.destroy()
        for (const answer of this.#answers(frame)) socket.write(answer)
      }
    })
  }

  #answers(frame: AntFrame): readonly Uint8Array[] {
    const { id, content } = frame
    const channel = content[0] ?? 0
    switch (id) {
      case 0x4a:
        return [encodeAntMessage('startup', { reason: 0 })]
      case 0x4d:
        if (content[1] === 0x54)
          return [encodeAntMessage('capabilities', { channels: 8, networks: 3 }, Uint8Array.of(0, 0xba, 0x36, 0))]
        return [encodeAntMessage('channel-event', { channel, aboutId: id, code: 0x28 })]
      case 0x4f:
        if (content.length < 9) return []
        this.#ant.take(content.slice(1, 9))
        return [encodeAntMessage('channel-event', { channel, aboutId: EVENT, code: TX_COMPLETED })]
      case 0x4e:
        return []
      default:
        return [encodeAntFrame(0x40, Uint8Array.of(channel, id, 0))]
    }
  }
}
