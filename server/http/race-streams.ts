import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { frameOf, type EventStream } from './event-stream.ts'

const LOOK_MS = 1000

export interface RaceStreamsOptions {
  readonly clock: Pick<Clock, 'after'>
  /** Throws where there is no such race. */
  readonly now: (id: string) => unknown
  readonly crossings: (id: string) => readonly unknown[]
}

interface Race {
  readonly streams: Set<EventStream>
  told: number
  cancel: () => void
}

/** Races for who listens: each is looked at once a second, however many listen, and not at all without them. [A47] */
export class RaceStreams {
  readonly #options: RaceStreamsOptions
  readonly #races = new Map<string, Race>()

  constructor(options: RaceStreamsOptions) {
    this.#options = options
  }

  get count(): number {
    return this.#races.size
  }

  /** Throws before `open` is asked where there is no such race. */
  add(id: string, open: (onClosed: () => void) => EventStream): void {
    const first = frameOf('board', JSON.stringify(this.#options.now(id)))
    const stream = open(() => this.#remove(id, stream))
    stream.send(first)
    const race = this.#races.get(id) ?? this.#begin(id)
    race.streams.add(stream)
  }

  #begin(id: string): Race {
    const race: Race = { streams: new Set(), told: this.#options.crossings(id).length, cancel: () => {} }
    this.#races.set(id, race)
    this.#wait(id, race)
    return race
  }

  #wait(id: string, race: Race): void {
    race.cancel = this.#options.clock.after(LOOK_MS, () => {
      try {
        this.#tell(id, race)
        this.#wait(id, race)
      } catch (error) {
        // An event that was taken away in the meantime ends its streams.
        if (!(error instanceof AppError)) throw error
        for (const stream of [...race.streams]) stream.close()
      }
    })
  }

  #tell(id: string, race: Race): void {
    const crossings = this.#options.crossings(id)
    const frames = crossings.slice(race.told).map((crossing) => frameOf('crossing', JSON.stringify(crossing)))
    race.told = crossings.length
    frames.push(frameOf('board', JSON.stringify(this.#options.now(id))))
    for (const stream of race.streams) for (const frame of frames) stream.send(frame)
  }

  #remove(id: string, stream: EventStream): void {
    const race = this.#races.get(id)
    race?.streams.delete(stream)
    if (race === undefined || race.streams.size > 0) return
    race.cancel()
    this.#races.delete(id)
  }
}
