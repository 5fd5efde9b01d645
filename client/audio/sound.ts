import type { SceneRiders } from '../world/scene-riders.ts'
import type { SkyNow } from '../world/sky-now.ts'
import { createSoundNow, soundOf, type Ears } from './ears.ts'
import type { Cue } from './race-sounds.ts'
import type { Synth } from './synth.ts'

/** Parameters are set so often, ms; what is between them glides. */
const BEAT_MS = 100
/** Others are heard within this, m. */
const NEAR_M = 40
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

/**
 * The sound of one ride. Silent until the rider has touched the page (browsers insist), and nothing of it is fetched
 * before that. A browser without Web Audio stays silent.
 */
export class Sound {
  #setting: SoundSetting
  #context: AudioContext | undefined
  #synth: Synth | undefined
  #beatMs = -Infinity
  #isOver = false
  readonly #now = createSoundNow()
  readonly #onGesture = (): void => void this.#begin()

  /** `isWaiting`: not even a touch begins it, only who turns it up. */
  constructor({ isWaiting = false } = {}) {
    this.#setting = readSound(stored())
    if (isWaiting) return
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

  /** Whether `ears` is wanted now: ten times a second while there is sound. */
  isDue(nowMs: number): boolean {
    if (this.#synth === undefined || this.#setting.isMuted || nowMs - this.#beatMs < BEAT_MS) return false
    this.#beatMs = nowMs
    return true
  }

  beat(ears: Ears, sky: SkyNow, riders: SceneRiders): void {
    const synth = this.#synth
    if (synth === undefined) return
    synth.set(soundOf(ears, sky, this.#now))
    let voice = 0
    for (let row = 1; row < riders.count && voice < VOICE_COUNT; row++) {
      const aheadM = riders.gapM[row]!
      if (!(Math.abs(aheadM) < NEAR_M)) continue
      const rightM = riders.lateralM[row]! - riders.lateralM[0]!
      synth.place(voice++, aheadM, rightM, 0.35 * Math.min(1, riders.speedMps[row]! / 12) * (1 - riders.fade[row]!))
    }
    while (voice < VOICE_COUNT) synth.place(voice++, 0, 0, 0)
  }

  play(cue: Cue): void {
    if (!this.#setting.isMuted) this.#synth?.play(cue)
  }

  close(): void {
    this.#isOver = true
    this.#forget()
    void this.#context?.close()
    this.#synth = undefined
  }

  async #begin(): Promise<void> {
    if (this.#setting.isMuted || this.#isOver || typeof AudioContext === 'undefined') return
    this.#forget()
    if (this.#context !== undefined) return
    // Made inside the gesture, or it would stay suspended.
    this.#context = new AudioContext({ latencyHint: 'playback' })
    const { createSynth } = await import('./synth.ts')
    if (this.#isOver) return
    this.#synth = createSynth(this.#context)
    this.#apply()
  }

  #forget(): void {
    for (const kind of ['pointerdown', 'keydown'] as const)
      removeEventListener(kind, this.#onGesture, { capture: true })
  }

  #apply(): void {
    const { volume, isMuted } = this.#setting
    // Loudness as one hears it: half the way is half as loud.
    this.#synth?.volume(isMuted ? 0 : volume * volume)
    if (isMuted) void this.#context?.suspend()
    else void this.#context?.resume()
  }
}

/** As many as the synth has (VOICES); said here so that it is fetched only when there is sound. */
const VOICE_COUNT = 5

function stored(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}
