import { createRandom } from '#physics/random'
import type { SoundNow } from './ears.ts'
import type { Cue } from './race-sounds.ts'

/** Others that are heard passing. */
export const VOICES = 5
/** A parameter glides to its new value within about this, s. */
const GLIDE_S = 0.12
const NOISE_S = 3
/** The freewheel's loop has so many clicks in a second; it is played faster and slower. */
const CLICKS = 40

export interface Synth {
  /** The whole, 0 … 1. */
  volume(gain: number): void
  /** Ten times a second or so. */
  set(now: SoundNow): void
  /** Rider `i` of the nearest: metres ahead and to the right, m/s faster or slower; `gain` 0: nobody. */
  place(i: number, aheadM: number, rightM: number, gain: number): void
  play(cue: Cue): void
}

type Context = AudioContext | OfflineAudioContext

/** Every sound of a ride from noise and oscillators: no file, no network. Chance has a seed; nothing is made per frame. */
export function createSynth(context: Context): Synth {
  const random = createRandom(4711)
  const noise = context.createBuffer(1, context.sampleRate * NOISE_S, context.sampleRate)
  const samples = noise.getChannelData(0)
  for (let i = 0; i < samples.length; i++) samples[i] = random.fraction() * 2 - 1
  const limiter = context.createDynamicsCompressor()
  limiter.threshold.value = -10
  limiter.ratio.value = 8
  const master = context.createGain()
  master.gain.value = 0
  master.connect(limiter).connect(context.destination)

  /** Noise through a filter into a gain of its own. */
  const layer = (type: BiquadFilterType, hz: number, q: number, into: AudioNode = master) => {
    const source = context.createBufferSource()
    source.buffer = noise
    source.loop = true
    const filter = context.createBiquadFilter()
    filter.type = type
    filter.frequency.value = hz
    filter.Q.value = q
    const gain = context.createGain()
    gain.gain.value = 0
    source.connect(filter).connect(gain).connect(into)
    // Each begins elsewhere in the noise: two layers of one noise would beat.
    source.start(0, random.fraction() * NOISE_S)
    return { source, filter, gain }
  }
  /** An oscillator that swings a gain about its value. */
  const swing = (target: AudioParam, hz: number, depth: number, type: OscillatorType = 'sine') => {
    const oscillator = context.createOscillator()
    oscillator.type = type
    oscillator.frequency.value = hz
    const amount = context.createGain()
    amount.gain.value = depth
    oscillator.connect(amount).connect(target)
    oscillator.start()
    return { oscillator, amount }
  }
  const through = (depth: number, hz: number, type: OscillatorType = 'sine') => {
    const gain = context.createGain()
    gain.gain.value = 1 - depth
    gain.connect(master)
    return { gain, ...swing(gain.gain, hz, depth, type) }
  }

  const wind = layer('lowpass', 300, 0.4, through(0.18, 0.37).gain)
  const tyre = layer('bandpass', 420, 0.8)
  const stones = through(0.8, 20, 'triangle')
  const rumble = layer('lowpass', 130, 0.9, stones.gain)
  const hiss = layer('highpass', 3400, 0.3)
  const strokes = through(0.75, 3)
  const drive = layer('bandpass', 1500, 2.2, strokes.gain)
  const rain = layer('bandpass', 2600, 0.35)
  const surf = through(0.7, 0.105)
  const sea = layer('lowpass', 620, 0.3, surf.gain)
  const town = layer('lowpass', 190, 0.4)
  const murmur = through(0.25, 0.83)
  const crowd = layer('bandpass', 620, 0.7, murmur.gain)
  const chirr = through(0.5, 13, 'square')
  const cricket = context.createGain()
  cricket.gain.value = 0
  cricket.connect(chirr.gain)
  const wing = context.createOscillator()
  wing.frequency.value = 4150
  wing.connect(cricket)
  wing.start()

  const clicks = context.createBuffer(1, context.sampleRate, context.sampleRate)
  const clickSamples = clicks.getChannelData(0)
  for (let n = 0; n < CLICKS; n++) {
    const from = Math.floor((n * clickSamples.length) / CLICKS)
    for (let i = 0; i < 130; i++) clickSamples[from + i] = (random.fraction() * 2 - 1) * Math.exp(-i / 24)
  }
  const freewheel = context.createBufferSource()
  freewheel.buffer = clicks
  freewheel.loop = true
  const freewheelGain = context.createGain()
  freewheelGain.gain.value = 0
  freewheel.connect(freewheelGain).connect(master)
  freewheel.start()

  const voices = Array.from({ length: VOICES }, () => {
    const panner = context.createPanner()
    panner.panningModel = 'equalpower'
    panner.distanceModel = 'inverse'
    panner.refDistance = 1.6
    panner.rolloffFactor = 1.5
    panner.connect(master)
    return { panner, ...layer('bandpass', 900 + 400 * random.fraction(), 0.7, panner) }
  })

  const glide = (param: AudioParam, value: number): void => {
    param.setTargetAtTime(value, context.currentTime, GLIDE_S)
  }
  /** A tone with a quick beginning and a long end. */
  const tone = (
    hz: number,
    atS: number,
    forS: number,
    gain: number,
    type: OscillatorType = 'sine',
    toHz = hz,
  ): void => {
    const oscillator = context.createOscillator()
    const envelope = context.createGain()
    oscillator.type = type
    oscillator.frequency.setValueAtTime(hz, atS)
    if (toHz !== hz) oscillator.frequency.exponentialRampToValueAtTime(toHz, atS + forS)
    envelope.gain.setValueAtTime(0, atS)
    envelope.gain.linearRampToValueAtTime(gain, atS + 0.008)
    envelope.gain.exponentialRampToValueAtTime(1e-4, atS + forS)
    oscillator.connect(envelope).connect(master)
    oscillator.start(atS)
    oscillator.stop(atS + forS)
  }
  const burst = (type: BiquadFilterType, hz: number, atS: number, forS: number, gain: number): void => {
    const source = context.createBufferSource()
    source.buffer = noise
    const filter = context.createBiquadFilter()
    filter.type = type
    filter.frequency.value = hz
    const envelope = context.createGain()
    envelope.gain.setValueAtTime(0, atS)
    envelope.gain.linearRampToValueAtTime(gain, atS + forS * 0.15)
    envelope.gain.exponentialRampToValueAtTime(1e-4, atS + forS)
    source.connect(filter).connect(envelope).connect(master)
    source.start(atS, random.fraction() * (NOISE_S - 0.5), forS)
  }
  /** Struck metal: partials that do not fit. */
  const bell = (hz: number, atS: number, forS: number, gain: number): void => {
    tone(hz, atS, forS, gain)
    tone(hz * 2.76, atS, forS * 0.6, gain * 0.45)
    tone(hz * 5.4, atS, forS * 0.3, gain * 0.2)
  }
  const cheer = (atS: number, gain: number): void => {
    burst('bandpass', 900, atS, 3.4, gain)
    burst('bandpass', 1700, atS + 0.2, 2.8, gain * 0.6)
    for (let n = 0; n < 26; n++)
      burst('bandpass', 1400 + 900 * random.fraction(), atS + 2.6 * random.fraction(), 0.07, gain)
  }

  let birdAtS = 0
  let bellAtS = 0
  const due = (atS: number, perMin: number): boolean => perMin > 0 && context.currentTime >= atS
  /** When the next one is: by chance, so many a minute. */
  const later = (perMin: number): number => context.currentTime + (60 / perMin) * (0.35 + 1.3 * random.fraction())

  return {
    volume: (gain) => glide(master.gain, gain),
    set: (now) => {
      glide(wind.gain.gain, now.windGain)
      glide(wind.filter.frequency, now.windHz)
      glide(tyre.gain.gain, now.tyreGain)
      glide(tyre.filter.frequency, now.tyreHz)
      glide(rumble.gain.gain, now.rumbleGain)
      glide(stones.oscillator.frequency, Math.min(120, now.rumbleHz))
      glide(hiss.gain.gain, now.hissGain)
      glide(freewheelGain.gain, now.clickGain)
      glide(freewheel.playbackRate, Math.max(0.05, now.clickHz / CLICKS))
      glide(drive.gain.gain, now.driveGain)
      glide(strokes.oscillator.frequency, now.driveHz)
      glide(rain.gain.gain, now.rainGain)
      glide(cricket.gain, now.cricketGain)
      glide(sea.gain.gain, now.seaGain)
      glide(town.gain.gain, now.townGain)
      glide(crowd.gain.gain, now.crowdGain)
      const atS = context.currentTime
      if (due(birdAtS, now.birdsPerMin)) {
        const hz = 2300 + 2600 * random.fraction()
        const notes = 1 + Math.floor(4 * random.fraction())
        for (let n = 0; n < notes; n++) {
          const bend = 0.75 + 0.6 * random.fraction()
          tone(hz, atS + n * 0.13, 0.09, 0.025 + 0.03 * random.fraction(), 'sine', hz * bend)
        }
        birdAtS = later(now.birdsPerMin)
      }
      if (due(bellAtS, now.bellsPerMin)) {
        bell(520 + 260 * random.fraction(), atS, 0.5, 0.02 + 0.03 * random.fraction())
        bellAtS = later(now.bellsPerMin)
      }
    },
    place: (i, aheadM, rightM, gain) => {
      const voice = voices[i]
      if (voice === undefined) return
      glide(voice.panner.positionX, rightM)
      glide(voice.panner.positionZ, -aheadM)
      glide(voice.gain.gain, gain)
    },
    play: (cue) => {
      const atS = context.currentTime
      switch (cue) {
        case 'count':
          return tone(620, atS, 0.22, 0.22, 'triangle')
        case 'go':
          burst('lowpass', 1800, atS, 0.5, 0.7)
          return tone(930, atS, 0.7, 0.22, 'triangle')
        case 'last-lap':
          for (let n = 0; n < 9; n++) bell(1180, atS + n * 0.19, 0.9, 0.16)
          return
        case 'finish':
          for (const [n, hz] of [523, 659, 784, 1047].entries()) tone(hz, atS + n * 0.13, 0.8, 0.14, 'triangle')
          return cheer(atS + 0.2, 0.5)
        case 'cheer':
          return cheer(atS, 0.35)
        case 'gear':
          burst('highpass', 2200, atS, 0.035, 0.3)
          return burst('bandpass', 900, atS + 0.05, 0.05, 0.26)
        case 'word':
          tone(784, atS, 0.16, 0.1)
          return tone(1047, atS + 0.09, 0.25, 0.1)
        case 'notice':
          return tone(587, atS, 0.4, 0.13, 'triangle')
      }
    },
  }
}
