import { HEIGHT_UNIT_M, SLOPE_UNIT, type BakedColumns } from '#maps/format'

/** The whole lap in small, made once: its profile in grade classes and its outline from above. */
export interface Lap {
  /** One closed path per grade class, in a box of PROFILE_WIDE × PROFILE_TALL. */
  readonly classes: readonly { readonly color: string; readonly path: string }[]
  /** The outline, in the units of `viewBox`. */
  readonly outline: string
  readonly viewBox: string
  /** Stroke of the outline in those units. */
  readonly strokeUnits: number
  readonly lowM: number
  readonly highM: number
  /** Height of the profile at a share of the lap, as a share of the box from its top. */
  topAt(share: number): number
  /** Place on the outline at a share of the lap. */
  placeAt(share: number): { readonly x: number; readonly y: number }
}

export const PROFILE_WIDE = 400
export const PROFILE_TALL = 100
/** From flat to steep; down is blue. Heights carry the same fact for those who do not see the colours. */
const CLASSES: readonly (readonly [fromPercent: number, color: string])[] = [
  [9, '#ff5a5f'],
  [6, '#ff8a3d'],
  [3, '#ffd23f'],
  [-2, '#4ecb7c'],
  [-Infinity, '#4aa8ff'],
]
const HEADROOM = 0.2

export function createLap(course: BakedColumns): Lap {
  const { count, heightCount, slopeCount, xMm, yMm } = course
  let low = Infinity
  let high = -Infinity
  for (let i = 0; i < count; i++) {
    low = Math.min(low, heightCount[i]!)
    high = Math.max(high, heightCount[i]!)
  }
  const span = Math.max(high - low, 20 / HEIGHT_UNIT_M)
  const sampleAt = (share: number) => Math.min(count - 1, Math.max(0, Math.floor(share * count)))
  const topAt = (share: number): number =>
    1 - 0.08 - (1 - HEADROOM - 0.08) * ((heightCount[sampleAt(share)]! - low) / span)

  const paths = CLASSES.map(() => '')
  for (let px = 0; px < PROFILE_WIDE; px += 2) {
    const from = sampleAt(px / PROFILE_WIDE)
    const to = Math.max(from + 1, sampleAt((px + 2) / PROFILE_WIDE))
    let slope = 0
    for (let i = from; i < to; i++) slope += slopeCount[i]!
    const grade = (slope / (to - from)) * SLOPE_UNIT * 100
    const k = CLASSES.findIndex(([fromPercent]) => grade >= fromPercent)
    const left = (topAt(px / PROFILE_WIDE) * PROFILE_TALL).toFixed(1)
    const right = (topAt((px + 2) / PROFILE_WIDE) * PROFILE_TALL).toFixed(1)
    paths[k] += `M${px} ${PROFILE_TALL}V${left}L${px + 2.3} ${right}V${PROFILE_TALL}Z`
  }

  const x = (i: number) => xMm[i]! / 1000
  const y = (i: number) => -yMm[i]! / 1000
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity }
  let outline = ''
  const stride = Math.max(1, Math.round(count / 260))
  for (let i = 0; i < count; i += stride) {
    box.left = Math.min(box.left, x(i))
    box.right = Math.max(box.right, x(i))
    box.top = Math.min(box.top, y(i))
    box.bottom = Math.max(box.bottom, y(i))
    outline += `${i === 0 ? 'M' : 'L'}${x(i).toFixed(0)} ${y(i).toFixed(0)}`
  }
  if (course.isLoop) outline += 'Z'
  const wide = box.right - box.left
  const tall = box.bottom - box.top
  return {
    classes: CLASSES.map(([, color], k) => ({ color, path: paths[k]! })).filter(({ path }) => path !== ''),
    outline,
    viewBox: `${box.left.toFixed(0)} ${box.top.toFixed(0)} ${wide.toFixed(0)} ${tall.toFixed(0)}`,
    strokeUnits: Math.max(wide, tall) * 0.03,
    lowM: low * HEIGHT_UNIT_M,
    highM: high * HEIGHT_UNIT_M,
    topAt,
    placeAt: (share) => ({ x: x(sampleAt(share)), y: y(sampleAt(share)) }),
  }
}
