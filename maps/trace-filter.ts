// runs once, when a road is made from a recording. Nothing that World.step reaches imports it.

/** From this width on (samples) three moving averages stand in for a Gaussian: the same within 3 %, at a cost that does not grow. */
const BOXES_FROM = 5

/** A Gaussian over even samples. Beyond an open end the values go on as if turned about its point, so that the ends stay. */
export function gaussian(values: Float64Array, sigma: number, isLoop: boolean): Float64Array {
  if (sigma < BOXES_FROM) return weighted(values, sigma, isLoop)
  // Three boxes of width w have the variance (w² − 1) / 4.
  const reach = Math.min(Math.round((Math.sqrt(4 * sigma * sigma + 1) - 1) / 2), values.length - 1)
  return averaged(averaged(averaged(values, reach, isLoop), reach, isLoop), reach, isLoop)
}

function weighted(values: Float64Array, sigma: number, isLoop: boolean): Float64Array {
  const n = values.length
  const reach = Math.min(Math.ceil(3 * sigma), n - 1)
  if (reach < 1) return Float64Array.from(values)
  const weights = new Float64Array(reach + 1)
  let total = 0
  for (let k = 0; k <= reach; k++) {
    weights[k] = Math.exp((-k * k) / (2 * sigma * sigma))
    total += k === 0 ? 1 : 2 * weights[k]!
  }
  const long = padded(values, reach, isLoop)
  const out = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let sum = long[i + reach]! * weights[0]!
    for (let k = 1; k <= reach; k++) sum += (long[i + reach - k]! + long[i + reach + k]!) * weights[k]!
    out[i] = sum / total
  }
  return out
}

/** A moving average over `reach` samples on either side. */
export function averaged(values: Float64Array, reach: number, isLoop: boolean): Float64Array {
  if (reach < 1) return values
  const n = values.length
  const long = padded(values, reach, isLoop)
  const width = 2 * reach + 1
  const out = new Float64Array(n)
  let sum = 0
  for (let k = 0; k < width; k++) sum += long[k]!
  out[0] = sum / width
  for (let i = 1; i < n; i++) {
    sum += long[i + 2 * reach]! - long[i - 1]!
    out[i] = sum / width
  }
  return out
}

function padded(values: Float64Array, reach: number, isLoop: boolean): Float64Array {
  const n = values.length
  const long = new Float64Array(n + 2 * reach)
  long.set(values, reach)
  for (let k = 1; k <= reach; k++) {
    long[reach - k] = isLoop ? values[n - k]! : 2 * values[0]! - values[k]!
    long[reach + n - 1 + k] = isLoop ? values[k - 1]! : 2 * values[n - 1]! - values[n - 1 - k]!
  }
  return long
}
