import { fork } from 'node:child_process'
import { type BridgeClock, inTime } from './core/clock.ts'
import type { Carrier } from './core/devices.ts'

/**
 * Who rides behind a bridge and holds nothing but the knowledge how to let a trainer go. The bridge is a process of its own
 * and tells its supervisor, before it writes to a trainer, which one that is. When the bridge's process ends without having
 * let go, killed or crashed, the supervisor reaches for the trainer itself and puts it on the flat within two seconds; then
 * it starts the bridge again. A bridge that says nothing for five seconds while it holds a trainer is ended, and treated so.
 */
export interface HeldTrainer {
  readonly id: string
  readonly name: string
  readonly carrier: Carrier
}

/** From the bridge to its supervisor. It is read with care: whoever wrote it may have been dying. */
export type BridgeWord =
  | { readonly say: 'holds'; readonly trainer: HeldTrainer }
  /** Let go, or gone by itself. */
  | { readonly say: 'free' }
  | { readonly say: 'alive' }
  /** The ride is over: no new one is to begin. */
  | { readonly say: 'over' }

export interface ChildEvents {
  onWord(word: unknown): void
  onExit(code: number | undefined): void
}
export interface Child {
  /** It lets go by itself and ends. */
  stop(): void
  /** It is gone. */
  kill(): void
}

export interface SupervisorOptions {
  readonly clock: BridgeClock
  readonly start: (events: ChildEvents) => Child
  /** True: the trainer has confirmed the flat. */
  readonly release: (trainer: HeldTrainer, limitMs: number) => Promise<boolean>
  /** The bridge has ended for good, with this exit code. */
  readonly onOver: (code: number) => void
  readonly say: (sentence: string) => void
}

export const RELEASE_WITHIN_MS = 2000
/** The way to the trainer is closed behind it, within so long. */
const RELEASE_CLOSE_MS = 1000
/** How often a bridge says that it lives, and how long it may forget to. */
const ALIVE_MS = 1000
const SILENT_MS = 5000
/** A bridge that was asked to end has so long to let go by itself. */
const STOP_MS = 4000
/** A bridge that dies again at once is started again ever later. */
const RESTART_MS = [500, 1000, 2000, 5000, 10_000] as const
/** One that lived so long may begin at the first again. */
const HEALTHY_MS = 30_000

export class Supervisor {
  readonly #options: SupervisorOptions
  #child: Child | undefined
  #held: HeldTrainer | undefined
  #isOver = false
  #deaths = 0
  #startedMs = 0
  #heardMs = 0
  #cancelWatch: (() => void) | undefined
  #cancelRestart: (() => void) | undefined
  #cancelStop: (() => void) | undefined

  constructor(options: SupervisorOptions) {
    this.#options = options
  }

  get held(): HeldTrainer | undefined {
    return this.#held
  }

  start(): void {
    const { clock, start } = this.#options
    this.#cancelRestart = undefined
    this.#startedMs = this.#heardMs = clock.nowMs()
    this.#child = start({
      onWord: (word) => this.#hear(word),
      onExit: (code) => void this.#ended(code),
    })
    this.#watch()
  }

  /** The rider has had enough: the bridge ends, and what it held is let go by itself or from here. */
  stop(): void {
    const isWaiting = this.#cancelRestart !== undefined
    this.#isOver = true
    this.#cancelRestart?.()
    this.#cancelRestart = undefined
    const child = this.#child
    // Between two of them nobody would ever say that it has ended.
    if (child === undefined && isWaiting) return this.#options.onOver(1)
    child?.stop()
    this.#cancelStop = this.#options.clock.after(STOP_MS, () => child?.kill())
  }

  #hear(word: unknown): void {
    this.#heardMs = this.#options.clock.nowMs()
    const said = wordOf(word)
    if (said?.say === 'holds') this.#held = said.trainer
    if (said?.say === 'free') this.#held = undefined
    if (said?.say === 'over') this.#isOver = true
  }

  async #ended(code: number | undefined): Promise<void> {
    const { clock, release, say, onOver } = this.#options
    this.#child = undefined
    this.#cancelWatch?.()
    this.#cancelStop?.()
    const held = this.#held
    this.#held = undefined
    if (held !== undefined) {
      // A radio that hangs or fails keeps no ride from going on.
      const isFree = await inTime(
        clock,
        RELEASE_WITHIN_MS + RELEASE_CLOSE_MS,
        release(held, RELEASE_WITHIN_MS).catch(() => false),
      )
      say(
        isFree === true
          ? `${held.name} was let go: its bridge had ended`
          : `${held.name} did not confirm that it is free; if it still resists, switch it off and on`,
      )
    }
    if (this.#isOver || code === 0) {
      onOver(code ?? 1)
      return
    }
    if (clock.nowMs() - this.#startedMs > HEALTHY_MS) this.#deaths = 0
    const delayMs = RESTART_MS[Math.min(this.#deaths, RESTART_MS.length - 1)]!
    this.#deaths++
    say(`the bridge ended by itself; starting it again in ${delayMs / 1000} s`)
    this.#cancelRestart = clock.after(delayMs, () => this.start())
  }

  #watch(): void {
    const { clock } = this.#options
    this.#cancelWatch = clock.after(ALIVE_MS, () => {
      const isSilent = clock.nowMs() - this.#heardMs > SILENT_MS
      if (isSilent && this.#held !== undefined) this.#child?.kill()
      this.#watch()
    })
  }
}

const CARRIERS = new Set<string>(['bluetooth', 'network', 'ant', 'simulated'] satisfies Carrier[])

function wordOf(word: unknown): BridgeWord | undefined {
  if (typeof word !== 'object' || word === null || !('say' in word)) return undefined
  const { say } = word
  if (say === 'free' || say === 'alive' || say === 'over') return { say }
  if (say !== 'holds' || !('trainer' in word)) return undefined
  const { trainer } = word
  if (typeof trainer !== 'object' || trainer === null) return undefined
  const { id, name, carrier } = trainer as Record<string, unknown>
  if (typeof id !== 'string' || typeof name !== 'string' || typeof carrier !== 'string' || !CARRIERS.has(carrier))
    return undefined
  return { say, trainer: { id, name, carrier: carrier as Carrier } }
}

/** A bridge as a process of its own: the same Node, this module, these arguments. It speaks by `speakTo`. */
export function forkBridge(modulePath: string, args: readonly string[], events: ChildEvents): Child {
  const child = fork(modulePath, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  let isGone = false
  const gone = (code: number | undefined): void => {
    if (!isGone) events.onExit(code)
    isGone = true
  }
  child.on('message', (word) => events.onWord(word))
  child.on('exit', (code) => gone(code ?? undefined))
  child.on('error', () => gone(undefined)) // It never began: the same as one that ended.
  return { stop: () => void child.kill('SIGTERM'), kill: () => void child.kill('SIGKILL') }
}

export interface Speaker {
  /** For Legs' `onTrainer`. */
  readonly onTrainer: (trainer: HeldTrainer | undefined) => void
  /** No new ride is to begin. What is still held is let go from behind: `onTrainer(undefined)` says that it is free. */
  over(): void
  close(): void
}

/** The bridge's side: `send` is the process' own line to who forked it; without one nobody listens, and nothing is said. */
export function speakTo(send: ((word: BridgeWord) => void) | undefined, clock: BridgeClock): Speaker {
  let cancel: (() => void) | undefined
  const live = (): void => {
    send?.({ say: 'alive' })
    cancel = clock.after(ALIVE_MS, live)
  }
  if (send !== undefined) live()
  return {
    onTrainer(trainer) {
      if (trainer === undefined) send?.({ say: 'free' })
      else send?.({ say: 'holds', trainer: { id: trainer.id, name: trainer.name, carrier: trainer.carrier } })
    },
    over() {
      send?.({ say: 'over' })
    },
    close: () => cancel?.(),
  }
}
