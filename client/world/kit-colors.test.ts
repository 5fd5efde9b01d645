import { expect, test } from 'vitest'
import { KIT_COLORS, SKIN_TONES } from './kit-colors.ts'

type Rgb = readonly [number, number, number]

const linear = (color: number): Rgb =>
  [16, 8, 0].map((shift) => {
    const c = ((color >> shift) & 255) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }) as unknown as Rgb

/** What each kind of colour blindness sees of a linear colour: Viénot, Brettel and Mollon 1999; Brettel 1997 for the third, one half. */
const SEEN_BY: Readonly<Record<string, readonly Rgb[]>> = {
  everybody: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopes: [
    [0.11238, 0.88762, 0],
    [0.11238, 0.88762, 0],
    [0.00401, -0.00401, 1],
  ],
  deuteranopes: [
    [0.29275, 0.70725, 0],
    [0.29275, 0.70725, 0],
    [-0.02234, 0.02234, 1],
  ],
  tritanopes: [
    [1.01277, 0.13548, -0.14826],
    [-0.01243, 0.86812, 0.14431],
    [0.07589, 0.805, 0.11911],
  ],
}

/** Distance in CIE L*a*b* (ΔE*76): 2 is just seen side by side, 20 is another colour. */
function apart(a: Rgb, b: Rgb): number {
  const [p, q] = [lab(a), lab(b)]
  return Math.sqrt(p.reduce((sum, value, k) => sum + (value - q[k]!) ** 2, 0))
}
function lab([r, g, b]: Rgb): Rgb {
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116)
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505)
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b)
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}
const seen = (color: number, rows: readonly Rgb[]): Rgb => {
  const c = linear(color)
  return rows.map((row) => Math.min(1, Math.max(0, row[0] * c[0] + row[1] * c[1] + row[2] * c[2]))) as unknown as Rgb
}
const contrast = (a: number, b: number): number => {
  const light = (color: number) => {
    const [r, g, bl] = linear(color)
    return 0.2126 * r + 0.7152 * g + 0.0722 * bl
  }
  const [x, y] = [light(a), light(b)]
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
}

test('[V70] neighbours in the list of kit colours differ for every kind of eye, by colour and by lightness', () => {
  KIT_COLORS.forEach(({ name, color }, i) => {
    const next = KIT_COLORS[(i + 1) % KIT_COLORS.length]!
    expect(contrast(color, next.color), `${name} beside ${next.name}`).toBeGreaterThan(3)
    for (const [who, rows] of Object.entries(SEEN_BY))
      expect(
        apart(seen(color, rows), seen(next.color, rows)),
        `${name} beside ${next.name} for ${who}`,
      ).toBeGreaterThan(35)
  })
})

/** What riders are seen against: asphalt dry and wet, grass in light and in shade. */
const GROUNDS = [0x5a5a5c, 0x3a3b3e, 0x7c9a3c, 0x4e6a2a]

test('[V70] any two kit colours are told apart by every kind of eye, and each from road and grass', () => {
  for (const [who, rows] of Object.entries(SEEN_BY)) {
    KIT_COLORS.forEach(({ name, color }, i) => {
      for (const other of KIT_COLORS.slice(i + 1))
        expect(
          apart(seen(color, rows), seen(other.color, rows)),
          `${name} and ${other.name} for ${who}`,
        ).toBeGreaterThan(5)
      for (const ground of GROUNDS)
        expect(
          apart(seen(color, rows), seen(ground, rows)),
          `${name} on ${ground.toString(16)} for ${who}`,
        ).toBeGreaterThan(8)
    })
  }
})

test('[V70] skin tones go from pale to dark in even steps', () => {
  const lights = SKIN_TONES.map((color) => lab(linear(color))[0])
  expect(lights[0]).toBeGreaterThan(85)
  expect(lights.at(-1)).toBeLessThan(15)
  for (let i = 1; i < lights.length; i++) {
    expect(lights[i - 1]! - lights[i]!).toBeGreaterThan(3)
    expect(lights[i - 1]! - lights[i]!).toBeLessThan(13)
  }
})
