import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { office as words } from '../words/office.ts'
import { ride } from '../words/ride.ts'
import { api, type RiderReport } from './api.ts'
import { whenText } from './format.ts'
import { Notice, useEvery } from './parts.tsx'

const LOOK_MS = 10_000

/** What riders reported of one another, with the lines it is about; nothing to see while there is nothing. */
export function Reports({ token, wallMs }: { token: string; wallMs: () => number }): VNode | null {
  const [reports, setReports] = useState<readonly RiderReport[]>([])
  const look = (): void =>
    void api.reports(token).then((answer) => {
      if (answer.ok) setReports(answer.value)
    })
  useEvery(LOOK_MS, look)
  if (reports.length === 0) return null
  return (
    <section class="card stack" aria-labelledby="reports">
      <h2 id="reports">{words.reports}</h2>
      {reports.toReversed().map(({ id, about, by, reason, words: more, lines, wallMs: atMs }) => (
        <article key={id} class="stack">
          <p>
            <b>{about.name}</b>: {ride.reasons[reason]}
            {more !== '' && ` – ${more}`}
            <span class="small muted"> {words.by(by.name, whenText(new Date(atMs).toISOString(), wallMs()))}</span>
          </p>
          <p class="small muted">{lines.length === 0 ? words.nothing : words.said}</p>
          {lines.map(({ text }, i) => (
            <p key={i} class="small">
              {text}
            </p>
          ))}
          <button class="button" type="button" onClick={() => void api.settleReport(token, id).then(look)}>
            {words.settle}
          </button>
        </article>
      ))}
    </section>
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
