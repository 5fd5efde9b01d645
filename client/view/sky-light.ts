import { Color } from 'three'
import type { SkyNow } from '../world/sky-now.ts'

/**
 * The light of a sky, as numbers: where sun and moon stand and what colour everything has. A pure function of `SkyNow`;
 * filled in place, so that a frame makes no garbage. Axes of the picture: x east, y up, z south.
 */
export interface SkyLight {
  /** Unit vectors. */
  readonly sun: Float64Array
  readonly moon: Float64Array
  /** Towards what casts the shadows, and its colour by its strength. */
  readonly key: Float64Array
  readonly keyColor: Color
  /** Sine of the sun's height. */
  sunUp: number
  readonly zenith: Color
  readonly cool: Color
  readonly warm: Color
  /** Light from above and from below, for surfaces. */
  readonly ambientSky: Color
  readonly ambientGround: Color
  readonly cloudLit: Color
  readonly cloudDark: Color
  /** Around the sun, and the sun's own face. */
  readonly glow: Color
  exposure: number
  /** 1/m. */
  density: number
  /** Mist in valleys, 1/m. */
  bankDensity: number
  /** How dark shadows of single clouds are, 0 … 1: none without sun, none under one grey deck. */
  cloudShadow: number
  /** 0: day, 1: all lamps are lit. */
  night: number
  /** How much of stars and moon is seen, 0 … 1. */
  starlight: number
  rainbow: number
}

/** North of the equator, ° and the sun's place in its year, °: late in April, or in the middle of August. */
const LATITUDE_DEG = 47
const DECLINATION_DEG = 12
const RAD = Math.PI / 180
/** A full moon stands where the sun stood half a year ago; a little behind, so that it is up at both ends of the night. */
const MOON_BEHIND_H = 12.6
const MOON_DECLINATION_DEG = -3

/**
 * What each height of the sun looks like, °: zenith, haze away from the sun and towards it, the sun's own light (colour,
 * strength), light from the sky (strength), exposure. Made by eye, picture by picture; strengths are of a clear noon.
 */
const HOURS = [
  row(-18, 0x070c1c, 0x101b30, 0x131d32, 0x000000, 0, 0.31, 1.9),
  row(-11, 0x0a1633, 0x14213c, 0x1f2742, 0x000000, 0, 0.38, 1.85),
  row(-6, 0x16306a, 0x34496f, 0x7a6272, 0x000000, 0, 0.5, 1.8),
  row(-2.5, 0x234a86, 0x5d6f96, 0xdc8f6c, 0xff6a3a, 0, 0.62, 1.76),
  row(0, 0x29559a, 0x7486ae, 0xf59d5f, 0xff7838, 0.45, 0.74, 1.74),
  row(4, 0x2a5ca4, 0x839cc2, 0xffb06a, 0xff9c58, 1, 0.92, 1.68),
  row(10, 0x2a62b0, 0x8fb0d0, 0xffc68a, 0xffc285, 1.28, 1.1, 1.54),
  row(18, 0x2a66b8, 0x9bb7da, 0xf4d6ae, 0xffdbae, 1.32, 1.2, 1.4),
  row(34, 0x2766c0, 0x9fc2e8, 0xe2dccc, 0xffecd0, 1.34, 1.28, 1.22),
  row(60, 0x2260c2, 0x9cc3ea, 0xcfe0ee, 0xfff5e2, 1.38, 1.3, 1.1),
] as const

interface Hour {
  readonly heightDeg: number
  readonly zenith: Color
  readonly cool: Color
  readonly warm: Color
  readonly sun: Color
  readonly ambient: number
  readonly exposure: number
}

function row(
  heightDeg: number,
  zenith: number,
  cool: number,
  warm: number,
  sun: number,
  strength: number,
  ambient: number,
  exposure: number,
): Hour {
  const sunColor = new Color(sun).multiplyScalar(strength)
  return {
    ...{ heightDeg, zenith: new Color(zenith), cool: new Color(cool), warm: new Color(warm) },
    ...{ sun: sunColor, ambient, exposure },
  }
}

const MOONLIGHT = new Color(0x9db8e8).multiplyScalar(0.21)
const GROUND = new Color(0x6d6a42)
/** Under a deck of clouds everything takes this colour, by the strength of the day. */
const OVERCAST = new Color(0xa9b4c0)
const RAIN = new Color(0x7b8792)
const SNOWY_GROUND = new Color(0xaab2c0)
/** Clear air; and mist in which 98 % of a kilometre is haze. */
const CLEAR_PERM = 5e-5
const MIST_PERM = 4e-3
const MIST_STEPS = Math.log(MIST_PERM / CLEAR_PERM)

export function createSkyLight(): SkyLight {
  const color = () => new Color()
  return {
    ...{ sun: new Float64Array(3), moon: new Float64Array(3), key: new Float64Array(3), keyColor: color(), sunUp: 0 },
    ...{ zenith: color(), cool: color(), warm: color(), ambientSky: color(), ambientGround: color() },
    ...{ cloudLit: color(), cloudDark: color(), glow: color() },
    ...{ exposure: 1, density: CLEAR_PERM, bankDensity: 0, cloudShadow: 0, night: 0, starlight: 0, rainbow: 0 },
  }
}

export function smooth(from: number, to: number, x: number): number {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)))
  return t * t * (3 - 2 * t)
}

/** Towards a star of a declination at an hour angle: rises in the east, stands in the south at noon. */
function aim(hourH: number, declinationDeg: number, out: Float64Array): void {
  const turn = (hourH - 12) * 15 * RAD
  const sinL = Math.sin(LATITUDE_DEG * RAD)
  const cosL = Math.cos(LATITUDE_DEG * RAD)
  const sinD = Math.sin(declinationDeg * RAD)
  const cosD = Math.cos(declinationDeg * RAD)
  out[0] = -cosD * Math.sin(turn)
  out[1] = sinL * sinD + cosL * cosD * Math.cos(turn)
  out[2] = sinL * cosD * Math.cos(turn) - cosL * sinD
}

export function lightOf(sky: SkyNow, out: SkyLight): SkyLight {
  const { cloudShare, hazeShare, rainShare } = sky
  const { sun, moon, key } = out
  aim(sky.hourH, DECLINATION_DEG, sun)
  aim(sky.hourH - MOON_BEHIND_H, MOON_DECLINATION_DEG, moon)
  const sunDeg = Math.asin(Math.min(1, Math.max(-1, sun[1]!))) / RAD
  out.sunUp = sun[1]!

  // Between two heights of the sun.
  let i = 1
  while (i < HOURS.length - 1 && HOURS[i]!.heightDeg < sunDeg) i++
  const a = HOURS[i - 1]!
  const b = HOURS[i]!
  const t = Math.min(1, Math.max(0, (sunDeg - a.heightDeg) / (b.heightDeg - a.heightDeg)))
  out.zenith.lerpColors(a.zenith, b.zenith, t)
  out.cool.lerpColors(a.cool, b.cool, t)
  out.warm.lerpColors(a.warm, b.warm, t)
  out.keyColor.lerpColors(a.sun, b.sun, t)
  const ambient = a.ambient + (b.ambient - a.ambient) * t
  out.exposure = a.exposure + (b.exposure - a.exposure) * t
  out.glow.copy(out.keyColor)
  const day = smooth(-9, 8, sunDeg)

  // Sun until it is gone, then the moon: where one gives way to the other both give nothing.
  const moonUp = smooth(0.02, 0.2, moon[1]!) * smooth(-5, -11, sunDeg)
  const isSun = sunDeg > -5
  const from = isSun ? sun : moon
  // A light from below the horizon would draw shadows upwards.
  const up = Math.max(from[1]!, 0.06)
  const length = Math.sqrt(from[0]! * from[0]! + up * up + from[2]! * from[2]!)
  key[0] = from[0]! / length
  key[1] = up / length
  key[2] = from[2]! / length
  if (!isSun) out.keyColor.copy(MOONLIGHT).multiplyScalar(moonUp)

  // Clouds, rain and haze take the sun's light and give some of it back from everywhere.
  const deck = smooth(0.5, 1, cloudShare)
  const veil = 1 - (1 - 0.95 * deck) * (1 - 0.55 * hazeShare)
  const grey = Math.max(deck, 0.85 * smooth(0, 0.4, rainShare))
  const level = 0.024 + 0.5 * day * (1 - 0.35 * rainShare)
  tint.lerpColors(OVERCAST, RAIN, rainShare).multiplyScalar(level * 1.9)
  out.zenith.lerp(shade.copy(tint).multiplyScalar(0.5), grey * 0.93)
  // Where the deck ends there is light.
  out.cool.lerp(shade.copy(tint).multiplyScalar(1 + 0.42 * day), grey * 0.9)
  out.warm.lerp(shade.multiplyScalar(1.05).lerp(out.warm, 0.25), grey * 0.92)
  // Mist is white by day and takes the sun's colour low.
  shade.lerpColors(out.cool, out.warm, 0.4)
  out.zenith.lerp(shade, hazeShare * hazeShare * 0.75)
  out.cool.lerp(shade, hazeShare * 0.45)
  out.keyColor.multiplyScalar((1 - veil) * (1 - 0.7 * rainShare))
  out.glow.multiplyScalar(1 - 0.98 * smooth(0.55, 0.95, Math.max(cloudShare, rainShare)))

  // Light from above: the sky's own colour, brighter than it looks where clouds spread the sun.
  out.ambientSky.lerpColors(out.zenith, out.cool, 0.62)
  const bright = Math.max(out.ambientSky.r, out.ambientSky.g, out.ambientSky.b, 1e-3)
  out.ambientSky.multiplyScalar((ambient * (1 + 0.25 * deck - 0.3 * rainShare) + 0.12 * moonUp) / (1.12 * bright))
  // The eye loses colours in the dark.
  out.ambientSky.lerp(
    shade.setScalar(0.85 * Math.max(out.ambientSky.r, out.ambientSky.g, out.ambientSky.b)),
    0.12 + 0.22 * (1 - day),
  )
  const white = smooth(900, -200, sky.snowLineM)
  out.ambientGround.lerpColors(GROUND, SNOWY_GROUND, white).multiplyScalar(ambient * (1 - 0.4 * deck))
  // What the sunlit ground sends back.
  out.ambientGround.add(
    shade
      .copy(out.keyColor)
      .multiply(out.ambientGround)
      .multiplyScalar(1.4 * key[1]!),
  )

  // Clouds: lit by what the sun sends, dark by the sky below them.
  const night = 1 - day
  out.cloudLit.copy(out.glow).multiplyScalar(0.98).add(shade.copy(out.cool).multiplyScalar(0.34))
  // High clouds still see the sun when the land does not: they burn before dawn and after dusk.
  const burning = smooth(-7.5, -2, sunDeg) * smooth(6, 0.5, sunDeg)
  out.cloudLit.add(shade.copy(out.warm).multiplyScalar(0.6 * burning))
  shade
    .copy(out.cool)
    .multiplyScalar(1.15)
    .add(moonlit.copy(MOONLIGHT).multiplyScalar(0.5 * moonUp))
  out.cloudLit.lerp(shade, smooth(-3.5, -8, sunDeg))
  out.cloudLit.lerp(shade.copy(tint).multiplyScalar(1.35), grey * 0.9)
  out.cloudDark.lerpColors(out.cool, out.zenith, 0.35).multiplyScalar(0.8)
  out.cloudDark.lerp(shade.copy(tint).multiplyScalar(0.3), grey * 0.9)

  out.exposure *= 1 + 0.24 * deck * day
  const mist = Math.min(1, Math.max(0, hazeShare + 0.28 * rainShare))
  out.density = CLEAR_PERM * Math.exp(MIST_STEPS * mist) * (1 + 0.3 * night)
  // Mist lies in the valleys before the sun has warmed them, and after rain.
  const cold = smooth(-14, -3, sunDeg) * smooth(17, 4, sunDeg) * (1 - 0.75 * smooth(11, 13, sky.hourH))
  out.bankDensity =
    (0.0026 * cold + 0.0007 * sky.wetShare * (1 - rainShare)) * (0.35 + hazeShare) + 0.004 * hazeShare ** 2
  out.cloudShadow = isSun
    ? 0.78 * smooth(0.1, 0.42, sun[1]!) * smooth(0.03, 0.25, cloudShare) * (1 - smooth(0.6, 0.95, cloudShare))
    : 0
  out.night = Math.min(
    1,
    smooth(3.5, -4.5, sunDeg) +
      0.6 * smooth(0.75, 1, hazeShare) * smooth(40, 8, sunDeg) +
      0.24 * deck * smooth(0.2, 0.7, rainShare),
  )
  out.starlight = smooth(-6, -13, sunDeg) * (1 - smooth(0.45, 0.92, cloudShare)) * (1 - 0.9 * hazeShare)
  out.rainbow =
    smooth(0.04, 0.2, rainShare) *
    smooth(0.9, 0.5, cloudShare) *
    smooth(0.01, 0.12, sun[1]!) *
    smooth(0.66, 0.5, sun[1]!)
  return out
}

const tint = new Color()
const shade = new Color()
const moonlit = new Color()
