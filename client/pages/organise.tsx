import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { ClientClock } from '../clock.ts'
import { racesWords as words } from '../words/races.ts'
import { roadText } from '../words/units.ts'
import { api, type RaceEvent, type World } from './api.ts'
import { CommandLine } from './command-line.tsx'
import { readAdminToken, writeAdminToken } from './memory.ts'
import { Notice, Page, useEvery } from './parts.tsx'
import { roadOf } from './race-entry.ts'
import { OrganiseEvent } from './organise-event.tsx'
import { Reports } from './organise-social.tsx'
import { WeatherForm } from './organise-weather.tsx'
import './organise.css'

const EVERY_MS = 2000
const WORLDS_EVERY_MS = 5000

/** The organiser's page: make a race, run it, judge it. */
export function OrganisePage({ clock }: { clock: ClientClock }): VNode {
  const [token, setToken] = useState(readAdminToken)
  const [events, setEvents] = useState<readonly RaceEvent[]>([])
  const [problem, setProblem] = useState('')
  const [worlds, setWorlds] = useState<readonly World[]>([])
  const [isWrong, setWrong] = useState(false)
  const forget = (): void => {
    writeAdminToken('')
    setToken('')
    setWrong(false)
  }
  // A token of another server, or one that was replaced, opens an office in which nothing works.
  useEffect(() => {
    if (token !== '') void api.reports(token).then((answer) => setWrong(!answer.ok && answer.code === 'ERR_FORBIDDEN'))
  }, [token])
  const refresh = async (): Promise<void> => {
    const answer = await api.events()
    if (answer.ok) setEvents(answer.value)
    else setProblem(answer.message)
  }
  useEvery(EVERY_MS, () => void refresh())
  useEvery(WORLDS_EVERY_MS, () => void api.worlds().then((answer) => answer.ok && setWorlds(answer.value)))

  return (
    <Page here="organise">
      <h1>{words.organise}</h1>
      {problem !== '' && <Notice level="bad">{problem}</Notice>}
      {token === '' ? (
        <TokenForm
          onToken={(given) => {
            writeAdminToken(given)
            setToken(given)
          }}
        />
      ) : isWrong ? (
        <Wrong onForget={forget} />
      ) : (
        <div class="organise">
          <NewRace token={token} worlds={worlds} onMade={() => void refresh()} onForget={forget} />
          <div class="stack">
            <Reports token={token} wallMs={() => clock.wallMs()} />
            {events.length === 0 && <p class="muted">{words.noRaces}</p>}
            {events.map((event) => (
              <OrganiseEvent
                key={event.id}
                clock={clock}
                token={token}
                event={event}
                road={roadOf(event, worlds)}
                onChange={() => void refresh()}
              />
            ))}
            <WeatherForm token={token} worlds={worlds} events={events} />
          </div>
        </div>
      )}
    </Page>
  )
}

function Wrong({ onForget }: { onForget: () => void }): VNode {
  return (
    <div class="card stack narrow">
      <Notice level="bad">{words.tokenWrong}</Notice>
      <CommandLine text="npx gruppetto serve --new-token" />
      <button class="button first" type="button" onClick={onForget}>
        {words.tokenAgain}
      </button>
    </div>
  )
}

function TokenForm({ onToken }: { onToken: (token: string) => void }): VNode {
  const [given, setGiven] = useState('')
  return (
    <form
      class="card stack narrow"
      onSubmit={(event) => {
        event.preventDefault()
        onToken(given.trim())
      }}
    >
      <p>{words.tokenWhy}</p>
      <label class="field">
        <span>{words.token}</span>
        <input
          class="input"
          name="token"
          type="password"
          required
          autocomplete="current-password"
          value={given}
          onInput={(event) => setGiven(event.currentTarget.value)}
        />
      </label>
      <button class="button first" type="submit">
        {words.openOffice}
      </button>
    </form>
  )
}

interface NewRaceProps {
  readonly token: string
  readonly worlds: readonly World[]
  readonly onMade: () => void
  readonly onForget: () => void
}

function NewRace({ token, worlds, onMade, onForget }: NewRaceProps): VNode {
  const [problem, setProblem] = useState('')

  async function make(form: HTMLFormElement): Promise<void> {
    const data = new FormData(form)
    const startsAt = String(data.get('startsAt') ?? '')
    const answer = await api.createEvent(token, {
      title: String(data.get('title')),
      mapId: String(data.get('road')).split(' ')[0]!,
      routeId: String(data.get('road')).split(' ')[1]!,
      laps: Number(data.get('laps')),
      bots: Number(data.get('bots')),
      ...(startsAt === '' ? {} : { startsAt: new Date(startsAt).toISOString() }),
    })
    if (!answer.ok) return setProblem(answer.message)
    setProblem('')
    form.reset()
    onMade()
  }

  // Fields are the browser's own (`defaultValue`): what is typed stays when the page is drawn again.
  return (
    <form
      class="card stack"
      aria-labelledby="new-race"
      onSubmit={(event) => {
        event.preventDefault()
        void make(event.currentTarget)
      }}
    >
      <h2 id="new-race">{words.newRace}</h2>
      <label class="field">
        <span>{words.raceTitle}</span>
        <input class="input" name="title" required maxLength={80} placeholder={words.titlePlaceholder} />
      </label>
      <label class="field">
        <span>{words.route}</span>
        <select class="input" name="road" required>
          {worlds.map((world) => (
            <optgroup key={world.mapId} label={world.name}>
              {world.routes.map((route) => (
                <option key={route.id} value={`${world.mapId} ${route.id}`}>
                  {(route.isLap ? words.routeLap : words.routeWay)(route.name, roadText(route.lapM))}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      <div class="two">
        <label class="field">
          <span>{words.lapsField}</span>
          <input class="input number" name="laps" type="number" min={1} max={100} defaultValue={1} required />
        </label>
        <label class="field">
          <span>{words.bots}</span>
          <input class="input number" name="bots" type="number" min={0} max={100} defaultValue={5} required />
        </label>
      </div>
      <label class="field">
        <span>{words.startTime}</span>
        <input class="input" name="startsAt" type="datetime-local" aria-describedby="starts-hint" />
        <span id="starts-hint" class="small muted">
          {words.startHint}
        </span>
      </label>
      {problem !== '' && <Notice level="bad">{problem}</Notice>}
      <button class="button first" type="submit">
        {words.make}
      </button>
      <button class="button plain" type="button" onClick={onForget}>
        {words.forget}
      </button>
    </form>
  )
}
