import type { InputSample } from '#protocol/input'
import { VIEW_RIDERS_MAX } from '#protocol/limits'
import type { RiderRecord } from '#protocol/rider-stream'
import type { OwnState } from '#protocol/session'
import { createRoadPoint, type BakedCourse } from '#maps/course'
import type { Network } from '#maps/network'
import { GRAVITY_MPS2, WHEEL_RADIUS_M } from '#physics/constants'
import { WeatherLog, type Weather } from '#physics/weather'
import { Predictor, type OwnBody } from './predict.ts'
import { Fades } from './fades.ts'
import { CARRY_TICKS_MAX, RemoteRiders } from './remote.ts'
import { RoadGaps } from './road-gaps.ts'
import { createSceneRiders, type SceneRiders } from './scene-riders.ts'
import { Stances } from './stance.ts'

export interface RideModelOptions {
  readonly course: BakedCourse
  /** Ways and routes; without it a road of one way. */
  readonly network?: Network
  /** Whose ride this is: row 0 of the scene. */
  readonly body: OwnBody
}

const TURN_RAD = 2 * Math.PI
/** How long a bicycle takes to lean, s (63 %). */
const LEANS_IN_S = 0.16

/** Everything that moves, once a frame: me predicted, the others carried forward, all in one table for the picture. */
export class RideModel {
  readonly scene: SceneRiders = createSceneRiders(VIEW_RIDERS_MAX + 1)
  /** How everybody sits; slot 0 is me. */
  readonly stances = new Stances(VIEW_RIDERS_MAX + 1)
  readonly predictor: Predictor
  readonly remote: RemoteRiders
  own: OwnState | undefined
  readonly #course: BakedCourse
  /** What weather held when, as the room's state tells it ahead of time. */
  readonly weather = new WeatherLog()
  readonly #gaps: RoadGaps
  readonly #riderId: number
  readonly #place = createRoadPoint()
  readonly #fades: Fades
  readonly #crankRad: Float64Array
  readonly #wheelRad: Float64Array
  /** Of my own and, from 1, of the others. */
  readonly #lean: Float64Array
  #ownCrankRad = 0
  #ownWheelRad = 0
  #newestSample: InputSample | undefined
  #newestTick = 0
  #nowTick = 0
  /** Whom a page without a rider of its own looks on with; 0: nobody. */
  #followedId = 0
  #isRewound = false

  constructor(options: RideModelOptions) {
    this.#course = options.course
    this.#riderId = options.body.riderId
    const { course, body, network } = options
    this.#gaps = new RoadGaps(course)
    this.predictor = new Predictor(course, body, { network, weather: this.weather })
    this.remote = new RemoteRiders(course, VIEW_RIDERS_MAX, this.weather)
    this.#fades = new Fades(this.remote)
    this.#crankRad = new Float64Array(VIEW_RIDERS_MAX)
    this.#wheelRad = new Float64Array(VIEW_RIDERS_MAX)
    this.#lean = new Float64Array(VIEW_RIDERS_MAX + 1)
  }

  /** The room's weather, from a tick on; told again it changes nothing. */
  setWeather(weather: Weather, fromTick: number): void {
    this.weather.change(weather, fromTick)
  }

  /** What I wish for at the next junction, one of physics' TURN; the server is told elsewhere. */
  wish(turn: number): void {
    this.predictor.wish(turn, this.#nowTick)
  }

  /** Any tick heard of from the server, with news or without. */
  heard(tick: number): void {
    this.#newestTick = Math.max(this.#newestTick, tick)
  }

  /** For who only looks on: this rider is row 0 of the scene. One's own rider, once placed, goes first. */
  follow(riderId: number): void {
    this.#followedId = riderId
  }

  /** A film was wound: nobody is known, and what comes first is drawn where it is. */
  rewind(): void {
    this.remote.clear()
    this.#newestTick = 0
    this.#isRewound = true
  }

  accept(record: RiderRecord): void {
    const { kind, riderId } = record
    if (riderId === this.#riderId) return
    if (kind === 'leave' && this.#fades.leave(riderId)) return
    if (kind === 'absolute') this.#fades.stay(riderId)
    this.remote.accept(record)
  }

  /** Riders whom a check says we are wrong about: the server is to tell them whole. */
  takeDoubted(): readonly number[] {
    return this.remote.takeDoubted()
  }

  acceptOwn(own: OwnState): void {
    this.own = own
    this.heard(own.tick)
    this.predictor.rebase(own, this.#nowTick)
  }

  /** My own sample, at once; `atTick` is the server's time at its stamp. */
  offer(sample: InputSample, atTick: number): void {
    this.#newestSample = sample
    this.predictor.offer(sample, atTick)
  }

  /** The idea of the server's time was set anew. */
  stepTime(nowTick: number): void {
    this.#nowTick = nowTick
    this.predictor.stepTime(nowTick)
  }

  /** Ticks since anything was heard: 0 on a live line. */
  get silentTicks(): number {
    return Math.max(0, this.#nowTick - this.#newestTick)
  }

  /** Road from me to a place, m, ahead positive; NaN: nothing leads there soon. */
  gapToM(placeM: number): number {
    return this.#gaps.toM(placeM)
  }

  /** Fills the scene for this frame. */
  frame(nowTick: number, dtS: number): void {
    // The estimate may step back; who is drawn waits until the road has come up to them.
    this.#nowTick = nowTick
    this.predictor.frame(this.#nowTick, dtS)
    if (this.#isRewound && this.remote.count > 0) {
      this.remote.settle()
      this.#isRewound = false
    }
    this.remote.frame(this.#nowTick, this.#newestTick, dtS)
    this.#fades.frame(this.silentTicks, dtS)
    this.scene.count = 0
    if (this.predictor.isPlaced) this.#fillOwn(dtS)
    // Who waits for news stands, and pedals no more.
    const rolledS = this.silentTicks > CARRY_TICKS_MAX ? 0 : dtS
    const followed = this.scene.count > 0 ? -1 : (this.remote.rowOf(this.#followedId) ?? -1)
    if (followed >= 0) {
      this.#gaps.stand(this.remote.shownPlaceM[followed]!)
      this.#fillRemote(followed, rolledS)
    }
    for (let row = 0; row < this.remote.rows; row++) {
      if (row !== followed && this.remote.id[row] !== 0) this.#fillRemote(row, rolledS)
    }
  }

  #fillOwn(dtS: number): void {
    const { scene, predictor, own } = this
    const newestSample = this.#newestSample
    const speedMps = predictor.speedMps(this.#nowTick)
    const cadenceRpm = newestSample ? newestSample.cadenceHalfRpm / 2 : (own?.cadenceRpm ?? 0)
    this.#ownCrankRad = turned(this.#ownCrankRad, cadenceRpm * (TURN_RAD / 60) * dtS)
    this.#ownWheelRad = turned(this.#ownWheelRad, (speedMps / WHEEL_RADIUS_M) * dtS)
    scene.count = 1
    scene.id[0] = this.#riderId
    const { placeM } = predictor
    this.#gaps.stand(placeM)
    scene.placeM[0] = placeM
    scene.distanceM[0] = predictor.distanceM
    scene.gapM[0] = 0
    scene.lateralM[0] = predictor.lateralM(this.#nowTick)
    scene.speedMps[0] = speedMps
    scene.powerW[0] = predictor.powerW
    scene.cadenceRpm[0] = cadenceRpm
    scene.heartRateBpm[0] = newestSample ? newestSample.heartRateBpm : (own?.heartRateBpm ?? 0)
    scene.crankRad[0] = this.#ownCrankRad
    scene.wheelRad[0] = this.#ownWheelRad
    scene.leanRad[0] = this.#leanRad(0, placeM, speedMps, dtS)
    scene.ageS[0] = this.silentTicks / 20
    this.stances.fill(scene, 0, 0, this.#course, dtS)
  }

  #fillRemote(row: number, dtS: number): void {
    const { scene, remote } = this
    const at = scene.count++
    const speedMps = remote.shownSpeedMps[row]!
    const cadenceRpm = remote.known[row]!.shownRpm
    this.#crankRad[row] = turned(this.#crankRad[row]!, cadenceRpm * (TURN_RAD / 60) * dtS)
    this.#wheelRad[row] = turned(this.#wheelRad[row]!, (speedMps / WHEEL_RADIUS_M) * dtS)
    scene.id[at] = remote.id[row]!
    const placeM = remote.shownPlaceM[row]!
    scene.placeM[at] = placeM
    scene.distanceM[at] = remote.shownM[row]!
    scene.gapM[at] = this.#gaps.toM(placeM)
    scene.lateralM[at] = remote.shownLateralM[row]!
    scene.speedMps[at] = speedMps
    scene.powerW[at] = remote.known[row]!.shownW
    scene.cadenceRpm[at] = cadenceRpm
    scene.heartRateBpm[at] = remote.known[row]!.heartRateBpm
    scene.crankRad[at] = this.#crankRad[row]!
    scene.wheelRad[at] = this.#wheelRad[row]!
    scene.fade[at] = this.#fades.of(row)
    scene.leanRad[at] = this.#leanRad(row + 1, placeM, speedMps, dtS)
    scene.ageS[at] = this.silentTicks / 20
    this.stances.fill(scene, at, row + 1, this.#course, dtS)
  }

  /** The bend of one way may begin with a jump where another ends: nobody throws a bicycle over in a frame. */
  #leanRad(slot: number, placeM: number, speedMps: number, dtS: number): number {
    const wantedRad = leanOf(speedMps, this.#course.at(placeM, this.#place).curvaturePerM)
    return (this.#lean[slot]! += (wantedRad - this.#lean[slot]!) * (1 - Math.exp(-dtS / LEANS_IN_S)))
  }
}

/** Into the bend, right positive: tan(lean) = v² κ / g, as a wheel in a steady bend has to. */
export function leanOf(speedMps: number, curvaturePerM: number): number {
  return Math.atan((speedMps * speedMps * curvaturePerM) / GRAVITY_MPS2)
}

function turned(angleRad: number, byRad: number): number {
  const sum = angleRad + byRad
  return sum - Math.floor(sum / TURN_RAD) * TURN_RAD
}
