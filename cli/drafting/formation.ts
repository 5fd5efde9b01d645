import { Air, BICYCLE_LENGTH_M, kernelOf, REFERENCE_AREA_M2, WAKE_LAW, type WakeLaw } from '#physics/wake-law'

/** Somebody in a formation: metres along the road, metres right of it. */
export interface Body {
  readonly alongM: number
  readonly rightM: number
  readonly areaM2: number
  readonly lengthM: number
}

/** Which way the air goes over the riders, in road axes: a unit vector. Straight back in still air. */
export interface Stream {
  readonly along: number
  readonly right: number
}

export const STILL: Stream = { along: -1, right: 0 }

export function rider(alongM: number, rightM = 0, areaM2 = REFERENCE_AREA_M2): Body {
  return { alongM, rightM, areaM2, lengthM: BICYCLE_LENGTH_M }
}

/** Everybody's share of the drag alone, by the law itself, all at one speed; in the order given. */
export function sharesOfDrag(bodies: readonly Body[], stream = STILL, law: WakeLaw = WAKE_LAW): number[] {
  const sorted = bodies.map((body, index) => ({ ...body, index })).toSorted((a, b) => a.alongM - b.alongM)
  const kernel = kernelOf(law)
  const air = new Air(bodies.length)
  for (const [k, body] of sorted.entries()) {
    air.felt.clear(k)
    air.alongM[k] = body.alongM
    air.rightM[k] = body.rightM
    air.halfLengthM[k] = body.lengthM / 2
    air.downAlong[k] = stream.along
    air.downRight[k] = stream.right
    air.measure(k, body.areaM2)
  }
  for (const k of sorted.keys()) air.meet(k, k + 1, sorted.length, 0, kernel)
  const shares: number[] = []
  for (const [k, { index }] of sorted.entries()) shares[index] = air.felt.factor(k, kernel)
  return shares
}

/** Riders one behind the other. */
export function lineOf(count: number, gapM: number, areaM2 = REFERENCE_AREA_M2): Body[] {
  return Array.from({ length: count }, (_, i) => rider(-i * (BICYCLE_LENGTH_M + gapM), 0, areaM2))
}

/**
 * A bunch of 121: rows of 1, 2, … 10 and then six of 11, each row half a place aside of the next. The tests of 2018 had
 * such a wedge; its distances are not in the texts we could read, so these are ours: wheel to wheel as in the line.
 */
export const BUNCH = { rows: 16, widest: 11, rowM: 1.83, besideM: 0.6 } as const

export function bunchOf121(): Body[] {
  const bodies: Body[] = []
  for (let row = 0; row < BUNCH.rows; row++) {
    const abreast = Math.min(row + 1, BUNCH.widest)
    // Rows of eleven stand half a place aside of one another, too.
    const aside = row >= BUNCH.widest && row % 2 === 1 ? 0.5 : 0
    for (let k = 0; k < abreast; k++)
      bodies.push(rider(-row * BUNCH.rowM, (k + aside - (abreast - 1) / 2) * BUNCH.besideM))
  }
  return bodies
}
