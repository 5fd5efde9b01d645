import { createRandom } from '#physics/random'
import { SKY_SPELLS_MAX, type Sky, type SkySpell } from '#physics/sky'
import type { Weather } from '#physics/weather'
import { TICK_HZ } from '#protocol/limits'
import type { Changes } from '../sky-changes.ts'
import { RoomSky, type RoomState } from './room-state.ts'

/** Water on the road from which bends are ridden as wet ones. */
const WET_FROM_SHARE = 0.3
/** Rain that lasts leaves this much water on the road for each share of it. */
const WET_PER_RAIN = 2.5
/** Rain turns to snow where the air has this, °C, and it cools by so much a metre (physics/air.ts). */
const SNOW_C = 1
const LAPSE_CPM = 0.0065

/** What the settings say (`server/config.ts`). */
export function skyOf(settings: {
  readonly hourH: number
  readonly dayPace: number
  readonly cloudPercent: number
  readonly hazePercent: number
  readonly rainPercent: number
  readonly snowLineM: number | undefined
  readonly temperatureC: number
  readonly isWet: boolean
}): Sky {
  const { hourH, dayPace, cloudPercent, hazePercent, rainPercent, isWet } = settings
  const rainShare = rainPercent / 100
  return {
    ...{ hourH, dayPace, cloudShare: Math.max(cloudPercent / 100, cloudsUnder(rainShare)) },
    ...{ hazeShare: hazePercent / 100, rainShare, wetShare: isWet ? 1 : wetAfter(rainShare) },
    snowLineM: settings.snowLineM ?? snowLineOf(settings.temperatureC),
  }
}

export function snowLineOf(seaLevelC: number): number {
  return Math.round((seaLevelC - SNOW_C) / LAPSE_CPM)
}

export function wetAfter(rainShare: number): number {
  return Math.min(1, rainShare * WET_PER_RAIN)
}

/** It does not rain out of the blue; a shower leaves gaps. */
export function cloudsUnder(rainShare: number): number {
  return rainShare === 0 ? 0 : Math.min(1, 0.5 + rainShare)
}

/** How the road rides under this sky: rain makes wet bends, whatever the settings say of them. */
export function isWetUnder({ wetShare }: Sky): boolean {
  return wetShare >= WET_FROM_SHARE
}

/** The tick of a change in which the road becomes wet, or dry: about where the water passes the mark. */
export function wetTick(before: Sky, { sky, fromTick, easeTicks }: SkySpell): number {
  if (isWetUnder(before) === isWetUnder(sky)) return fromTick
  const share = (WET_FROM_SHARE - before.wetShare) / (sky.wetShare - before.wetShare)
  return fromTick + Math.round(easeTicks * Math.min(1, Math.max(0, share)))
}

/** Tells a room what its sky is and becomes. */
export function tellSky(state: RoomState, spells: readonly SkySpell[]): void {
  const told = state.sky
  // The list is short and seldom changes; what stays the same is not sent again.
  while (told.length > 0 && !spells.some(({ fromTick }) => fromTick === told[0]!.fromTick)) told.shift()
  while (told.length > 0 && told[told.length - 1]!.fromTick >= (spells.at(-1)?.fromTick ?? 0)) told.pop()
  for (const { fromTick, easeTicks, sky } of spells.slice(told.length, SKY_SPELLS_MAX)) {
    const spell = new RoomSky()
    Object.assign(spell, sky, { fromTick, easeTicks })
    told.push(spell)
  }
}

/** A front comes so often, and takes so long until it is there. */
export const FRONT_TICKS = 15 * 60 * TICK_HZ
export const FRONT_EASE_TICKS = 5 * 60 * TICK_HZ
/** Kinds of weather: how often of 16, clouds, haze, rain, wind as a share of the room's own, and wind of its own, m/s. */
const FRONTS = [
  { of16: 5, cloud: 0.22, haze: 0.05, rain: 0, windShare: 0.8, windMps: 1 },
  { of16: 4, cloud: 0.48, haze: 0.08, rain: 0, windShare: 1, windMps: 2 },
  { of16: 2, cloud: 0.72, haze: 0.14, rain: 0, windShare: 1.2, windMps: 3 },
  { of16: 1, cloud: 0.1, haze: 0.34, rain: 0, windShare: 0.4, windMps: 0.5 },
  { of16: 1, cloud: 0.95, haze: 0.22, rain: 0, windShare: 0.7, windMps: 2 },
  { of16: 1, cloud: 0.62, haze: 0.1, rain: 0.22, windShare: 1.5, windMps: 4 },
  { of16: 1, cloud: 0.92, haze: 0.2, rain: 0.4, windShare: 1.1, windMps: 3 },
  { of16: 1, cloud: 1, haze: 0.18, rain: 0.8, windShare: 1.8, windMps: 5 },
] as const

/** Front `n` of a room: the same for every run of its seed. Front 0 is the room's own sky. */
export function frontOf(
  seed: number,
  n: number,
  room: { readonly sky: Sky; readonly weather: Weather; readonly changes: Changes },
): { readonly sky: Omit<Sky, 'hourH'>; readonly weather: Weather } {
  const { sky, weather, changes } = room
  if (n === 0 || changes === 'none') return { sky, weather }
  const random = createRandom(seed ^ Math.imul(n, 0x9e3779b1))
  const mayRain = changes === 'fronts'
  const kind = pick(random.fraction(), mayRain)
  const rainShare = mayRain ? kind.rain * (0.8 + 0.4 * random.fraction()) : sky.rainShare
  const jitter = 0.12 * (random.fraction() - 0.5)
  const cloudShare = Math.max(Math.min(1, Math.max(0, kind.cloud + jitter)), cloudsUnder(rainShare) * 0.9)
  // What the front before has rained dries until the next.
  const left = mayRain && n > 1 && frontOf(seed, n - 1, { ...room }).sky.rainShare > 0 ? 0.25 : 0
  const wetShare = mayRain ? Math.max(wetAfter(rainShare), left) : sky.wetShare
  const hazeShare = Math.max(sky.hazeShare * 0.5, kind.haze)
  const next = { dayPace: sky.dayPace, cloudShare, hazeShare, rainShare, wetShare, snowLineM: sky.snowLineM }
  if (!mayRain) return { sky: next, weather }
  const isWet = wetShare >= WET_FROM_SHARE
  const turn = (random.fraction() - 0.5) * 1.2
  const { windEastMps, windNorthMps } = weather
  const own = Math.sqrt(windEastMps * windEastMps + windNorthMps * windNorthMps)
  const speedMps = own > 0 ? own * kind.windShare : kind.windMps
  const from = own > 0 ? Math.atan2(windNorthMps, windEastMps) : 0.5
  const blowing = {
    windEastMps: 0 + speedMps * Math.cos(from + turn),
    windNorthMps: 0 + speedMps * Math.sin(from + turn),
  }
  return { sky: next, weather: { ...weather, ...blowing, gustShare: Math.max(weather.gustShare, 0.5), isWet } }
}

function pick(fraction: number, mayRain: boolean): (typeof FRONTS)[number] {
  const kinds = FRONTS.filter(({ rain }) => mayRain || rain === 0)
  const all = kinds.reduce((sum, { of16 }) => sum + of16, 0)
  let left = fraction * all
  for (const kind of kinds) {
    left -= kind.of16
    if (left < 0) return kind
  }
  return kinds[0]!
}

/** Whether a front is to be announced in this tick, and which: a little before its time, once. */
export class Fronts {
  #last = 0

  due(tick: number, aheadTicks: number): number | undefined {
    const n = Math.floor((tick + aheadTicks) / FRONT_TICKS)
    if (n <= this.#last) return undefined
    this.#last = n
    return n
  }
}
