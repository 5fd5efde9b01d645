/**
 * What others may know of a rider's weight and drag: sixteen classes each, four bits on the wire. The dead reckoning of
 * every client, and the server's of every client, rides with the middle of the class.
 */
export const CLASS_COUNT = 16
const MASS_MIN_KG = 48
const MASS_STEP_KG = 6
const CDA_MIN_M2 = 0.18
const CDA_STEP_M2 = 0.02

export const massClass = (massKg: number): number => classOf(massKg, MASS_MIN_KG, MASS_STEP_KG)
export const massOfClassKg = (index: number): number => MASS_MIN_KG + MASS_STEP_KG * index
export const cdaClass = (cdaM2: number): number => classOf(cdaM2, CDA_MIN_M2, CDA_STEP_M2)
export const cdaOfClassM2 = (index: number): number => CDA_MIN_M2 + CDA_STEP_M2 * index

function classOf(value: number, smallest: number, step: number): number {
  return Math.min(CLASS_COUNT - 1, Math.max(0, Math.round((value - smallest) / step)))
}
