import type { VNode } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { ClientClock } from '../clock.ts'
import { language } from '../words/language.ts'
import { meetWords as words } from '../words/meet.ts'
import { heightText, roadText } from '../words/units.ts'
import { wayWords } from '../words/way.ts'
import { api, type Meet } from './api.ts'
import { CommandLine } from './command-line.tsx'
import { Door } from './door.tsx'
import { clockText, whenText } from './format.ts'
import './join.css'
import './meet.css'
import { paceText } from './meet-list.tsx'
import { PlanOf } from './meet-new.tsx'
import { readMeetKey } from './memory.ts'
import { isOnlyHere } from './only-here.ts'
import { Notice, Page, useEvery } from './parts.tsx'
import './roads.css'
import type { Departure } from './ticket.ts'

const EVERY_MS = 3000
/** As the server opens its pens (server/meet). */
const OPEN_BEFORE_MS = 15 * 60_000

export interface MeetPageProps {
  readonly clock: ClientClock
  readonly id: string
  readonly error: string | undefined
  readonly onDepart: (departure: Departure) => void
}

/** One meet-up: when, where, who is there, the link to send, and the door. */
export function MeetPage({ clock, id, error, onDepart }: MeetPageProps): VNode {
  const [meet, setMeet] = useState<Meet>()
  const [problem, setProblem] = useState('')
  const [isGone, setGone] = useState(false)
  const [, setTick] = useState(0)
  /** The server's clock is the one that counts: its answer, and when it came. */
  const heardMs = useRef(0)
  useEvery(EVERY_MS, () => {
    if (isGone) return
    void api.meet(id).then((answer) => {
      heardMs.current = clock.nowMs()
      if (answer.ok) setMeet(answer.value)
      else if (answer.code === 'ERR_MEET_UNKNOWN') setGone(true)
      setProblem(answer.ok ? '' : answer.message)
    })
  })
  useEvery(1000, () => setTick((tick) => tick + 1))

  if (isGone) {
    return (
      <Page here="meet">
        <h1>{words.gone}</h1>
        <p>{words.goneRemedy}</p>
        <p class="row">
          <a class="button first" href="/meet">
            {words.title}
          </a>
        </p>
      </Page>
    )
  }
  if (meet === undefined) {
    return (
      <Page here="meet">
        <h1>{words.looking}</h1>
        {problem !== '' && <Notice level="bad">{problem}</Notice>}
      </Page>
    )
  }
  const leftMs = meet.startsInMs - (clock.nowMs() - heardMs.current)
  const { roomId } = meet
  return (
    <Page here="meet">
      <div class="meet-head">
        <p class="meet-when number">
          {meet.phase === 'riding' ? (
            <span class="chip live">{words.riding}</span>
          ) : (
            <>
              <strong>{whenText(meet.startsAt, clock.wallMs())}</strong>
              <span class="chip live">{words.begins(clockText(leftMs))}</span>
            </>
          )}
        </p>
        <h1>{meet.title}</h1>
        <p class="muted">{words.by(meet.madeBy)}</p>
      </div>
      {problem !== '' && <Notice level="bad">{problem}</Notice>}
      <div class="meet-body">
        <div class="stack">
          <section class="card stack" aria-label={meet.routeName}>
            <PlanOf mapId={meet.mapId} routeId={meet.routeId} name={meet.routeName} />
            <Facts meet={meet} />
          </section>
          <There meet={meet} />
          <Share clock={clock} meet={meet} />
        </div>
        <Door
          clock={clock}
          error={error}
          place={roomId === null ? undefined : () => ({ roomId, routeId: meet.routeId })}
          onDepart={onDepart}
        >
          <p class="beside" role="status">
            {roomId === null
              ? words.opens(clockText(Math.max(0, leftMs - OPEN_BEFORE_MS)))
              : meet.phase === 'riding'
                ? meet.riderCount === 0
                  ? words.onFirst
                  : words.onNow
                : words.penOpen}
          </p>
        </Door>
      </div>
    </Page>
  )
}

function Facts({ meet }: { meet: Meet }): VNode {
  const laps = meet.isLap && meet.laps > 1 ? ` · ${meet.laps} × ` : ''
  return (
    <ul class="meet-facts">
      <li>
        <strong>{meet.routeName}</strong>
        {laps}
      </li>
      <li class="number">
        {roadText(meet.lengthM)} · {heightText(meet.climbM)}
      </li>
      <li>{paceText(meet)}</li>
      <li>{meet.isTogether ? words.isTogether : words.notTogether}</li>
    </ul>
  )
}

function There({ meet: { riders, riderCount } }: { meet: Meet }): VNode {
  return (
    <section class="card stack" aria-labelledby="there-title">
      <h2 id="there-title">{words.there}</h2>
      {riderCount === 0 ? (
        <p class="muted">{words.thereNobody}</p>
      ) : (
        <p>
          {riders.join(', ')}
          {riderCount > riders.length && ` ${words.andMore(riderCount - riders.length)}`}
        </p>
      )}
    </section>
  )
}

/** The link, in whatever way this device can send one. */
function Share({ clock, meet }: { clock: ClientClock; meet: Meet }): VNode {
  const [isSure, setSure] = useState(false)
  const [problem, setProblem] = useState('')
  const link = `${location.origin}/meet/${meet.id}`
  const key = readMeetKey(meet.id)
  const text = words.shareWords(meet.title, whenText(meet.startsAt, clock.wallMs()))
  const share = 'share' in navigator && isSecureContext

  async function callOff(): Promise<void> {
    if (!isSure) return setSure(true)
    const answer = await api.removeMeet(meet.id, key!)
    if (answer.ok) location.assign('/meet')
    else setProblem(answer.message)
  }

  return (
    <section class="card stack" aria-labelledby="share-title">
      <div class="row">
        <h2 id="share-title">{words.share}</h2>
        <span class="chip push">{meet.isListed ? words.forAll : words.onlyLink}</span>
      </div>
      <CommandLine text={link} copy={words.copyLink} />
      {isOnlyHere(location.hostname) && <p class="small muted">{wayWords.onlyHere}</p>}
      <div class="row">
        {share && (
          <button
            class="button"
            type="button"
            onClick={() => void navigator.share({ title: meet.title, text, url: link }).catch(() => {})}
          >
            {words.share}
          </button>
        )}
        <button class="button" type="button" onClick={() => saveCalendar(meet, link)}>
          {words.calendar}
        </button>
        {key !== undefined && (
          <button class="button plain push" type="button" onBlur={() => setSure(false)} onClick={() => void callOff()}>
            {isSure ? words.callOffSure : words.callOff}
          </button>
        )}
      </div>
      {problem !== '' && <Notice level="bad">{problem}</Notice>}
    </section>
  )
}

/** An hour for the calendar of whoever wants it there (RFC 5545). */
function saveCalendar(meet: Meet, link: string): void {
  const stamp = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '')
  const startMs = Date.parse(meet.startsAt)
  const plain = (text: string): string => text.replace(/[\\;,]/g, (sign) => `\\${sign}`)
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Gruppetto//meet//EN',
    'BEGIN:VEVENT',
    `UID:${meet.id}@gruppetto`,
    `DTSTAMP:${stamp(startMs)}`,
    `DTSTART:${stamp(startMs)}`,
    `DTEND:${stamp(startMs + 3600_000)}`,
    `SUMMARY:${plain(meet.title)}`,
    `DESCRIPTION:${plain(`${meet.routeName}, ${roadText(meet.lengthM)}`)}`,
    `URL:${link}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ]
  const anchor = document.createElement('a')
  anchor.href = URL.createObjectURL(new Blob([`${lines.join('\r\n')}\r\n`], { type: 'text/calendar' }))
  anchor.download = `gruppetto-${meet.id}-${language()}.ics`
  anchor.click()
  URL.revokeObjectURL(anchor.href)
}
