/** Between two sRGB greens, brighter or darker, as one number: the square roots of linear light in steps of 1/255. */
export function packed(from: number, to: number, share: number, gain: number): number {
  let out = 0
  for (const shift of [16, 8, 0]) {
    const a = linear((from >> shift) & 255)
    const b = linear((to >> shift) & 255)
    out = out * 256 + Math.min(255, Math.round(Math.sqrt((a + (b - a) * share) * gain) * 255))
  }
  return out
}

/** Linear light as such a number. */
export function packedLight(red: number, green: number, blue: number): number {
  const step = (n: number): number => Math.min(255, Math.round(Math.sqrt(Math.max(0, n)) * 255))
  return (step(red) * 256 + step(green)) * 256 + step(blue)
}

function linear(byte: number): number {
  const c = byte / 255
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
}
