import type { Field } from '../fields.ts'

/** Wind, grade, rolling, drag: the same seven bytes in FTMS control point 0x11 and status 0x12 (FTMS 1.0 §4.16.2.18). */
export const SIMULATION_FIELDS = [
  { name: 'windMps', kind: 's16', step: 0.001 },
  { name: 'gradeFraction', kind: 's16', step: 0.0001 },
  { name: 'crr', kind: 'u8', step: 0.0001 },
  { name: 'cwKgpm', kind: 'u8', step: 0.01 },
] as const satisfies readonly Field[]

/** Seconds to spend in each zone of the heart: FTMS 1.0 §4.16.2.15 to 17. */
export const zoneTimes = <const N extends readonly string[]>(...names: N) =>
  names.map((name) => ({ name: `${name}S`, kind: 'u16' })) as unknown as readonly {
    readonly name: `${N[number]}S`
    readonly kind: 'u16'
  }[]
