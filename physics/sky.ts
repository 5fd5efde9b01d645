/**
 * The sky of a room: a journalled fact beside its weather. It moves nobody: what rides differently (wind, warmth, wet
 * bends) stands in `weather.ts`, and whoever changes the one keeps the other in step.
 */
export interface Sky {
  /** Sun's time of day when the spell begins, h, 0 … 24. */
  readonly hourH: number
  /** Hours of the sky in an hour of riding; 0: the sun stands still. */
  readonly dayPace: number
  /** Share of the sky under clouds, 0 … 1. */
  readonly cloudShare: number
  /** 0: clear, 1: mist. */
  readonly hazeShare: number
  /** 0: dry, 1: it pours. */
  readonly rainShare: number
  /** Water on the road, 0 … 1; goes on after the rain. */
  readonly wetShare: number
  /** Above it rain is snow and the ground is white, m above the sea. */
  readonly snowLineM: number
}

/** A sky that comes from `fromTick` on and is wholly there `easeTicks` later. */
export interface SkySpell {
  readonly fromTick: number
  readonly easeTicks: number
  readonly sky: Sky
}

/** Spells that are kept: as many changes as may be under way at once. */
export const SKY_SPELLS_MAX = 8

/** Takes up a spell: what was announced for later is forgotten, and what is over with it. In place. */
export function addSkySpell(spells: SkySpell[], spell: SkySpell, tick: number): void {
  while (spells.length > 0 && spells[spells.length - 1]!.fromTick >= spell.fromTick) spells.pop()
  spells.push(spell)
  // The one before is needed until the next is wholly there.
  while (spells.length > 1 && spells[1]!.fromTick + spells[1]!.easeTicks <= tick) spells.shift()
  while (spells.length > SKY_SPELLS_MAX) spells.shift()
}
