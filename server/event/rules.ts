import type { RaceRules } from './model.ts'

/** How long the others have after the winner, unless the organiser says otherwise: a tenth of a long race, and enough for a short one. */
const TIME_LIMIT_S = 900

/** Rules for a road: on a loop one line starts, counts and ends; on a straight road it goes from `start` to `finish` once. */
export function raceRules(
  map: {
    readonly id: string
    readonly isLoop: boolean
    readonly lines: readonly { readonly id: string; readonly atM: number }[]
  },
  wish: { readonly laps: number; readonly timeLimitS?: number },
): { ok: true; rules: RaceRules } | { ok: false; error: string } {
  const line = (id: string) => map.lines.find((each) => each.id === id)
  const start = line('start')
  const finish = line('finish') ?? (map.isLoop ? start : undefined)
  if (start === undefined || finish === undefined) {
    return {
      ok: false,
      error: `The road ${map.id} has no line "${start === undefined ? 'start' : 'finish'}" to race to.`,
    }
  }
  if (!map.isLoop && finish.atM <= start.atM) {
    return { ok: false, error: `On the road ${map.id} the line "finish" lies before "start".` }
  }
  const hasStartCrossing = map.isLoop && finish.atM === start.atM
  return {
    ok: true,
    rules: {
      mapId: map.id,
      lineId: finish.id,
      lineM: finish.atM,
      penM: start.atM,
      laps: map.isLoop ? wish.laps : 1,
      hasStartCrossing,
      timeLimitS: wish.timeLimitS ?? TIME_LIMIT_S,
    },
  }
}
