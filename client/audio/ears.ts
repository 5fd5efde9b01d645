import type { SkyNow } from '../world/sky-now.ts'

/** What can be heard of, at one moment; filled in place. */
export interface Ears {
  speedMps: number
  /** Wind of the road in the face, and from the side, m/s. */
  headMps: number
  crossMps: number
  /** What others leave of the air's force, 0 … 1. */
  draftFactor: number
  cadenceRpm: number
  powerW: number
  /** 0 asphalt … 1 cobbles. */
  roughShare: number
  /** On snow. */
  isSnow: boolean
  /** 0 … 1 each: how near the sea, a pasture, a town and people beside the road are; how far trees reach up here. */
  sea: number
  pasture: number
  town: number
  crowd: number
  woods: number
}

export function createEars(): Ears {
  return {
    ...{ speedMps: 0, headMps: 0, crossMps: 0, draftFactor: 1, cadenceRpm: 0, powerW: 0, roughShare: 0, isSnow: false },
    ...{ sea: 0, pasture: 0, town: 0, crowd: 0, woods: 1 },
  }
}

/** How loud (gain, 0 … 1) and how (Hz, a second) each layer of sound is. */
export interface SoundNow {
  windGain: number
  windHz: number
  tyreGain: number
  tyreHz: number
  rumbleGain: number
  /** Stones a second under the tyre. */
  rumbleHz: number
  hissGain: number
  clickGain: number
  /** Clicks of the freewheel a second. */
  clickHz: number
  driveGain: number
  /** Strokes of the pedals a second. */
  driveHz: number
  rainGain: number
  cricketGain: number
  seaGain: number
  townGain: number
  crowdGain: number
  birdsPerMin: number
  bellsPerMin: number
}

export function createSoundNow(): SoundNow {
  return {
    ...{ windGain: 0, windHz: 200, tyreGain: 0, tyreHz: 400, rumbleGain: 0, rumbleHz: 0, hissGain: 0 },
    ...{ clickGain: 0, clickHz: 0, driveGain: 0, driveHz: 0, rainGain: 0, cricketGain: 0, seaGain: 0 },
    ...{ townGain: 0, crowdGain: 0, birdsPerMin: 0, bellsPerMin: 0 },
  }
}

/** Wheels of 2.1 m with 18 pawl clicks a turn; stones of a paved road lie so far apart, m. */
const WHEEL_M = 2.1
const CLICKS_PER_TURN = 18
const STONE_M = 0.13
/** Riding as hard as this is as loud as it gets, W; wind as strong as this roars, m/s. */
const HARD_W = 700
const ROAR_MPS = 19

/** What a rider hears. A pure function; fills and answers `out`. */
export function soundOf(ears: Ears, sky: SkyNow, out: SoundNow): SoundNow {
  const { speedMps, headMps, crossMps, cadenceRpm, powerW, roughShare } = ears
  const along = Math.max(0, speedMps + headMps)
  // The force of the air goes with the square of its speed: what shelter leaves of the one, its root leaves of the other.
  const apparentMps = Math.sqrt(along * along + crossMps * crossMps) * Math.sqrt(clamp(ears.draftFactor))
  const roar = clamp(apparentMps / ROAR_MPS)
  out.windGain = 0.85 * roar * roar
  out.windHz = 160 + 46 * apparentMps
  const rolling = clamp(speedMps / 15)
  const snow = ears.isSnow ? 1 : 0
  out.tyreGain = rolling * (0.2 + 0.1 * roughShare) * (1 - 0.5 * snow)
  out.tyreHz = 260 + 34 * speedMps - 120 * snow
  out.rumbleGain = roughShare * clamp(speedMps / 8) * 0.55 * (1 - 0.7 * snow)
  out.rumbleHz = speedMps / STONE_M
  out.hissGain = rolling * 0.3 * clamp(sky.wetShare * 1.4) * (1 - snow)
  const isCoasting = cadenceRpm < 1 && speedMps > 1.2
  out.clickGain = isCoasting ? 0.16 : 0
  out.clickHz = (speedMps / WHEEL_M) * CLICKS_PER_TURN
  out.driveHz = cadenceRpm / 30
  out.driveGain = cadenceRpm < 1 ? 0 : 0.03 + 0.14 * Math.sqrt(clamp(powerW / HARD_W))
  out.rainGain = snow === 1 ? 0 : 0.5 * Math.sqrt(clamp(sky.rainShare))

  const { hourH } = sky
  const dry = 1 - clamp(sky.rainShare * 4)
  // Birds sing before the sun is up, and again towards evening; at noon few do.
  const chorus = bump(hourH, 5.6, 1.6) + 0.45 * bump(hourH, 18.4, 1.8) + 0.28 * bump(hourH, 11.5, 5)
  const near = 1 - 0.75 * clamp(speedMps / 18)
  out.birdsPerMin = 34 * chorus * dry * clamp(ears.woods) * near * (1 - 0.7 * snow) * (1 - 0.5 * ears.town)
  const dark = hourH < 12 ? fall(hourH, 5.4) : 1 - fall(hourH, 19.6)
  out.cricketGain = 0.05 * dark * dry * (1 - snow) * (1 - ears.town) * (sky.weather.seaLevelC > 8 ? 1 : 0)
  const day = 1 - dark
  out.bellsPerMin = 46 * clamp(ears.pasture) * (0.25 + 0.75 * day) * (1 - snow) * near
  out.seaGain = 0.34 * clamp(ears.sea) * clamp(ears.sea)
  out.townGain = 0.16 * clamp(ears.town) * (0.3 + 0.7 * day)
  out.crowdGain = 0.45 * clamp(ears.crowd) * (0.25 + 0.75 * day) * (0.4 + 0.6 * dry)
  return out
}

function clamp(x: number): number {
  return x < 0 ? 0 : x > 1 ? 1 : x
}

/** 1 at an hour, 0 so many hours before and after it. */
function bump(hourH: number, atH: number, widthH: number): number {
  const d = Math.abs(hourH - atH) / widthH
  return d >= 1 ? 0 : (1 - d * d) * (1 - d * d)
}

/** 1 before an hour, 0 three quarters of an hour after it. */
function fall(hourH: number, atH: number): number {
  return 1 - clamp((hourH - atH) / 0.75)
}
