import type { VNode } from 'preact'
import { useMemo } from 'preact/hooks'
import { rides as words } from '../../words/rides.ts'
import type { RideRows } from './mine-api.ts'

const SIZE = 320
const MARGIN = 18

/** The way that was ridden, north up; where the pointer is in the charts, a dot is here. */
export function Trace({ rows, mapName, at }: { rows: RideRows; mapName: string; at: number | undefined }): VNode {
  const { points, path } = useMemo(() => drawn(rows), [rows])
  const dot = at === undefined ? undefined : points[at]
  const [first, last] = [points[0], points.at(-1)]
  return (
    <section class="card ride-trace" aria-label={words.road}>
      <h2>{words.road}</h2>
      <svg viewBox={`0 0 ${SIZE} ${SIZE}`} role="img" aria-label={words.courseOf(mapName)}>
        <path class="edge" d={path} />
        <path class="way" d={path} />
        {first !== undefined && <circle class="start" cx={first[0]} cy={first[1]} r={6} />}
        {last !== undefined && <rect class="finish" x={last[0] - 5} y={last[1] - 5} width={10} height={10} />}
        {dot !== undefined && <circle class="here" cx={dot[0]} cy={dot[1]} r={8} />}
      </svg>
    </section>
  )
}

function drawn({ xM, yM }: RideRows): { points: readonly (readonly [number, number])[]; path: string } {
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity]
  for (let i = 0; i < xM.length; i++) {
    west = Math.min(west, xM[i]!)
    east = Math.max(east, xM[i]!)
    south = Math.min(south, yM[i]!)
    north = Math.max(north, yM[i]!)
  }
  const perM = (SIZE - 2 * MARGIN) / Math.max(east - west, north - south, 50)
  const points = xM.map((x, i) => {
    const fromWest = SIZE / 2 + (x - (west + east) / 2) * perM
    return [fromWest, SIZE / 2 - (yM[i]! - (south + north) / 2) * perM] as const
  })
  return { points, path: points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('') }
}
