import { fold } from './hash.ts'

/** −1 … 1, of seed, rider and turn alone: chance that needs no memory. */
export function dice(seed: number, riderId: number, turn: number): number {
  const thrown = fold(fold(fold(seed | 0, riderId), turn), 0x6d2b79f5)
  return ((thrown ^ (thrown >>> 15)) >>> 8) / 8388608 - 1
}

/** 0 ≤ x < 1. */
export function share(seed: number, riderId: number, turn: number): number {
  return 0.5 * (1 + dice(seed, riderId, turn))
}
