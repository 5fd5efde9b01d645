import type { VNode } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { ClientClock } from '../../clock.ts'
import { rides as words } from '../../words/rides.ts'
import { clockText } from '../format.ts'
import { Notice } from '../parts.tsx'
import { MineFrame } from './frame.tsx'
import { KeepThem } from './keep-them.tsx'
import { mine, type RideItem } from './mine-api.ts'
import { clockOfDay, dayText, heightTold, monthOf, monthText, numberText, roadTold } from './ride-text.ts'
import { useWho } from './use-who.ts'

const WEEKS = 16
const DAY_MS = 86_400_000

/** Every ride of mine, newest first. */
export function RidesPage({ clock }: { clock: ClientClock }): VNode {
  const [rides, setRides] = useState<readonly RideItem[]>()
  const [trouble, setTrouble] = useState('')
  const [month, setMonth] = useState('')
  const [who] = useWho()
  useEffect(() => {
    void mine.rides().then((answer) => {
      setRides(answer.ok ? answer.value : [])
      if (!answer.ok) setTrouble(words.unreadable)
    })
  }, [])
  const months = useMemo(() => [...new Set((rides ?? []).map(({ startMs }) => monthOf(startMs)))], [rides])
  const shown = (rides ?? []).filter(({ startMs }) => month === '' || monthOf(startMs) === month)
  return (
    <MineFrame here="/rides" title={words.myRides}>
      {trouble !== '' && <Notice level="bad">{trouble}</Notice>}
      {rides !== undefined && rides.length === 0 && trouble === '' && (
        <section class="card empty stack" aria-label={words.myRides}>
          <p>{words.noRides}</p>
          <div>
            <a class="button first" href="/">
              {words.firstRide}
            </a>
          </div>
        </section>
      )}
      {rides !== undefined && rides.length > 0 && (
        <>
          {who?.account === null && <KeepThem />}
          <div class="rides-head card">
            <Calendar rides={rides} nowMs={clock.wallMs()} />
            <Totals rides={shown} />
          </div>
          {months.length > 1 && (
            <label class="field month">
              <span>{words.month}</span>
              <select class="input" value={month} onChange={(event) => setMonth(event.currentTarget.value)}>
                <option value="">{words.allMonths}</option>
                {months.map((key) => (
                  <option key={key} value={key}>
                    {monthText(key)}
                  </option>
                ))}
              </select>
            </label>
          )}
          <ul class="ride-list">
            {shown.map((ride) => (
              <RideLine key={ride.id} ride={ride} />
            ))}
          </ul>
        </>
      )}
    </MineFrame>
  )
}

function RideLine({ ride }: { ride: RideItem }): VNode {
  const { summary } = ride
  const road = roadTold(summary.distanceM)
  const climb = heightTold(summary.climbM)
  return (
    <li>
      <a class="ride-line card" href={`/rides/${ride.id}`}>
        <img class="ride-thumb" src={`/maps/${encodeURIComponent(ride.mapId)}/picture.jpg`} alt="" loading="lazy" />
        <span class="ride-what">
          <strong>{ride.eventTitle || ride.mapName}</strong>
          <span class="small muted">
            {dayText(ride.startMs)}, {clockOfDay(ride.startMs)}
          </span>
          <span class="row">
            {ride.eventId !== '' && <span class="chip live">{words.race}</span>}
            {ride.isPublic && <span class="chip">{words.shared}</span>}
          </span>
        </span>
        <span class="ride-numbers number">
          <span>
            {road.value} <span class="muted">{road.unit}</span>
          </span>
          <span>{clockText(summary.movingS * 1000)}</span>
          <span>
            {climb.value} <span class="muted">{climb.unit}</span>
          </span>
          <span>
            {numberText(summary.averageW, 0)} <span class="muted">W</span>
          </span>
        </span>
      </a>
    </li>
  )
}

function Totals({ rides }: { rides: readonly RideItem[] }): VNode {
  const sum = (value: (ride: RideItem) => number): number => rides.reduce((total, ride) => total + value(ride), 0)
  const road = roadTold(sum(({ summary }) => summary.distanceM))
  const climb = heightTold(sum(({ summary }) => summary.climbM))
  return (
    <dl class="totals number">
      <div>
        <dt>{words.rideCount(rides.length)}</dt>
        <dd>{clockText(sum(({ summary }) => summary.movingS) * 1000)}</dd>
      </div>
      <div>
        <dt>{words.distance}</dt>
        <dd>
          {road.value} <span>{road.unit}</span>
        </dd>
      </div>
      <div>
        <dt>{words.climbed}</dt>
        <dd>
          {climb.value} <span>{climb.unit}</span>
        </dd>
      </div>
      <div>
        <dt>{words.work}</dt>
        <dd>
          {numberText(sum(({ summary }) => summary.workJ) / 1000, 0)} <span>kJ</span>
        </dd>
      </div>
    </dl>
  )
}

/** A square for each day, a column for each week; the fuller, the more was done. */
function Calendar({ rides, nowMs }: { rides: readonly RideItem[]; nowMs: number }): VNode {
  const today = new Date(nowMs)
  const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate()).getTime()
  // Weeks begin on Monday.
  const back = (WEEKS - 1) * 7 + ((today.getDay() + 6) % 7)
  const days = new Map<number, number>()
  for (const { startMs, summary } of rides) {
    // A day of 23 or 25 hours is still the nearest one.
    const day =
      Math.round((new Date(new Date(startMs).setHours(12, 0, 0, 0)).getTime() - midnight) / DAY_MS - 0.5) + back
    if (day >= 0) days.set(day, (days.get(day) ?? 0) + summary.workJ / 1000)
  }
  const levelOf = (kj: number): number => (kj === 0 ? 0 : kj < 200 ? 1 : kj < 500 ? 2 : kj < 900 ? 3 : 4)
  return (
    <svg
      class="calendar"
      viewBox={`0 0 ${WEEKS * 14} ${7 * 14}`}
      role="img"
      aria-label={words.calendar(back + 1, days.size)}
    >
      {Array.from({ length: back + 1 }, (_, day) => (
        <rect
          key={day}
          class={`day level-${levelOf(days.get(day) ?? 0)}`}
          x={Math.floor(day / 7) * 14 + 1}
          y={(day % 7) * 14 + 1}
          width={12}
          height={12}
          rx={3}
        />
      ))}
    </svg>
  )
}
