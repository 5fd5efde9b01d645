/** How briskly a rider comes back to a line, 1/s: 95 % of the way within about two and a half seconds. */
export const LINE_RATE_PS = 2
/** Nobody goes sideways faster than this share of going forward (some 11°), nor than this, m/s. */
const LATERAL_SHARE_MAX = 0.2
const LATERAL_MAX_MPS = 2
/** From the middle of the rider to the edge of the road, at least, m: half a handlebar and a hand's breadth. */
const EDGE_MARGIN_M = 0.5
/** `steer` at full lock: InputSample.steer is −127 … 127. */
const STEER_MAX = 127

/** Farthest from the middle a rider may be on a road this wide, m. */
export function lateralLimitM(widthM: number): number {
  return Math.max(0, 0.5 * widthM - EDGE_MARGIN_M)
}

/** The line a rider steers for, m right of the middle; `steer` 0 leaves it to the house: `homeM`. */
export function lineFromSteerM(steer: number, widthM: number, homeM: number): number {
  const limitM = lateralLimitM(widthM)
  const wishM = steer === 0 ? homeM : (steer / STEER_MAX) * limitM
  return Math.min(limitM, Math.max(-limitM, wishM))
}

/** A line of one's own to come back to: riders spread over the road by the golden section of their id. */
export function homeLineM(riderId: number, widthM: number): number {
  const share = ((Math.imul(riderId, 0x9e3779b1) >>> 8) & 0xffff) / 65536
  return (2 * share - 1) * 0.8 * lateralLimitM(widthM)
}

/** Who goes sideways, and the road they do it on. Fields, for numbers handed over may be new objects. */
export interface Gliding {
  lateralM: number
  lateralMps: number
  /** The line, and the speed forward. */
  readonly lineM: number
  readonly nextMps: number
  readonly widthM: number
  readonly dtS: number
}

/**
 * A step sideways: a critically damped spring towards `lineM`, solved exactly but for e^−x, which is the rational
 * 1 / (1 + x + x²/2 + x³/6): below by 4·10⁻⁶ for one tick, and the same in every engine. Kept on the road.
 */
export function glide(body: Gliding): void {
  const { lateralM, lateralMps, dtS } = body
  const x = LINE_RATE_PS * dtS
  const decay = 1 / (1 + x * (1 + x * (0.5 + x / 6)))
  const pull = lateralMps + LINE_RATE_PS * (lateralM - body.lineM)
  const wishMps = (lateralMps - x * pull) * decay
  const mostMps = Math.min(LATERAL_MAX_MPS, LATERAL_SHARE_MAX * body.nextMps)
  const nextMps = Math.min(mostMps, Math.max(-mostMps, wishMps))
  const limitM = Math.max(0, 0.5 * body.widthM - EDGE_MARGIN_M) // `lateralLimitM`
  const nextM = lateralM + 0.5 * (lateralMps + nextMps) * dtS
  body.lateralM = Math.min(limitM, Math.max(-limitM, nextM))
  body.lateralMps = nextMps
}
