import type { SkySpell } from '#physics/sky'
import { CALM, type Weather, type WeatherLog } from '#physics/weather'
import type { SkyNow } from './sky-now.ts'

/** Ticks in an hour. */
const HOUR_TICKS = 20 * 3600

/** A sky to begin with, before a room has said its own, and for pictures that ask for none. */
export const FAIR_MORNING: SkyNow = {
  ...{ tick: 0, hourH: 9, cloudShare: 0.3, hazeShare: 0.08, rainShare: 0, wetShare: 0, snowLineM: 2300 },
  weather: CALM,
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

export function createSkyNow(): Writable<SkyNow> {
  return { ...FAIR_MORNING }
}

/** What a spell alone would have at a tick: only the hour moves. */
function hourOf({ sky, fromTick }: SkySpell, tick: number): number {
  return sky.hourH + (sky.dayPace * (tick - fromTick)) / HOUR_TICKS
}

/** The shorter way round the clock. */
function mixHours(from: number, to: number, share: number): number {
  const ahead = to - from
  return from + (ahead - 24 * Math.round(ahead / 24)) * share
}

/** From 0 to 1, without a start and an end that one sees. */
function eased({ fromTick, easeTicks }: SkySpell, tick: number): number {
  if (easeTicks === 0) return tick < fromTick ? 0 : 1
  const t = Math.min(1, Math.max(0, (tick - fromTick) / easeTicks))
  return t * t * (3 - 2 * t)
}

/**
 * The sky of a tick (a fraction is a time between), from the room's spells, oldest first, and its weather. Each spell
 * begins with what the ones before it have made by then. Fills and answers `out`; allocates nothing.
 */
export function skyAt(
  spells: readonly SkySpell[],
  weather: Pick<WeatherLog, 'at'>,
  tick: number,
  out: Writable<SkyNow> = createSkyNow(),
): SkyNow {
  out.tick = tick
  out.weather = weather.at(tick) as Weather
  if (spells.length === 0) return out
  for (let i = 0; i < spells.length; i++) {
    const spell = spells[i]!
    const { sky } = spell
    // By the next spell's beginning, or now if that is earlier.
    const until = i + 1 < spells.length ? Math.min(tick, spells[i + 1]!.fromTick) : tick
    if (i > 0 && until < spell.fromTick) break
    const share = i === 0 ? 1 : eased(spell, until)
    // What the spells before had made when this one began goes on as it was; only its clock runs on.
    const before = out.hourH
    const hourH = hourOf(spell, until)
    if (i === 0) out.hourH = hourH
    else {
      const was = spells[i - 1]!
      out.hourH = mixHours(before + (was.sky.dayPace * (until - spell.fromTick)) / HOUR_TICKS, hourH, share)
    }
    out.cloudShare = i === 0 ? sky.cloudShare : mix(out.cloudShare, sky.cloudShare, share)
    out.hazeShare = i === 0 ? sky.hazeShare : mix(out.hazeShare, sky.hazeShare, share)
    out.rainShare = i === 0 ? sky.rainShare : mix(out.rainShare, sky.rainShare, share)
    out.wetShare = i === 0 ? sky.wetShare : mix(out.wetShare, sky.wetShare, share)
    out.snowLineM = i === 0 ? sky.snowLineM : mix(out.snowLineM, sky.snowLineM, share)
  }
  out.hourH -= 24 * Math.floor(out.hourH / 24)
  return out
}

function mix(from: number, to: number, share: number): number {
  return from + (to - from) * share
}
