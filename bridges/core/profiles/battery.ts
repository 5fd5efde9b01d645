import { type Decoded, decoded, refused } from '../decoded.ts'

/** Battery Service 1.0: characteristic 0x2A19 in service 0x180F, a share of a hundred. More than that is no battery. */
export function decodeBatteryLevel(bytes: Uint8Array): Decoded<{ percent: number }> {
  if (bytes.length === 0) return refused('too-short')
  return bytes[0]! > 100 ? refused('out-of-range') : decoded({ percent: bytes[0]! })
}

export const encodeBatteryLevel = ({ percent }: { readonly percent: number }): Uint8Array =>
  Uint8Array.of(Math.min(Math.max(Math.round(percent), 0), 100))
