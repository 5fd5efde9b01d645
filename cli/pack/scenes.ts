import type { PackOptions } from '#physics/pack-options'
import { rollingCourse } from '#physics/plain-courses'
import { figure, type Figure } from '../command.ts'
import { rideField, soloSpeedMps, type Field } from './field.ts'
import { ECHELON, fileFigures, PACELINE, rideFile } from './lines.ts'
import { holdWheel, pair, steadyPlace } from './pair.ts'
import { recordedWanders, syntheticWander } from './traces.ts'

export interface SceneOptions {
  readonly minutes: number | undefined
  readonly seed: number
  /** A recorded ride whose power is followed with; none: dice. */
  readonly recording: string | undefined
  readonly options: Partial<PackOptions>
  readonly progress: (done: number, total: number, label: string) => void
}

type Scene = (options: SceneOptions) => Record<string, Figure>

/** Watts that keep the middle of a wheel behind 300 W: half-way between the least that holds and the most that stays behind. */
export const HOLD_W = 245
const WANDER_SHARE = 0.15
const HOLD_S = 600

const HUNDRED = { riders: 100, wattsPerKg: 3, spread: 0 } as const
const MIXED = { riders: 20, wattsPerKg: 3, spread: 0.2 } as const
const EVEN = { riders: 20, wattsPerKg: 3, spread: 0.1 } as const

export const SCENES: Readonly<Record<string, { readonly summary: string; readonly ride: Scene }>> = {
  place: { summary: 'where steady watts put a follower behind 300 W', ride: place },
  hold: { summary: 'ten minutes on a wheel with power that wanders ±15 %', ride: hold },
  up: { summary: 'fifteen per cent more than holding takes, for twenty seconds; and an attack', ride: up },
  mixed: { summary: 'twenty riders, 2.4 to 3.6 W/kg, thirty minutes', ride: (o) => bunch(MIXED, 30, o) },
  even: { summary: 'twenty riders, 2.7 to 3.3 W/kg, thirty minutes', ride: (o) => bunch(EVEN, 30, o) },
  wander: {
    summary: 'the same twenty with legs that wander by ±15 %',
    ride: (o) => bunch({ ...EVEN, wanderShare: WANDER_SHARE }, 30, o),
  },
  people: {
    summary: 'mixed again, with legs that ease in the wheel and push when a gap opens, as people do',
    ride: (o) => bunch({ ...MIXED, isPeople: true }, 30, o),
  },
  weak: {
    summary: 'the same twenty, the last of them with 80 % of the watts per kilogram',
    ride: (o) => bunch({ ...EVEN, lastShare: 0.8 }, 30, o),
  },
  hundred: { summary: 'a hundred riders at 3 W/kg, thirty minutes on the flat', ride: (o) => bunch(HUNDRED, 30, o) },
  rolling: { summary: 'the same hundred on a rolling road', ride: (o) => bunch(HUNDRED, 30, o, true) },
  paceline: { summary: 'eight riders at 43 km/h', ride: (o) => file(PACELINE, o) },
  echelon: { summary: 'four riders in a side wind of 4 m/s', ride: (o) => file(ECHELON, o) },
}

function place({ options }: SceneOptions): Record<string, Figure> {
  const figures: Record<string, Figure> = {}
  const watts = [205, 215, 225, 235, 245, 255, 265, 275, 285, 295, 305, 315]
  const places = watts.map((powerW) => steadyPlace(powerW, options))
  for (const { powerW, gapM, asideM } of places) {
    figures[`gap.${powerW}W`] = figure(round(gapM), 'm')
    figures[`aside.${powerW}W`] = figure(round(asideM), 'm')
  }
  // Today's products sit in one place from 230 to 295 W.
  const wide = places.find(({ powerW }) => powerW === 235)!
  const near = places.find(({ powerW }) => powerW === 295)!
  figures['movedUp.235to295W'] = figure(round(wide.gapM - near.gapM), 'm', { atLeast: 0.2 })
  figures['movedOut.235to295W'] = figure(round(near.asideM - wide.asideM), 'm', { atLeast: 0.2 })
  figures['heldBack.most'] = figure(round(100 * Math.max(...places.map(({ lostShare }) => lostShare))), '%', {
    atMost: 3,
  })
  return figures
}

function hold({ options, recording, seed }: SceneOptions): Record<string, Figure> {
  const figures: Record<string, Figure> = {}
  const recorded = recording === undefined ? [] : recordedWanders(recording, HOLD_S, WANDER_SHARE)
  const wanders = [...recorded, ...[0, 1, 2, 3].map((n) => syntheticWander(seed + n, HOLD_S, WANDER_SHARE))]
  wanders.forEach((wander, n) => {
    const held = holdWheel(HOLD_W, wander, options)
    const name = n < recorded.length ? `recorded.${n + 1}` : `dice.${n - recorded.length + 1}`
    figures[`${name}.held`] = figure(round(100 * held.heldShare), '%', { atLeast: 95 })
    figures[`${name}.heldBack`] = figure(round(100 * held.lostShare), '%')
  })
  return figures
}

function up({ options }: SceneOptions): Record<string, Figure> {
  const steady = pair((timeS) => (timeS < 60 ? HOLD_W : 1.15 * HOLD_W), options)
  steady.ride(60)
  const beforeM = steady.gapM(1, 0)
  let nearestM = beforeM
  steady.ride(20, () => (nearestM = Math.min(nearestM, steady.gapM(1, 0))))
  const after20sM = steady.gapM(1, 0)
  let lastM = -Infinity
  steady.ride(60, () => (lastM = Math.max(lastM, steady.gapM(1, 0))))
  const attack = pair((timeS) => (timeS < 60 ? HOLD_W : 450), options)
  attack.ride(60)
  attack.ride(10)
  return {
    'gap.holding': figure(round(beforeM), 'm'),
    'gap.after20s': figure(round(after20sM), 'm'),
    'movedUp.stays': figure(round(beforeM - lastM), 'm', { atLeast: 0.1 }),
    'movedUp.within20s': figure(round(beforeM - nearestM), 'm', { atLeast: 0.2 }),
    'attack.aheadAfter10s': figure(round(-attack.gapM(1, 0) - 1.68), 'm', { atLeast: 2 }),
    'attack.heldBack': figure(round(attack.riders.contactJ[1]!), 'J'),
  }
}

function bunch(
  field: Omit<Field, 'seed'>,
  minutes: number,
  scene: SceneOptions,
  isRolling = false,
): Record<string, Figure> {
  const { seed, options, progress } = scene
  const ridden = scene.minutes ?? minutes
  const course = isRolling ? rollingCourse(4000, 0.03) : undefined
  const road = course === undefined ? { options } : { course, options }
  const {
    figures,
    metrics,
    bunch: crowd,
  } = rideField({ ...field, seed }, ridden, road, (minute) => progress(minute, ridden, 'minutes'))
  const solo = soloSpeedMps({ ...field, seed }, isRolling ? Math.min(ridden, 15) : 5, course)
  const gainKmh = 3.6 * (figures.speedMps - solo)
  const isHundred = field.riders === HUNDRED.riders
  return {
    speed: figure(round(3.6 * figures.speedMps), 'km/h'),
    solo: figure(round(3.6 * solo), 'km/h'),
    gain: figure(round(gainKmh), 'km/h', isHundred ? { atLeast: 1.5, atMost: 3 } : undefined),
    power: figure(round(crowd.workJ / crowd.timeS / field.riders), 'W'),
    heldBack: figure(round(100 * figures.wasteShare), '%', isHundred ? undefined : { atMost: 3 }),
    'heldBack.inGroup': figure(round(100 * figures.groupWasteShare), '%'),
    group: figure(round(100 * figures.groupShare), '%', field.isPeople === true ? { atLeast: 90 } : undefined),
    ...(field.lastShare === undefined
      ? {}
      : { 'last.isInGroup': figure(metrics.isInGroup(field.riders - 1) ? 1 : 0, '') }),
    together: figure(round(100 * figures.togetherShare), '%'),
    churn: figure(round(figures.churn), 'places/min'),
    pull: figure(round(figures.pullS), 's'),
    pullers: figure(figures.pullers, ''),
    length: figure(round(figures.lengthM), 'm'),
    lengthSwing: figure(round(figures.lengthSwingM), 'm'),
    surge: figure(round(3.6 * figures.surgeMps), 'km/h', { atMost: 1.5 }),
    draft: figure(round(figures.meanDraft), ''),
    overlap: figure(round(100 * figures.overlapM), 'cm'),
    overlapTicks: figure(figures.overlapTicks, 'ticks', { atMost: 2 }),
  }
}

function file(which: typeof PACELINE, { options }: SceneOptions): Record<string, Figure> {
  const { together, slant, widthM, meanDraft } = fileFigures(rideFile(which, options))
  return {
    riders: figure(which.riders, ''),
    together: figure(together, ''),
    slant: figure(round(slant), 'm/m'),
    width: figure(round(widthM), 'm'),
    draft: figure(round(meanDraft), ''),
  }
}

const round = (value: number): number => Number(value.toFixed(3))
