import { CALM, type Weather, type WeatherSpell } from '#physics/weather'
import { RoomWeather, type RoomState } from './room-state.ts'

/** What the settings say (`server/config.ts`). Worked out once, and journalled as numbers. */
export function weatherOf(settings: {
  readonly windMps: number
  readonly windFromDeg: number
  readonly gustsPercent: number
  readonly temperatureC: number
  readonly isWet: boolean
}): Weather {
  const { windMps, windFromDeg, gustsPercent, temperatureC, isWet } = settings
  if (windMps === 0 && temperatureC === CALM.seaLevelC && !isWet) return CALM
  const from = (windFromDeg * Math.PI) / 180
  // JSON has no −0, so neither has a weather that can be replayed.
  const wind = { windEastMps: 0 - windMps * Math.sin(from), windNorthMps: 0 - windMps * Math.cos(from) }
  const gustShare = windMps === 0 ? CALM.gustShare : gustsPercent / 100
  return { ...wind, gustShare, seaLevelC: temperatureC, isWet }
}

/** Tells a room: what holds now, and what was announced. What is over is taken out. */
export function tellWeather(state: RoomState, { weather, fromTick }: WeatherSpell, tick: number): void {
  const told = state.weather
  while (told.length > 0 && told[told.length - 1]!.fromTick >= fromTick) told.pop()
  while (told.length > 1 && told[1]!.fromTick <= tick) told.shift()
  const spell = new RoomWeather()
  Object.assign(spell, weather, { fromTick })
  told.push(spell)
}
