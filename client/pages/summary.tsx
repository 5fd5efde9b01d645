import type { VNode } from 'preact'
import { clockText, km } from './format.ts'
import { Masthead } from './parts.tsx'
import type { RideEnd } from './ticket.ts'
import './summary.css'

/** What the ride came to. */
export function SummaryPage({ end, onAgain }: { end: RideEnd; onAgain: () => void }): VNode {
  const averageW = end.durationS > 0 ? end.workJ / end.durationS : 0
  const averageKmh = end.durationS > 0 ? (end.distanceM / end.durationS) * 3.6 : 0
  const rows = [
    ['Distance', km(end.distanceM, 2), 'km'],
    ['Time', clockText(end.durationS * 1000), ''],
    ['Work', String(Math.round(end.workJ / 1000)), 'kJ'],
    ['Average power', String(Math.round(averageW)), 'W'],
    ['Highest power', String(Math.round(end.powerMaxW)), 'W'],
    ['Average speed', averageKmh.toFixed(1), 'km/h'],
    ['Climbed', String(Math.round(end.climbM)), 'm'],
    ['Lost to brakes', (end.brakeJ / 1000).toFixed(1), 'kJ'],
    ['Lost to contact', (Math.max(0, end.contactJ) / 1000).toFixed(1), 'kJ'],
  ] as const
  return (
    <div class="page">
      <Masthead here="road" />
      <main class="summary stack">
        <h1>Good ride, {end.name}.</h1>
        <dl>
          {rows.map(([label, value, unit]) => (
            <div class="card" key={label}>
              <dt>{label}</dt>
              <dd class="number">
                {value} <span>{unit}</span>
              </dd>
            </div>
          ))}
        </dl>
        <div class="row">
          <button class="button first" type="button" onClick={onAgain}>
            Ride again
          </button>
          {end.eventId !== undefined && (
            <a class="button" href={`/events/${end.eventId}`}>
              The result of the race
            </a>
          )}
        </div>
      </main>
    </div>
  )
}
