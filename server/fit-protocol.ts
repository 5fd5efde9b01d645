/** The FIT epoch, 1989-12-31T00:00:00Z, in seconds since 1970. */
export const FIT_EPOCH_S = 631_065_600

/** CRC-16/ARC of the first `count` bytes, as the FIT protocol has it: what is read is held against it, what is written ends with it. */
export function fitCrc(bytes: Uint8Array, count: number): number {
  let crc = 0
  for (let i = 0; i < count; i++) crc = (crc >>> 8) ^ CRC_TABLE[(crc ^ bytes[i]!) & 0xff]!
  return crc
}

const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1
  return crc
})
