import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { followRace, groupsOf, type RaceNow, type RaceRow } from '../race-stream.ts'
import { overlay as words } from '../words/overlay.ts'
import { numberText, speedIn } from '../words/units.ts'
import { clockText } from './format.ts'
import './overlay.css'

const ROWS_MAX = 10
const GROUPS_MAX = 5
const KINDS = { board: Board, gaps: Gaps, rider: Rider, clock: Clock } as const

/** /overlay/KIND?event=ID: one thing of a race, on nothing, to be laid over a video. */
export function OverlayPage({ kind }: { kind: string }): VNode {
  const asked = new URLSearchParams(location.search)
  const eventId = asked.get('event') ?? ''
  const [race, setRace] = useState<RaceNow>()
  const [isNone, setNone] = useState(false)
  useEffect(() => {
    document.documentElement.classList.add('see-through')
    return eventId === '' ? undefined : followRace(eventId, setRace, () => setNone(true))
  }, [])
  const Kind = Object.hasOwn(KINDS, kind) ? KINDS[kind as keyof typeof KINDS] : undefined
  const trouble =
    Kind === undefined
      ? words.noKind(Object.keys(KINDS).join(', '))
      : eventId === ''
        ? words.noEvent
        : isNone
          ? words.noRace
          : ''
  if (trouble !== '')
    return (
      <Panel title="Gruppetto">
        <p role="alert">{trouble}</p>
      </Panel>
    )
  if (Kind === undefined || race === undefined) return <main class="overlay" aria-busy="true" />
  return <Kind race={race} riderId={Number(asked.get('rider') ?? 0)} />
}

interface KindProps {
  readonly race: RaceNow
  readonly riderId: number
}

function Panel({ title, children }: { title: string; children: VNode | readonly VNode[] }): VNode {
  return (
    <main class="overlay">
      <h1 class="overlay-title">{title}</h1>
      {children}
    </main>
  )
}

function Board({ race }: KindProps): VNode {
  const { rows } = race
  return (
    <Panel title={race.event.title}>
      <table class="overlay-table">
        <caption class="unseen">{words.board}</caption>
        <tbody>
          {rows.slice(0, ROWS_MAX).map((row) => (
            <tr key={row.riderId}>
              <td class="number">{row.place}</td>
              <th scope="row">{row.name}</th>
              <td class="number">{timeOf(row, race.rows[0])}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > ROWS_MAX ? <p class="overlay-note">{words.more(rows.length - ROWS_MAX)}</p> : <></>}
    </Panel>
  )
}

function Gaps({ race }: KindProps): VNode {
  const groups = groupsOf(race.rows).slice(0, GROUPS_MAX)
  return (
    <Panel title={words.gaps}>
      <ol class="overlay-groups">
        {groups.map(({ gapMs, rows }, i) => (
          <li key={rows[0]!.riderId}>
            <b class="number">{i === 0 ? words.leader : `+${clockText(gapMs)}`}</b>
            <span>{words.group(rows.length)}</span>
            <span class="overlay-names">
              {rows
                .slice(0, 3)
                .map(({ name }) => name)
                .join(', ')}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}

function Rider({ race, riderId }: KindProps): VNode {
  const row = race.rows.find((each) => each.riderId === riderId) ?? race.rows[0]
  if (row === undefined)
    return (
      <Panel title={race.event.title}>
        <p class="overlay-note">{words.rider}</p>
      </Panel>
    )
  const speed = speedIn(row.speedKmh)
  return (
    <main class="overlay overlay-rider">
      <span class="overlay-place number">{row.place}</span>
      <span class="overlay-who">
        <b>{row.name}</b>
        <span class="overlay-note">{words.lap(Math.max(1, row.lap), race.event.laps)}</span>
      </span>
      <Figure value={String(row.powerW)} unit="W" />
      <Figure value={numberText(row.wattsPerKg, 1)} unit="W/kg" />
      <Figure value={numberText(speed.value, 1)} unit={speed.unit} />
      <Figure value={timeOf(row, race.rows[0])} unit="" />
    </main>
  )
}

function Clock({ race }: KindProps): VNode {
  const { clockMs, event } = race
  return (
    <main class="overlay overlay-rider">
      <b class="overlay-clock number">{clockText(Math.abs(clockMs))}</b>
      <span class="overlay-note">{clockMs < 0 ? words.start : event.title}</span>
    </main>
  )
}

function Figure({ value, unit }: { value: string; unit: string }): VNode {
  return (
    <span class="overlay-figure">
      <b class="number">{value}</b> {unit}
    </span>
  )
}

/**
 * The time of who has finished first; everybody else's gap to the first. In the first seconds even the first is behind
 * whoever stood there on the grid.
 */
function timeOf({ place, gapMs: toPassedMs, finishedMs }: RaceRow, first: RaceRow | undefined): string {
  if (place === 1) return finishedMs === null ? '' : clockText(finishedMs)
  const gapMs = toPassedMs - (first?.finishedMs === null ? first.gapMs : 0)
  return gapMs <= 0 ? '' : `+${gapMs < 60_000 ? numberText(gapMs / 1000, 1) : clockText(gapMs)}`
}
