import type { RiderId, Row, Sequence } from '#protocol/ids'
import { PHYSICS_VERSION } from '#physics/constants'
import type { Course } from '#physics/course'
import type { Network } from '#maps/network'
import { parseHeader, parseRecord } from './parse-record.ts'
import type { JournalHeader, JournalRecord } from './records.ts'
import { World } from './world.ts'

/** The road to replay on, and its name. */
export interface ReplayRoad {
  readonly course: Course
  readonly network?: Network
  readonly mapHash: string
}

export interface ReplayOptions {
  /**
   * Begin at the last checkpoint instead of tick 0: how a server comes back after a crash. Or at the first, where the
   * lines are a piece of a journal: how a film is wound to a minute.
   */
  readonly from?: 'start' | 'last-checkpoint' | 'first-checkpoint'
  /** Ends before the step that would lead past this tick; the lines need not have an end. */
  readonly untilTick?: number
  /** Called with the world before every step, and once at its end. */
  readonly onTick?: (world: World) => void
  /** Called about every thousand ticks. */
  readonly onProgress?: (line: number, lineCount: number) => void
}

export type Replayed =
  | {
      readonly ok: true
      readonly header: JournalHeader
      readonly world: World
      readonly checkpoints: number
      readonly samples: number
      /** The journal has no end: the server was killed. */
      readonly isCut: boolean
      readonly notice: string | undefined
    }
  /** `line` counts from 1, as editors do. The sentence names line, tick and reason. */
  | { readonly ok: false; readonly line: number; readonly tick: number; readonly error: string }

/**
 * Rides a journal again. The world writes its journal anew while it goes, and every line must come out as it stands in
 * the file: inputs, crossings, the hash of every checkpoint, and its columns. So the first difference is a line.
 */
export function replayJournal(lines: readonly string[], road: ReplayRoad, options: ReplayOptions = {}): Replayed {
  const first = parseHeader(lines[0] ?? '')
  if (!first.ok) return refuse(1, 0, first.error)
  const header = first.value
  if (header.mapHash !== road.mapHash) {
    return refuse(1, 0, `was ridden on map ${header.mapId} with hash ${header.mapHash}, here it is ${road.mapHash}`)
  }
  if (header.physicsVersion !== PHYSICS_VERSION) {
    return refuse(1, 0, `was ridden with physics ${header.physicsVersion}, this program has ${PHYSICS_VERSION}`)
  }
  return new Replay(lines, header, road, options).run()
}

/** Lines of a journal file; a trailing newline is not a line. */
export function journalLines(file: string): string[] {
  const lines = file.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

class Replay {
  readonly #lines: readonly string[]
  readonly #header: JournalHeader
  readonly #road: ReplayRoad
  #world: World
  readonly #options: ReplayOptions
  /** The next line the world has to write. */
  #next = 1
  #difference: { line: number; tick: number; error: string } | undefined
  #samples = 0
  #checkpoints = 0

  constructor(lines: readonly string[], header: JournalHeader, road: ReplayRoad, options: ReplayOptions) {
    this.#lines = lines
    this.#header = header
    this.#options = options
    this.#road = road
    this.#world = this.#empty()
  }

  #empty(): World {
    const { course, network } = this.#road
    return new World({
      course,
      ...(network === undefined ? {} : { network }),
      riderCapacity: this.#header.riderCapacity,
      journal: (record) => this.#compare(record),
    })
  }

  run(): Replayed {
    const count = this.#lines.length
    let isCut = true
    let notice: string | undefined
    let index = this.#startIndex()
    for (; index < count && this.#difference === undefined && !this.#isOver; index++) {
      const parsed = parseRecord(this.#lines[index]!)
      if (!parsed.ok) {
        if (index === count - 1) {
          notice = `line ${count} ${parsed.error}: dropped, it was cut off by a crash`
          break
        }
        return refuse(index + 1, this.#world.tick, parsed.error)
      }
      if (!isCut) return refuse(index + 1, this.#world.tick, 'stands after the end')
      const wrong = this.#apply(parsed.value, index)
      if (wrong !== undefined) this.#differ(index, wrong)
      if (parsed.value[0] === 'end') isCut = false
    }
    if (this.#options.untilTick !== undefined) return this.#runOut(this.#options.untilTick)
    // A cut journal ends with the last samples not yet stepped over: one step takes them up.
    if (this.#difference === undefined && this.#next < index) this.#world.step()
    if (this.#difference === undefined && this.#next < index) this.#differ(this.#next, 'did not happen in the replay')
    if (this.#difference !== undefined) return { ok: false, ...this.#difference }
    if (isCut) notice ??= 'the journal has no end: its server was stopped without a word'
    return {
      ok: true,
      header: this.#header,
      world: this.#world,
      checkpoints: this.#checkpoints,
      samples: this.#samples,
      isCut,
      notice,
    }
  }

  get #isOver(): boolean {
    return this.#world.tick >= (this.#options.untilTick ?? Infinity)
  }

  /** Up to the tick asked for; silence in the journal is a ride as well. */
  #runOut(untilTick: number): Replayed {
    this.#stepTo(untilTick)
    if (this.#difference !== undefined) return { ok: false, ...this.#difference }
    this.#options.onTick?.(this.#world)
    const [checkpoints, samples] = [this.#checkpoints, this.#samples]
    return {
      ...{ ok: true, header: this.#header, world: this.#world },
      ...{ checkpoints, samples, isCut: true, notice: undefined },
    }
  }

  #startIndex(): number {
    if (this.#options.from === 'last-checkpoint') return this.#startAtCheckpoint(-1)
    return this.#options.from === 'first-checkpoint' ? this.#startAtCheckpoint(1) : 1
  }

  /** Applies one line; answers why it cannot be. */
  #apply(record: JournalRecord, index: number): string | undefined {
    const world = this.#world
    const [kind, tick] = record
    if (tick < world.tick) return `goes back to tick ${tick} from ${world.tick}`
    this.#stepTo(tick)
    if (this.#difference !== undefined || world.tick < tick) return undefined
    switch (kind) {
      case 'join': {
        const { riderId } = record[3]
        if (world.isFull || world.rowOf(riderId as RiderId) !== undefined)
          return `joins rider ${riderId} twice or too many`
        world.join({ ...record[3], riderId: riderId as RiderId })
        return undefined
      }
      case 'leave':
      case 'session':
      case 'turn':
      case 'route':
      case 'gear':
      case 'sample': {
        const row = record[2] as Row
        if (world.riders.id[row] === 0 || row >= world.riders.count) return `speaks of row ${row}, where nobody rides`
        if (kind === 'leave') world.leave(row)
        else if (kind === 'session') world.resume(row)
        else if (kind === 'turn') world.wish(row, record[3])
        else if (kind === 'gear') {
          const [, , , trainerMode, targetW, powerSource, cadenceSource, heartRateSource] = record
          world.equip(row, { trainerMode, targetW, powerSource, cadenceSource, heartRateSource })
        } else if (kind === 'route') {
          if (!world.takeRoute(row, record[3])) return `takes a route that does not lead by there`
        } else {
          const [, , , sequence, atMs, powerW, cadenceHalfRpm, heartRateBpm, steer] = record
          this.#samples++
          world.post(row, { sequence: sequence as Sequence, atMs, powerW, cadenceHalfRpm, heartRateBpm, steer })
        }
        return undefined
      }
      case 'fact':
        world.decide(record[2])
        return undefined
      case 'zone': {
        const row = record[2] as Row
        const wrong = world.whyNoZone(row, record[3])
        if (wrong !== undefined) return wrong
        world.zone(row, record[3])
        return undefined
      }
      case 'crossing':
      case 'effort':
      case 'checkpoint':
        if (kind === 'checkpoint') this.#checkpoints++
        return this.#next > index ? undefined : 'did not happen in the replay'
      case 'end':
        world.end()
    }
    return undefined
  }

  #stepTo(tick: number): void {
    const world = this.#world
    const untilTick = Math.min(tick, this.#options.untilTick ?? Infinity)
    while (world.tick < untilTick && this.#difference === undefined) {
      this.#options.onTick?.(world)
      world.step()
      if (world.tick % 1000 === 0) this.#options.onProgress?.(this.#next, this.#lines.length)
    }
  }

  /** The world wrote a line: it must be the next one of the file. */
  #compare(record: JournalRecord): void {
    if (this.#difference !== undefined) return
    const expected = this.#lines[this.#next]
    const written = JSON.stringify(record)
    // A cut journal may lack what its last tick wrote.
    if (expected === undefined || (this.#next === this.#lines.length - 1 && !parseRecord(expected).ok)) return
    if (expected !== written) this.#differ(this.#next, explain(expected, record, written))
    this.#next++
  }

  #differ(index: number, reason: string): void {
    this.#difference ??= {
      line: index + 1,
      tick: this.#world.tick,
      error: sentence(index + 1, this.#world.tick, reason),
    }
  }

  /** Looks for one forward (1) or from the end (−1). */
  #startAtCheckpoint(step: 1 | -1): number {
    const count = this.#lines.length
    for (let index = step === 1 ? 1 : count - 1; index > 0 && index < count; index += step) {
      if (!this.#lines[index]!.startsWith('["checkpoint"')) continue
      const parsed = parseRecord(this.#lines[index]!)
      if (!parsed.ok || parsed.value[0] !== 'checkpoint') continue
      const [, tick, hash, state] = parsed.value
      if (!this.#world.restore(tick, state) || this.#world.stateHash() !== hash) {
        this.#world = this.#empty() // Nothing of it is left behind.
        continue
      }
      this.#next = index + 1
      return index + 1
    }
    return 1
  }
}

function explain(expected: string, record: JournalRecord, written: string): string {
  const parsed = parseRecord(expected)
  const kind = parsed.ok ? parsed.value[0] : 'line'
  if (parsed.ok && kind === record[0] && parsed.value[1] === record[1]) {
    if (record[0] === 'checkpoint' || record[0] === 'end') {
      const before = parsed.value[2] as string
      if (before !== record[2]) return `says hash ${before}, the replay has ${record[2]}`
      return `has columns that are not those of its hash`
    }
    if (record[0] === 'leave' && parsed.value[0] === 'leave') {
      return `has a rider leave as ${parsed.value[3]}, in the replay it is ${record[3]}`
    }
    if (record[0] === 'crossing' && parsed.value[0] === 'crossing') {
      return `says rider ${parsed.value[3]} crossed at ${parsed.value[2]} of the tick, in the replay rider ${record[3]} at ${record[2]}`
    }
  }
  const shortened = written.length > 100 ? `${written.slice(0, 100)}…` : written
  return `is a "${kind}", where the replay writes ${shortened}`
}

const sentence = (line: number, tick: number, reason: string): string => `line ${line} (tick ${tick}) ${reason}`

function refuse(line: number, tick: number, reason: string): Replayed {
  return { ok: false, line, tick, error: sentence(line, tick, reason) }
}
