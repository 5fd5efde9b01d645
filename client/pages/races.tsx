import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { ClientClock } from '../clock.ts'
import { common } from '../words/common.ts'
import { racesWords as words } from '../words/races.ts'
import { api, type RaceEvent } from './api.ts'
import { clockText, whenText } from './format.ts'
import { Notice, useEvery } from './parts.tsx'
import { enterRace, isOpenFor } from './race-entry.ts'
import type { Departure } from './ticket.ts'

const EVENTS_EVERY_MS = 4000

/** What is on: sign up, and ride to the pen. */
export function Races({
  clock,
  onDepart,
}: {
  clock: ClientClock
  onDepart: (departure: Departure) => void
}): VNode | null {
  const [events, setEvents] = useState<readonly RaceEvent[]>([])
  const [problem, setProblem] = useState('')
  const [wallMs, setWallMs] = useState(clock.wallMs())
  useEvery(EVENTS_EVERY_MS, () => {
    void api.events().then((answer) => {
      if (answer.ok) setEvents(answer.value)
    })
  })
  useEvery(1000, () => setWallMs(clock.wallMs()))

  async function enter(event: RaceEvent): Promise<void> {
    setProblem('')
    const entered = await enterRace(event, clock)
    if (!entered.ok) return setProblem(entered.message)
    const { secret, name, hasDevices } = entered.value
    onDepart({
      ticket: { kind: 'again', secret, name },
      sensor: { kind: hasDevices === true ? 'devices' : 'simulated' },
    })
  }

  if (events.length === 0) return null
  return (
    <section class="card stack" aria-label={words.title}>
      <h2>{words.title}</h2>
      {problem !== '' && <Notice level="bad">{problem}</Notice>}
      <ul class="races">
        {events.map((event) => (
          <li key={event.id}>
            <div class="what">
              <a href={`/events/${event.id}`}>
                <strong>{event.title}</strong>
              </a>
              <div class="small muted number">
                {words.laps(event.laps)} · {common.riders(event.entries.length)}
                {event.startsAt !== null && ` · ${startText(event.startsAt, wallMs)}`}
              </div>
            </div>
            <span class={event.phase === 'racing' || event.phase === 'countdown' ? 'chip live' : 'chip'}>
              {words.phases[event.phase]}
            </span>
            {isOpenFor(event) ? (
              <button class="button" type="button" onClick={() => void enter(event)}>
                {words.signUp}
              </button>
            ) : (
              <a class="button" href={`/events/${event.id}`}>
                {event.phase === 'racing' ? words.follow : words.look}
              </a>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function startText(startsAt: string, wallMs: number): string {
  const leftMs = Date.parse(startsAt) - wallMs
  return leftMs > 0 && leftMs < 3_600_000 ? words.startsIn(clockText(leftMs)) : whenText(startsAt, wallMs)
}
