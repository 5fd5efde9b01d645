import { TICK_MS } from '#protocol/limits'
import { siteZones } from '#physics/zone-site'
import type { ClientClock } from './clock.ts'
import type { FilmMark, FilmSource } from './film-source.ts'
import type { Hud } from './hud/hud-types.ts'
import { mountHud } from './hud/mount.tsx'
import { ReelPlayer } from './net/reel-player.ts'
import { publishState } from './test-hook.ts'
import type { CameraMode, Quality, View } from './view/view-types.ts'
import { createView } from './view/scene.ts'
import { film as words } from './words/film.ts'
import { RideModel } from './world/ride-model.ts'
import type { RosterEntry } from './world/scene-riders.ts'

const HUD_MS = 200
const FRAME_MAX_S = 0.25
/** Of nobody: a film has no rider of its own, and predicts none. */
const NOBODY = { riderId: 0, massKg: 80, cdaM2: 0.32 }

export interface FilmOptions {
  readonly source: FilmSource
  readonly canvas: HTMLCanvasElement
  readonly hudRoot: HTMLElement
  readonly quality: Quality
  readonly clock: ClientClock
  readonly onFirstFrame: () => void
}

/** What the page shows beside the picture. */
export interface FilmState {
  /** From the beginning of the film, s. */
  readonly atS: number
  readonly isPlaying: boolean
  readonly isWaiting: boolean
  readonly isAtEnd: boolean
  readonly trouble: string
  readonly riderId: number
  readonly roster: readonly RosterEntry[]
}

/** A ride looked at again: records from a reel instead of a line, the same model, picture and instruments. */
export class Film {
  camera: CameraMode = 'chase'
  readonly #options: FilmOptions
  readonly #player: ReelPlayer
  readonly #model: RideModel
  readonly #view: View
  readonly #hud: Hud
  readonly #onResize = (): void => this.#resize()
  #roster: readonly RosterEntry[] = []
  #rosterKey = ''
  #riderId: number
  #rate = 1
  #hudMs = -Infinity
  #frameMs: number
  #frames = 0
  #isOver = false

  constructor(options: FilmOptions) {
    const { source, canvas, hudRoot, quality, clock } = options
    const { manifest, world } = source
    const { course, network, map } = world
    this.#options = options
    this.#frameMs = clock.nowMs()
    this.#player = new ReelPlayer({ ...manifest, fetchChunk: source.fetchChunk })
    this.#model = new RideModel({ course, network, body: NOBODY })
    for (const { weather, fromTick } of manifest.weather) this.#model.setWeather(weather, fromTick)
    this.#riderId = manifest.riderId
    this.#view = createView(canvas, {
      ...{ course: course.columns, network, map, quality, roster: [] },
      zones: siteZones(network.zones, course).sites,
      isMotionReduced: matchMedia('(prefers-reduced-motion: reduce)').matches,
      isPreserved: quality === 'test',
    })
    this.#hud = mountHud(hudRoot, { course, network, mapName: manifest.title })
    this.#resize()
    addEventListener('resize', this.#onResize)
    publishState(() => this.#plain())
    requestAnimationFrame(this.#drawFrame)
  }

  get lengthS(): number {
    const { fromTick, toTick } = this.#options.source.manifest
    return ((toTick - fromTick) * TICK_MS) / 1000
  }

  get marks(): readonly FilmMark[] {
    return this.#options.source.manifest.marks
  }

  get state(): FilmState {
    const { isWaiting, isAtEnd, trouble } = this.#player
    return {
      ...{ isWaiting, isAtEnd, trouble, atS: this.#atS },
      ...{ isPlaying: this.#player.rate > 0, riderId: this.#riderId, roster: this.#roster },
    }
  }

  play(): void {
    if (this.#player.isAtEnd) this.seek(0)
    this.#player.rate = this.#rate
  }

  pause(): void {
    this.#player.rate = 0
  }

  set rate(rate: number) {
    this.#rate = rate
    if (this.#player.rate > 0) this.#player.rate = rate
  }

  /** Seconds from the beginning of the film. */
  seek(atS: number): void {
    this.#player.seek(this.#options.source.manifest.fromTick + (atS * 1000) / TICK_MS)
  }

  follow(riderId: number): void {
    this.#riderId = riderId
  }

  leave(): void {
    this.#isOver = true
    removeEventListener('resize', this.#onResize)
    this.#hud.dispose()
    this.#view.dispose()
    publishState(undefined)
  }

  get #atS(): number {
    return ((this.#player.tick - this.#options.source.manifest.fromTick) * TICK_MS) / 1000
  }

  readonly #drawFrame = (): void => {
    if (this.#isOver) return
    requestAnimationFrame(this.#drawFrame)
    const nowMs = this.#options.clock.nowMs()
    const dtS = Math.min((nowMs - this.#frameMs) / 1000, FRAME_MAX_S)
    this.#frameMs = nowMs
    const model = this.#model
    const tick = this.#player.advance(nowMs)
    if (this.#player.takeFresh()) model.rewind()
    for (const record of this.#player.take()) model.accept(record)
    if (this.#player.isWaiting) return
    model.heard(Math.floor(tick))
    this.#keepRoster(tick)
    model.follow(this.#riderId)
    model.frame(tick, dtS * this.#player.rate)
    if (model.scene.count === 0) return
    this.#view.frame(model.scene, this.#atS, this.camera)
    if (this.#view.isReady && this.#frames++ === 0) this.#options.onFirstFrame()
    if (nowMs - this.#hudMs >= HUD_MS) this.#sampleHud(nowMs)
  }

  /** Who rides at this moment of the film; the one that is looked at must be one of them. */
  #keepRoster(tick: number): void {
    const { riders } = this.#options.source.manifest
    const here = riders.filter(({ fromTick, toTick }) => fromTick <= tick && tick < (toTick ?? Infinity))
    const key = here.map(({ id }) => id).join()
    if (key === this.#rosterKey) return
    this.#rosterKey = key
    this.#roster = here
    this.#view.setRoster(here)
    this.#model.stances.setRoster(here)
    if (!here.some(({ id }) => id === this.#riderId))
      this.#riderId = (here.find(({ isBot }) => !isBot) ?? here[0])?.id ?? 0
  }

  #sampleHud(nowMs: number): void {
    this.#hudMs = nowMs
    const { scene } = this.#model
    const { world, manifest } = this.#options.source
    const { startTick, fromTick } = manifest
    const sinceTick = startTick > 0 && this.#player.tick >= startTick ? startTick : fromTick
    const name = this.#roster.find(({ id }) => id === this.#riderId)?.name ?? ''
    const level = this.#player.trouble === '' ? 'good' : 'bad'
    const text = this.#player.trouble === '' ? words.playing : this.#player.trouble
    this.#hud.sample({
      riders: scene,
      roster: this.#roster,
      heading: { routeId: '', leg: 0, way: world.course.wayAt(scene.placeM[0]!), wayAhead: -1 },
      timeS: this.#atS,
      elapsedS: ((this.#player.tick - sinceTick) * TICK_MS) / 1000,
      riddenM: 0, // A film may begin anywhere: what was ridden before is not known.
      connection: { level, text },
      trainer: { level: 'good', text: words.riding(name) },
      camera: this.camera,
    })
  }

  #resize(): void {
    const { canvas, quality } = this.#options
    const ratio = quality === 'test' ? 1 : Math.min(devicePixelRatio, 2)
    this.#view.resize(canvas.clientWidth, canvas.clientHeight, ratio)
  }

  #plain(): Readonly<Record<string, unknown>> {
    const { scene } = this.#model
    return {
      ...{ film: true, frames: this.#frames, tick: this.#player.tick, ...this.state, view: this.#view.info() },
      riders: Array.from({ length: scene.count }, (_none, row) => ({
        ...{ id: scene.id[row]!, placeM: scene.placeM[row]!, speedMps: scene.speedMps[row]! },
        powerW: scene.powerW[row]!,
      })),
    }
  }
}
