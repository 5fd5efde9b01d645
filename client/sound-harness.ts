import { createSoundNow } from './audio/ears.ts'
import type { Cue } from './audio/race-sounds.ts'
import { createSynth } from './audio/synth.ts'

/** Renders sounds into numbers, for tests. Not part of the ride. */
declare global {
  interface Window {
    soundHarness?: { render(now: Asked, volume: number, cue?: Cue): Promise<Heard> }
  }
}

/** By names that stand here too: the others are short in what is built (lean-names.ts). */
interface Asked {
  readonly windGain?: number
  readonly windHz?: number
  readonly hissGain?: number
}

interface Heard {
  /** Mean and largest amplitude; share of it above and below 1 kHz by counting zero crossings, Hz. */
  readonly rms: number
  readonly peak: number
  readonly crossingsHz: number
}

const RATE_HZ = 24_000
const FOR_S = 1

window.soundHarness = {
  render: async ({ windGain = 0, windHz = 200, hissGain = 0 }, volume, cue) => {
    const context = new OfflineAudioContext(1, RATE_HZ * FOR_S, RATE_HZ)
    const synth = createSynth(context)
    synth.volume(volume)
    synth.set({ ...createSoundNow(), windGain, windHz, hissGain })
    if (cue !== undefined) synth.play(cue)
    const samples = (await context.startRendering()).getChannelData(0)
    let [sum, peak, crossings] = [0, 0, 0]
    for (let i = 1; i < samples.length; i++) {
      sum += samples[i]! * samples[i]!
      peak = Math.max(peak, Math.abs(samples[i]!))
      if (samples[i]! >= 0 !== samples[i - 1]! >= 0) crossings++
    }
    return { rms: Math.sqrt(sum / samples.length), peak, crossingsHz: crossings / 2 / FOR_S }
  },
}
