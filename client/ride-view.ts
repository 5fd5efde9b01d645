import { lastTier, onChoice, readChoice, rememberTier, type PictureChoice } from './picture-choice.ts'
import { createView } from './view/scene.ts'
import type { CameraMode, Quality, View, ViewInfo, ViewOptions } from './view/view-types.ts'
import type { ZoneScene } from './view/zone-types.ts'
import { Pace, TIERS, tierOf, type Tier } from './world/frame-pace.ts'
import type { RosterEntry, SceneRiders } from './world/scene-riders.ts'
import type { SkyNow } from './world/sky-now.ts'

/**
 * The picture of a ride on its canvas: how fine it is drawn, and that it comes back when the graphics card was taken away.
 * The ride itself notices neither.
 */
export class RideView {
  readonly #canvas: HTMLCanvasElement
  readonly #options: Omit<ViewOptions, 'quality' | 'roster'>
  #choice: PictureChoice
  readonly #make: typeof createView
  readonly #stopListening: () => void
  #quality: Quality
  #view: View
  #pace: Pace
  #roster: readonly RosterEntry[] = []
  #lastMs = NaN
  #readyMs = NaN
  #isLost = false
  readonly #onLost = (event: Event): void => {
    // Without this the browser would not give the card back.
    event.preventDefault()
    this.#isLost = true
  }
  readonly #onRestored = (): void => {
    this.#isLost = false
    this.#lastMs = NaN
  }

  /** `quality`: fixed from outside, as tests do. */
  constructor(
    canvas: HTMLCanvasElement,
    options: Omit<ViewOptions, 'quality' | 'roster'>,
    quality: Quality | undefined,
    choice: PictureChoice = readChoice(),
    make: typeof createView = createView,
  ) {
    this.#make = make
    this.#canvas = canvas
    this.#options = options
    this.#choice = quality === undefined ? choice : { tier: quality === 'test' ? 'low' : quality, share: 1 }
    this.#quality = quality ?? choice.tier ?? lastTier() ?? tierOf(cardOf())
    this.#pace = new Pace(this.#choice.share)
    this.#view = this.#create()
    this.#stopListening = quality === undefined ? onChoice((wanted) => this.choose(wanted)) : () => {}
    canvas.addEventListener('webglcontextlost', this.#onLost)
    canvas.addEventListener('webglcontextrestored', this.#onRestored)
    this.resize()
  }

  get quality(): Quality {
    return this.#quality
  }

  /** Sides of what is drawn as a share of the screen's. */
  get share(): number {
    return this.#pace.share
  }

  /** The graphics card was taken away; the browser gives it back by itself. */
  get isLost(): boolean {
    return this.#isLost
  }

  get isReady(): boolean {
    return this.#view.isReady
  }

  /** `timeS`: of what moves by itself; a film hands in its own. */
  frame(riders: SceneRiders, nowMs: number, camera: CameraMode, zones?: ZoneScene, timeS = nowMs / 1000): void {
    this.#keepPace(nowMs)
    if (!this.#isLost) this.#view.frame(riders, timeS, camera, zones)
  }

  /** Takes in what has come of the world, while there is nobody to be drawn yet. */
  pour(): void {
    if (!this.#isLost) this.#view.pour()
  }

  resize(): void {
    const { clientWidth, clientHeight } = this.#canvas
    const ratio =
      this.#quality === 'test'
        ? Math.min(1, Math.sqrt(TEST_PX / (clientWidth * clientHeight || 1)))
        : Math.min(devicePixelRatio, 2) * this.#pace.share
    this.#view.resize(clientWidth, clientHeight, ratio)
  }

  setRoster(roster: readonly RosterEntry[]): void {
    this.#roster = roster
    this.#view.setRoster(roster)
  }

  setSky(sky: SkyNow): void {
    this.#view.setSky(sky)
  }

  info(): ViewInfo & {
    readonly quality: Quality
    readonly share: number
    readonly isLost: boolean
    readonly isWhole: boolean
  } {
    const { isWhole } = this.#view
    return { ...this.#view.info(), quality: this.#quality, share: this.share, isLost: this.#isLost, isWhole }
  }

  /** Another tier, or another resolution, while one rides. */
  choose(choice: PictureChoice): void {
    this.#choice = choice
    this.#pace = new Pace(choice.share)
    if (choice.tier === undefined || choice.tier === this.#quality) this.resize()
    else this.#change(choice.tier)
  }

  dispose(): void {
    this.#stopListening()
    this.#canvas.removeEventListener('webglcontextlost', this.#onLost)
    this.#canvas.removeEventListener('webglcontextrestored', this.#onRestored)
    this.#view.dispose()
  }

  #create(): View {
    return this.#make(this.#canvas, { ...this.#options, roster: this.#roster, quality: this.#quality })
  }

  #keepPace(nowMs: number): void {
    const dtMs = nowMs - this.#lastMs
    this.#lastMs = nowMs
    if (this.#isLost || this.#quality === 'test' || !this.#view.isReady) return
    // While the world comes in frames are long: the two seconds after it tell more.
    if (Number.isNaN(this.#readyMs)) this.#readyMs = nowMs
    if (nowMs - this.#readyMs < SETTLING_MS || this.#choice.share !== undefined) return
    const change = this.#pace.frame(dtMs)
    if (change === 'share') this.resize()
    else if (change === 'lower' && this.#choice.tier === undefined) this.#lower()
  }

  /** The same world with less in it; it stands again within a second or two, and the next ride begins with it. */
  #lower(): void {
    const tier = TIERS[TIERS.indexOf(this.#quality as Tier) - 1]
    if (tier === undefined) return
    rememberTier(tier)
    this.#pace = new Pace(0.75)
    this.#change(tier)
  }

  #change(tier: Tier): void {
    this.#quality = tier
    this.#readyMs = NaN
    this.#view.dispose()
    this.#view = this.#create()
    this.resize()
  }
}

const SETTLING_MS = 2000
/** Drawn in software a pixel costs a microsecond and more of both cores: a picture for tests has no more of them than these. */
const TEST_PX = 320 * 180

/** The name of the graphics card, as the browser gives it. */
export function cardOf(): string {
  const gl = document.createElement('canvas').getContext('webgl2')
  const details = gl?.getExtension('WEBGL_debug_renderer_info')
  const name: unknown =
    details === null || details === undefined
      ? gl?.getParameter(gl.RENDERER)
      : gl?.getParameter(details.UNMASKED_RENDERER_WEBGL)
  gl?.getExtension('WEBGL_lose_context')?.loseContext()
  return typeof name === 'string' ? name : ''
}
