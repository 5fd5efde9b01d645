import type { RoomFacts } from '../room.ts'
import type { SkyNow } from '../world/sky-now.ts'
import type { Player, PlayerOptions } from './player.ts'
import type { Cue } from './race-sounds.ts'

/** Parameters are set so often, ms; what is between them glides. */
const BEAT_MS = 100
const KEY = 'gruppetto.sound'
const FIRST_VOLUME = 0.6

/** How loud, 0 … 1, and whether at all; from ride to ride. */
export interface SoundSetting {
  readonly volume: number
  readonly isMuted: boolean
}

export function readSound(text: string | null | undefined): SoundSetting {
  const first = { volume: FIRST_VOLUME, isMuted: false }
  try {
    const { volume, isMuted } = JSON.parse(text ?? '') as Partial<Record<keyof SoundSetting, unknown>>
    const isLoud = typeof volume === 'number' && volume >= 0 && volume <= 1
    return { volume: isLoud ? volume : FIRST_VOLUME, isMuted: isMuted === true }
  } catch {
    return first // Never set, or written by another version.
  }
}

export interface SoundOptions extends PlayerOptions {
  /** Not even a touch begins it, only who turns it up. */
  readonly isWaiting: boolean
}

/**
 * The sound of one ride. Silent until the rider has touched the page (browsers insist), and nothing of it is fetched
 * before that. A browser without Web Audio stays silent.
 */
export class Sound {
  readonly #options: SoundOptions
  #setting: SoundSetting
  #context: AudioContext | undefined
  #player: Player | undefined
  #beatMs = -Infinity
  #isOver = false
  readonly #onGesture = (): void => void this.#begin()

  constructor(options: SoundOptions) {
    this.#options = options
    this.#setting = readSound(stored())
    if (options.isWaiting) return
    for (const kind of ['pointerdown', 'keydown'] as const) addEventListener(kind, this.#onGesture, { capture: true })
  }

  get setting(): SoundSetting {
    return this.#setting
  }

  change(setting: SoundSetting): void {
    this.#setting = setting
    try {
      localStorage.setItem(KEY, JSON.stringify(setting))
    } catch {
      // Storage switched off: it holds for this ride.
    }
    void this.#begin()
    this.#apply()
  }

  /** Every frame; ten times a second something comes of it. */
  frame(nowMs: number, tick: number, sky: SkyNow, facts: RoomFacts | undefined): void {
    if (this.#player === undefined || this.#setting.isMuted || nowMs - this.#beatMs < BEAT_MS) return
    this.#beatMs = nowMs
    this.#player.beat(tick, sky, facts)
  }

  play(cue: Cue): void {
    if (!this.#setting.isMuted) this.#player?.play(cue)
  }

  close(): void {
    this.#isOver = true
    this.#forget()
    void this.#context?.close()
    this.#player = undefined
  }

  async #begin(): Promise<void> {
    if (this.#setting.isMuted || this.#isOver || typeof AudioContext === 'undefined') return
    this.#forget()
    if (this.#context !== undefined) return
    // Made inside the gesture, or it would stay suspended.
    this.#context = new AudioContext({ latencyHint: 'playback' })
    const fetched = await import('./player.ts').catch(() => undefined) // The line is down: the ride goes on in silence.
    if (this.#isOver || fetched === undefined) return
    this.#player = new fetched.Player(this.#context, this.#options)
    this.#apply()
  }

  #forget(): void {
    for (const kind of ['pointerdown', 'keydown'] as const)
      removeEventListener(kind, this.#onGesture, { capture: true })
  }

  #apply(): void {
    const { volume, isMuted } = this.#setting
    // Loudness as one hears it: half the way is half as loud.
    this.#player?.volume(isMuted ? 0 : volume * volume)
    if (isMuted) void this.#context?.suspend()
    else void this.#context?.resume()
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}
