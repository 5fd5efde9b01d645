import type { VNode } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { ClientClock } from '../clock.ts'
import { api, type Answer, type Board, type Decision, type RaceEvent, type Results } from './api.ts'
import { clockText, plural, whenText } from './format.ts'
import { NoticeForm } from './organise-social.tsx'
import { Notice, useEvery } from './parts.tsx'
import { BoardTable, ResultsTable } from './race-tables.tsx'
import { PHASE_WORDS } from './races.tsx'

const EVERY_MS = 2000
const COUNTDOWN_S = { min: 3, max: 3600, usual: 30 } as const

export interface OrganiseEventProps {
  readonly clock: ClientClock
  readonly token: string
  readonly event: RaceEvent
  readonly onChange: () => void
}

/** One race in the organiser's hands, from planned to closed. */
export function OrganiseEvent({ clock, token, event, onChange }: OrganiseEventProps): VNode {
  const [problem, setProblem] = useState('')
  const [countdownS, setCountdownS] = useState<number>(COUNTDOWN_S.usual)
  const [board, setBoard] = useState<Board>()
  const [results, setResults] = useState<Results>()
  const { id, phase } = event
  useEvery(EVERY_MS, () => void refresh())

  async function refresh(): Promise<void> {
    if (phase === 'countdown' || phase === 'racing') {
      const answer = await api.board(id)
      if (answer.ok) setBoard(answer.value)
    } else if (phase === 'provisional' || phase === 'closed') {
      const answer = await api.results(id)
      if (answer.ok) setResults(answer.value)
    }
  }

  async function act(request: Promise<Answer<unknown>>): Promise<void> {
    const answer = await request
    setProblem(answer.ok ? '' : answer.message)
    await refresh()
    onChange()
  }

  async function exportFile(): Promise<void> {
    const answer = await api.download(api.exportPath(id), token)
    if (!answer.ok) return setProblem(answer.message)
    const link = document.createElement('a')
    link.href = URL.createObjectURL(answer.value)
    link.download = `${id}.gruppetto-race.jsonl`
    link.click()
    URL.revokeObjectURL(link.href)
  }

  return (
    <section class="card stack" aria-label={event.title}>
      <div class="row">
        <h2>
          <a href={`/events/${id}`}>{event.title}</a>
        </h2>
        <span class={phase === 'racing' || phase === 'countdown' ? 'chip live push' : 'chip push'}>
          {PHASE_WORDS[phase]}
        </span>
      </div>
      <p class="small muted number">
        {plural(event.laps, 'lap', 'laps')} · {plural(results?.rows.length ?? event.entries.length, 'rider', 'riders')}{' '}
        signed up
        {event.startsAt !== null && ` · ${whenText(event.startsAt, clock.wallMs())}`}
        {board && phase === 'racing' && ` · ${clockText(board.clockMs)}`}
      </p>
      {problem !== '' && <Notice level="bad">{problem}</Notice>}
      {['open', 'countdown', 'racing'].includes(phase) && <NoticeForm token={token} eventId={id} />}
      <div class="row">
        {phase === 'planned' && (
          <button class="button" type="button" onClick={() => void act(api.openEvent(token, id))}>
            Open for riders
          </button>
        )}
        {phase === 'open' && (
          <>
            <label class="countdown">
              <span class="small muted">Countdown</span>
              <input
                class="input number"
                type="number"
                name="countdownS"
                min={COUNTDOWN_S.min}
                max={COUNTDOWN_S.max}
                value={countdownS}
                onInput={(change) => setCountdownS(change.currentTarget.valueAsNumber)}
              />
            </label>
            <button
              class="button first"
              type="button"
              disabled={!(countdownS >= COUNTDOWN_S.min && countdownS <= COUNTDOWN_S.max)}
              onClick={() => void act(api.startEvent(token, id, Math.round(countdownS)))}
            >
              Start in {countdownS} s
            </button>
            <button class="button" type="button" onClick={() => void act(api.addBots(token, id, 5))}>
              Five more bots
            </button>
          </>
        )}
        {(phase === 'open' || phase === 'countdown' || phase === 'racing') && (
          <Sure
            words={phase === 'racing' ? 'Stop the race' : 'Call it off'}
            sureWords={
              phase === 'racing'
                ? 'Sure? Who has not finished will be DNF'
                : 'Sure? Everybody is sent back to the lobby'
            }
            onSure={() => void act(api.closeEvent(token, id))}
          />
        )}
        {phase === 'provisional' && (
          <button class="button" type="button" onClick={() => void act(api.closeEvent(token, id))}>
            Make the result final
          </button>
        )}
        {(phase === 'provisional' || phase === 'closed') && (
          <>
            <a class="button" href={api.csvPath(id)} download={`${id}.csv`}>
              CSV
            </a>
            <button class="button" type="button" onClick={() => void exportFile()}>
              File for the judge
            </button>
          </>
        )}
      </div>
      {results ? (
        <ResultsTable
          results={results}
          actions={(row) => (
            <Decide
              name={row.name}
              riderId={row.riderId}
              isOut={row.status === 'DSQ'}
              onDecide={(decision) => void act(api.decide(token, id, decision))}
            />
          )}
        />
      ) : (
        board && <BoardTable board={board} laps={event.laps} />
      )}
    </section>
  )
}

/** What cannot be undone asks once more. */
function Sure({ words, sureWords, onSure }: { words: string; sureWords: string; onSure: () => void }): VNode {
  const [isAsked, setAsked] = useState(false)
  return (
    <button
      class="button"
      type="button"
      onBlur={() => setAsked(false)}
      onClick={() => {
        if (isAsked) onSure()
        setAsked(!isAsked)
      }}
    >
      {isAsked ? sureWords : words}
    </button>
  )
}

interface DecideProps {
  readonly name: string
  readonly riderId: number
  readonly isOut: boolean
  readonly onDecide: (decision: Decision) => void
}

/** A decision has a reason that everybody can read; none is made by a slip of the finger. */
function Decide({ name, riderId, isOut, onDecide }: DecideProps): VNode {
  const dialog = useRef<HTMLDialogElement>(null)
  function decide(form: HTMLFormElement): void {
    const data = new FormData(form)
    const reason = String(data.get('reason')).trim()
    const kind = String(data.get('kind'))
    const penaltyMs = Math.round(Number(data.get('penaltyS')) * 1000)
    if (kind === 'penalty') onDecide({ kind, riderId, penaltyMs, reason })
    else if (kind === 'disqualify' || kind === 'reinstate') onDecide({ kind, riderId, reason })
    dialog.current?.close()
  }
  return (
    <>
      <button
        class="button small"
        type="button"
        onClick={() => dialog.current?.showModal()}
        aria-label={`Decide on ${name}`}
      >
        Decide
      </button>
      <dialog class="card decide" ref={dialog} aria-label={`Decision on ${name}`}>
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault()
            decide(event.currentTarget)
          }}
        >
          <h2>{name}</h2>
          <label class="field">
            <span>Decision</span>
            <select class="input" name="kind">
              <option value="penalty">Time penalty</option>
              <option value="disqualify">Disqualify</option>
              {isOut && (
                <option value="reinstate" selected>
                  Reinstate
                </option>
              )}
            </select>
          </label>
          <label class="field">
            <span>Penalty, s</span>
            <input class="input number" name="penaltyS" type="number" min={1} max={3600} defaultValue={10} />
          </label>
          <label class="field">
            <span>Reason</span>
            <input class="input" name="reason" required maxLength={200} />
          </label>
          <div class="row">
            <button class="button first" type="submit">
              Decide
            </button>
            <button class="button plain" type="button" onClick={() => dialog.current?.close()}>
              Cancel
            </button>
          </div>
        </form>
      </dialog>
    </>
  )
}
