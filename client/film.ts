import { TICK_MS } from '#protocol/limits'
import { RIDER_FLAG } from '#physics/riders'
import { siteZones } from '#physics/zone-site'
import { zoneKit } from './zone-ride.ts'
import type { ClientClock } from './clock.ts'
import type { FilmMark, FilmSource } from './film-source.ts'
import type { Hud } from './hud/hud-types.ts'
import { mountHud } from './hud/mount.tsx'
import { publishState } from './test-hook.ts'
import { RideView } from './ride-view.ts'
import type { CameraMode, Quality } from './view/view-types.ts'
import { startWorkerAhead } from './view/world-source.ts'
import { film as words } from './words/film.ts'
import { Director, type Shot } from './world/director.ts'
import { winnerAt } from './world/film-places.ts'
import { RideModel } from './world/ride-model.ts'
import { RoadGaps } from './world/road-gaps.ts'
import type { RosterEntry } from './world/scene-riders.ts'
import { createSkyNow, skyAt } from './world/sky.ts'

const HUD_MS = 200
/** The director looks so often, ticks. */
const LOOK_TICKS = 10
/** It looks so often whether somebody has won, ticks. */
const CHEER_LOOK_TICKS = 5
const FRAME_MAX_S = 0.25
const POSE_STEPS = 6
const POSE_STEP_S = 0.25
/** Of nobody: a film has no rider of its own, and predicts none. */
const NOBODY = { riderId: 0, massKg: 80, cdaM2: 0.32 }

export interface FilmOptions {
  readonly source: FilmSource
  readonly canvas: HTMLCanvasElement
  readonly hudRoot: HTMLElement
  /** Fixed from outside, as tests do; undefined: what this screen bears. */
  readonly quality: Quality | undefined
  readonly clock: ClientClock
  readonly onFirstFrame: () => void
}

/** What the page shows beside the picture. */
export interface FilmState {
  /** From the beginning of the film, or from the gun of a race that is on, s. */
  readonly atS: number
  readonly isPlaying: boolean
  readonly isWaiting: boolean
  readonly isAtEnd: boolean
  readonly trouble: string
  readonly riderId: number
  readonly roster: readonly RosterEntry[]
  readonly camera: CameraMode
  /** The director's, while one directs. */
  readonly shot: Shot | undefined
}

/** While facts, road and first minute are on their way: who builds the world reads its script. */
export const getReady = startWorkerAhead

/** A ride looked at: records from a reel or a live road instead of one's own line, the same model, picture and instruments. */
export class Film {
  readonly #options: FilmOptions
  readonly #model: RideModel
  readonly #view: RideView
  readonly #hud: Hud
  readonly #director = new Director()
  readonly #gaps: RoadGaps
  /** Places of the lines that routes end at. */
  readonly #finishes: readonly number[]
  readonly #sky = createSkyNow()
  readonly #onResize = (): void => this.#view.resize()
  #camera: CameraMode = 'chase'
  #isDirected = false
  #shot: Shot | undefined
  #lookTick = -Infinity
  #roster: readonly RosterEntry[] = []
  #riderId: number
  #rate = 1
  #hudMs = -Infinity
  #cheerTick = -Infinity
  /** Who led when we looked last, and had not won. */
  #racingId = 0
  #frameMs: number
  #frames = 0
  #isBare = false
  #isWound = false
  #isOver = false

  constructor(options: FilmOptions) {
    const { source, canvas, hudRoot, quality, clock } = options
    const { course, network, map } = source.world
    this.#options = options
    this.#frameMs = clock.nowMs()
    this.#model = new RideModel({ course, network, body: NOBODY })
    this.#gaps = new RoadGaps(course)
    const ends = new Set(network.routes.map(({ finishLineId }) => finishLineId))
    const finishes = network.lines.filter(({ id }) => ends.has(id))
    this.#finishes = finishes.map(({ way, atM }) => course.wayStartM(way) + atM)
    this.#riderId = source.riderId
    const picture = {
      ...{ course: course.columns, network, map },
      zones: zoneKit(siteZones(network.zones, course).sites),
      isMotionReduced: matchMedia('(prefers-reduced-motion: reduce)').matches,
      isPreserved: quality === 'test',
    }
    this.#view = new RideView(canvas, picture, quality)
    this.#hud = mountHud(hudRoot, { course, network, mapName: source.title, isFilm: true })
    // It begins when it can be seen.
    source.feed.rate = 0
    addEventListener('resize', this.#onResize)
    publishState(() => this.#plain())
    requestAnimationFrame(this.#drawFrame)
  }

  get title(): string {
    return this.#options.source.title
  }

  /** s; 0: it is live, and has no end. */
  get lengthS(): number {
    const { reel } = this.#options.source
    return reel === undefined ? 0 : ((reel.toTick - reel.fromTick) * TICK_MS) / 1000
  }

  get marks(): readonly FilmMark[] {
    return this.#options.source.marks
  }

  get state(): FilmState {
    const { isWaiting, isAtEnd, trouble, rate } = this.#feed
    return {
      ...{ isWaiting, isAtEnd, trouble, atS: this.#atS, isPlaying: rate > 0 },
      ...{ riderId: this.#riderId, roster: this.#roster, camera: this.#camera, shot: this.#shot },
    }
  }

  play(): void {
    if (this.#feed.isAtEnd) this.seek(0)
    this.#feed.rate = this.#rate
  }

  pause(): void {
    this.#feed.rate = 0
  }

  set rate(rate: number) {
    this.#rate = rate
    if (this.#feed.rate > 0) this.#feed.rate = rate
  }

  /** Seconds from the beginning of the film. */
  seek(atS: number): void {
    const { reel } = this.#options.source
    reel?.seek(reel.fromTick + (atS * 1000) / TICK_MS)
    this.#lookTick = -Infinity
    this.#cheerTick = -Infinity
  }

  follow(riderId: number): void {
    this.#riderId = riderId
    this.direct(false)
  }

  set camera(mode: CameraMode) {
    this.#camera = mode
    this.direct(false)
  }

  /** Leaves rider and camera to the director, or takes them back. */
  direct(isDirected: boolean): void {
    this.#isDirected = isDirected
    this.#lookTick = -Infinity
    if (!isDirected) this.#shot = undefined
  }

  /** Instruments off, or on again. */
  hide(): void {
    this.#isBare = !this.#isBare
    this.#hud.setHidden(this.#isBare)
  }

  leave(): void {
    this.#isOver = true
    removeEventListener('resize', this.#onResize)
    this.#options.source.close()
    this.#hud.dispose()
    this.#view.dispose()
    publishState(undefined)
  }

  get #feed(): FilmSource['feed'] {
    return this.#options.source.feed
  }

  get #atS(): number {
    const { reel, startTick } = this.#options.source
    const fromTick = reel?.fromTick ?? startTick()
    return ((this.#feed.tick - fromTick) * TICK_MS) / 1000
  }

  /** Poses are a second's work of the body: where one has wound to they are there at once, also while the film stands. */
  #pose(tick: number): void {
    this.#isWound = false
    const { stances } = this.#model
    stances.forget()
    this.#model.frame(tick, 0)
    this.#cheerTick = -Infinity
    this.#cheerWinner(tick)
    for (let k = 0; k < POSE_STEPS; k++) this.#model.frame(tick, POSE_STEP_S)
    this.#cheerTick = -Infinity
  }

  readonly #drawFrame = (): void => {
    if (this.#isOver) return
    requestAnimationFrame(this.#drawFrame)
    const nowMs = this.#options.clock.nowMs()
    const dtS = Math.min((nowMs - this.#frameMs) / 1000, FRAME_MAX_S)
    this.#frameMs = nowMs
    const model = this.#model
    const tick = this.#feed.advance(nowMs)
    if (this.#feed.takeFresh()) {
      model.rewind()
      this.#isWound = true
    }
    for (const record of this.#feed.take()) model.accept(record)
    // The world comes while the first minute does.
    if (this.#feed.isWaiting && this.#frames === 0) return this.#view.pour()
    model.heard(Math.floor(tick))
    this.#keepFacts(tick)
    model.follow(this.#riderId)
    model.frame(tick, dtS * this.#feed.rate)
    if (model.scene.count === 0) return this.#view.pour()
    if (this.#isWound) this.#pose(tick)
    this.#cheerWinner(tick)
    if (this.#isDirected) this.#direct(tick)
    this.#view.setSky(skyAt(this.#options.source.sky(), model.weather, tick, this.#sky))
    this.#view.frame(model.scene, nowMs, this.#camera, undefined, tick / 20)
    if (this.#view.isReady && this.#frames++ === 0) this.#begin()
    if (nowMs - this.#hudMs >= HUD_MS) this.#sampleHud(nowMs)
  }

  #begin(): void {
    this.#feed.rate = this.#rate
    this.#options.onFirstFrame()
  }

  /** Who rides at this moment, and in what weather; the one that is looked at must be one of them. */
  #keepFacts(tick: number): void {
    const { source } = this.#options
    for (const { weather, fromTick } of source.weather()) this.#model.setWeather(weather, fromTick)
    const here = source.rosterAt(tick)
    if (here !== this.#roster) {
      this.#roster = here
      this.#view.setRoster(here)
      this.#model.stances.setRoster(here)
    }
    if (this.#model.remote.rowOf(this.#riderId) !== undefined) return
    const known = here.filter(({ id }) => this.#model.remote.rowOf(id) !== undefined)
    this.#riderId = (known.find(({ isBot }) => !isBot) ?? known[0])?.id ?? this.#riderId
  }

  /** Arms up as they were: the film says who won, and when. */
  #cheerWinner(tick: number): void {
    if (tick - this.#cheerTick < CHEER_LOOK_TICKS && tick >= this.#cheerTick) return
    this.#cheerTick = tick
    const { source } = this.#options
    const { stances } = this.#model
    if (source.placed !== undefined) {
      const won = winnerAt(source.placed(), tick, TICK_MS, (id) => this.#hasFinished(id))
      if (won !== undefined) stances.cheerSince(won.riderId, won.agoS)
      return
    }
    // Live nobody says when: it was when we saw it.
    const [leader] = source.places()
    if (leader === undefined) return
    if (!this.#hasFinished(leader)) this.#racingId = leader
    else if (this.#racingId === leader) stances.cheer(leader)
  }

  #hasFinished(riderId: number): boolean {
    const { remote } = this.#model
    const row = remote.rowOf(riderId)
    return row !== undefined && (remote.known[row]!.flags & RIDER_FLAG.finished) !== 0
  }

  #direct(tick: number): void {
    if (tick - this.#lookTick < LOOK_TICKS && tick >= this.#lookTick) return
    this.#lookTick = tick
    const { source } = this.#options
    const places = source.places()
    const shot = this.#director.look(tick, this.#model.scene, { places, finishAheadM: this.#finishAheadM(places[0]) })
    if (shot === undefined) return
    this.#shot = shot
    this.#riderId = shot.riderId
    this.#camera = shot.camera
  }

  /** Road from the first of a race to the line its laps end at, m; Infinity: no race, or the line is behind. */
  #finishAheadM(leaderId: number | undefined): number {
    const { scene } = this.#model
    let row = 0
    while (row < scene.count && scene.id[row] !== leaderId) row++
    if (leaderId === undefined || row === scene.count) return Infinity
    this.#gaps.stand(scene.placeM[row]!)
    let nearestM = Infinity
    for (const placeM of this.#finishes) {
      const aheadM = this.#gaps.toM(placeM)
      if (aheadM > 0 && aheadM < nearestM) nearestM = aheadM
    }
    return nearestM
  }

  #sampleHud(nowMs: number): void {
    this.#hudMs = nowMs
    const { scene } = this.#model
    const { source } = this.#options
    const { trouble } = this.#feed
    const startTick = source.startTick()
    const sinceTick = startTick > 0 && this.#feed.tick >= startTick ? startTick : (source.reel?.fromTick ?? 0)
    const name = this.#roster.find(({ id }) => id === this.#riderId)?.name ?? ''
    const playing = source.reel === undefined ? words.live : words.playing
    this.#hud.sample({
      riders: scene,
      roster: this.#roster,
      heading: { routeId: '', leg: 0, way: source.world.course.wayAt(scene.placeM[0]!), wayAhead: -1 },
      timeS: this.#feed.tick / 20,
      elapsedS: ((this.#feed.tick - sinceTick) * TICK_MS) / 1000,
      riddenM: 0, // A film may begin anywhere: what was ridden before is not known.
      connection: { level: trouble === '' ? 'good' : 'bad', text: trouble === '' ? playing : trouble },
      trainer: { level: 'good', text: words.riding(name) },
      camera: this.#camera,
    })
  }

  #plain(): Readonly<Record<string, unknown>> {
    const { scene } = this.#model
    return {
      ...{ film: true, frames: this.#frames, tick: this.#feed.tick, ...this.state, view: this.#view.info() },
      riders: Array.from({ length: scene.count }, (_none, row) => ({
        ...{ id: scene.id[row]!, placeM: scene.placeM[row]!, speedMps: scene.speedMps[row]! },
        powerW: scene.powerW[row]!,
      })),
    }
  }
}
