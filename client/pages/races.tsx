import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { ClientClock } from '../clock.ts'
import { api, type EventPhase, type RaceEvent } from './api.ts'
import { clockText, plural, whenText } from './format.ts'
import { readProfile, readRider, writeRider } from './memory.ts'
import { Notice, useEvery } from './parts.tsx'
import type { Departure } from './ticket.ts'

const EVENTS_EVERY_MS = 4000

export const PHASE_WORDS: Readonly<Record<EventPhase, string>> = {
  planned: 'Not open yet',
  open: 'Open',
  countdown: 'Starting',
  racing: 'Racing',
  provisional: 'Finished',
  closed: 'Results',
}

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
    const profile = readProfile()
    if (profile.name.trim() === '') return setProblem('Type your name on the road first.')
    const { riderSecret } = await import('../entry.ts')
    const secret = await riderSecret(profile, readRider()?.secret)
    if (!secret.ok) return setProblem(secret.message)
    const entry = await api.enter(event.id, secret.value)
    if (!entry.ok) return setProblem(entry.message)
    writeRider({ secret: entry.value.secret, name: entry.value.name, isRiding: true })
    onDepart({
      ticket: { kind: 'again', secret: entry.value.secret, name: entry.value.name },
      sensor: { kind: 'simulated' },
    })
  }

  if (events.length === 0) return null
  return (
    <section class="card stack" aria-label="Races">
      <h2>Races</h2>
      {problem !== '' && <Notice level="bad">{problem}</Notice>}
      <ul class="races">
        {events.map((event) => (
          <li key={event.id}>
            <div class="what">
              <strong>{event.title}</strong>
              <div class="small muted number">
                {plural(event.laps, 'lap', 'laps')} · {plural(event.entries.length, 'rider', 'riders')}
                {event.startsAt !== null && ` · ${startText(event.startsAt, wallMs)}`}
              </div>
            </div>
            <span class={event.phase === 'racing' || event.phase === 'countdown' ? 'chip live' : 'chip'}>
              {PHASE_WORDS[event.phase]}
            </span>
            {event.phase === 'open' || event.phase === 'countdown' ? (
              <button class="button" type="button" onClick={() => void enter(event)}>
                Sign up
              </button>
            ) : (
              <a class="button" href={`/events/${event.id}`}>
                {event.phase === 'racing' ? 'Follow' : 'Look'}
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
  return leftMs > 0 && leftMs < 3_600_000 ? `starts in ${clockText(leftMs)}` : whenText(startsAt, wallMs)
}
