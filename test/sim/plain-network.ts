import { bareNetwork, type Network } from '#maps/network'

/** A plain loop or a plain straight with one route and what a test puts along it. */
export function plainNetwork(plan: {
  readonly lengthM: number
  readonly penM: number
  readonly lineM: number
  readonly isLap: boolean
  readonly segments?: readonly { readonly id: string; readonly fromM: number; readonly toM: number }[]
}): Network {
  const { lengthM, penM, lineM, isLap, segments = [] } = plan
  const finishM = lineM > penM ? lineM - penM : lineM - penM + lengthM
  const lapM = isLap ? lengthM : finishM
  return {
    ...bareNetwork(),
    lines: [{ id: 'start', name: 'Start', way: 0, atM: lineM }],
    pens: [{ id: 'pen', way: 0, atM: penM, rows: 10, abreast: 4 }],
    segments: segments.map(({ id, fromM, toM }) => ({
      ...{ id, name: id, kind: 'sprint' as const },
      ...{ along: [{ way: 0, fromM, toM }], lengthM: toM - fromM },
    })),
    spawns: [{ way: 0, atM: penM, lateralM: 0 }],
    routes: [
      {
        ...{ id: 'route', name: 'Route', penId: 'pen', laps: 1, lapLeg: 0, leadInM: 0, lapM, isLap },
        ...{ leadInClimbM: 0, climbM: 0, finishLineId: 'start', finishM },
        legs: [{ way: 0, fromM: penM, toM: penM + lapM, atM: 0 }],
      },
    ],
  }
}
