import type { BakedCourse } from '#maps/course'
import type { Network } from '#maps/network'
import { gradeFromSlope } from '#physics/course'
import { BICYCLE_LENGTH_M } from '#physics/wake-law'
import { GapHistory } from '../world/gap-history.ts'
import { groupsOf } from '../world/groups.ts'
import { HEART_FROM, LegsLeft, limitsOf, zoneOf, type Limits } from '../world/legs-left.ts'
import type { RosterEntry, SceneRiders } from '../world/scene-riders.ts'
import { hud as words } from '../words/hud.ts'
import { climbLeft, climbsOf, climbTimeS, gradeAhead, nextClimb, type Climb } from './climbs.ts'
import { isFriend } from './friends.ts'
import {
  aheadOf,
  clock,
  fixed,
  gapText,
  heightOf,
  heightUnit,
  lengthText,
  percent,
  perKg,
  roadOf,
  speedOf,
  speedUnit,
  UNKNOWN,
  whole,
} from './figures.ts'
import type { HudRoad } from './hud-road.ts'
import type { HudOptions, HudSample } from './hud-types.ts'

export interface NearbyRow {
  readonly id: number
  readonly name: string
  /** With one decimal, or '–' when the mass is unknown. */
  readonly wattsPerKg: string
  /** Time on the road, signed: ahead −, behind +; '' for oneself. */
  readonly gap: string
  /** Nobody has seen it: metres over speed. */
  readonly isReckoned: boolean
  readonly isSelf: boolean
  readonly isBot: boolean
  readonly isFriend: boolean
}

export interface Marker {
  /** Share of the lap, 0 … 1; −1 for a rider on another road. */
  readonly share: number
  /** On the tape, whole metres. */
  readonly placeM: number
  readonly kind: 'self' | 'friend' | 'bot' | 'other'
}

/** Everything the HUD shows of the ride, as text: what changes is compared as text, and only that is drawn again. */
export interface HudFigures {
  readonly powerW: string
  readonly power3sW: string
  readonly wattsPerKg: string
  /** 1 … 7, of the mean of three seconds. */
  readonly zone: number
  readonly isZoneEstimated: boolean
  readonly cadenceRpm: string
  readonly heartRateBpm: string
  /** 1 … 5; 0: nobody has told how fast this heart can beat. */
  readonly heartZone: number
  readonly speedKmh: string
  readonly gradePercent: string
  readonly grade500: string
  readonly grade1k: string
  readonly distanceKm: string
  readonly elapsed: string
  readonly climbedM: string
  readonly energyKj: string
  readonly lap: string
  /** Kilojoules and share of W′ that are left. */
  readonly strengthKj: string
  readonly strengthPercent: number
  /** Metres to the wheel ahead, or ''. */
  readonly wheelM: string
  /** The group ahead, mine, and the one behind. */
  readonly groups: readonly { readonly text: string; readonly isOwn: boolean }[]
  readonly climb: string
  readonly climbTime: string
  readonly nearby: readonly NearbyRow[]
  readonly markers: readonly Marker[]
}

export const NEARBY_ROWS = 7
/** Nobody knows what was ridden in so long a gap: a film was wound. */
const UNKNOWN_S = 8
const AVERAGE_S = 3
/** The time to the top is at the watts of so long, s. */
const CLIMB_MEAN_S = 30
/** A hill is timed this often, s. */
const CLIMB_EVERY_S = 1
/** Below this a gap in seconds means nothing: m/s. */
const GAP_SPEED_MIN_MPS = 2
const GAP_MAX_S = 3600
/** Farther along the road than this is not nearby, m. */
const NEARBY_M = 2000
const MARKERS_MAX = 60
const SAMPLES_MAX = 400
/** Who rides more to the side has no wheel in front of me, m; and farther away it is no wheel. */
const WHEEL_ASIDE_M = 0.9
const WHEEL_FAR_M = 40
const CLIMB_CRR = 0.004
const CLIMB_AIR_KGPM3 = 1.15

/** What the rider's own page knows beside the table of riders; see HudSample. */
export type OwnFigures = Pick<HudSample, 'elapsedS' | 'riddenM' | 'selfKg' | 'workJ' | 'serverS'>

/** What a rider told of the body, and of friends. */
export interface Told {
  readonly ftpW: number | undefined
  readonly criticalW: number | undefined
  readonly wPrimeJ: number | undefined
  readonly heartMaxBpm: number | undefined
  readonly friends: readonly string[]
}

export const NOTHING_TOLD: Told = {
  ...{ ftpW: undefined, criticalW: undefined, wPrimeJ: undefined, heartMaxBpm: undefined, friends: [] },
}

export interface HudModel {
  /** Another road from here on: what was climbed and ridden stays. */
  setRoad(road: HudRoad): void
  setTold(told: Told): void
  readonly limits: Limits
  sample(riders: SceneRiders, roster: readonly RosterEntry[], timeS: number, own: OwnFigures): HudFigures
}

const RIDER_KG = 75

/** The HUD's arithmetic: pure but for a short memory of one's own power, of metres climbed, and of who was where when. */
export function createHudModel(
  firstRoad: HudRoad,
  course?: BakedCourse,
  _network?: Network,
  body?: HudOptions['body'],
): HudModel {
  let road = firstRoad
  let climbs: readonly Climb[] = climbsOf(firstRoad)
  let told = NOTHING_TOLD
  const aheadM = aheadOf()
  const history = course && new GapHistory(course)
  const powers: { timeS: number; powerW: number }[] = []
  const legs = new LegsLeft(limitsOf({ massKg: body?.riderKg ?? RIDER_KG }))
  let climbedM = 0
  let lastHeightM: number | undefined
  let lastDistanceM = 0
  let selfId = 0
  let climbedAtS = -Infinity
  let climb = { climb: '', climbTime: '' }

  const remember = (riders: SceneRiders, timeS: number): void => {
    const distanceM = riders.distanceM[0]!
    const isSomebodyElse = riders.id[0] !== selfId
    selfId = riders.id[0]!
    const newest = powers.at(-1)
    const isWound = newest !== undefined && (timeS < newest.timeS || timeS > newest.timeS + UNKNOWN_S)
    if (isSomebodyElse || isWound) powers.length = 0
    powers.push({ timeS, powerW: riders.powerW[0]! })
    // The sample that was in force when the longest mean began stays.
    while (powers.length > 1 && powers[1]!.timeS <= timeS - CLIMB_MEAN_S) powers.shift()
    if (powers.length > SAMPLES_MAX) powers.shift()
    const heightM = road.heightAt(riders.placeM[0]!)
    // A jump (a new rider, a teleport) is not a climb.
    const isRidden = !isSomebodyElse && lastHeightM !== undefined && Math.abs(distanceM - lastDistanceM) < 200
    if (isRidden && heightM > lastHeightM!) climbedM += heightM - lastHeightM!
    if (isSomebodyElse) climbedM = 0
    lastHeightM = heightM
    lastDistanceM = distanceM
  }

  const limits = (selfKg: number | undefined): void => {
    const { best20W } = legs
    const next = limitsOf({ massKg: selfKg ?? body?.riderKg ?? RIDER_KG, ...told, best20W })
    const { criticalW, wPrimeJ, ftpW } = legs.limits
    if (next.criticalW !== criticalW || next.wPrimeJ !== wPrimeJ || next.ftpW !== ftpW) legs.setLimits(next)
  }

  const climbAt = (alongM: number, timeS: number): typeof climb => {
    if (Math.abs(timeS - climbedAtS) < CLIMB_EVERY_S) return climb
    climbedAtS = timeS
    climb = { climb: '', climbTime: '' }
    if (Number.isNaN(alongM)) return climb
    const left = climbLeft(climbs, road, alongM)
    if (left === undefined) {
      const next = nextClimb(climbs, road, alongM)
      return (climb = { climb: next === undefined ? '' : words.climbIn(lengthText(next)), climbTime: '' })
    }
    const far = lengthText(left.leftM)
    const grade = percent(left.gradeFraction)
    const next = climbs.find(({ fromM }) => fromM > alongM)
    const text =
      left.isOn || next === undefined
        ? words.climbLeft(far, grade)
        : words.climbAhead(lengthText(next.fromM - alongM), far, grade)
    const powerW = averageW(powers, timeS, CLIMB_MEAN_S)
    if (body === undefined || powerW < 50) return (climb = { climb: text, climbTime: '' })
    const rider = { massKg: body.massKg, cdaM2: body.cdaM2, crr: CLIMB_CRR, airKgpm3: CLIMB_AIR_KGPM3 }
    const fromM = left.isOn ? alongM : next!.fromM
    const seconds = climbTimeS(left, road, fromM, powerW, rider)
    return (climb = { climb: text, climbTime: words.toTop(clock(seconds), whole(powerW)) })
  }

  return {
    setRoad: (next) => {
      road = next
      climbs = climbsOf(next)
      climbedAtS = -Infinity
    },
    setTold: (next) => (told = next),
    get limits() {
      return legs.limits
    },
    sample: (riders, roster, timeS, own) => {
      if (riders.count === 0) return { ...NOTHING, elapsed: clock(own.elapsedS) }
      remember(riders, timeS)
      legs.ride(riders.powerW[0]!, own.elapsedS)
      limits(own.selfKg)
      history?.note(riders, own.serverS ?? timeS)
      const byId = new Map(roster.map((entry) => [entry.id, entry]))
      const self = byId.get(riders.id[0]!)
      const powerW = riders.powerW[0]!
      const power3sW = averageW(powers, timeS, AVERAGE_S)
      const placeM = riders.placeM[0]!
      const alongM = road.alongM(placeM)
      const ahead = (overM: number): string => {
        const grade = Number.isNaN(alongM) ? NaN : gradeAhead(road, alongM, overM)
        return Number.isNaN(grade) ? UNKNOWN : percent(grade)
      }
      const bpm = riders.heartRateBpm[0]!
      return {
        powerW: whole(powerW),
        power3sW: whole(power3sW),
        wattsPerKg: perKg(powerW, own.selfKg ?? self?.massKg),
        zone: zoneOf(power3sW, legs.limits.ftpW),
        isZoneEstimated: legs.limits.isEstimated,
        cadenceRpm: whole(riders.cadenceRpm[0]!),
        heartRateBpm: bpm > 0 ? whole(bpm) : UNKNOWN,
        heartZone: heartZone(bpm, told.heartMaxBpm),
        speedKmh: fixed(speedOf(riders.speedMps[0]!), 1),
        gradePercent: percent(gradeFromSlope(road.slopeAt(placeM))),
        grade500: ahead(aheadM[0]![0]),
        grade1k: ahead(aheadM[1]![0]),
        distanceKm: fixed(roadOf(own.riddenM), 2),
        elapsed: clock(own.elapsedS),
        climbedM: whole(heightOf(climbedM)),
        energyKj: own.workJ === undefined ? UNKNOWN : whole(own.workJ / 1000),
        lap: road.progress(riders.distanceM[0]!),
        strengthKj: fixed(legs.leftJ / 1000, 1),
        strengthPercent: Math.round(legs.leftShare * 100),
        wheelM: wheelAhead(riders),
        groups: groupWords(riders, history),
        ...climbAt(alongM, timeS),
        nearby: nearbyRows(riders, byId, own.selfKg, told.friends, history),
        markers: markersOf(riders, byId, told.friends, road),
      }
    },
  }
}

/** Mean over the last `overS`, each sample weighted by the time it was in force. */
function averageW(powers: readonly { timeS: number; powerW: number }[], timeS: number, overS: number): number {
  let joules = 0
  let seconds = 0
  for (let i = powers.length - 2; i >= 0; i--) {
    const from = Math.max(powers[i]!.timeS, timeS - overS)
    const span = powers[i + 1]!.timeS - from
    if (powers[i + 1]!.timeS <= timeS - overS) break
    if (span <= 0) continue
    joules += powers[i]!.powerW * span
    seconds += span
  }
  return seconds > 0 ? joules / seconds : powers.at(-1)!.powerW
}

function heartZone(bpm: number, maxBpm: number | undefined): number {
  if (maxBpm === undefined || bpm === 0) return 0
  return 1 + HEART_FROM.filter((share) => bpm >= share * maxBpm).length
}

/** From my front wheel to the back wheel before me, m. */
function wheelAhead(riders: SceneRiders): string {
  let nearestM = WHEEL_FAR_M
  for (let row = 1; row < riders.count; row++) {
    const freeM = riders.gapM[row]! - BICYCLE_LENGTH_M
    if (freeM < -0.5 || Math.abs(riders.lateralM[row]! - riders.lateralM[0]!) > WHEEL_ASIDE_M) continue
    if (freeM < nearestM) nearestM = freeM
  }
  return nearestM === WHEEL_FAR_M ? '' : `${fixed(heightOf(Math.max(0, nearestM)), 1)} ${heightUnit()}`
}

/** Seconds until the one behind is where the one ahead is now, at the speed of the one behind. Ahead is negative. */
export function gapS(gapM: number, ownSpeedMps: number, otherSpeedMps: number): number {
  const chaserMps = Math.max(GAP_SPEED_MIN_MPS, gapM > 0 ? ownSpeedMps : otherSpeedMps)
  return Math.max(-GAP_MAX_S, Math.min(GAP_MAX_S, -gapM / chaserMps))
}

/** The gap to a row as it is told: seen, else reckoned. */
function gapOf(
  riders: SceneRiders,
  row: number,
  history: GapHistory | undefined,
): Pick<NearbyRow, 'gap' | 'isReckoned'> {
  if (row === 0) return { gap: '', isReckoned: false }
  const gapM = riders.gapM[row]!
  const seenS =
    gapM > 0
      ? -(history?.betweenS(riders.id[row]!, riders.placeM[0]!) ?? NaN)
      : (history?.betweenS(riders.id[0]!, riders.placeM[row]!) ?? NaN)
  if (!Number.isNaN(seenS)) return { gap: gapText(seenS), isReckoned: false }
  return { gap: gapText(gapS(gapM, riders.speedMps[0]!, riders.speedMps[row]!)), isReckoned: true }
}

function groupWords(riders: SceneRiders, history: GapHistory | undefined): HudFigures['groups'] {
  const groups = groupsOf(riders)
  const own = groups.findIndex(({ isOwn }) => isOwn)
  if (own < 0 || riders.count < 2) return []
  const lines: { text: string; isOwn: boolean }[] = []
  const [ahead, mine, behind] = [groups[own - 1], groups[own]!, groups[own + 1]]
  const apart = (first: number, second: number): string => {
    const seenS = history?.betweenS(riders.id[first]!, riders.placeM[second]!) ?? NaN
    const gapM = (first === 0 ? 0 : riders.gapM[first]!) - (second === 0 ? 0 : riders.gapM[second]!)
    const isSeen = !Number.isNaN(seenS)
    const seconds = isSeen ? seenS : gapM / Math.max(GAP_SPEED_MIN_MPS, riders.speedMps[second]!)
    return `${isSeen ? '' : '~'}${gapText(seconds).replace('+', '')}`
  }
  if (ahead !== undefined) {
    lines.push({ text: words.groupAhead(ahead.size, apart(ahead.lastRow, mine.firstRow)), isOwn: false })
  }
  lines.push({ text: words.ownGroup(mine.size, `${whole(speedOf(mine.meanMps))} ${speedUnit()}`), isOwn: true })
  if (behind !== undefined) {
    lines.push({ text: words.groupBehind(behind.size, apart(mine.lastRow, behind.firstRow)), isOwn: false })
  }
  return lines
}

function nearbyRows(
  riders: SceneRiders,
  byId: ReadonlyMap<number, RosterEntry>,
  selfKg: number | undefined,
  friends: readonly string[],
  history: GapHistory | undefined,
): readonly NearbyRow[] {
  const all: { row: number; gapM: number }[] = []
  for (let i = 0; i < riders.count; i++) {
    const gapM = i === 0 ? 0 : riders.gapM[i]!
    if (Math.abs(gapM) <= NEARBY_M) all.push({ row: i, gapM })
  }
  all.sort((a, b) => b.gapM - a.gapM || a.row - b.row)
  const own = all.findIndex((entry) => entry.row === 0)
  // As many ahead as behind, but never fewer rows than there is room for.
  const first = Math.max(0, Math.min(own - Math.floor(NEARBY_ROWS / 2), all.length - NEARBY_ROWS))
  return all.slice(first, first + NEARBY_ROWS).map(({ row }) => {
    const id = riders.id[row]!
    const entry = byId.get(id)
    return {
      id,
      name: entry?.name ?? `${words.rider} ${id}`,
      wattsPerKg: perKg(riders.powerW[row]!, row === 0 ? (selfKg ?? entry?.massKg) : entry?.massKg),
      ...gapOf(riders, row, history),
      isSelf: row === 0,
      isBot: entry?.isBot ?? false,
      isFriend: isFriend(id, entry?.name, friends),
    }
  })
}

function markersOf(
  riders: SceneRiders,
  byId: ReadonlyMap<number, RosterEntry>,
  friends: readonly string[],
  road: HudRoad,
): readonly Marker[] {
  const markers: Marker[] = []
  for (let i = Math.min(riders.count, MARKERS_MAX) - 1; i >= 0; i--) {
    const alongM = road.alongM(riders.placeM[i]!)
    const share = Number.isNaN(alongM) ? -1 : Math.round((alongM / road.lengthM) * 2000) / 2000
    const entry = byId.get(riders.id[i]!)
    const isOneOfMine = isFriend(riders.id[i]!, entry?.name, friends)
    const kind = i === 0 ? 'self' : isOneOfMine ? 'friend' : entry?.isBot === true ? 'bot' : 'other'
    markers.push({ share, placeM: Math.round(riders.placeM[i]!), kind })
  }
  return markers
}

const NOTHING: HudFigures = {
  ...{ powerW: UNKNOWN, power3sW: UNKNOWN, wattsPerKg: UNKNOWN, zone: 1, isZoneEstimated: true },
  ...{ cadenceRpm: UNKNOWN, heartRateBpm: UNKNOWN, heartZone: 0, speedKmh: UNKNOWN, gradePercent: UNKNOWN },
  ...{ grade500: UNKNOWN, grade1k: UNKNOWN, distanceKm: UNKNOWN, elapsed: '0:00', climbedM: UNKNOWN },
  ...{ energyKj: UNKNOWN, lap: '', strengthKj: UNKNOWN, strengthPercent: 100, wheelM: '', groups: [] },
  ...{ climb: '', climbTime: '', nearby: [], markers: [] },
}
