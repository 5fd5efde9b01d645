import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { office as words } from '../words/office.ts'
import { sheets } from '../words/sheets.ts'
import { api, type RiderReport, type RiderReports } from './api.ts'
import { whenText } from './format.ts'
import { Notice, useEvery } from './parts.tsx'

const LOOK_MS = 10_000

/** What riders reported of one another, with the lines it is about; nothing to see while there is nothing. */
export function Reports({ token, wallMs }: { token: string; wallMs: () => number }): VNode | null {
  const [list, setList] = useState<RiderReports>({ reports: [], count: 0, settled: [] })
  const [trouble, setTrouble] = useState('')
  const look = (): void =>
    void api.reports(token).then((answer) => {
      setTrouble(answer.ok ? '' : answer.message)
      if (answer.ok) setList(answer.value)
    })
  useEvery(LOOK_MS, look)
  const settle = (id: string, areAll: boolean): void =>
    void api.settleReport(token, id, areAll).then((answer) => (answer.ok ? look() : setTrouble(answer.message)))
  const { reports, count, settled } = list
  if (reports.length === 0 && settled.length === 0 && trouble === '') return null
  return (
    <section class="card stack" aria-labelledby="reports">
      <h2 id="reports">{words.reports}</h2>
      {trouble !== '' && <Notice level="bad">{trouble}</Notice>}
      {reports.length === 0 && <p class="muted">{words.noReports}</p>}
      {count > reports.length && <p class="small muted">{words.newest(reports.length, count)}</p>}
      {reports.map((report) => (
        <OneReport key={report.id} report={report} nowMs={wallMs()}>
          <div class="row">
            <button class="button" type="button" onClick={() => settle(report.id, false)}>
              {words.settle}
            </button>
            {(report.ofReporter ?? 1) > 1 && (
              <button class="button quiet" type="button" onClick={() => settle(report.id, true)}>
                {words.settleAll(report.ofReporter ?? 1, report.by.name)}
              </button>
            )}
          </div>
        </OneReport>
      ))}
      {settled.length > 0 && (
        <details class="stack">
          <summary>{words.settled}</summary>
          {settled.map((report) => (
            <OneReport key={report.id} report={report} nowMs={wallMs()} />
          ))}
        </details>
      )}
    </section>
  )
}

interface OneReportProps {
  readonly report: RiderReport
  readonly nowMs: number
  readonly children?: VNode
}

function OneReport({ report, nowMs, children }: OneReportProps): VNode {
  const { about, by, reason, words: more, lines, wallMs: atMs } = report
  return (
    <article class="stack">
      <p>
        <b>{about.name}</b>: {sheets.reasons[reason]}
        {more !== '' && ` – ${more}`}
        <span class="small muted"> {words.by(by.name, whenText(new Date(atMs).toISOString(), nowMs))}</span>
      </p>
      <p class="small muted">{lines.length === 0 ? words.nothing : words.said}</p>
      {lines.map(({ text }, i) => (
        <p key={i} class="small">
          {text}
        </p>
      ))}
      {children}
    </article>
  )
}

/** A line from the organiser to everybody on the race's road. */
export function NoticeForm({ token, eventId }: { token: string; eventId: string }): VNode {
  const [text, setText] = useState('')
  const [told, setTold] = useState<{ level: 'info' | 'bad'; words: string }>()
  async function send(): Promise<void> {
    const answer = await api.notice(token, eventId, text)
    setTold(answer.ok ? { level: 'info', words: words.sent } : { level: 'bad', words: answer.message })
    if (answer.ok) setText('')
  }
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <label class="field">
        <span>{words.notice}</span>
        <input
          class="input"
          required
          maxLength={200}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button class="button" type="submit">
        {words.send}
      </button>
      {told && <Notice level={told.level}>{told.words}</Notice>}
    </form>
  )
}
