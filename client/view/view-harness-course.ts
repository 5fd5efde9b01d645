import { SLOPE_UNIT, type BakedColumns } from '#maps/format'

/** A stand-in road with the columns of a real one. */
export function syntheticCourse(): BakedColumns {
  const P: [number, number, number][] = [
    [0, 0, 22], [220, 10, 22], [430, -10, 21.5], [650, -60, 21.5], [860, -60, 22], [1060, 30, 26], [1230, 180, 34], [1300, 380, 46],
    [1230, 520, 58], [1030, 545, 72], [850, 530, 84], [790, 560, 89], [800, 600, 93], [870, 615, 98], [1040, 640, 111], [1190, 660, 122],
    [1225, 695, 127], [1200, 730, 131], [1100, 740, 139], [940, 745, 152], [860, 770, 158], [850, 810, 163], [900, 840, 168], [1050, 880, 179],
    [1120, 960, 188], [1060, 1060, 197], [900, 1120, 205], [700, 1130, 206], [500, 1180, 200], [300, 1260, 188], [60, 1250, 172], [-150, 1150, 150],
    [-300, 1000, 128], [-430, 860, 108], [-620, 760, 84], [-760, 600, 62], [-740, 400, 44], [-600, 240, 33], [-420, 160, 27], [-220, 60, 23],
  ]
  const n = P.length
  const xs: number[] = [], ys: number[] = [], hs: number[] = []
  const cr = (a: number, b: number, c: number, d: number, t: number) =>
    0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t)
  let px = P[0]![0], py = P[0]![1], acc = 0
  for (let i = 0; i < n; i++) {
    const a = P[(i + n - 1) % n]!, b = P[i]!, c = P[(i + 1) % n]!, d = P[(i + 2) % n]!
    for (let k = 0; k < 4000; k++) {
      const t = k / 4000
      const x = cr(a[0], b[0], c[0], d[0], t), y = cr(a[1], b[1], c[1], d[1], t)
      acc += Math.hypot(x - px, y - py)
      px = x
      py = y
      if (acc >= xs.length) {
        xs.push(x)
        ys.push(y)
        hs.push(cr(a[2], b[2], c[2], d[2], t))
      }
    }
  }
  const count = xs.length
  const sm = (v: number[], w: number) => v.map((_, i) => { let s = 0; for (let k = -w; k <= w; k++) s += v[(i + k + count) % count]!; return s / (2 * w + 1) })
  const h = sm(sm(hs, 20), 20)
  const slopeCount = new Int16Array(count), heightCount = new Int32Array(count), xMm = new Int32Array(count), yMm = new Int32Array(count)
  for (let i = 0; i < count; i++) {
    slopeCount[i] = ((h[(i + 1) % count]! - h[(i - 1 + count) % count]!) / 2) / SLOPE_UNIT
    heightCount[i] = h[i]! / (SLOPE_UNIT * 0.5)
    xMm[i] = xs[i]! * 1000
    yMm[i] = ys[i]! * 1000
  }
  return { count, isLoop: true, slopeCount, heightCount, xMm, yMm, widthCm: new Uint16Array(count).fill(720), crrCount: new Uint16Array(count).fill(260) }
}
