import type { HeightTile } from './heights.ts'
import type { Part } from './piece.ts'
import type { SownTile } from './grass-sow.ts'
import type { WorldInput } from './world-build.ts'
import type { WorldAnswer, WorldAsk } from './world-job.ts'

/** What a worker is to this file; tests bring a job without one. */
export interface WorldWorker {
  postMessage(ask: WorldAsk): void
  addEventListener(type: 'message', listener: (event: { readonly data: WorldAnswer }) => void): void
  terminate(): void
}

export interface WorldSourceEvents {
  readonly sown: (tile: SownTile) => void
  readonly heights: (tile: HeightTile) => void
}

/** The world as it comes out of its worker: parts wait here until the frame has time for them. */
export class WorldSource {
  readonly #worker: WorldWorker
  readonly #parts: Part[] = []
  #asked = 0
  #isBuilt = false
  #waiting: (() => void)[] = []

  constructor(input: WorldInput, on: WorldSourceEvents, worker: WorldWorker = takeWorker()) {
    this.#worker = worker
    worker.addEventListener('message', ({ data }) => {
      switch (data.kind) {
        case 'part':
          this.#parts.push(data.part)
          break
        case 'sown':
          this.#asked--
          on.sown(data.sown)
          break
        case 'heights':
          this.#asked--
          on.heights(data.tile)
          break
        case 'built':
          this.#isBuilt = true
          break
      }
      for (const wake of this.#waiting.splice(0)) wake()
    })
    worker.postMessage({ kind: 'build', input })
  }

  sow(tile: number): void {
    this.#ask({ kind: 'sow', tile })
  }

  heights(tileX: number, tileZ: number): void {
    this.#ask({ kind: 'heights', tileX, tileZ })
  }

  /** The next part that has come; undefined: none yet, or none any more. */
  take(): Part | undefined {
    return this.#parts.shift()
  }

  /** Every part has come and was taken. */
  get isSpent(): boolean {
    return this.#isBuilt && this.#parts.length === 0
  }

  /** … and nothing that was asked is still to come. */
  get isIdle(): boolean {
    return this.isSpent && this.#asked === 0
  }

  /** The next message, whatever it is. */
  heard(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  close(): void {
    this.#worker.terminate()
  }

  #ask(ask: WorldAsk): void {
    this.#asked++
    this.#worker.postMessage(ask)
  }
}

let ahead: WorldWorker | undefined

/** The worker comes before there is anything to build: its script is fetched and read while the rider types a name. */
export function startWorkerAhead(): void {
  ahead ??= startWorker()
}

function takeWorker(): WorldWorker {
  const worker = ahead ?? startWorker()
  ahead = undefined
  return worker
}

function startWorker(): WorldWorker {
  return new Worker(new URL('./world-worker.ts', import.meta.url), { type: 'module' })
}
