import {
  BICYCLE_LENGTH_M,
  feel,
  REFERENCE_AREA_M2,
  sourceOf,
  WAKE_LAW,
  WakeSums,
  type WakeLaw,
} from '#physics/wake-law'

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

/** One rider's share of the drag alone, by the law itself, everybody at one speed. */
export function shareOfDrag(bodies: readonly Body[], of: number, stream = STILL, law: WakeLaw = WAKE_LAW): number {
  const sums = new WakeSums(1)
  sums.clear(0)
  const target = bodies[of]!
  for (const [index, body] of bodies.entries()) {
    if (index === of) continue
    const alongM = target.alongM - body.alongM
    const rightM = target.rightM - body.rightM
    const downM = alongM * stream.along + rightM * stream.right
    const acrossM = rightM * stream.along - alongM * stream.right
    const { strength, scale, areaRatio } = sourceOf(body.areaM2)
    const contactM = (body.lengthM + target.lengthM) / 2
    feel(sums, 0, downM, acrossM, contactM, strength, scale, areaRatio, 1, law)
  }
  return sums.factor(0, law)
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
