import type { VNode } from 'preact'
import { heightText } from '../words/units.ts'
import { roadsWords } from '../words/roads.ts'
import type { Plan } from './api.ts'

const SIDE = 200
/** However long and narrow a land is, its map keeps so much of a square. */
const LEAST_SHARE = 0.55
const MARGIN = 8

/** Every road from above, the chosen route over them, north at the top. */
export function RoadMap({ plan, routeId, name }: { plan: Plan; routeId: string; name: string }): VNode {
  const largest = Math.max(plan.widthM, plan.heightM, 1)
  const scale = (SIDE - 2 * MARGIN) / largest
  const leftM = (largest - plan.widthM) / 2
  const tallM = Math.max(plan.heightM, LEAST_SHARE * largest)
  const topM = (tallM - plan.heightM) / 2
  const tall = Math.round(tallM * scale + 2 * MARGIN)
  const path = (points: readonly number[]): string => {
    let text = ''
    for (let i = 0; i < points.length; i += 2) {
      const x = MARGIN + (points[i]! + leftM) * scale
      const y = MARGIN + (plan.heightM - points[i + 1]! + topM) * scale
      text += `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`
    }
    return text
  }
  const route = plan.routes.find(({ id }) => id === routeId)
  return (
    <svg class="road-map" viewBox={`0 0 ${SIDE} ${tall}`} role="img" aria-label={roadsWords.mapOf(name)}>
      {plan.roads.map((points, i) => (
        <path key={i} d={path(points)} class="map-road" />
      ))}
      {route && <path d={path(route.line)} class="map-route" />}
      {route && (
        <circle cx={startOf(path(route.line))[0]} cy={startOf(path(route.line))[1]} r="4.5" class="map-start" />
      )}
    </svg>
  )
}

function startOf(path: string): readonly [string, string] {
  const [, x = '0', y = '0'] = /^M(\S+) ([^L]+)/.exec(path) ?? []
  return [x, y]
}

const WIDE = 320
const HIGH = 72
/** A flat road shall look flat: the picture is never higher than so many metres fill it. */
const LEAST_M = 60

/** A route from the side, each stretch in the colour of how steep it is. */
export function RouteProfile({ plan, routeId, name }: { plan: Plan; routeId: string; name: string }): VNode | null {
  const route = plan.routes.find(({ id }) => id === routeId)
  if (route === undefined) return null
  const { profileM } = route
  const low = Math.min(...profileM)
  const high = Math.max(...profileM)
  const span = Math.max(high - low, LEAST_M)
  const x = (i: number): string => ((i * WIDE) / (profileM.length - 1)).toFixed(1)
  const y = (m: number): string => (HIGH - 6 - ((m - low) / span) * (HIGH - 14)).toFixed(1)
  const line = profileM.map((m, i) => `${i === 0 ? 'M' : 'L'}${x(i)} ${y(m)}`).join('')
  return (
    <figure class="profile">
      <svg
        viewBox={`0 0 ${WIDE} ${HIGH}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={roadsWords.profileOf(name, heightText(low), heightText(high))}
      >
        <path d={`${line}L${WIDE} ${HIGH}L0 ${HIGH}Z`} class="profile-ground" />
        <path d={line} class="profile-line" />
      </svg>
      <figcaption class="small muted number" aria-hidden="true">
        <span>{heightText(low)}</span>
        <span>{heightText(high)}</span>
      </figcaption>
    </figure>
  )
}

export type Difficulty = 'easy' | 'steady' | 'hard' | 'veryHard'

/** By how much it climbs in all, and for its length: what a rider of 2.5 W/kg would call it. */
export function difficultyOf(lengthM: number, climbM: number): Difficulty {
  const perKm = climbM / Math.max(lengthM / 1000, 0.1)
  const work = lengthM / 1000 + climbM / 25
  if (work < 14 && perKm < 12) return 'easy'
  if (work < 32 && perKm < 22) return 'steady'
  return work < 60 ? 'hard' : 'veryHard'
}
