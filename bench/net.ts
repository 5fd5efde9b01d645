import { createHash } from 'node:crypto'
import type { RiderId } from '#protocol/ids'
import { TICK_MS } from '#protocol/limits'
import { ClientSession } from '#protocol/session'
import { createSealer } from '#server/net/aead'
import { Sessions, type Peer } from '#server/net/sessions'
import { World } from '#server/world/world'
import type { Clock } from '#server/clock'
import { measure, type Rounds } from './measure.ts'
import { spreadFigures, type Measured } from './measured.ts'
import { Bunch, sampleAt } from './bunch.ts'
import { benchRoad } from './road.ts'

const IN_VIEW = 64
const CLIENTS = IN_VIEW + 1
const TICKS = 200
/** The first seconds tell everybody about everybody; they are not what a ride costs. */
const SETTLE_TICKS = 200

interface Client {
  readonly session: ClientSession
  readonly peer: Peer
  readonly inbox: Uint8Array[]
  readonly seen: Set<number>
}

/** What one client costs the server in one tick, over datagrams sealed and acknowledged, in memory. */
export async function benchNet(rounds: Rounds): Promise<Measured> {
  const room = new Room()
  for (let i = 0; i < SETTLE_TICKS; i++) room.tick()
  const bytesDown: number[] = []
  const bytesUp: number[] = []
  const receiveUs: number[] = []
  const run = (): number => {
    const before = { ...room.counts }
    room.composeMs = 0
    room.receiveMs = 0
    for (let i = 0; i < TICKS; i++) room.tick()
    const during = (name: string): number => (room.counts[name] ?? 0) - (before[name] ?? 0)
    bytesDown.push(during('bytesOut') / (TICKS * CLIENTS))
    bytesUp.push(during('bytesIn') / (TICKS * CLIENTS))
    receiveUs.push((room.receiveMs * 1000) / during('datagramsIn'))
    return (room.composeMs * 1000) / (TICKS * CLIENTS)
  }
  const [compose] = await measure([{ name: `${CLIENTS} clients`, run }], rounds)
  const fewestSeen = Math.min(...room.clients.map((client) => client.seen.size))
  if (fewestSeen < IN_VIEW) throw new Error(`a client was told of ${fewestSeen} riders only, not of ${IN_VIEW}`)
  const middle = (values: readonly number[]): number =>
    values.slice(rounds.warmUps).toSorted((a, b) => a - b)[rounds.rounds >> 1]!
  return {
    method:
      `Sessions.afterTick() for ${CLIENTS} clients in one pack, each shown the ${IN_VIEW} others: interest, records, ` +
      'composing and sealing (ChaCha20-Poly1305), without the system call. The clients are real sessions that open, acknowledge ' +
      'and send four samples a second. Bytes are UDP payload, seal and header included.',
    figures: {
      ...spreadFigures('net.composePerClientTick', compose!, 'µs'),
      'net.receivePerDatagram': { value: middle(receiveUs), unit: 'µs' },
      'net.downPerClientTick': { value: middle(bytesDown), unit: 'B' },
      'net.downPerClient': { value: (middle(bytesDown) * 8 * 20) / 1000, unit: 'kbit/s' },
      'net.upPerClientTick': { value: middle(bytesUp), unit: 'B' },
    },
  }
}

/** A world, its sessions and their clients in one process and in virtual time: nothing is lost, nothing waits. */
class Room {
  readonly clients: readonly Client[]
  composeMs = 0
  receiveMs = 0
  readonly #world: World
  readonly #sessions: Sessions
  #nowMs = 0

  constructor() {
    this.#world = new World({ course: benchRoad().course, riderCapacity: CLIENTS })
    const bunch = new Bunch(this.#world, CLIENTS)
    const clock: Clock = {
      nowMs: () => this.#nowMs,
      wallMs: () => this.#nowMs,
      after: () => () => {},
    }
    const randomBytes = seededBytes('bench')
    const tokenKey = randomBytes(32)
    this.#sessions = new Sessions({ clock, randomBytes, tokenKey, roomId: 'bench', host: this.#world })
    this.clients = bunch.rows.map((_row, i) => {
      const { token, keys } = this.#sessions.issueToken({ riderId: (i + 1) as RiderId, use: 'ride' })
      const sealer = createSealer({ sealKey: keys.up, openKey: keys.down })
      const inbox: Uint8Array[] = []
      const send = (datagram: Uint8Array) => void inbox.push(datagram)
      const peer: Peer = { key: `memory/${i}`, carrier: 'memory', path: 'udp', send, close: () => {} }
      const session = new ClientSession({ token, sealer, path: 'udp', randomBytes, nowMs: 0 })
      return { session, peer, inbox, seen: new Set<number>() }
    })
  }

  get counts(): Readonly<Record<string, number>> {
    return this.#sessions.counts
  }

  tick(): void {
    this.#nowMs += TICK_MS
    const { tick } = this.#world
    for (const [i, client] of this.clients.entries()) {
      const sample = sampleAt(i, tick)
      if (sample !== undefined && client.session.state === 'connected') client.session.offer(sample)
      this.#deliverUp(client)
    }
    this.#world.step()
    const startedMs = performance.now()
    this.#sessions.afterTick()
    this.composeMs += performance.now() - startedMs
    for (const client of this.clients) this.#deliverDown(client)
  }

  #deliverUp({ session, peer }: Client): void {
    for (let bytes = session.poll(this.#nowMs); bytes !== undefined; bytes = session.poll(this.#nowMs)) {
      const startedMs = performance.now()
      this.#sessions.receive(peer, bytes)
      this.receiveMs += performance.now() - startedMs
    }
  }

  #deliverDown({ session, inbox, seen }: Client): void {
    for (const bytes of inbox.splice(0)) {
      for (const event of session.receive(bytes, this.#nowMs)) {
        if (event.kind === 'closed') throw new Error(`a session ended: ${event.reason}`)
        if (event.kind === 'riders') for (const { riderId } of event.records) seen.add(riderId)
      }
    }
  }
}

/** Bytes that look random and are the same each time. */
function seededBytes(seed: string): (count: number) => Uint8Array {
  let n = 0
  return (count) => createHash('shake256', { outputLength: count }).update(`${seed} ${n++}`).digest()
}
