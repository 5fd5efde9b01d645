import type { Sky } from '#physics/sky'
import type { Weather } from '#physics/weather'
import { TICK_HZ } from '#protocol/limits'
import type { WeatherBody } from '../http/shapes.ts'
import type { Changes } from '../sky-changes.ts'
import { type Ride, WEATHER_AHEAD_TICKS } from './ride.ts'
import { cloudsUnder, FRONT_EASE_TICKS, frontOf, Fronts, isWetUnder, snowLineOf, wetAfter, wetTick } from './sky.ts'
import { weatherOf } from './weather.ts'

/** The sun's hour in a spell that is told now and holds a little later. */
const HOUR_TICKS = 3600 * TICK_HZ
/** A change the organiser makes comes over this time unless said otherwise. */
const CHANGE_S = 60

/** The part of a ride this asks. */
type RideSky = Pick<Ride, 'setSky' | 'setWeather' | 'aheadTick'> & { readonly world: Pick<Ride['world'], 'skies'> }

/** One room's sky and weather, in step: fronts by the room's seed, until the organiser says what it shall be. */
export class SkyKeeper {
  readonly #ride: RideSky
  readonly #room: { readonly sky: Sky; readonly changes: Changes; readonly seed: number; readonly weather: Weather }
  #fronts: Fronts | undefined
  /** What was announced last. */
  #sky: Sky
  #weather: Weather

  constructor(
    ride: RideSky,
    room: { readonly sky: Sky; readonly changes: Changes; readonly seed: number; readonly weather: Weather },
  ) {
    this.#ride = ride
    this.#room = room
    this.#sky = room.sky
    this.#weather = room.weather
    if (room.changes !== 'none') this.#fronts = new Fronts()
  }

  /** Once a second: the next front, when it is time to announce it. */
  second(tick: number): void {
    const n = this.#fronts?.due(tick, WEATHER_AHEAD_TICKS)
    if (n === undefined) return
    const { sky, weather } = frontOf(this.#room.seed, n, this.#room)
    this.#change({ ...sky, hourH: this.#hourThen }, weather, FRONT_EASE_TICKS)
  }

  /** What the organiser wants; what is not named stays. Fronts come no more. Answers from which tick it holds. */
  set(wish: WeatherBody): number {
    this.#fronts = undefined
    const { windMps, windFromDeg, gustShare, temperatureC, overS = CHANGE_S } = wish
    const before = this.#weather
    const { windEastMps, windNorthMps } = before
    const speedMps = Math.sqrt(windEastMps * windEastMps + windNorthMps * windNorthMps)
    const cameFromDeg = (Math.atan2(-windEastMps, -windNorthMps) * 180) / Math.PI
    const seaLevelC = temperatureC ?? before.seaLevelC
    const rainShare = wish.rainShare ?? this.#sky.rainShare
    const isRainSaid = wish.rainShare !== undefined
    const sky: Sky = {
      hourH: wish.hourH ?? this.#hourThen,
      dayPace: wish.dayPace ?? this.#sky.dayPace,
      cloudShare: wish.cloudShare ?? Math.max(this.#sky.cloudShare, cloudsUnder(rainShare)),
      hazeShare: wish.hazeShare ?? this.#sky.hazeShare,
      rainShare,
      wetShare: wish.wetShare ?? (isRainSaid ? wetAfter(rainShare) : this.#sky.wetShare),
      snowLineM: wish.snowLineM ?? (temperatureC === undefined ? this.#sky.snowLineM : snowLineOf(seaLevelC)),
    }
    const hasWind = windMps !== undefined || windFromDeg !== undefined || gustShare !== undefined
    const gustsPercent = 100 * (gustShare ?? (before.gustShare === 0 ? 0.6 : before.gustShare))
    const wind = hasWind
      ? weatherOf({
          ...{ windMps: windMps ?? speedMps, windFromDeg: windFromDeg ?? cameFromDeg, gustsPercent },
          ...{ temperatureC: seaLevelC, isWet: isWetUnder(sky) },
        })
      : before
    return this.#change(sky, { ...wind, seaLevelC, isWet: isWetUnder(sky) }, overS * TICK_HZ)
  }

  #change(sky: Sky, weather: Weather, easeTicks: number): number {
    const before = this.#sky
    const fromTick = this.#ride.setSky(sky, easeTicks)
    this.#sky = sky
    if (!isSame(weather, this.#weather)) {
      this.#ride.setWeather(weather, wetTick(before, { sky, fromTick, easeTicks }))
      this.#weather = weather
    }
    return fromTick
  }

  /** The sun's hour when what is told now begins, as the day runs. */
  get #hourThen(): number {
    const last = this.#ride.world.skies.at(-1)
    if (last === undefined) return this.#sky.hourH
    const hourH = last.sky.hourH + (last.sky.dayPace * (this.#ride.aheadTick - last.fromTick)) / HOUR_TICKS
    return hourH - 24 * Math.floor(hourH / 24)
  }
}

function isSame(a: Weather, b: Weather): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
