import { type Grant, ServerDoor } from '#bridges/server-door'
import { NetLog, type ServerSecond } from '#client/net/net-log'
import { type Verdict, verdictOf } from '#client/net/verdict'
import { VERDICT_ENGLISH } from '#client/net/verdict-english'
import { readConfig } from '#server/config'
import type { PulseAnswer, SessionRow, SessionsAnswer } from '#server/http/shapes'
import { TICK_MS } from '#protocol/limits'
import { type Command, figure, type Figure, type Report, UsageError } from './command.ts'
import { serverOf } from './doctor.ts'
import { isWelcome, type Line, type LineOpened, openRtcLine, openSocketLine, openUdpLine } from './line-probe.ts'
import { rateSessions, type RatedSession, screenText, secondText, type Seen } from './watch/screen.ts'

const SECOND_MS = 1000
const WELCOME_MS = 5000
const ANSWER_MS = 3000
/** What `--once` measures. */
const ONCE_S = 5
const CARRIERS = ['udp', 'webrtc', 'websocket'] as const
type Carrier = (typeof CARRIERS)[number]

export const command: Command = {
  name: 'watch',
  summary: 'see the line to a server, and everybody’s on it, second by second',
  options: [
    { name: 'server', value: 'URL', summary: 'where; the server of this machine by default' },
    { name: 'carrier', value: 'NAME', summary: 'udp, webrtc or websocket', default: 'udp' },
    { name: 'room', value: 'ID', summary: 'the road to look on; the permanent one by default' },
    { name: 'token', value: 'TOKEN', summary: 'the organiser’s: lists every session on the server, the worst first' },
    { name: 'rider', value: 'NAME', summary: 'with --token: only sessions of riders whose name contains this' },
    { name: 'once', summary: `measure for ${ONCE_S} seconds, print once, and end; so does --json` },
  ],
  details: [
    'Opens a line of its own, looks on from a pacer’s wheel, and says whose fault a stutter is: the line’s or the server’s (the',
    'page /net knows the rider’s computer and trainer, too). On a terminal it draws over itself, else it prints a line a second.',
    'Ctrl-C ends it. Exit code with --once: 0 when it is nobody’s fault, else 1. The token may stand in GRUPPETTO_TOKEN.',
    'Examples:',
    '  gruppetto watch --server https://club.example --carrier webrtc',
    '  gruppetto watch --once --token "$TOKEN" --rider Ada',
  ].join('\n'),

  async run(invocation) {
    const { text, flag, say, signal, isJson } = invocation
    const server = serverOf(text('server'), readConfig())
    const carrier = CARRIERS.find((name) => name === text('carrier'))
    if (carrier === undefined) throw new UsageError(`--carrier ${text('carrier')} is none of ${CARRIERS.join(', ')}`)
    const isOnce = flag('once') || isJson
    const watcher = await openWatcher({
      ...{ server, carrier, room: text('room') ?? '', rider: text('rider') ?? '' },
      token: text('token') ?? process.env['GRUPPETTO_TOKEN'],
    })
    const isDrawn = process.stdout.isTTY && !isOnce
    let drawn = 0
    try {
      const lastS = isOnce ? ONCE_S : Infinity
      for (let s = 0; s < lastS && !signal.aborted; s++) {
        await pause(SECOND_MS, signal)
        if (signal.aborted) break // A second that was cut short measures nothing.
        await watcher.second()
        if (isOnce) continue
        const { seconds, server: pulse, verdict } = watcher.seen
        if (isDrawn) {
          const { columns, rows } = process.stdout
          // What is higher than the window would scroll, and could not be drawn over.
          const lines = screenText(watcher.seen, Math.max(60, columns || 80)).slice(0, Math.max(8, (rows || 24) - 1))
          // Up to where the last picture began, and away with what is longer there.
          say(`${drawn > 0 ? `\u001b[${drawn}A` : ''}${lines.map((line) => `\u001b[2K${line}`).join('\n')}\u001b[J`)
          drawn = lines.length
        } else if (seconds.length > 0) say(secondText(seconds.at(-1)!, pulse.at(-1), verdict))
      }
      if (!isOnce) return 0
      const { seen } = watcher
      if (!isJson) for (const line of screenText(seen, 110)) say(line)
      return isJson ? reportOf(seen) : seen.verdict.who === 'nobody' ? 0 : 1
    } finally {
      watcher.close()
    }
  },
}

interface WatcherOptions {
  readonly server: URL
  readonly carrier: Carrier
  readonly room: string
  readonly rider: string
  readonly token: string | undefined
}

export interface Watcher {
  readonly seen: Seen
  /** A second is over: looks at the line, and asks the server how it did. */
  second(): Promise<void>
  close(): void
}

/** A line of our own, and the server's figures beside it. Throws one sentence when there is no such server or line. */
export async function openWatcher(options: WatcherOptions): Promise<Watcher> {
  const { server, carrier, room, rider, token } = options
  const nowMs = (): number => performance.now()
  let { grant, line } = await openLine(options, nowMs)
  const { stats } = line.client
  const log = new NetLog(stats)
  const where = `${server.origin}, over ${carrier}${carrier === 'udp' ? ` to ${grant.datagram.host}:${grant.datagram.port}` : ''}`
  const beganMs = nowMs()
  let pulse: readonly ServerSecond[] = []
  let sessions: { readonly atMs: number; readonly rows: readonly SessionRow[] } | undefined
  let rated: readonly RatedSession[] | undefined
  let clockMs: number | undefined
  let verdict: Verdict = verdictOf([], [], VERDICT_ENGLISH)
  const look = async (): Promise<void> => {
    const answer = await ask<PulseAnswer>(server, `/api/pulse${room === '' ? '' : `?room=${encodeURIComponent(room)}`}`)
    if (answer !== undefined) pulse = answer.seconds
    if (token === undefined) return
    const list = await ask<SessionsAnswer>(server, '/api/sessions', token)
    if (list === undefined) return
    const rows = list.sessions.filter((row) => (room === '' || row.room === room) && isNamed(row.name, rider))
    rated = rateSessions(rows, sessions?.rows ?? [], (list.atMs - (sessions?.atMs ?? list.atMs)) / SECOND_MS)
    sessions = { atMs: list.atMs, rows }
  }
  return {
    get seen() {
      return {
        where,
        seconds: log.seconds,
        server: pulse,
        verdict,
        ...(rated === undefined ? {} : { sessions: rated }),
      }
    },
    async second() {
      await look()
      const atMs = nowMs()
      const isOver = line.client.closed !== undefined
      const tick = line.client.session.tickAt(atMs)
      clockMs ??= tick * TICK_MS - atMs
      line.client.buffer.take() // Nobody draws them.
      log.take((atMs - beganMs) / SECOND_MS, {
        ...{ tick, carrier: isOver ? '' : carrier, state: isOver ? 'reconnecting' : 'riding' },
        inView: 0,
        clockMs: Math.round((tick * TICK_MS - atMs - clockMs) * 10) / 10,
        silentMs: line.client.buffer.silentMs(atMs),
      })
      verdict = verdictOf(log.seconds, pulse, VERDICT_ENGLISH)
      if (!isOver) return
      // The server was started again, or fell silent: its figures go on in the same log.
      const again = await openLine(options, nowMs, stats).catch(() => undefined)
      if (again !== undefined) ({ grant, line } = again)
    },
    close: () => line.close(),
  }
}

async function openLine(
  { server, carrier, room }: WatcherOptions,
  nowMs: () => number,
  stats?: Line['client']['stats'],
): Promise<{ grant: Grant; line: Line }> {
  const got = await new ServerDoor(server).token({ lookOn: room })
  if (!got.ok) throw new Error(got.sentence)
  const opened = await open(carrier, got.value, server, nowMs, stats)
  if (!opened.ok)
    throw new Error(`${carrier} does not open: ${opened.why}; "gruppetto doctor ${server.origin}" says more.`)
  if (await isWelcome(opened.line, WELCOME_MS)) return { grant: got.value, line: opened.line }
  opened.line.close()
  throw new Error(
    `${carrier} brings no answer within ${WELCOME_MS / 1000} s; "gruppetto doctor ${server.origin}" says why.`,
  )
}

function open(
  carrier: Carrier,
  grant: Grant,
  server: URL,
  nowMs: () => number,
  stats: Line['client']['stats'] | undefined,
): Promise<LineOpened> {
  switch (carrier) {
    case 'udp':
      return openUdpLine(grant, nowMs, stats)
    case 'websocket':
      return openSocketLine(grant, server, nowMs, stats)
    case 'webrtc':
      return openRtcLine(grant, server, nowMs, stats)
  }
}

/** undefined: no answer, or a refusal; the line's own figures go on without it. */
async function ask<T>(server: URL, path: string, token?: string): Promise<T | undefined> {
  try {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const response = await fetch(new URL(path, server), { headers, signal: AbortSignal.timeout(ANSWER_MS) })
    if (response.status === 403)
      throw new UsageError('--token is not the organiser’s of this server; `serve --new-token` makes another')
    return response.ok ? ((await response.json()) as T) : undefined
  } catch (error) {
    if (error instanceof UsageError) throw error
    return undefined
  }
}

function isNamed(name: string, part: string): boolean {
  return name.toLowerCase().includes(part.toLowerCase())
}

function reportOf({ seconds, server, verdict, sessions }: Seen): Report {
  const lines = seconds.map(({ line }) => line)
  const sum = (of: (line: (typeof lines)[number]) => number): number =>
    lines.reduce((total, line) => total + of(line), 0)
  const packets = sum(({ packets: count }) => count)
  const count = Math.max(1, lines.length)
  const figures: Record<string, Figure> = {
    'verdict.who': { value: verdict.who, unit: '' },
    'verdict.words': { value: verdict.words, unit: '' },
    'verdict.remedy': { value: verdict.remedy, unit: '' },
    'line.rtt': figure(lines.findLast(({ rttMs }) => rttMs > 0)?.rttMs ?? 0, 'ms'),
    'line.jitter': figure(lines.at(-1)?.jitterMs ?? 0, 'ms'),
    'line.uneven.max': figure(Math.max(0, ...lines.map(({ delayMs }) => delayMs)), 'ms'),
    'line.gap.max': figure(Math.max(0, ...lines.map(({ gapMs }) => gapMs)), 'ms'),
    'line.lost': figure(
      packets > 0
        ? (Math.max(
            0,
            sum(({ lost }) => lost),
          ) /
            packets) *
            100
        : 0,
      '%',
    ),
    'line.down': figure(sum(({ bytesIn }) => bytesIn) / 1000 / count, 'kB/s'),
    'line.up': figure(sum(({ bytesOut }) => bytesOut) / 1000 / count, 'kB/s'),
    'server.late.max': figure(Math.max(0, ...server.map(({ lateMaxMs }) => lateMaxMs)), 'ms'),
    'server.work.max': figure(Math.max(0, ...server.map(({ stepMaxMs }) => stepMaxMs)), 'ms'),
  }
  for (const { row, trouble, downLoss, upLoss, downBps, upBps } of sessions ?? []) {
    const words = `${row.name}, ${row.use}, ${row.carrier}, ${row.rttMs} ms, lost ${(downLoss * 100).toFixed(1)} % down and ${(upLoss * 100).toFixed(1)} % up, ${(downBps / 1000).toFixed(1)} kB/s down, ${(upBps / 1000).toFixed(1)} kB/s up`
    figures[`session.${row.room}.${row.id}`] = { value: words, unit: trouble >= 1 ? 'trouble' : '' }
  }
  const isFine = verdict.who === 'nobody'
  return { ok: isFine, figures, failures: isFine ? [] : [`${verdict.words}. ${verdict.remedy}`] }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
}
