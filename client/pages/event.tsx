import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { ClientClock } from '../clock.ts'
import { common } from '../words/common.ts'
import { racesWords as words } from '../words/races.ts'
import { api, type Board, type RaceEvent, type Results } from './api.ts'
import { clockText, whenText } from './format.ts'
import { Notice, Page, useEvery } from './parts.tsx'
import { BoardTable, ResultsTable } from './race-tables.tsx'

const EVERY_MS = 1500
/** Of a race there is a film from the gun on. */
const FILMED: ReadonlySet<string> = new Set(['racing', 'provisional', 'closed'])

/** One race for everybody: the live board while it runs, the result when it is in. */
export function EventPage({ clock, id }: { clock: ClientClock; id: string }): VNode {
  const [event, setEvent] = useState<RaceEvent>()
  const [board, setBoard] = useState<Board>()
  const [results, setResults] = useState<Results>()
  const [problem, setProblem] = useState('')
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
      {event && (event.roomId !== null || FILMED.has(event.phase)) && (
        <p class="row">
          {event.roomId !== null && (
            <a class="button first" href={`/watch/${event.roomId}`}>
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
