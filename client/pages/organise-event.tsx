import type { VNode } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { ClientClock } from '../clock.ts'
import { racesWords as words } from '../words/races.ts'
import { common } from '../words/common.ts'
import { api, type Answer, type Board, type Decision, type RaceEvent, type Results } from './api.ts'
import { clockText, whenText } from './format.ts'
import { NoticeForm } from './organise-social.tsx'
import { Notice, useEvery } from './parts.tsx'
import { BoardTable, ResultsTable } from './race-tables.tsx'

const EVERY_MS = 2000
const COUNTDOWN_S = { min: 3, max: 3600, usual: 30 } as const

export interface OrganiseEventProps {
  readonly clock: ClientClock
  readonly token: string
  readonly event: RaceEvent
  /** Which road it is on, in words. */
  readonly road: string
  readonly onChange: () => void
}

/** One race in the organiser's hands, from planned to closed. */
export function OrganiseEvent({ clock, token, event, road, onChange }: OrganiseEventProps): VNode {
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
          {words.phases[phase]}
        </span>
      </div>
      <p class="small muted number">
        {road !== '' && `${road} · `}
        {words.laps(event.laps)} · {words.signedUp(common.riders(results?.rows.length ?? event.entries.length))}
        {event.startsAt !== null && ` · ${whenText(event.startsAt, clock.wallMs())}`}
        {board && phase === 'racing' && ` · ${clockText(board.clockMs)}`}
      </p>
      {problem !== '' && <Notice level="bad">{problem}</Notice>}
      {['open', 'countdown', 'racing'].includes(phase) && <NoticeForm token={token} eventId={id} />}
      <div class="row">
        {phase === 'planned' && (
          <button class="button" type="button" onClick={() => void act(api.openEvent(token, id))}>
            {words.openForRiders}
          </button>
        )}
        {phase === 'open' && (
          <>
            <label class="countdown">
              <span class="small muted">{words.countdown}</span>
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
              {words.startIn(countdownS)}
            </button>
            <button class="button" type="button" onClick={() => void act(api.addBots(token, id, 5))}>
              {words.moreBots}
            </button>
          </>
        )}
        {(phase === 'open' || phase === 'countdown' || phase === 'racing') && (
          <Sure
            text={phase === 'racing' ? words.stop : words.callOff}
            sureText={phase === 'racing' ? words.stopSure : words.callOffSure}
            onSure={() => void act(api.closeEvent(token, id))}
          />
        )}
        {phase === 'provisional' && (
          <button class="button" type="button" onClick={() => void act(api.closeEvent(token, id))}>
            {words.makeFinal}
          </button>
        )}
        {(phase === 'provisional' || phase === 'closed') && (
          <>
            <a class="button" href={api.csvPath(id)} download={`${id}.csv`}>
              {words.csvShort}
            </a>
            <button class="button" type="button" onClick={() => void exportFile()}>
              {words.judgeFile}
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
function Sure({ text, sureText, onSure }: { text: string; sureText: string; onSure: () => void }): VNode {
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
      {isAsked ? sureText : text}
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
        aria-label={words.decideOn(name)}
      >
        {words.decide}
      </button>
      <dialog class="card decide" ref={dialog} aria-label={words.decisionOn(name)}>
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault()
            decide(event.currentTarget)
          }}
        >
          <h2>{name}</h2>
          <label class="field">
            <span>{words.decision}</span>
            <select class="input" name="kind">
              <option value="penalty">{words.timePenalty}</option>
              <option value="disqualify">{words.disqualify}</option>
              {isOut && (
                <option value="reinstate" selected>
                  {words.reinstate}
                </option>
              )}
            </select>
          </label>
          <label class="field">
            <span>{words.penaltyS}</span>
            <input class="input number" name="penaltyS" type="number" min={1} max={3600} defaultValue={10} />
          </label>
          <label class="field">
            <span>{words.reason}</span>
            <input class="input" name="reason" required maxLength={200} />
          </label>
          <div class="row">
            <button class="button first" type="submit">
              {words.decide}
            </button>
            <button class="button plain" type="button" onClick={() => dialog.current?.close()}>
              {words.cancel}
            </button>
          </div>
        </form>
      </dialog>
    </>
  )
}
