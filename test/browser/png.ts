import { inflateSync } from 'node:zlib'

/** Pixels of an 8-bit RGB or RGBA picture without interlacing, which is what browsers write. (PNG, ISO/IEC 15948) */
export interface Picture {
  readonly width: number
  readonly height: number
  /** Red, green, blue at a pixel, 0 … 255. */
  at(x: number, y: number): readonly [number, number, number]
}

export function decodePng(bytes: Uint8Array): Picture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const width = view.getUint32(16)
  const height = view.getUint32(20)
  const colorType = bytes[25]!
  if (bytes[24] !== 8 || (colorType !== 2 && colorType !== 6))
    throw new Error(`unexpected PNG colour type ${colorType}`)
  const data: Uint8Array[] = []
  for (let at = 8; at < bytes.length;) {
    const length = view.getUint32(at)
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    if (type === 'IDAT') data.push(bytes.subarray(at + 8, at + 8 + length))
    at += 12 + length
  }
  const channels = colorType === 6 ? 4 : 3
  const pixels = unfilter(inflateSync(Buffer.concat(data)), width * channels, height, channels)
  return {
    width,
    height,
    at: (x, y) => {
      const k = (y * width + x) * channels
      return [pixels[k]!, pixels[k + 1]!, pixels[k + 2]!]
    },
  }
}

/** Each line says how it was predicted from the one to its left and the one above. (§9) */
function unfilter(raw: Uint8Array, stride: number, height: number, channels: number): Uint8Array {
  const out = new Uint8Array(stride * height)
  for (let y = 0; y < height; y++) {
    const kind = raw[y * (stride + 1)]!
    for (let x = 0; x < stride; x++) {
      const left = x >= channels ? out[y * stride + x - channels]! : 0
      const up = y > 0 ? out[(y - 1) * stride + x]! : 0
      const corner = x >= channels && y > 0 ? out[(y - 1) * stride + x - channels]! : 0
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind]!
      out[y * stride + x] = raw[y * (stride + 1) + 1 + x]! + guess
    }
  }
  return out
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const toLeft = Math.abs(guess - left)
  const toUp = Math.abs(guess - up)
  const toCorner = Math.abs(guess - corner)
  return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner
}
