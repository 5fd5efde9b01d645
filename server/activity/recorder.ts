import { randomUUID } from 'node:crypto'
import { appendFile, mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { RiderId } from '#protocol/ids'
import { RIDER_FLAG } from '#physics/riders'
import type { BakedCourse } from '#maps/course'
import type { Network } from '#maps/network'
import type { Anchor } from './model.ts'
import { countsOf, OpenRide } from './open-ride.ts'
import type { SeenWorld } from './rider-second.ts'
import { readRide } from './ride-text.ts'
import type { KeptRide, RideWork } from './ride-work.ts'

/** A second of a room, as the recorder is told of it; after the tick, never in it. */
export interface RecordedRoom {
  readonly roomId: string
  /** File name of the room's journal. */
  readonly journal: string
  readonly mapId: string
  readonly mapName: string
  readonly mapHash: string
  readonly anchor: Anchor
  readonly eventId: string
  readonly eventTitle: string
  readonly world: SeenWorld
  readonly course: BakedCourse
  readonly network: Network
  /** Undefined for bots. */
  readonly personOf: (riderId: RiderId) => RecordedPerson | undefined
}
export interface RecordedPerson {
  readonly uuid: string
  readonly name: string
  readonly massKg: number
}

export interface RecorderOptions {
  readonly folder: string
  readonly clock: { nowMs(): number; wallMs(): number }
  /** Sums a ride up where no tick waits for it; undefined: too little for a ride. */
  readonly sumUp: RideWork['sumUp']
  /** Puts a ride into the store; may fail, and is then asked again. */
  readonly keep: (ride: KeptRide) => Promise<void>
  readonly say: (sentence: string) => void
}

/** What became of a ride when it ended. */
export type RideEnd =
  | { readonly state: 'kept'; readonly ride: KeptRide }
  /** Under a minute or two hundred metres, or nobody was riding. */
  | { readonly state: 'none' }
  /** It is there, and is tried again: the disk or the store takes nothing just now. [A60] */
  | { readonly state: 'waiting' }

/** What is handed to the disk at once: a server that is killed loses no more. */
export const WRITE_EVERY_MS = 5000
/** Every so many writes the disk is asked to hold it through a power cut, too. */
const SYNC_EVERY = 6
/** Who left the road and does not come back in this time has ended the ride; so has who stands for an hour. */
export const GONE_MS = 300_000
const PAUSE_MAX_S = 3600
/** Longer than that one ride is none: a file is read, summed up and packed at once. */
export const ROWS_MAX = 12 * 3600
/** Three hours of a ride, in memory while the disk takes nothing. */
const UNWRITTEN_CHARS_MAX = 1_000_000
/** A rider heard from in so many ticks has legs here. */
const FRESH_TICKS = 100
/** After the last word: samples that were under way begin no new ride. */
const ENDED_MS = 5000
const RETRY_MS = 60_000
/** Riders who were told that their ride is over, and riders of accounts that are no more; older ones are forgotten. */
const ENDED_MAX = 10_000

/**
 * Writes down every ride, a guest's too: one file of lines for each while it goes on, then one row in the store. Rides go
 * on where the file ends when the server was killed; the same ride has the same id, and the store takes it once. [A31–A36]
 */
export class Recorder {
  readonly #options: RecorderOptions
  readonly #open = new Map<string, OpenRide>()
  readonly #endedMs = new Map<string, number>()
  /** Rides whose end the store has not taken yet, by id. */
  readonly #waiting = new Set<string>()
  /** By id: what no disk has taken yet, in order. */
  readonly #unwritten = new Map<string, string>()
  /** Nothing more is written down of them. */
  readonly #forgotten = new Set<string>()
  #writing: Promise<void> = Promise.resolve()
  #writtenMs: number
  #triedMs: number
  #writes = 0
  #hasComplained = false

  private constructor(options: RecorderOptions) {
    this.#options = options
    this.#writtenMs = options.clock.nowMs()
    this.#triedMs = this.#writtenMs
  }

  static async open(options: RecorderOptions): Promise<Recorder> {
    const recorder = new Recorder(options)
    await mkdir(options.folder, { recursive: true, mode: 0o700 })
    for (const name of await readdir(options.folder)) {
      if (!name.endsWith(ENDING)) continue
      const ride = OpenRide.of(await readFile(join(options.folder, name), 'utf8'))
      if (ride === undefined || `${ride.head.id}${ENDING}` !== name) continue
      const twin = recorder.#open.get(ride.head.riderUuid)
      // Two of one rider are two rides; the older one has ended.
      if (twin !== undefined) recorder.#waiting.add(older(twin, ride).head.id)
      recorder.#open.set(ride.head.riderUuid, twin === undefined ? ride : newer(twin, ride))
      ride.seenMs = options.clock.nowMs()
    }
    return recorder
  }

  /** The ride this person is on. */
  current(riderUuid: string): OpenRide | undefined {
    return this.#open.get(riderUuid)
  }

  /** Who is on a ride, by UUID: also those whose server was started again meanwhile. */
  get riders(): Iterable<string> {
    return this.#open.keys()
  }

  get size(): number {
    return this.#open.size
  }

  /** Rides of which something is only in memory, for the disk takes nothing. */
  get unwritten(): number {
    return this.#hasComplained ? this.#unwritten.size : 0
  }

  /** Rides that have ended and wait for the store. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** What was handed over so far is in its files. */
  get written(): Promise<void> {
    return this.#writing
  }

  /** Once a second, of each room. */
  second(room: RecordedRoom): void {
    const { riders, ledger, tick } = room.world
    const nowMs = this.#options.clock.nowMs()
    const wallMs = this.#options.clock.wallMs()
    for (let row = 0; row < riders.count; row++) {
      const riderId = riders.id[row]!
      const flags = riders.flags[row]!
      // Who rests is held as well, and their ride goes on.
      const isResting = (flags & RIDER_FLAG.resting) !== 0
      if (riderId === 0 || (flags & RIDER_FLAG.bot) !== 0 || ((flags & RIDER_FLAG.held) !== 0 && !isResting)) continue
      const person = room.personOf(riderId as RiderId)
      if (person === undefined) continue
      const isFresh = ledger.clock[row] !== 0 && tick - riders.sampleTick[row]! <= FRESH_TICKS
      const ride = this.#rideOf(room, person, row, { isFresh, nowMs, wallMs })
      if (ride === undefined) continue
      ride.isFresh = isFresh
      ride.seenMs = nowMs
      ride.second({ ...room, wallMs }, row)
    }
    this.#sweep(nowMs)
  }

  #rideOf(
    room: RecordedRoom,
    person: RecordedPerson,
    row: number,
    { isFresh, nowMs, wallMs }: { isFresh: boolean; nowMs: number; wallMs: number },
  ): OpenRide | undefined {
    const ride = this.#open.get(person.uuid)
    if (ride !== undefined && ride.roomId !== room.roomId && ride.roomId !== '') {
      // In two rooms at once (a race was entered): it goes on where the legs are.
      const isElsewhere = ride.isFresh && nowMs - ride.seenMs < 3000
      if (!isFresh || isElsewhere) return undefined
    }
    const isSameRide = ride?.head.eventId === room.eventId && ride.head.mapHash === room.mapHash
    if (ride !== undefined && isSameRide && ride.movingS < ROWS_MAX) return ride
    // A race, or another road, is a ride of its own; so is what comes after half a day.
    if (ride !== undefined) {
      if (!isFresh) return undefined
      void this.#finish(ride)
    }
    const endedMs = this.#endedMs.get(person.uuid)
    if (endedMs !== undefined && nowMs - endedMs < ENDED_MS) return undefined
    if (!isFresh || room.world.riders.powerW[row]! <= 0 || this.#forgotten.has(person.uuid)) return undefined
    this.#endedMs.delete(person.uuid)
    const begun = new OpenRide({
      ...{ id: randomUUID(), riderUuid: person.uuid, name: person.name, massKg: person.massKg },
      ...{ mapId: room.mapId, mapName: room.mapName, mapHash: room.mapHash, anchor: room.anchor },
      ...{ eventId: room.eventId, eventTitle: room.eventTitle, startMs: Math.round(wallMs / 1000) * 1000 - 1000 },
    })
    // Work of before this second, if there was any, is not of this ride.
    const isNew = room.world.tick - room.world.ledger.joinTick[row]! <= NEW_TICKS
    if (!isNew) begun.beginFrom(countsOf(room.roomId, room.world, room.network, row))
    this.#open.set(person.uuid, begun)
    return begun
  }

  /** A rider of a room has ridden a segment whole. */
  effort(riderUuid: string, { id, name, ms }: { id: string; name: string; ms: number }): void {
    const ride = this.#open.get(riderUuid)
    ride?.mark({ kind: 'segment', atS: ride.atS, id, name, ms: Math.round(ms) })
  }

  /** A lap by hand, so many seconds ago: the page waits a moment, for it can be taken back. */
  lap(riderUuid: string, agoS = 0): boolean {
    const ride = this.#open.get(riderUuid)
    ride?.lap(agoS)
    return ride !== undefined
  }

  /** The rider has finished. */
  async end(riderUuid: string): Promise<RideEnd> {
    const ride = this.#open.get(riderUuid)
    this.#endedMs.delete(riderUuid)
    this.#endedMs.set(riderUuid, this.#options.clock.nowMs())
    if (this.#endedMs.size > ENDED_MAX) this.#endedMs.delete(this.#endedMs.keys().next().value!)
    return ride === undefined ? { state: 'none' } : await this.#finish(ride)
  }

  /** Forgets what this person rides, and all of it that waits. */
  async forget(riderUuid: string): Promise<void> {
    // They may ride on for a while, on a road that knows no accounts.
    this.#forgotten.add(riderUuid)
    if (this.#forgotten.size > ENDED_MAX) this.#forgotten.delete(this.#forgotten.keys().next().value!)
    const ride = this.#open.get(riderUuid)
    this.#open.delete(riderUuid)
    ride?.takeLines()
    await this.#queue(async () => {
      if (ride !== undefined) {
        this.#unwritten.delete(ride.head.id)
        await rm(this.#path(ride.head.id), { force: true })
      }
      for (const id of this.#waiting) {
        const written = await textIn(this.#path(id))
        const waiting = readRide(written + (this.#unwritten.get(id) ?? ''))
        if (waiting?.head.riderUuid !== riderUuid) continue
        this.#waiting.delete(id)
        this.#unwritten.delete(id)
        await rm(this.#path(id), { force: true })
      }
    })
  }

  /** Everything is with the operating system; rides stay open, and go on when the server is back. */
  async close(): Promise<void> {
    this.#write()
    await this.#writing
  }

  #sweep(nowMs: number): void {
    if (nowMs - this.#writtenMs >= WRITE_EVERY_MS) {
      this.#writtenMs = nowMs
      this.#write()
      for (const ride of this.#open.values()) {
        const isLongPause = ride.pausedS !== undefined && ride.atS - ride.pausedS > PAUSE_MAX_S
        if (nowMs - ride.seenMs > GONE_MS || isLongPause) void this.#finish(ride)
      }
    }
    if (nowMs - this.#triedMs < RETRY_MS) return
    this.#triedMs = nowMs
    for (const id of this.#waiting) void this.#queue(async () => void (await this.#store(id)))
  }

  #write(): void {
    const isSync = ++this.#writes % SYNC_EVERY === 0
    const parts = [...this.#open.values()].filter(({ hasLines }) => hasLines)
    if (parts.length === 0 && this.#unwritten.size === 0) return
    for (const ride of parts) this.#putDown(ride)
    void this.#queue(async () => {
      let trouble: Error | undefined
      for (const id of [...this.#unwritten.keys()])
        await this.#handOver(id, isSync).catch((error: Error) => (trouble ??= error))
      if (trouble !== undefined) throw trouble
      if (this.#hasComplained) this.#options.say('Rides are written down again; none of them is lost.')
      this.#hasComplained = false
    })
  }

  #putDown(ride: OpenRide): void {
    const { id } = ride.head
    const before = this.#unwritten.get(id) ?? ''
    // A disk that is full for longer than that: what was ridden first is kept.
    const text = ride.takeLines()
    this.#unwritten.set(id, before.length > UNWRITTEN_CHARS_MAX ? before : before + text)
  }

  /** What the disk does not take stays, for the next time. */
  async #handOver(id: string, isSync: boolean): Promise<void> {
    const text = this.#unwritten.get(id)
    if (text === undefined) return
    try {
      await append(this.#path(id), text, isSync)
    } catch (error) {
      // What was half written is a torn line, and rows that are there twice count once.
      if (!text.startsWith('\n')) this.#unwritten.set(id, `\n${this.#unwritten.get(id)}`)
      throw error
    }
    const rest = this.#unwritten.get(id)!.slice(text.length)
    if (rest === '') this.#unwritten.delete(id)
    else this.#unwritten.set(id, rest)
  }

  /** One after the other, so that a ride's lines stay in order; what fails is said once. */
  async #queue(work: () => Promise<void>): Promise<void> {
    this.#writing = this.#writing.then(work).catch((error: unknown) => this.#complain(error))
    await this.#writing
  }

  #complain(error: unknown): void {
    if (!this.#hasComplained)
      this.#options.say(
        `Rides cannot be written down (${String(error)}): make room in the data folder; until then they are kept in memory, and would be gone if the server were killed.`,
      )
    this.#hasComplained = true
  }

  async #finish(ride: OpenRide): Promise<RideEnd> {
    const { id, riderUuid } = ride.head
    if (this.#open.get(riderUuid) === ride) this.#open.delete(riderUuid)
    this.#putDown(ride)
    let end: RideEnd = { state: 'waiting' }
    await this.#queue(async () => {
      this.#waiting.add(id)
      end = await this.#store(id)
    })
    return end
  }

  /** From its file into the store; the file goes when the store has it. What no disk takes goes from memory. */
  async #store(id: string): Promise<RideEnd> {
    const path = this.#path(id)
    await this.#handOver(id, false).catch((error: unknown) => this.#complain(error))
    const kept = await this.#options.sumUp((await textIn(path)) + (this.#unwritten.get(id) ?? ''))
    // Without its beginning it looks like no ride, while the folder is away.
    if (kept === undefined && this.#unwritten.has(id)) return { state: 'waiting' }
    const end: RideEnd = kept === undefined ? { state: 'none' } : { state: 'kept', ride: kept }
    try {
      if (kept !== undefined) await this.#options.keep(kept)
    } catch (error) {
      this.#options.say(`A ride waits for the store (${String(error)}); it is tried again in a minute.`)
      // In its file it outlives us; in memory alone nobody may call it kept.
      return this.#unwritten.has(id) ? { state: 'waiting' } : end
    }
    this.#waiting.delete(id)
    this.#unwritten.delete(id)
    await rm(path, { force: true }).catch((error: unknown) => this.#complain(error))
    return end
  }

  #path(id: string): string {
    return join(this.#options.folder, `${id}${ENDING}`)
  }
}

const ENDING = '.ride'
/** Whose first watt comes this soon after joining began with it. */
const NEW_TICKS = 200

const newer = (a: OpenRide, b: OpenRide): OpenRide => (b.head.startMs > a.head.startMs ? b : a)
const older = (a: OpenRide, b: OpenRide): OpenRide => (newer(a, b) === a ? b : a)

/** A file that cannot be read just now is no file without a ride: only one that is not there is. */
async function textIn(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
}

async function append(path: string, text: string, isSync: boolean): Promise<void> {
  if (text === '') return
  if (!isSync) return await appendFile(path, text, { mode: 0o600 })
  const file = await open(path, 'a', 0o600)
  try {
    await file.appendFile(text)
    await file.datasync()
  } finally {
    await file.close()
  }
}
