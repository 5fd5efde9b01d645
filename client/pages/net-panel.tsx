import type { VNode } from 'preact'
import { useMemo } from 'preact/hooks'
import { NET_KINDS, type NetKind } from '#protocol/net-stats'
import type { NetSecond, ServerSecond } from '../net/net-log.ts'
import { verdict as verdictWords } from '../words/verdict.ts'
import { blamesOf, LIMITS, type Part, verdictOf, type Verdict } from '../net/verdict.ts'
import { netWords as words } from '../words/net.ts'
import type { NetView } from '../net-watch.ts'
import { Chart, type Series, SHOWN_S, Strip } from './net-charts.tsx'
import './net.css'

/** One colour a part, wherever it appears. */
const PART_COLORS: Readonly<Record<Part, string>> = {
  line: '#ff8f7a',
  server: '#b79bff',
  computer: '#7cc4ff',
  trainer: '#ffd166',
}
const PART_WORDS: Readonly<Record<Part, string>> = words.parts
const PARTS = Object.keys(PART_WORDS) as readonly Part[]
const CARRIER_WORDS: Readonly<Record<string, string>> = { webrtc: 'WebRTC', websocket: 'WebSocket', udp: 'UDP' }

/** Kinds as the chart tells them: what is small goes together. */
const STACK: readonly { readonly label: string; readonly color: string; readonly kinds: readonly NetKind[] }[] = [
  { label: words.stack[0]!, color: '#6b5d52', kinds: ['wire', 'framing', 'welcome', 'clock'] },
  { label: words.stack[1]!, color: '#ffb067', kinds: ['own'] },
  { label: words.stack[2]!, color: '#8f86d8', kinds: ['slots', 'leave', 'other'] },
  { label: words.stack[3]!, color: '#6fd3c7', kinds: ['telemetry'] },
  { label: words.stack[4]!, color: '#7cc4ff', kinds: ['correction'] },
  { label: words.stack[5]!, color: '#ff8f7a', kinds: ['absolute'] },
]

/** A connection's life, and before all else whose fault it is. */
export function NetPanel({ view }: { readonly view: NetView }): VNode {
  const { seconds, server } = view
  const shown = seconds.slice(-SHOWN_S)
  const verdict = useMemo(() => verdictOf(seconds, server, verdictWords), [seconds, server])
  const blames = useMemo(() => blamesOf(shown, server), [seconds, server])
  return (
    <div class="net">
      <VerdictCard verdict={verdict} />
      <div class="net-strip">
        <Strip colors={blames.map((part) => part && PART_COLORS[part])} label={stripWords(blames)} />
        <p class="net-ends" aria-hidden="true">
          <span>{words.ago}</span>
          <span>{words.fault}</span>
          <span>{words.now}</span>
        </p>
      </div>
      <ul class="net-parts">
        {PARTS.map((part) => {
          const { level, words: told } = verdict.parts[part]
          return (
            <li key={part} class={`net-part is-${level}`} style={{ '--part': PART_COLORS[part] }}>
              <b>{PART_WORDS[part]}</b>
              <span>{unbroken(told)}</span>
            </li>
          )
        })}
      </ul>
      <div class="net-charts">
        <Charts seconds={shown} server={server} />
      </div>
      <Facts view={view} />
    </div>
  )
}

function VerdictCard({ verdict }: { readonly verdict: Verdict }): VNode {
  const { who, isNow, words: told, remedy } = verdict
  const isGood = who === 'nobody'
  const color = isGood ? 'var(--good)' : who === 'unknown' ? 'var(--bad)' : PART_COLORS[who]
  return (
    <section class="net-verdict" style={{ '--part': color }} aria-live="polite">
      <h2>{unbroken(told)}.</h2>
      {!isGood && <p>{isNow ? remedy : words.over(remedy)}</p>}
    </section>
  )
}

function stripWords(blames: readonly (Part | undefined)[]): string {
  const counted = PARTS.map((part) => [part, blames.filter((each) => each === part).length] as const)
  const told = counted.flatMap(([part, count]) => (count > 0 ? [`${PART_WORDS[part]} ${count} s`] : []))
  return words.strip(blames.length, told.length > 0 ? told.join(', ') : words.nobodys)
}

function Charts({
  seconds,
  server,
}: {
  readonly seconds: readonly NetSecond[]
  readonly server: readonly ServerSecond[]
}): VNode {
  const of = (pick: (second: NetSecond) => number): readonly number[] => seconds.map(pick)
  const there = useMemo(() => seconds.map((second) => serverAt(second, server)), [seconds, server])
  const line = (label: string, color: string, values: readonly number[]): Series => ({ label, color, values })
  const bar = (label: string, color: string, values: readonly number[]): Series => ({
    label,
    color,
    values,
    isBar: true,
  })
  const hasTrainer = seconds.some(({ trainer }) => trainer !== undefined)
  return (
    <>
      <Chart
        title={words.charts.there}
        unit="ms"
        leastMax={50}
        series={[
          line(
            words.lines.roundTrip,
            '#ffb067',
            of(({ line: { rttMs } }) => (rttMs > 0 ? rttMs : NaN)),
          ),
          line(
            words.lines.uneven,
            '#ff8f7a',
            of(({ line: { delayMs } }) => delayMs),
          ),
        ]}
      />
      <Chart
        title={words.charts.lost}
        unit="%"
        leastMax={5}
        limit={LIMITS.lossShare * 100}
        series={[
          bar(
            words.lines.packets,
            '#ff8f7a',
            of(({ line: { lost, packets } }) => (packets > 0 ? Math.max(0, lost / packets) * 100 : 0)),
          ),
        ]}
      />
      <Chart
        title={words.charts.rate}
        unit="kB/s"
        leastMax={2}
        series={[
          line(
            words.lines.down,
            '#6fd3c7',
            of(({ line: { bytesIn } }) => bytesIn / 1000),
          ),
          line(
            words.lines.up,
            '#ffb067',
            of(({ line: { bytesOut } }) => bytesOut / 1000),
          ),
        ]}
      />
      <Chart
        title={words.charts.down}
        unit="kbit/s"
        leastMax={10}
        isStacked
        series={STACK.map(({ label, color, kinds }) =>
          line(
            label,
            color,
            of(({ bits }) => sumOf(kinds.map((kind) => bits[NET_KINDS.indexOf(kind)] ?? 0)) / 1000),
          ),
        )}
      />
      <Chart
        title={words.charts.corrections}
        unit="cm"
        leastMax={20}
        limit={LIMITS.alongM * 100}
        series={[
          line(
            words.lines.own,
            '#ffb067',
            of(({ own }) => Math.max(own.alongM, own.lateralM) * 100),
          ),
          line(
            words.lines.others,
            '#8f86d8',
            of(({ others }) => Math.max(others.alongM, others.lateralM) * 100),
          ),
        ]}
      />
      <Chart
        title={words.charts.packets}
        unit="/s"
        leastMax={25}
        series={[
          line(
            words.lines.down,
            '#6fd3c7',
            of((second) => second.line.packetsIn),
          ),
          line(
            words.lines.up,
            '#ffb067',
            of((second) => second.line.packetsOut),
          ),
        ]}
      />
      <Chart
        title={words.charts.ticks}
        unit="ms"
        leastMax={20}
        limit={LIMITS.tickLateMs}
        series={[
          line(
            words.lines.late,
            '#b79bff',
            there.map((second) => second?.lateMaxMs ?? NaN),
          ),
          line(
            words.lines.work,
            '#6fd3c7',
            there.map((second) => second?.stepMaxMs ?? NaN),
          ),
        ]}
      />
      <Chart
        title={words.charts.computer}
        unit="ms"
        leastMax={100}
        limit={LIMITS.frameMs}
        series={[
          line(
            words.lines.picture,
            '#7cc4ff',
            of(({ computer }) => (computer && computer.frames > 0 ? computer.frameMs : NaN)),
          ),
          line(
            words.lines.heldUp,
            '#ff8f7a',
            of(({ computer }) => computer?.stallMs ?? NaN),
          ),
        ]}
      />
      {hasTrainer ? (
        <Chart
          title={words.charts.watts}
          unit="s"
          leastMax={1}
          limit={LIMITS.sampleMs / 1000}
          series={[
            line(
              words.lines.oldest,
              '#ffd166',
              of(({ trainer }) => (trainer ? trainer.ageMs / 1000 : NaN)),
            ),
          ]}
        />
      ) : (
        <Chart
          title={words.charts.clock}
          unit="ms"
          leastMax={10}
          series={[
            line(
              words.lines.movedBy,
              '#ffd166',
              of(({ clockMs }) => Math.abs(clockMs)),
            ),
          ]}
        />
      )}
    </>
  )
}

function Facts({ view }: { readonly view: NetView }): VNode {
  const { seconds, carrier, why, events, nowMs } = view
  const last = seconds.at(-1)
  const moves = sumOf(seconds.map(({ line }) => line.moves))
  const facts: readonly (readonly [string, string])[] = [
    [words.carrier, carrier === '' ? words.noCarrier : `${CARRIER_WORDS[carrier] ?? carrier}: ${why}`],
    // A test of the line draws nobody, so it has nobody in view.
    ...(last?.trainer === undefined && last?.inView === 0
      ? []
      : [[words.inView, words.riders(last?.inView ?? 0)] as const]),
    [words.clock, words.clockMoved((last?.clockMs ?? 0).toFixed(1).replace('-', '−'))],
    [words.path, moves === 0 ? words.pathSame : words.pathChanged(moves)],
    [
      words.refused,
      words.refusedOf(sumOf(seconds.map(({ line }) => line.refused)), sumOf(seconds.map(({ line }) => line.late))),
    ],
  ]
  return (
    <div class="net-facts">
      <dl>
        {facts.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <ol class="net-events" aria-label={words.events}>
        {events
          .slice(-6)
          .toReversed()
          .map(({ atMs, words: text }, i) => (
            <li key={i}>
              <span class="number">{agoWords(nowMs - atMs)}</span>
              <span>{text}</span>
            </li>
          ))}
      </ol>
    </div>
  )
}

function serverAt({ tick }: NetSecond, server: readonly ServerSecond[]): ServerSecond | undefined {
  return server.findLast((each) => Math.abs(each.tick - tick) <= 10)
}

/** A figure and its unit stay on one line. */
function unbroken(text: string): string {
  return text.replace(/(\d) (ms|s|cm|m)\b/g, '$1\u00a0$2').replace(/(\d) %/g, '$1\u00a0%')
}

function agoWords(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000))
  return s < 60 ? words.secondsAgo(s) : words.minutesAgo(Math.floor(s / 60))
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
