import { airDensityKgpm3, warmthShare } from '#physics/air'
import { recoveryTauS } from '#physics/critical-power'
import { plainCourse } from '#physics/plain-courses'
import { bearingN, dragN, gravityN, ROAD_BIKE, rollingN, shelteredAreaM2, type Bike } from '#physics/resistance'
import { type Surroundings } from '#physics/ground'
import { DT_S, nextDistanceM, nextSpeedMps } from '#physics/step'
import { createRoadWind, toRoad } from '#physics/wind'

/** One published case, as a file gives it. */
export interface PhysicsCase {
  readonly name: string
  readonly kind: string
  readonly model: string
  readonly inputs: Readonly<Record<string, unknown>>
  readonly expected: Readonly<Record<string, number>>
  readonly tolerance: { readonly abs?: number; readonly rel?: number }
  readonly agrees: boolean
}

/**
 * What our law of motion says of a case, in the unit of its expectation; `undefined` where we have no such law. Speeds
 * and times are ridden, tick by tick, by the arithmetic that moves riders.
 */
export function computeCase({ name, kind, model, inputs }: PhysicsCase): number | undefined {
  const road = roadOf(model, inputs)
  switch (kind) {
    case 'component':
      return componentW(name, road)
    case 'steady+accel':
      return powerAt(road, speedAfterTickMps(road))
    case 'steady':
    case 'climb-power':
      return road.powerW === undefined || kind === 'climb-power' ? powerAt(road) : rideSteadyMps(road, road.powerW)
    case 'steady-time':
    case 'climb-time':
      return road.distanceM / rideSteadyMps(road, road.powerW!)
    case 'dynamic':
      return road.distanceM > 0 ? coastS(road) : rideSteadyMps(road, 0)
    case 'draft-power':
      return shelterSavingPercent(road, inputs)
    case 'draft-constant-power':
      return shelterGainSpkm(road, inputs)
    case 'atmosphere':
      return airDensityKgpm3(Number(inputs.altitude)) * warmthShare(Number(inputs.T0_C ?? 15), Number(inputs.altitude))
    case 'geometry':
      return name.endsWith('yaw') ? yawDeg(road) : road.airMps
    case 'physiology':
      return recoveryTauS(Number(inputs.D_CP))
    default:
      return undefined
  }
}

interface Road {
  readonly bike: Bike
  readonly massKg: number
  readonly cdaM2: number
  readonly crr: number
  readonly slope: number
  readonly airDensityKgpm3: number
  readonly speedMps: number
  /** Air in the face, the rider's own speed included, and from the right. */
  readonly airMps: number
  readonly crossMps: number
  readonly powerW: number | undefined
  readonly distanceM: number
  readonly accelerateFromMps: number
  readonly accelerateToMps: number
  readonly accelerateS: number
}

/** A calculator's own losses. Ours are Martin's where a case says nothing else. */
function roadOf(model: string, inputs: Readonly<Record<string, unknown>>): Road {
  const number = (key: string, absent = 0) => (typeof inputs[key] === 'number' ? inputs[key] : absent)
  const isMartin = model === 'martin98'
  const hasBearings = isMartin && inputs.bearings !== false
  const grade = number('grade')
  const speedMps = number('v', number('v0', number('distance') / number('time', Infinity)))
  const wind = windOf(number('wind_speed'), number('wind_dir_deg'), number('travel_dir_deg'))
  return {
    bike: {
      efficiency:
        'loss_factor' in inputs ? 1 / number('loss_factor') : number('eff', isMartin ? ROAD_BIKE.efficiency : 1),
      wheelDragAreaM2: number('Fw', isMartin ? ROAD_BIKE.wheelDragAreaM2 : 0),
      bearingN: hasBearings ? ROAD_BIKE.bearingN : 0,
      bearingNspm: (hasBearings ? ROAD_BIKE.bearingNspm : 0) + number('dynamicCrr'),
      inertiaKg: number('I') > 0 ? number('I') / (number('r') * number('r')) : isMartin ? ROAD_BIKE.inertiaKg : 0,
    },
    massKg: number('mass'),
    cdaM2: number('CdA', number('CdA_solo')),
    crr: number('Crr'),
    slope: grade / Math.sqrt(1 + grade * grade),
    airDensityKgpm3: number('rho'),
    speedMps,
    airMps: number('va', speedMps + wind.headMps),
    crossMps: wind.crossMps,
    powerW: typeof inputs.power === 'number' ? inputs.power : undefined,
    distanceM: number('distance'),
    accelerateFromMps: number('vi'),
    accelerateToMps: number('vf'),
    accelerateS: number('dt'),
  }
}

/** As the tick sees it: the air's way over the map, turned onto the road. Directions are where from and where to, in degrees. */
function windOf(speedMps: number, fromDeg: number, travelDeg: number) {
  const [from, travel] = [(fromDeg * Math.PI) / 180, (travelDeg * Math.PI) / 180]
  const [airEast, airNorth] = [-speedMps * Math.sin(from), -speedMps * Math.cos(from)]
  return toRoad(airEast, airNorth, Math.sin(travel), Math.cos(travel), createRoadWind())
}

function yawDeg({ airMps, crossMps }: Road): number {
  return (Math.atan(crossMps / airMps) * 180) / Math.PI
}

/** A case's CdA is the tunnel's at the yaw of the case: our own law of yaw is not applied a second time. */
function airOf(road: Road): Surroundings {
  const { airDensityKgpm3, airMps, speedMps } = road
  return { airDensityKgpm3, headMps: airMps - speedMps, crossMps: 0, rollingShare: 1 }
}

/** One term of Martin's sum at the wheel, W, by the functions that `resistanceN` adds up. */
function componentW(name: string, road: Road): number | undefined {
  const { speedMps, massKg, slope, crr, bike } = road
  const areaM2 = shelteredAreaM2(road.cdaM2, 1, bike)
  switch (name.slice(-2)) {
    case 'AT':
      return dragN(road.airMps, areaM2, road.airDensityKgpm3) * speedMps
    case 'RR':
      return rollingN(massKg, slope, crr) * speedMps
    case 'WB':
      return bearingN(speedMps, bike) * speedMps
    case 'PE':
      return gravityN(massKg, slope) * speedMps
    case 'KE': {
      const { accelerateFromMps: v0, accelerateToMps: v1, accelerateS } = road
      return (0.5 * (massKg + bike.inertiaKg) * (v1 * v1 - v0 * v0)) / accelerateS
    }
    default:
      return undefined
  }
}

const POWER_MOST_W = 5000

/** The power at which a tick leads to a speed, by halving; without one: leaves it as it is. */
function powerAt(road: Road, nextMps = road.speedMps): number {
  let lowW = 0
  let highW = POWER_MOST_W
  for (let i = 0; i < 64; i++) {
    const middleW = 0.5 * (lowW + highW)
    if (tickMps(road, road.speedMps, middleW, 1) < nextMps) lowW = middleW
    else highW = middleW
  }
  return 0.5 * (lowW + highW)
}

/** A tick's share of the energy that the case gains from one speed to the other, at the mean speed of the case. */
function speedAfterTickMps({ speedMps, accelerateFromMps: v0, accelerateToMps: v1, accelerateS }: Road): number {
  return Math.sqrt(speedMps * speedMps + ((v1 * v1 - v0 * v0) * DT_S) / accelerateS)
}

const RIDE_TICKS_MAX = 20 * 3600

/** The speed a rider settles at, ridden at 20 Hz until a minute changes nothing. */
function rideSteadyMps(road: Road, powerW: number, draftFactor = 1): number {
  let speedMps = 8
  let minuteAgoMps = 0
  for (let tick = 1; tick <= RIDE_TICKS_MAX; tick++) {
    speedMps = tickMps(road, speedMps, powerW, draftFactor)
    if (tick % 1200 !== 0) continue
    if (Math.abs(speedMps - minuteAgoMps) < 1e-12) break
    minuteAgoMps = speedMps
  }
  return speedMps
}

/** Seconds until the distance is coasted, the last tick shared out by its own speeds. */
function coastS(road: Road): number {
  let speedMps = road.speedMps
  let distanceM = 0
  for (let tick = 0; tick < RIDE_TICKS_MAX; tick++) {
    const nextMps = tickMps(road, speedMps, 0, 1)
    const nextM = nextDistanceM(distanceM, speedMps, nextMps, DT_S)
    if (nextM >= road.distanceM) return (tick + (road.distanceM - distanceM) / (nextM - distanceM)) * DT_S
    speedMps = nextMps
    distanceM = nextM
  }
  return Infinity
}

function tickMps(road: Road, speedMps: number, powerW: number, draftFactor: number): number {
  const { massKg, cdaM2, crr, slope, bike } = road
  const course = plainCourse({
    lengthM: Infinity,
    isLoop: false,
    slopeAt: () => slope,
    heightAt: () => 0,
    crrAt: () => crr,
    widthAt: () => 6,
  })
  const areaM2 = shelteredAreaM2(cdaM2, draftFactor, bike)
  return nextSpeedMps(speedMps, 0, powerW, massKg, areaM2, course, airOf(road), DT_S, bike)
}

/** Power saved at one speed by another drag area, in per cent. */
function shelterSavingPercent(road: Road, inputs: Readonly<Record<string, unknown>>): number {
  const alone = powerAt(road)
  const sheltered = powerAt({ ...road, cdaM2: Number(inputs.CdA_draft) })
  return (100 * (alone - sheltered)) / alone
}

/** Seconds won per kilometre at the same power with a share of the drag, rider and wheels. */
function shelterGainSpkm(road: Road, inputs: Readonly<Record<string, unknown>>): number {
  const soloMps = Number(inputs.v_solo)
  const powerW = powerAt({ ...road, speedMps: soloMps, airMps: soloMps })
  return 1000 / soloMps - 1000 / rideSteadyMps(road, powerW, Number(inputs.drag_fraction))
}
