import { gradeFromSlope } from '#physics/course'
import type { RosterEntry, SceneRiders } from '../world/scene-riders.ts'
import type { HudRoad } from './hud-road.ts'
import type { HudSample } from './hud-types.ts'

export interface NearbyRow {
  readonly id: number
  readonly name: string
  /** With one decimal, or '–' when the mass is unknown. */
  readonly wattsPerKg: string
  /** Seconds on the road, signed: ahead −, behind +; '' for oneself. */
  readonly gap: string
  readonly isSelf: boolean
  readonly isBot: boolean
}

export interface Marker {
  /** Share of the lap, 0 … 1; −1 for a rider on another road. */
  readonly share: number
  /** On the tape, whole metres. */
  readonly placeM: number
  readonly isSelf: boolean
}

/** Everything the HUD shows of the ride, as text: what changes is compared as text, and only that is drawn again. */
export interface HudFigures {
  readonly powerW: string
  readonly power3sW: string
  readonly wattsPerKg: string
  readonly cadenceRpm: string
  readonly heartRateBpm: string
  readonly speedKmh: string
  readonly gradePercent: string
  readonly distanceKm: string
  readonly elapsed: string
  readonly climbedM: string
  readonly lap: string
  readonly nearby: readonly NearbyRow[]
  readonly markers: readonly Marker[]
}

/** Wind, shelter and losses as shown; '' and 0: nothing to say. */
export interface AirFigures {
  readonly windKmh: string
  /** Where the wind goes, degrees clockwise; 0: with the rider. */
  readonly windDeg: number
  readonly savedW: string
  readonly brakeW: string
  readonly contactW: string
}

export const NEARBY_ROWS = 7
const AVERAGE_S = 3
/** Below this a gap in seconds means nothing: m/s. */
const GAP_SPEED_MIN_MPS = 2
const GAP_MAX_S = 3600
/** Farther along the road than this is not nearby, m. */
const NEARBY_M = 2000
const MARKERS_MAX = 60
const SAMPLES_MAX = 64
const UNKNOWN = '–'

/** What the rider's own page knows beside the table of riders; see HudSample. */
export type OwnFigures = Pick<HudSample, 'elapsedS' | 'riddenM' | 'selfKg'>

export interface HudModel {
  /** Another road from here on: what was climbed and ridden stays. */
  setRoad(road: HudRoad): void
  sample(riders: SceneRiders, roster: readonly RosterEntry[], timeS: number, own: OwnFigures): HudFigures
}

/** The HUD's arithmetic: pure but for a short memory of one's own power and of the metres climbed. */
export function createHudModel(firstRoad: HudRoad): HudModel {
  let road = firstRoad
  const powers: { timeS: number; powerW: number }[] = []
  let climbedM = 0
  let lastHeightM: number | undefined
  let lastDistanceM = 0
  let selfId = 0

  const remember = (riders: SceneRiders, timeS: number): void => {
    const distanceM = riders.distanceM[0]!
    const isSomebodyElse = riders.id[0] !== selfId
    selfId = riders.id[0]!
    const newest = powers.at(-1)
    if (isSomebodyElse || (newest !== undefined && timeS < newest.timeS)) powers.length = 0
    powers.push({ timeS, powerW: riders.powerW[0]! })
    // The sample that was in force when the three seconds began stays.
    while (powers.length > 1 && powers[1]!.timeS <= timeS - AVERAGE_S) powers.shift()
    if (powers.length > SAMPLES_MAX) powers.shift()
    const heightM = road.heightAt(riders.placeM[0]!)
    // A jump (a new rider, a teleport) is not a climb.
    const isRidden = !isSomebodyElse && lastHeightM !== undefined && Math.abs(distanceM - lastDistanceM) < 200
    if (isRidden && heightM > lastHeightM!) climbedM += heightM - lastHeightM!
    if (isSomebodyElse) climbedM = 0
    lastHeightM = heightM
    lastDistanceM = distanceM
  }

  return {
    setRoad: (next) => (road = next),
    sample: (riders, roster, timeS, own) => {
      if (riders.count === 0) return { ...NOTHING, elapsed: clock(own.elapsedS) }
      remember(riders, timeS)
      const byId = new Map(roster.map((entry) => [entry.id, entry]))
      const self = byId.get(riders.id[0]!)
      const powerW = riders.powerW[0]!
      return {
        powerW: whole(powerW),
        power3sW: whole(averageW(powers, timeS)),
        wattsPerKg: perKg(powerW, own.selfKg ?? self?.massKg),
        cadenceRpm: whole(riders.cadenceRpm[0]!),
        heartRateBpm: riders.heartRateBpm[0]! > 0 ? whole(riders.heartRateBpm[0]!) : UNKNOWN,
        speedKmh: (riders.speedMps[0]! * 3.6).toFixed(1),
        gradePercent: percent(gradeFromSlope(road.slopeAt(riders.placeM[0]!))),
        distanceKm: (own.riddenM / 1000).toFixed(2),
        elapsed: clock(own.elapsedS),
        climbedM: whole(climbedM),
        lap: road.progress(riders.distanceM[0]!),
        nearby: nearbyRows(riders, byId, own.selfKg),
        markers: markersOf(riders, road),
      }
    },
  }
}

/** Mean over the last three seconds, each sample weighted by the time it was in force. */
function averageW(powers: readonly { timeS: number; powerW: number }[], timeS: number): number {
  let joules = 0
  let seconds = 0
  for (let i = 0; i < powers.length - 1; i++) {
    const from = Math.max(powers[i]!.timeS, timeS - AVERAGE_S)
    const span = powers[i + 1]!.timeS - from
    if (span <= 0) continue
    joules += powers[i]!.powerW * span
    seconds += span
  }
  return seconds > 0 ? joules / seconds : powers.at(-1)!.powerW
}

/** Seconds until the one behind is where the one ahead is now, at the speed of the one behind. Ahead is negative. */
export function gapS(gapM: number, ownSpeedMps: number, otherSpeedMps: number): number {
  const chaserMps = Math.max(GAP_SPEED_MIN_MPS, gapM > 0 ? ownSpeedMps : otherSpeedMps)
  return Math.max(-GAP_MAX_S, Math.min(GAP_MAX_S, -gapM / chaserMps))
}

function nearbyRows(
  riders: SceneRiders,
  byId: ReadonlyMap<number, RosterEntry>,
  selfKg: number | undefined,
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
  return all.slice(first, first + NEARBY_ROWS).map(({ row, gapM }) => {
    const id = riders.id[row]!
    const entry = byId.get(id)
    const seconds = gapS(gapM, riders.speedMps[0]!, riders.speedMps[row]!)
    return {
      id,
      name: entry?.name ?? `Rider ${id}`,
      wattsPerKg: perKg(riders.powerW[row]!, row === 0 ? (selfKg ?? entry?.massKg) : entry?.massKg),
      gap: row === 0 ? '' : signedClock(seconds),
      isSelf: row === 0,
      isBot: entry?.isBot ?? false,
    }
  })
}

function markersOf(riders: SceneRiders, road: HudRoad): readonly Marker[] {
  const markers: Marker[] = []
  for (let i = Math.min(riders.count, MARKERS_MAX) - 1; i >= 0; i--) {
    const alongM = road.alongM(riders.placeM[i]!)
    const share = Number.isNaN(alongM) ? -1 : Math.round((alongM / road.lengthM) * 2000) / 2000
    markers.push({ share, placeM: Math.round(riders.placeM[i]!), isSelf: i === 0 })
  }
  return markers
}

function whole(value: number): string {
  return Math.round(value).toFixed(0)
}

function perKg(powerW: number, massKg: number | undefined): string {
  return massKg === undefined || massKg <= 0 ? UNKNOWN : (powerW / massKg).toFixed(1)
}

function percent(gradeFraction: number): string {
  const text = (gradeFraction * 100).toFixed(1)
  return text === '-0.0' ? '0.0' : text.replace('-', '−')
}

export function clock(seconds: number): string {
  const all = Math.max(0, Math.floor(seconds))
  const hours = Math.floor(all / 3600)
  const minutes = Math.floor(all / 60) % 60
  return hours > 0 ? `${hours}:${two(minutes)}:${two(all % 60)}` : `${minutes}:${two(all % 60)}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

function signedClock(seconds: number): string {
  const rounded = Math.round(Math.abs(seconds))
  if (rounded === 0) return clock(0) // Side by side is neither ahead nor behind.
  return `${seconds < 0 ? '−' : '+'}${clock(rounded)}`
}

/** Less than this is not worth a rider's eye, W and km/h. */
const SHOWN_MIN_W = 5
const SHOWN_MIN_KMH = 1
/** An arrow that trembles is no arrow. */
const WIND_STEP_DEG = 15

export function airFigures(forces: HudSample['forces']): AirFigures {
  if (forces === undefined) return { windKmh: '', windDeg: 0, savedW: '', brakeW: '', contactW: '' }
  const watts = (value: number): string => (value >= SHOWN_MIN_W ? whole(value) : '')
  const { headMps, crossMps, savedW, brakeW, contactW } = forces
  const kmh = Math.hypot(headMps, crossMps) * 3.6
  const goesDeg = (Math.atan2(-crossMps, -headMps) * 180) / Math.PI
  return {
    windKmh: kmh >= SHOWN_MIN_KMH ? whole(kmh) : '',
    windDeg: kmh >= SHOWN_MIN_KMH ? Math.round(goesDeg / WIND_STEP_DEG) * WIND_STEP_DEG : 0,
    savedW: watts(savedW),
    brakeW: watts(brakeW),
    contactW: watts(contactW),
  }
}

const NOTHING: HudFigures = {
  powerW: UNKNOWN,
  power3sW: UNKNOWN,
  wattsPerKg: UNKNOWN,
  cadenceRpm: UNKNOWN,
  heartRateBpm: UNKNOWN,
  speedKmh: UNKNOWN,
  gradePercent: UNKNOWN,
  distanceKm: UNKNOWN,
  elapsed: '0:00',
  climbedM: UNKNOWN,
  lap: '',
  nearby: [],
  markers: [],
}
