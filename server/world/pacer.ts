import { dice } from './dice.ts'

/** Holds its watts per kilogram, uphill, downhill and in the bunch, so that one can trust a number on its back. */
export interface PacerScript {
  readonly kind: 'pacer'
  /** W per kg of rider (not of bike). */
  readonly wattsPerKg: number
  /** Weight of the rider alone, kg. */
  readonly bodyKg: number
}

/** Legs swing by this share from second to second. */
const SWING_SHARE = 0.003

/** Whole watts whose mean is the promised power: the fraction that rounding takes comes back as chance. */
export function pacerPowerW({ wattsPerKg, bodyKg }: PacerScript, seed: number, riderId: number, turn: number): number {
  const heldW = wattsPerKg * bodyKg * (1 + SWING_SHARE * dice(seed, riderId, turn))
  return Math.max(0, Math.floor(heldW + 0.5 + 0.5 * dice(seed, riderId, turn + 0x4000_0000)))
}
