import { NET_KINDS } from '#protocol/net-stats'
import type { NetSecond, ServerSecond } from '#client/net/net-log'
import type { Verdict } from '#client/net/verdict'
import type { SessionRow } from '#server/http/shapes'

/** What `gruppetto watch` shows, as text: pure, so that a test can read it. */

const SPARKS = '▁▂▃▄▅▆▇█'
/** Seconds in a spark line, where the terminal is wide enough; the words beside it go first. */
const SPARK_S_MAX = 40
const SPARK_S_MIN = 10
const WORDS_WIDTH = 66

/** The newest at the right; `leastMax` keeps a calm line calm. */
export function spark(values: readonly number[], leastMax: number, widthS = SPARK_S_MAX): string {
  const shown = values.slice(-widthS)
  const max = Math.max(leastMax, ...shown.filter((value) => !Number.isNaN(value)))
  return shown
    .map((value) => (Number.isNaN(value) ? ' ' : SPARKS[Math.min(7, Math.floor((Math.max(0, value) / max) * 8))]!))
    .join('')
}

export interface Seen {
  readonly where: string
  readonly seconds: readonly NetSecond[]
  readonly server: readonly ServerSecond[]
  readonly verdict: Verdict
  /** undefined: nobody asked with the organiser's token. */
  readonly sessions?: readonly RatedSession[]
}

/** The whole screen. */
export function screenText(seen: Seen, width: number): string[] {
  const { seconds, server, verdict, where } = seen
  const last = seconds.at(-1)
  const lines = [where, '', ...wrapped(`${verdict.words}.`, width), ...wrapped(remedyOf(verdict), width), '']
  if (last !== undefined) {
    const sparkS = Math.min(Math.max(width - WORDS_WIDTH, SPARK_S_MIN), SPARK_S_MAX)
    const row = (name: string, values: readonly number[], leastMax: number, words: string): string =>
      `  ${name.padEnd(11)} ${spark(values, leastMax, sparkS).padStart(sparkS)}  ${words}`
    const of = (pick: (second: NetSecond) => number): readonly number[] => seconds.map(pick)
    const { line } = last
    const kB = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB/s`
    lines.push(
      row(
        'round trip',
        of(({ line: l }) => (l.rttMs > 0 ? l.rttMs : NaN)),
        50,
        `${line.rttMs.toFixed(1)} ms, jitter ${line.jitterMs.toFixed(1)} ms`,
      ),
      row(
        'lost',
        of(({ line: l }) => Math.max(0, l.lost)),
        4,
        `${Math.max(0, line.lost)} of ${line.packets} packets, ${line.late} late`,
      ),
      row(
        'uneven',
        of(({ line: l }) => l.delayMs),
        50,
        `${line.delayMs.toFixed(1)} ms, longest gap ${Math.round(line.gapMs)} ms`,
      ),
      row(
        'down',
        of(({ line: l }) => l.bytesIn),
        2000,
        `${kB(line.bytesIn)}, ${line.packetsIn} packets`,
      ),
      row(
        'up',
        of(({ line: l }) => l.bytesOut),
        2000,
        `${kB(line.bytesOut)}, ${line.packetsOut} packets`,
      ),
      row(
        'server late',
        server.map(({ lateMaxMs }) => lateMaxMs),
        20,
        serverWords(server),
      ),
    )
    const kinds = kindsText(seconds)
    if (kinds !== '') lines.push('', ...wrapped(kinds, width - 4).map((line, i) => `${i === 0 ? '  ' : '    '}${line}`))
  }
  if (seen.sessions !== undefined) lines.push('', ...sessionLines(seen.sessions, width))
  return lines.map((line) => line.slice(0, width))
}

/** One line, where nothing can be drawn over. */
export function secondText(
  { atS, line, carrier, state }: NetSecond,
  server: ServerSecond | undefined,
  { who, isNow, words }: Verdict,
): string {
  const parts = [
    `${Math.round(atS)} s`.padStart(6),
    carrier === '' ? state : carrier,
    `rtt ${line.rttMs.toFixed(1)} ms`,
    `lost ${Math.max(0, line.lost)}/${line.packets}`,
    `uneven ${line.delayMs.toFixed(0)} ms`,
    `down ${(line.bytesIn / 1000).toFixed(1)} kB/s`,
    `up ${(line.bytesOut / 1000).toFixed(1)} kB/s`,
    server === undefined ? 'server ?' : `server late ${server.lateMaxMs} ms`,
    who === 'nobody' ? 'all well' : `${isNow ? 'now' : 'lately'}: ${words}`,
  ]
  return parts.join('  ')
}

function remedyOf({ who, isNow, remedy }: Verdict): string {
  if (who === 'nobody') return ''
  return isNow ? remedy : `It is over for now. ${remedy}`
}

function serverWords(server: readonly ServerSecond[]): string {
  const last = server.at(-1)
  if (last === undefined) return 'not heard of yet'
  const sparing = (last.ticksSparing ?? 0) > 0 ? ', at its end: packets are spared' : ''
  return `${last.lateMaxMs.toFixed(1)} ms, work ${last.stepMaxMs.toFixed(1)} ms, riders ${last.riders}, sessions ${last.sessions}${sparing}`
}

/** Where the bits of the last ten seconds went. */
function kindsText(seconds: readonly NetSecond[]): string {
  const sums = NET_KINDS.map((kind, i) => ({
    kind,
    bits: seconds.slice(-10).reduce((sum, { bits }) => sum + (bits[i] ?? 0), 0),
  }))
  const all = sums.reduce((sum, { bits }) => sum + bits, 0)
  if (all === 0) return ''
  const told = sums.filter(({ bits }) => bits / all >= 0.01).toSorted((a, b) => b.bits - a.bits)
  return `bits: ${told.map(({ kind, bits }) => `${kind === 'wire' ? 'headers' : kind} ${Math.round((bits / all) * 100)} %`).join(' · ')}`
}

export interface RatedSession {
  readonly row: SessionRow
  readonly downBps: number
  readonly upBps: number
  /** Shares of packets lost on the way down and up. */
  readonly downLoss: number
  readonly upLoss: number
  readonly refusedPs: number
  readonly repairsPs: number
  /** 1 and more: somebody feels it. */
  readonly trouble: number
}

/** Rates from two looks; a session that is new is measured since it began. The most troubled first. */
export function rateSessions(
  now: readonly SessionRow[],
  before: readonly SessionRow[],
  passedS: number,
): RatedSession[] {
  const keyOf = ({ room, id }: SessionRow): string => `${room}/${id}`
  const old = new Map(before.map((row) => [keyOf(row), row]))
  return now
    .map((row) => {
      const earlier = old.get(keyOf(row))
      const s = Math.max(earlier === undefined ? row.forS : passedS, 0.5)
      const count = (name: string): number => (row.counts[name] ?? 0) - (earlier?.counts[name] ?? 0)
      const share = (part: number, whole: number): number => (whole > 0 ? Math.min(Math.max(part / whole, 0), 1) : 0)
      const downLoss = share(count('unacked'), count('datagramsOut'))
      const upLoss = share(count('lost'), count('packets'))
      const refusedPs = count('refused') / s
      const trouble = Math.max(downLoss / 0.03, upLoss / 0.03, row.silentMs / 1000, row.rttMs / 500, refusedPs / 2)
      return {
        ...{ row, downLoss, upLoss, refusedPs, trouble },
        ...{ downBps: count('bytesOut') / s, upBps: count('bytesIn') / s, repairsPs: count('repairs') / s },
      }
    })
    .toSorted((a, b) => b.trouble - a.trouble || a.row.name.localeCompare(b.row.name))
}

const ROWS_MAX = 20
/** Names are padded on the right, figures on the left; together 80 columns. */
const COLUMNS = [
  ['rider', -15],
  ['as', -6],
  ['carrier', -9],
  ['acked in', 8],
  ['lost down', 9],
  ['up', 6],
  ['kB/s down', 9],
  ['up', 4],
] as const
const SILENT_WIDTH = 4

function sessionLines(sessions: readonly RatedSession[], width: number): string[] {
  const troubled = sessions.filter(({ trouble }) => trouble >= 1).length
  const head = `${sessions.length === 1 ? 'One session' : `${sessions.length} sessions`}, ${troubled === 0 ? 'none in trouble' : `${troubled} in trouble`}, the worst first`
  const line = (mark: string, cells: readonly string[], silent: string): string => {
    const padded = COLUMNS.map(([, size], i) => {
      const cell = cells[i]!.slice(0, Math.abs(size))
      return size < 0 ? cell.padEnd(-size) : cell.padStart(size)
    })
    return `${mark} ${padded.join(' ')} ${silent.padStart(SILENT_WIDTH)}`
  }
  const titles = COLUMNS.map(([title]) => title)
  const lines = [head, line(' ', titles, 'mute')]
  for (const { row, downLoss, upLoss, downBps, upBps, trouble } of sessions.slice(0, ROWS_MAX)) {
    const cells = [
      ...[row.name, row.use, row.carrier, `${row.rttMs} ms`],
      ...[`${(downLoss * 100).toFixed(1)} %`, `${(upLoss * 100).toFixed(1)} %`],
      ...[(downBps / 1000).toFixed(1), (upBps / 1000).toFixed(1)],
    ]
    const silent = row.silentMs >= 1000 ? `${(row.silentMs / 1000).toFixed(0)} s` : '–'
    lines.push(line(trouble >= 1 ? '!' : ' ', cells, silent))
  }
  if (sessions.length > ROWS_MAX) lines.push(`  and ${sessions.length - ROWS_MAX} more`)
  return lines.map((each) => each.slice(0, width))
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return line === '' ? lines : [...lines, line]
}
