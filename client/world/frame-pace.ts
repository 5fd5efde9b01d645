/**
 * How fine the picture is drawn: a tier by the graphics card's name, then by how long frames take. Pure: who draws feeds
 * it frame times and does what it says.
 */
export const TIERS = ['low', 'medium', 'high'] as const
export type Tier = (typeof TIERS)[number]

/** What the name of a graphics card (WebGL's renderer string) promises. Where it says nothing: the middle. */
export function tierOf(rendererName: string): Tier {
  if (/swiftshader|llvmpipe|softpipe|basic render|software/i.test(rendererName)) return 'low'
  if (/\b(rtx|gtx 1\d{3}|gtx 9[6-9]0|radeon (rx|pro)|rx \d{4}|arc\b.*a[57]\d0|apple m\d)/i.test(rendererName))
    return 'high'
  if (/mali-[tg][1-6]\d\b|adreno.*[3-5]\d\d\b|powervr|videocore|hd graphics [2-5]\d{3}|gma/i.test(rendererName))
    return 'low'
  return 'medium'
}

/** Sides of the picture as shares of the screen's, 0.5 … 1. */
export const SHARES = [0.5, 0.625, 0.75, 0.875, 1] as const

/** A frame that took longer is late: below 45 a second bends look jerky. */
const LATE_MS = 22.3
/** A longer gap is a page that was hidden. */
const HIDDEN_MS = 400
const WINDOW_FRAMES = 45
const WINDOW_MS = 1500
/** So much of a window is late before it counts as late; so little before it counts as easy. */
const LATE_SHARE = 0.4
const EASY_SHARE = 0.06
const LATE_WINDOWS = 2
/** Without a single late window for so many windows a finer picture is tried. */
const EASY_WINDOWS_MIN = 8
const EASY_WINDOWS_MAX = 640
/** At the coarsest share, so many late windows in a row ask for a lower tier. */
const LOWER_WINDOWS = 4

export type PaceChange = 'share' | 'lower'

/**
 * Resolution by frame times, with hysteresis: down after two windows that are late, up after a long easy while; whoever falls
 * right after a step up waits twice as long before the next one.
 */
export class Pace {
  #step: number
  #frames = 0
  #late = 0
  #spentMs = 0
  #lateWindows = 0
  #easyWindows = 0
  #easyNeeded = EASY_WINDOWS_MIN
  #sinceUp = Infinity

  constructor(share = 1) {
    this.#step = Math.max(
      0,
      SHARES.findLastIndex((one) => one <= share),
    )
  }

  get share(): number {
    return SHARES[this.#step]!
  }

  /** A frame came so long after the one before; undefined: all stays as it is. */
  frame(dtMs: number): PaceChange | undefined {
    if (dtMs > HIDDEN_MS || dtMs <= 0) return undefined
    this.#frames++
    this.#spentMs += dtMs
    if (dtMs > LATE_MS) this.#late++
    if (this.#frames < WINDOW_FRAMES && this.#spentMs < WINDOW_MS) return undefined
    const late = this.#late / this.#frames
    this.#frames = 0
    this.#late = 0
    this.#spentMs = 0
    this.#sinceUp++
    if (late > LATE_SHARE) return this.#wasLate()
    this.#lateWindows = 0
    this.#easyWindows = late <= EASY_SHARE ? this.#easyWindows + 1 : 0
    if (this.#easyWindows < this.#easyNeeded || this.#step === SHARES.length - 1) return undefined
    this.#easyWindows = 0
    this.#sinceUp = 0
    this.#step++
    return 'share'
  }

  #wasLate(): PaceChange | undefined {
    this.#easyWindows = 0
    this.#lateWindows++
    if (this.#step === 0) {
      if (this.#lateWindows < LOWER_WINDOWS) return undefined
      this.#lateWindows = 0
      return 'lower'
    }
    if (this.#lateWindows < LATE_WINDOWS) return undefined
    this.#lateWindows = 0
    // The step up was one too many.
    if (this.#sinceUp <= EASY_WINDOWS_MIN) this.#easyNeeded = Math.min(EASY_WINDOWS_MAX, this.#easyNeeded * 2)
    this.#step--
    return 'share'
  }
}
