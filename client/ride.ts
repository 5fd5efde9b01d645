import type { ReadyWorld } from '#maps/ready'
import type { Route } from '#maps/network'
import { shapeRider } from '#physics/rider-shape'
import { gradeFromSlope } from '#physics/course'
import { RIDER_FLAG } from '#physics/riders'
import { cornersOf } from '#physics/corners'
import { TICK_HZ, TICK_MS } from '#protocol/limits'
import { DOUBTS_MAX } from '#protocol/rider-wish'
import { breath, inSteps } from './breath.ts'
import { mountHud, type MountedHud } from './hud/mount.tsx'
import { givenTo, type HandlebarButton } from './input/handlebar.ts'
import { Legs, type LegsSource, type RideDevices } from './input/legs.ts'
import type { Steering } from './input/steering.ts'
import { startWorkerTimer } from './input/worker-timer.ts'
import type { Connection } from './net/connection.ts'
import { post, type Answer } from './pages/api.ts'
import { readProfile } from './pages/memory.ts'
import type { RideEnd } from './pages/ticket.ts'
import type { raceWords } from './race-words.ts'
import { RideDeck, type PhoneTrainer } from './ride-deck.ts'
import { RideLog } from './ride-log.ts'
import { RideView } from './ride-view.ts'
import { Sound } from './audio/sound.ts'
import { takePicture } from './ride-picture.ts'
import { fetchWorld, openConnection, type OpeningOptions } from './ride-opening.ts'
import type { RoomFacts } from './room.ts'
import { NetWatch } from './net-watch.ts'
import { publishState } from './test-hook.ts'
import { DETAILS, riderArrays } from './view/rider-model.ts'
import { RIDER_CAMERAS, type CameraMode, type Quality } from './view/view-types.ts'
import { startWorkerAhead } from './view/world-source.ts'
import { hud as words } from './words/hud.ts'
import { gateAhead, junctionAhead, type Gate, type Junction } from './world/junction.ts'
import { gearWords } from './world/gear-words.ts'
import { OwnForcesWatch } from './world/own-forces.ts'
import { RideModel } from './world/ride-model.ts'
import { createSkyNow, skyAt } from './world/sky.ts'
import type { ZoneRide } from './zone-ride.ts'

const WORK_MS = 50
const HUD_MS = 100
/** Where nothing is drawn, hidden or not, the instruments look for themselves. */
const HUD_LATE_MS = 400
/** Who holds the bars while the rider pauses. */
const PAUSED = 'pause'
/** Watts that are still under way would end the pause: the server is told when they have arrived, ms. */
const REST_MS = 400
const GRADE_MS = 250
/** A longer frame is a page that was hidden: nothing is folded or turned over that time. */
const FRAME_MAX_S = 0.25
/** Beyond this silence we say so: a prediction without news is only a guess. */
const SILENT_MS = 1500
/** How many riders a picture of this quality asks for; the server may show fewer. */
const VIEW_WISH = { test: 64, low: 48, medium: 100, high: 320 } as const satisfies Record<Quality, number>

export interface RideOptions extends OpeningOptions {
  readonly canvas: HTMLCanvasElement
  readonly hudRoot: HTMLElement
  /** undefined: a bridge pedals. */
  readonly legs: LegsSource | undefined
  /** undefined: as the graphics card can bear. */
  readonly quality: Quality | undefined
  readonly onFirstFrame: () => void
}

/** The line is opened first: while it finds its way, the road arrives and the picture is built. */
export async function startRide(options: RideOptions): Promise<Answer<Ride>> {
  const startedMs = options.clock.nowMs()
  const connection = openConnection(options)
  const world = await fetchWorld(options.admission)
  if (!world.ok) {
    connection.close()
    return world
  }
  const { course, network, map } = world.value
  // In pieces: whoever looks at the page meanwhile can still scroll it, and words from the network are heard.
  await inSteps(shapeRiders())
  cornersOf(course, false)
  await breath()
  const parks = network.zones.length === 0 ? undefined : await openParks(world.value, options.admission)
  const picture = {
    ...{ zones: parks?.kit, course: course.columns, network, map },
    isMotionReduced: matchMedia('(prefers-reduced-motion: reduce)').matches,
    isPreserved: options.quality === 'test',
  }
  const view = new RideView(options.canvas, picture, options.quality)
  await breath()
  const profile = readProfile()
  // The server's numbers stand in its journal; these only predict, and may differ in the last bit (Math.pow).
  const shape = shapeRider(profile)
  const hud = mountHud(options.hudRoot, {
    ...{ course, network, mapName: map.name },
    ...(options.admission.secret === undefined ? {} : { body: { ...shape, riderKg: profile.massKg } }),
  })
  await breath()
  return { ok: true, value: new Ride({ ...options, connection, startedMs, view, hud, parks, shape }, world.value) }
}

/** Where there are parks, what they are ridden and drawn with. */
async function openParks({ network, course }: ReadyWorld, { token }: StartedOptions['admission']): Promise<ZoneRide> {
  const { createZoneRide } = await import('./zone-ride.ts')
  return createZoneRide(network.zones, course, token.rider.id)
}

/** What a ride on any road needs, before there is one: the page at the door does it while a name is typed. */
export async function prepareAhead(): Promise<void> {
  startWorkerAhead()
  await inSteps(shapeRiders())
}

/** Riders' bodies, worked out once and then kept. */
function* shapeRiders(): Generator<undefined, void> {
  for (const detail of DETAILS) {
    riderArrays(detail)
    yield
  }
}

interface StartedOptions extends RideOptions {
  readonly connection: Connection
  readonly startedMs: number
  readonly view: RideView
  readonly hud: MountedHud
  readonly parks: ZoneRide | undefined
  readonly shape: ReturnType<typeof shapeRider>
}

/** One ride from the first frame to the summary: network, legs, prediction, picture and instruments, put together. */
export class Ride {
  readonly name: string
  camera: CameraMode = 'chase'
  /** A button at the handlebar; the page says what it does. */
  onButton: ((button: HandlebarButton, device: string) => void) | undefined
  /** How the connection does. */
  readonly net: NetWatch
  /** What is heard, and how loud. */
  readonly sound: Sound
  /** Laps, segments, what is said, phones. */
  readonly deck: RideDeck
  private readonly options: StartedOptions
  private readonly world: ReadyWorld
  private readonly model: RideModel
  private readonly connection: Connection
  private readonly view: RideView
  private readonly parks: ZoneRide | undefined
  private readonly gates: readonly Gate[]
  private readonly forces: OwnForcesWatch
  readonly hud: MountedHud
  private readonly log: RideLog
  private readonly legs: Legs
  private readonly stopTimer: () => void
  private readonly onResize = (): void => this.resize()
  private readonly beganMs: number
  /** From the first attempt to the first welcome, ms. */
  private ridingAfterMs: number | undefined
  private facts: RoomFacts | undefined
  /** Where one rides for places, or with company that was arranged. */
  private sayRace: typeof raceWords | undefined
  private pairing: { code: string; untilMs: number } | undefined
  private readonly selfKg: number | undefined
  private lastTick: { readonly tick: number; readonly atMs: number } | undefined
  private clockSteps = 0
  private frames = 0
  private frameMs = 0
  private hudMs = -Infinity
  private gradeMs = -Infinity
  private readonly sky = createSkyNow()
  private isOver = false
  /** Pauses until now, and since when the one that is on. */
  private pausedMs = 0
  private pausedAtMs: number | undefined
  private restTimer: ReturnType<typeof setTimeout> | undefined

  constructor(options: StartedOptions, world: ReadyWorld) {
    const { admission, clock } = options
    this.options = options
    this.world = world
    this.name = admission.token.rider.name
    this.beganMs = clock.nowMs()
    this.frameMs = this.beganMs
    const { parks, shape } = options
    // A page that watches another's ride does not know that rider's weight.
    if (admission.secret !== undefined) this.selfKg = readProfile().massKg
    this.model = new RideModel({
      ...{ course: world.course, network: world.network },
      body: { riderId: admission.token.rider.id, ...shape },
    })
    this.forces = new OwnForcesWatch(world.course, this.model.weather, shape.cdaM2)
    const { model, forces } = this
    const { legs, quality } = options
    // Drawn in software there is no core left for it; who wants sound there turns it up.
    const isWaiting = quality === 'test'
    this.sound = new Sound({ world, model, forces, legs, riderId: admission.token.rider.id, isWaiting })
    this.log = new RideLog(world.course)
    this.legs = new Legs(options.legs)
    this.connection = options.connection
    const { stats } = this.connection
    this.model.predictor.correction.onError = (alongM, lateralM) => stats.ownCorrection(alongM, lateralM)
    this.model.predictor.correction.onSnap = () => stats.add('ownSnaps')
    this.model.remote.onError = (alongM, lateralM) => stats.otherCorrection(alongM, lateralM)
    this.net = new NetWatch({
      ...{ connection: this.connection, name: this.name, roomId: admission.token.room.id },
      nowMs: () => clock.nowMs(),
      inView: () => this.model.remote.count,
      hasSensor: () => this.legs.hasSensor,
      isShared: true,
    })
    this.parks = parks
    this.gates = parks?.sites ?? []
    this.view = options.view
    this.connection.wish({ kind: 'view', riders: VIEW_WISH[this.view.quality] })
    this.hud = options.hud
    this.deck = new RideDeck({
      ...{ course: world.course, network: world.network, mapId: world.map.id, riderId: admission.token.rider.id },
      ...{ body: shape, link: admission.link, hud: this.hud },
      onLap: (agoS) => this.canSteer && void post('/api/rides/lap', { secret: admission.secret, agoS }),
    })
    admission.link.listen({
      onFacts: (facts) => this.takeFacts(facts),
      onChat: (line) => {
        this.deck.hear(line)
        this.sound.play('word')
      },
      onNotice: (text) => this.deck.hear({ name: words.road, text }),
      onAnnouncement: (text) => this.deck.hear({ name: words.organiser, text }),
      onEffort: (effort) => this.deck.effort(effort),
      onRideOn: (rideOn) => this.deck.cheered(rideOn),
      onRideOnGiven: ({ name }) => this.deck.given(name),
      onMarks: (marks) => (this.deck.avoided.value = marks),
      onRemote: (wish) => this.deck.onRemote(wish),
      onButton: ({ device, ...button }) => this.onButton?.({ press: 'button', ...button } as HandlebarButton, device),
      onCompanions: (count) => (this.deck.phones.value = count),
      onMiddle: (middle) => this.model.predictor.keepTogether(middle),
      onZone: (bytes) => this.parks?.take(bytes),
      onLost: () => {}, // Names stay as they are; the datagrams say whether we still ride.
    })
    this.resize()
    addEventListener('resize', this.onResize)
    this.legs.start({
      onPower: () => this.net.sample(this.options.clock.nowMs()),
      onButton: (button, device) => this.onButton?.(button, device),
      isTaken: (name, device) => givenTo(name, device) !== undefined,
    })
    this.stopTimer = startWorkerTimer(WORK_MS, () => this.work())
    requestAnimationFrame(this.drawFrame)
    publishState(() => this.state())
  }

  /** A code for a bridge that shall give this rider its legs. */
  setPairing(code: string, expiresInS: number): void {
    this.pairing = { code, untilMs: this.options.clock.nowMs() + expiresInS * 1000 }
  }

  get secret(): string | undefined {
    return this.options.admission.secret
  }

  nextCamera(): CameraMode {
    return this.setCamera((RIDER_CAMERAS.indexOf(this.camera) + 1) % RIDER_CAMERAS.length)
  }

  setCamera(index: number): CameraMode {
    this.camera = RIDER_CAMERAS[index] ?? this.camera
    return this.camera
  }

  get isPaused(): boolean {
    return this.pausedAtMs !== undefined
  }

  /** A race has no pause, and who only looks on has no legs to rest. */
  get canPause(): boolean {
    return this.canSteer && this.eventId === ''
  }

  /** Comes to a stop at the road's side, and stands; so does the clock of the ride. */
  pause(isOn: boolean): void {
    if (isOn === this.isPaused || (isOn && !this.canPause)) return
    const nowMs = this.options.clock.nowMs()
    if (isOn) {
      this.pausedAtMs = nowMs
      this.legs.steering.hold(PAUSED, 1)
      this.restTimer = setTimeout(() => this.tellRest(true), REST_MS)
    } else {
      this.tellRest(false)
      this.pausedMs += nowMs - this.pausedAtMs!
      this.pausedAtMs = undefined
      this.legs.steering.letGo(PAUSED)
    }
  }

  private tellRest(isOn: boolean): void {
    clearTimeout(this.restTimer)
    this.model.predictor.isResting = isOn
    this.link.rest(isOn)
  }

  /** From the first frame, pauses left out. */
  private rideMs(nowMs: number): number {
    return (this.pausedAtMs ?? nowMs) - this.beganMs - this.pausedMs
  }

  get link(): StartedOptions['admission']['link'] {
    return this.options.admission.link
  }

  get mapId(): string {
    return this.world.map.id
  }

  /** The page has sensors now, too. */
  adopt(devices: RideDevices): void {
    this.legs.adopt(devices)
  }

  get steering(): Steering {
    return this.legs.steering
  }

  get routes(): readonly Route[] {
    return this.world.network.routes
  }

  /** The route I am on; '': none. */
  get routeId(): string {
    const { leg, route } = this.model.predictor
    return leg === 0 ? '' : (this.routes[route - 1]?.id ?? '')
  }

  /** Which way at the next junction, one of physics' TURN. */
  turn(turn: number): void {
    this.model.wish(turn)
    if (this.canSteer) this.connection.wish({ kind: 'turn', turn })
    else this.options.admission.link.turn(turn) // Datagrams of who only watches steer nobody.
  }

  /** What parts ahead; undefined: nothing in sight, or a race that leads over its own road. */
  get junction(): Junction | undefined {
    const { course, network } = this.world
    const { predictor } = this.model
    if (!predictor.isPlaced || this.isInZone) return undefined
    const { placeM, turn } = predictor
    // Races keep out of the parks.
    const gate = this.eventId === '' ? gateAhead(course, network, this.gates, placeM, turn) : undefined
    if (gate !== undefined) return gate
    if (course.isLoop || (this.eventId !== '' && predictor.route > 0)) return undefined
    return junctionAhead(course, network, placeM, predictor.wayAhead)
  }

  /** Sensors give this page's rider its legs; who only watches has no bars either. */
  get canSteer(): boolean {
    return this.options.legs !== undefined
  }

  /** From here on along a route of this map, or ('') along none. */
  takeRoute(routeId: string): void {
    if (this.canSteer) this.connection.wish({ kind: 'route', routeId })
    else this.options.admission.link.takeRoute(routeId)
  }

  /** The event this road belongs to, or ''. */
  get eventId(): string {
    return this.facts?.eventId ?? ''
  }

  leave(): RideEnd {
    const picture = this.takePicture()
    this.isOver = true
    this.stopTimer()
    clearTimeout(this.restTimer)
    removeEventListener('resize', this.onResize)
    this.legs.close()
    this.connection.close()
    this.net.close()
    void this.options.admission.link.leave()
    this.sound.close()
    this.deck.close()
    this.hud.dispose()
    this.view.dispose()
    publishState(undefined)
    const durationS = this.rideMs(this.options.clock.nowMs()) / 1000
    const { secret } = this
    return {
      ...{ name: this.name, durationS, ...this.log.totals },
      // Whose legs are elsewhere has not ended the ride by closing a window on it.
      ...(secret === undefined || !this.canSteer ? {} : { secret }),
      ...(picture === undefined ? {} : { picture }),
    }
  }

  /** The road as it is just now: drawn once more, for a canvas is blank after its task. */
  private takePicture(): Promise<Blob | undefined> | undefined {
    const { canvas } = this.options
    if (this.frames === 0 || this.isOver || canvas.width === 0 || canvas.height === 0) return undefined
    // Where pictures are kept for tests, the last one is still there.
    if (this.options.quality !== 'test')
      this.view.frame(this.model.scene, this.options.clock.nowMs(), this.camera, this.parks?.passage)
    return takePicture(canvas)
  }

  private takeFacts(facts: RoomFacts): void {
    // Who wins while we look on puts the arms up.
    const winner = facts.board.find(({ place, finishedMs }) => place === 1 && finishedMs > 0)
    const before = this.facts?.board.find(({ riderId }) => riderId === winner?.riderId)
    if (winner !== undefined && before?.finishedMs === 0) this.model.stances.cheer(winner.riderId)
    this.facts = facts
    if (this.sayRace === undefined && facts.eventId + facts.meetId !== '')
      void import('./race-words.ts').then(({ raceWords }) => (this.sayRace = raceWords))
    this.view.setRoster(facts.roster)
    this.model.stances.setRoster(facts.roster)
    this.deck.facts(facts)
    for (const { weather, fromTick } of facts.weather) this.model.setWeather(weather, fromTick)
  }

  /** Twenty times a second, hidden or not: legs to the network, news from it. */
  private work(): void {
    if (this.isOver) return
    const nowMs = this.options.clock.nowMs()
    const taken = this.legs.take(nowMs, this.canSteer)
    const sample = taken && (this.isPaused ? { ...taken, powerW: 0, cadenceHalfRpm: 0 } : taken)
    if (sample) {
      this.connection.offer(sample)
      this.model.offer(sample, this.tickAt(nowMs) - (nowMs - sample.atMs) / TICK_MS)
      this.log.sample(sample)
    }
    if (this.canSteer) this.legs.tellGear(nowMs, (wish) => this.connection.wish(wish))
    this.connection.work()
    this.net.beat(nowMs)
    this.takeNews()
    if (nowMs - this.gradeMs >= GRADE_MS && this.model.predictor.isPlaced) {
      this.gradeMs = nowMs
      this.legs.setRoad({ gradeFraction: this.gradeFraction, draftFactor: this.model.own?.draftFactor ?? 1 }, nowMs)
    }
    if (nowMs - this.hudMs >= HUD_LATE_MS && this.frames > 0) {
      this.model.frame(this.tickAt(nowMs), 0)
      this.sampleHud(nowMs)
    }
  }

  /** By the server's word. */
  private get isInZone(): boolean {
    return ((this.model.own?.flags ?? 0) & RIDER_FLAG.zone) !== 0
  }

  /** The server's time; while the line is down, as it would have gone on. */
  private tickAt(nowMs: number): number {
    if (this.connection.state.state === 'riding') {
      this.ridingAfterMs ??= nowMs - this.options.startedMs
      this.lastTick = { tick: this.connection.tickAt(nowMs), atMs: nowMs }
      return this.lastTick.tick
    }
    return this.lastTick ? this.lastTick.tick + (nowMs - this.lastTick.atMs) / TICK_MS : 0
  }

  private takeNews(): void {
    const { buffer, clockSteps, state } = this.connection
    if (clockSteps !== this.clockSteps && state.state === 'riding') {
      this.clockSteps = clockSteps
      this.model.stepTime(this.tickAt(this.options.clock.nowMs()))
    }
    this.model.heard(buffer.newestTick)
    for (const record of buffer.take()) this.model.accept(record)
    const doubted = this.model.takeDoubted()
    if (doubted.length > 0) this.connection.wish({ kind: 'doubt', riderIds: doubted.slice(0, DOUBTS_MAX) })
    const { own } = buffer
    if (own && own !== this.model.own) {
      this.model.acceptOwn(own)
      this.log.own(own)
      this.forces.own(own)
    }
  }

  private readonly drawFrame = (): void => {
    if (this.isOver) return
    requestAnimationFrame(this.drawFrame)
    const nowMs = this.options.clock.nowMs()
    const dtS = Math.min((nowMs - this.frameMs) / 1000, FRAME_MAX_S)
    this.frameMs = nowMs
    this.net.frame(nowMs)
    this.takeNews()
    if (!this.model.predictor.isPlaced) return
    const tick = this.tickAt(nowMs)
    this.model.frame(tick, dtS)
    this.parks?.motion.at(tick)
    const { scene } = this.model
    const [placeM, lateralM, speedMps] = [scene.placeM[0]!, scene.lateralM[0]!, scene.speedMps[0]!]
    const heightM = this.world.course.heightAt(placeM)
    this.parks?.passage.frame(nowMs / 1000, this.isInZone, { placeM, lateralM, speedMps, heightM })
    // On the road who is in a park stands; the instruments show how fast they go there.
    const inPark = this.parks?.passage.rider(scene.id[0]!)
    if (inPark !== undefined) scene.speedMps[0] = inPark.speedMps
    this.view.setSky(skyAt(this.facts?.sky ?? [], this.model.weather, tick, this.sky))
    this.view.frame(scene, nowMs, this.camera, this.parks?.passage)
    this.sound.frame(nowMs, tick, this.sky, this.facts)
    if (this.view.isReady && this.frames++ === 0) this.begin()
    if (nowMs - this.hudMs >= HUD_MS) this.sampleHud(nowMs)
  }

  private begin(): void {
    this.legs.pedal()
    this.options.onFirstFrame()
  }

  private sampleHud(nowMs: number): void {
    this.hudMs = nowMs
    if (this.pairing && nowMs > this.pairing.untilMs) this.pairing = undefined
    const { scene, predictor } = this.model
    if (scene.count === 0) return
    const { routeId, deck } = this
    const [placeM, speedMps] = [scene.placeM[0]!, scene.speedMps[0]!]
    const [timeS, tick, rideS] = [nowMs / 1000, this.tickAt(nowMs), this.rideMs(nowMs) / 1000]
    const riddenM = this.log.totals.distanceM
    const connection = this.connectionWords(nowMs)
    const trainer = { level: this.legs.state.level, text: this.trainerWords }
    this.hud.sample({
      riders: scene,
      heading: { routeId, leg: predictor.leg, way: predictor.way, wayAhead: predictor.wayAhead },
      ...(this.isInZone ? {} : { forces: this.forces.at(tick, placeM, speedMps) }),
      ...{ roster: this.facts?.roster ?? [], timeS, serverS: tick / TICK_HZ, elapsedS: rideS, riddenM },
      ...{ workJ: this.log.totals.workJ, selfKg: this.selfKg, connection, trainer, camera: this.camera },
      ...{ chat: deck.lines, cheer: deck.cheer },
      ...(this.pairing ? { pairingCode: this.pairing.code } : {}),
      ...(this.facts && this.sayRace?.(this.facts, this.options.admission.token.rider.id, tick)),
      ...(this.isPaused ? { banner: words.paused } : this.view.isLost ? { banner: words.pictureLost } : {}),
    })
    deck.ride({
      ...{ timeS, serverS: tick / TICK_HZ, rideS, riddenM, scene, isPaused: this.isPaused },
      lap: this.hud.signals.lap.peek(),
      junction: this.junction,
      connectionBad: connection.level === 'bad' ? connection.text : '',
      trainer: this.phoneTrainer(trainer.text),
      gapToM: (toM) => this.model.gapToM(toM),
    })
  }

  private phoneTrainer(text: string): PhoneTrainer {
    const mode = this.legs.trainerMode
    return { words: text, mode, canShift: mode !== undefined && mode !== 'free' }
  }

  /** Of my own devices; who looks on is told what the bridge does with its. */
  private get trainerWords(): string {
    const { own } = this.model
    return this.canSteer || own === undefined ? this.legs.state.words : gearWords(own, words.gear)
  }

  private connectionWords(nowMs: number): { level: 'good' | 'working' | 'bad'; text: string } {
    const { state } = this.connection
    const silentMs = this.connection.buffer.silentMs(nowMs)
    if (state.state === 'riding' && silentMs > SILENT_MS) {
      return { level: 'bad', text: words.line.silent(Math.round(silentMs / 1000)) }
    }
    const level = state.state === 'riding' ? 'good' : state.state === 'closed' ? 'bad' : 'working'
    return { level, text: state.words }
  }

  private get gradeFraction(): number {
    return gradeFromSlope(this.world.course.slopeAt(this.model.predictor.placeM))
  }

  private resize(): void {
    this.view.resize()
  }

  /** For tests and the curious: model state as plain values. */
  private state(): Readonly<Record<string, unknown>> {
    const { scene } = this.model
    const nowMs = this.options.clock.nowMs()
    const { state } = this.connection
    // What is known now, also where frames are slow to draw; no time passes by asking.
    this.model.frame(this.tickAt(nowMs), 0)
    return {
      name: this.name,
      mapId: this.world.map.id,
      connection: state.state,
      carrier: 'carrier' in state ? state.carrier : '',
      ridingAfterMs: this.ridingAfterMs,
      words: this.connectionWords(nowMs).text,
      rttMs: this.connection.rttMs,
      tick: this.tickAt(nowMs),
      newestTick: this.connection.buffer.newestTick,
      frames: this.frames,
      snaps: this.model.predictor.correction.snaps,
      trainer: this.trainerWords,
      camera: this.camera,
      gradeFraction: this.model.predictor.isPlaced ? this.gradeFraction : 0,
      roster: this.facts?.roster.map(({ id, name, isBot }) => ({ id, name, isBot })) ?? [],
      phase: this.facts?.phase ?? '',
      isInZone: this.isInZone,
      inPark: scene.count > 0 ? this.parks?.passage.rider(scene.id[0]!) : undefined,
      turn: this.model.predictor.turn,
      routeId: this.routeId,
      way: this.model.predictor.way,
      riders: Array.from({ length: scene.count }, (_, row) => ({
        id: scene.id[row]!,
        placeM: scene.placeM[row]!,
        distanceM: scene.distanceM[row]!,
        lateralM: scene.lateralM[row]!,
        speedMps: scene.speedMps[row]!,
        powerW: scene.powerW[row]!,
        cadenceRpm: scene.cadenceRpm[row]!,
        heartRateBpm: scene.heartRateBpm[row]!,
      })),
      workJ: this.model.own?.workJ ?? 0,
      view: this.view.info(),
    }
  }
}
