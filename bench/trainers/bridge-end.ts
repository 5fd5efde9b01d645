import { once } from 'node:events'
import { connect } from 'node:net'
import { AntCarrier } from '#bridges/ant/carrier'
import type { DeviceLink } from '#bridges/core/devices'
import type { GattLink } from '#bridges/core/gatt'
import { gattDevice } from '#bridges/core/gatt-rider'
import { Legs, LEGS_TICK_MS } from '#bridges/core/legs'
import type { Reading } from '#bridges/core/sample'
import { DirconClient } from '#bridges/dircon/client'
import { PlayedSticks } from '#bridges/recording/played-sticks'
import { Uplink, type UplinkGrant } from '#bridges/uplink'
import type { Sequence } from '#protocol/ids'
import { systemClock } from '#server/clock'

export interface BridgeEndOptions {
  readonly ports: readonly number[]
  /** Where a stick's bytes come from. */
  readonly antPort?: number | undefined
  /** None: nobody hears the samples. */
  readonly grant?: UplinkGrant | undefined
  readonly onReading?: (reading: Reading) => void
}

const HOST = '127.0.0.1'
const STICK = 'ant:bench'
const FIND_MS = 10_000

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** What `gruppetto bridge` is made of, without its voice and its page: carriers, legs, and the session to the server. */
export class BridgeEnd {
  readonly devices = new Set<string>()
  readonly #clients: readonly DirconClient[]
  readonly #uplink: Uplink | undefined
  readonly #legs: Legs<Sequence>
  readonly #antPort: number | undefined
  readonly #closers: (() => void)[] = []

  constructor({ ports, antPort, grant, onReading }: BridgeEndOptions) {
    this.#antPort = antPort
    this.#uplink =
      grant === undefined
        ? undefined
        : new Uplink({
            ...{ requestGrant: () => Promise.resolve(grant), mayAskAgain: () => false },
            nowMs: () => systemClock.nowMs(),
            onOwn: (own) =>
              this.#legs.road({ gradeFraction: own.gradeFraction, draftFactor: own.draftFactor }, systemClock.nowMs()),
          })
    this.#legs = new Legs<Sequence>({
      onReading: (reading, atMs) => {
        onReading?.(reading)
        for (let sample = this.#legs.take(atMs); sample !== undefined; sample = this.#legs.take(atMs))
          this.#uplink?.send(sample)
      },
    })
    this.#clients = ports.map(
      (port) =>
        new DirconClient({
          ...{ host: HOST, port, clock: systemClock, onState: () => {} },
          onLink: (link: GattLink) => void gattDevice(link, systemClock).then((device) => this.#add(device)),
        }),
    )
  }

  async start(): Promise<void> {
    this.#uplink?.start()
    for (const client of this.#clients) client.start()
    const tick = setInterval(() => this.#legs.tick(systemClock.nowMs()), LEGS_TICK_MS)
    this.#closers.push(() => clearInterval(tick))
    if (this.#antPort !== undefined) await this.#openAnt(this.#antPort)
  }

  /** Resolves when so many devices are there, or after a while without. */
  async found(count: number): Promise<void> {
    const latestMs = performance.now() + FIND_MS
    while (this.devices.size < count && performance.now() < latestMs) await wait(50)
  }

  async close(): Promise<void> {
    for (const close of this.#closers) close()
    await Promise.all([...this.#clients.map((client) => client.close()), this.#uplink?.close()])
  }

  #add(device: DeviceLink): void {
    this.devices.add(device.id)
    this.#legs.add(device, systemClock.nowMs())
  }

  /** The carrier of ANT+ as it is, over a stick whose bytes are another process's. */
  async #openAnt(port: number): Promise<void> {
    const sticks = new PlayedSticks([STICK], systemClock)
    const carrier = new AntCarrier({
      ...{ driver: sticks.driver, clock: systemClock, networkKey: new Uint8Array(8), ourNumber: 1 },
      onDevice: (device) => this.#add(device),
      onState: () => {},
    })
    carrier.start()
    const socket = connect({ port, host: HOST, noDelay: true })
    socket.on('data', (chunk) => sticks.play(STICK, chunk))
    socket.on('error', () => socket.destroy())
    await once(socket, 'connect')
    this.#closers.push(() => {
      socket.destroy()
      void carrier.close()
    })
  }
}
