import { UsageError } from '../command.ts'
import type { Plot } from './plot.ts'

/** Every plot by name. Each is loaded when it is asked for. */
export const PLOTS: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Plot> }>> = {
  drafting: {
    summary: 'the law of shelter against every published point',
    load: async () => (await import('./drafting.ts')).plot,
  },
  erg: {
    summary: 'the loop to the legs: legs that fade with the guard and without, and watts held by a power meter',
    load: async () => (await import('./erg.ts')).plot,
  },
  motion: {
    summary: 'one rider along a course with everything: what bends allow, what brakes take, where the wind is',
    load: async () => (await import('./motion.ts')).plot,
  },
  pack: {
    summary: 'holding a wheel, watts and places, a hundred riders from above, a paceline and an echelon',
    load: async () => (await import('./pack.ts')).plot,
  },
  trainer: {
    summary: 'the simulated trainer: watts held, the spiral of death, a spin-down',
    load: async () => (await import('./trainer.ts')).plot,
  },
  world: {
    summary: 'a world from above, coloured by grade, and the profile of each of its routes (gruppetto plot world ID)',
    load: async () => (await import('./world.ts')).plot,
  },
}

export async function plotNamed(name: string): Promise<Plot> {
  const listed = Object.hasOwn(PLOTS, name) ? PLOTS[name] : undefined
  if (listed === undefined) throw new UsageError(`there is no plot ${name}: ${Object.keys(PLOTS).join(', ')}`)
  return listed.load()
}
