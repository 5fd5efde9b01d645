import { ToldList } from './told-list.tsx'
import type { VNode } from 'preact'
import { rides as words } from '../../words/rides.ts'
import { clockText, resultText } from '../format.ts'
import type { Best, OneRide, Stint, Summary } from './mine-api.ts'
import { heightTold, lengthText, numberText, roadTold, speedTold, type Told } from './ride-text.ts'

/** What a ride came to, as numbers. */

const watts = (value: number): Told => ({ value: numberText(value, 0), unit: 'W' })
const kj = (joules: number, digits = 0): Told => ({ value: numberText(joules / 1000, digits), unit: 'kJ' })
const time = (s: number): Told => ({ value: clockText(s * 1000), unit: '' })

/** The four that one looks for first. */
export function Headline({ summary }: { summary: Summary }): VNode {
  const rows: readonly (readonly [string, Told])[] = [
    [words.distance, roadTold(summary.distanceM, 1)],
    [words.movingTime, time(summary.movingS)],
    [words.climbed, heightTold(summary.climbM)],
    [words.averagePower, watts(summary.averageW)],
  ]
  return <ToldList class="ride-headline" rows={rows} />
}

export function Figures({ ride }: { ride: OneRide }): VNode {
  const { summary, massKg } = ride
  const rows: readonly (readonly [string, Told | undefined])[] = [
    [words.work, kj(summary.workJ)],
    [words.weightedPower, summary.weightedW > 0 ? watts(summary.weightedW) : undefined],
    [words.highestPower, watts(summary.maxW)],
    [words.perKg, massKg === null ? undefined : { value: numberText(summary.averageW / massKg, 2), unit: 'W/kg' }],
    [words.averageSpeed, speedTold(summary.averageMps)],
    [
      words.cadence,
      summary.averageRpm > 0 ? { value: numberText(summary.averageRpm, 0), unit: words.rpmUnit } : undefined,
    ],
    [
      words.heartRate,
      summary.averageBpm === null ? undefined : { value: numberText(summary.averageBpm, 0), unit: words.bpm },
    ],
    [
      words.highestHeartRate,
      summary.maxBpm === null ? undefined : { value: numberText(summary.maxBpm, 0), unit: words.bpm },
    ],
    [words.elapsed, summary.elapsedS > summary.movingS + 5 ? time(summary.elapsedS) : undefined],
    [words.draftSaved, summary.savedJ >= 500 ? kj(summary.savedJ, 1) : undefined],
    [words.lostBrakes, summary.brakeJ >= 500 ? kj(summary.brakeJ, 1) : undefined],
    [words.lostContact, summary.contactJ >= 500 ? kj(summary.contactJ, 1) : undefined],
  ]
  return <ToldList class="ride-figures card" rows={rows} />
}

/** `before`: the best of this rider's other rides, by length. */
export function Bests({
  bests,
  massKg,
  before,
}: {
  bests: readonly Best[]
  massKg: number | null
  before: ReadonlyMap<number, number>
}): VNode | null {
  if (bests.length === 0) return null
  const most = Math.max(...bests.map(({ powerW }) => powerW), 1)
  return (
    <section class="card" aria-label={words.bests}>
      <h2>{words.bests}</h2>
      <ol class="bests">
        {bests.map(({ lengthS, powerW, atS }) => (
          <li key={lengthS}>
            <span class="best-length">{lengthText(lengthS)}</span>
            <span class="best-bar" aria-hidden="true">
              <span style={{ width: `${(powerW / most) * 100}%` }} />
            </span>
            <span class="number best-watts">
              {numberText(powerW, 0)} W
              {massKg !== null && <span class="muted small"> {numberText(powerW / massKg, 1)} W/kg</span>}
            </span>
            <span class="small muted best-note">
              {(before.get(lengthS) ?? 0) > 0 && powerW > before.get(lengthS)! ? (
                <strong class="chip live">{words.recordOfYours}</strong>
              ) : (
                `${words.bestWas} ${clockText(atS * 1000)}`
              )}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** Each segment once: the best time over it, and how often it was ridden. */
export function Segments({ segments }: { segments: Summary['segments'] }): VNode | null {
  const ridden = new Map<string, { name: string; ms: number; times: number }>()
  for (const { id, name, ms } of segments) {
    const known = ridden.get(id)
    ridden.set(id, { name, ms: Math.min(ms, known?.ms ?? Infinity), times: (known?.times ?? 0) + 1 })
  }
  if (ridden.size === 0) return null
  return (
    <section class="card" aria-label={words.segments}>
      <h2>{words.segments}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.segment}</th>
            <th scope="col" class="number">
              {words.times}
            </th>
            <th scope="col" class="number">
              {words.bestTime}
            </th>
          </tr>
        </thead>
        <tbody>
          {[...ridden].map(([id, { name, ms, times }]) => (
            <tr key={id}>
              <td>{name}</td>
              <td class="number muted">{times}</td>
              <td class="number">{resultText(ms).slice(0, -2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** A longer table waits to be asked for. */
const OPEN_MAX = 12

/** Laps, or kilometres. */
export function Stints({
  title,
  first,
  stints,
}: {
  title: string
  first: string
  stints: readonly Stint[]
}): VNode | null {
  if (stints.length < 2) return null
  const hasHeart = stints.some(({ averageBpm }) => averageBpm !== null)
  const most = Math.max(...stints.map(({ averageW }) => averageW), 1)
  return (
    <details class="card" open={stints.length <= OPEN_MAX}>
      <summary>{title}</summary>
      <div class="scroll-x" tabIndex={0} role="group" aria-label={title}>
        <table class="stints">
          <thead>
            <tr>
              <th scope="col">{first}</th>
              <th scope="col" class="number">
                {words.distance}
              </th>
              <th scope="col" class="number">
                {words.time}
              </th>
              <th scope="col">{words.power}</th>
              {hasHeart && (
                <th scope="col" class="number">
                  {words.heartRate}
                </th>
              )}
              <th scope="col" class="number">
                {words.climbed}
              </th>
            </tr>
          </thead>
          <tbody>
            {stints.map((stint, i) => (
              <tr key={stint.fromS}>
                <th scope="row">{i + 1}</th>
                <td class="number">{roadTold(stint.distanceM, 2).value}</td>
                <td class="number">{clockText(stint.movingS * 1000)}</td>
                <td class="with-bar number">
                  <span class="bar" aria-hidden="true">
                    <span style={{ width: `${(stint.averageW / most) * 100}%` }} />
                  </span>
                  {numberText(stint.averageW, 0)} W
                </td>
                {hasHeart && (
                  <td class="number">{stint.averageBpm === null ? '–' : numberText(stint.averageBpm, 0)}</td>
                )}
                <td class="number">{heightTold(stint.climbM).value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
