import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { ClientClock } from '../clock.ts'
import { common } from '../words/common.ts'
import { racesWords as words } from '../words/races.ts'
import { wayWords } from '../words/way.ts'
import { api, type Board, type RaceEvent, type Results, type World } from './api.ts'
import { clockText, whenText } from './format.ts'
import { readProfile, writeProfile } from './memory.ts'
import { Notice, Page, useEvery } from './parts.tsx'
import { enterRace, isOpenFor, roadOf } from './race-entry.ts'
import { BoardTable, ResultsTable } from './race-tables.tsx'

const EVERY_MS = 1500
/** Of a race there is a film from the gun on. */
const FILMED: ReadonlySet<string> = new Set(['racing', 'provisional', 'closed'])

/** One race for everybody: the live board while it runs, the result when it is in. */
export function EventPage({ clock, id }: { clock: ClientClock; id: string }): VNode {
  const [event, setEvent] = useState<RaceEvent>()
  const [board, setBoard] = useState<Board>()
  const [results, setResults] = useState<Results>()
  const [worlds, setWorlds] = useState<readonly World[]>([])
  const [problem, setProblem] = useState('')
  useEffect(() => void api.worlds().then((answer) => answer.ok && setWorlds(answer.value)), [])
  useEvery(EVERY_MS, () => {
    void refresh()
  })

  async function refresh(): Promise<void> {
    const answer = await api.event(id)
    if (!answer.ok) return setProblem(answer.message)
    setProblem('')
    setEvent(answer.value)
    const { phase } = answer.value
    if (phase === 'countdown' || phase === 'racing') {
      const now = await api.board(id)
      if (now.ok) setBoard(now.value)
    } else if (phase === 'provisional' || phase === 'closed') {
      const result = await api.results(id)
      if (result.ok) setResults(result.value)
    }
  }

  return (
    <Page here="event">
      {problem !== '' && <Notice level="bad">{problem}</Notice>}
      {event ? (
        <>
          <div class="row">
            <h1>{event.title}</h1>
            <span class={event.phase === 'racing' ? 'chip live' : 'chip'}>{words.phases[event.phase]}</span>
          </div>
          <p class="muted number">
            {roadOf(event, worlds) !== '' && `${roadOf(event, worlds)} · `}
            {words.laps(event.laps)} · {common.riders(results?.rows.length ?? event.entries.length)}
            {event.startsAt !== null && ` · ${whenText(event.startsAt, clock.wallMs())}`}
            {event.phase === 'racing' && board && ` · ${clockText(board.clockMs)}`}
          </p>
        </>
      ) : (
        <>
          <h1>{problem === '' ? words.looking : words.none}</h1>
          {problem !== '' && (
            <>
              <p>{words.noneRemedy}</p>
              <p class="row">
                <a class="button first" href="/">
                  {words.toRide}
                </a>
              </p>
            </>
          )}
        </>
      )}
      {event?.phase === 'planned' && <p>{words.opensLater}</p>}
      {event && isOpenFor(event) && <Entry clock={clock} event={event} />}
      {event && (event.roomId !== null || FILMED.has(event.phase)) && (
        <p class="row">
          {event.roomId !== null && (
            <a class={isOpenFor(event) ? 'button' : 'button first'} href={`/watch/${event.roomId}`}>
              {words.watchLive}
            </a>
          )}
          {FILMED.has(event.phase) && (
            <a class="button" href={`/replay/${id}`}>
              {words.film}
            </a>
          )}
        </p>
      )}
      {results ? (
        <section class="card stack" aria-label={words.result}>
          <ResultsTable results={results} />
          <div class="row">
            <a class="button" href={api.csvPath(id)} download={`${id}.csv`}>
              {words.csv}
            </a>
          </div>
        </section>
      ) : (
        board && (
          <section class="card" aria-label={words.liveBoard}>
            <BoardTable board={board} laps={event?.laps ?? 1} />
          </section>
        )
      )}
    </Page>
  )
}

/** Whoever was sent the link of a race can ride it: a name, and the way into the pen. */
function Entry({ clock, event }: { clock: ClientClock; event: RaceEvent }): VNode {
  const [name, setName] = useState(() => readProfile().name)
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const enter = async (): Promise<void> => {
    setBusy(true)
    writeProfile({ ...readProfile(), name: name.trim() })
    const entered = await enterRace(event, clock)
    setBusy(false)
    // The first page rides on as whom this tab knows.
    if (entered.ok) location.assign('/')
    else setProblem(entered.message)
  }
  return (
    <form
      class="card stack narrow"
      onSubmit={(submit) => {
        submit.preventDefault()
        void enter()
      }}
    >
      <p>{words.entryWhy}</p>
      <label class="field">
        <span>{wayWords.name}</span>
        <input
          class="input"
          name="name"
          maxLength={24}
          required
          autocomplete="nickname"
          value={name}
          onInput={(input) => setName(input.currentTarget.value)}
        />
      </label>
      {problem !== '' && <Notice level="bad">{problem}</Notice>}
      <button class="button first" type="submit" disabled={isBusy}>
        {words.signUp}
      </button>
      <p class="small muted">
        {words.entryBody} <a href="/">{words.toRide}</a>
      </p>
    </form>
  )
}
