import { TICK_MS } from '#protocol/limits'
import type { NetSecond, ServerSecond } from './net-log.ts'

/**
 * Whose fault is the stutter? The line's, the server's, this computer's, the trainer's, or nobody's: one answer, made of
 * the last minute, with the figure it rests on and what to do. Rules [D165] to [D169] of docs/connections.md.
 */
export type Part = 'line' | 'server' | 'computer' | 'trainer'

export interface Verdict {
  /** 'unknown': something moved, and none of the four explains it. */
  readonly who: Part | 'nobody' | 'unknown'
  /** Within the last ten seconds; else it is over. */
  readonly isNow: boolean
  readonly words: string
  readonly remedy: string
  readonly parts: Readonly<Record<Part, PartState>>
}

export interface PartState {
  /** 'unseen': nothing is known of it here. */
  readonly level: 'good' | 'bad' | 'unseen'
  /** Ended by no stop. */
  readonly words: string
}

/** Beyond any of these a rider feels it. The table stands in docs/connections.md. */
export const LIMITS = {
  /** Share of packets lost over ten seconds, and lost in one second. */
  lossShare: 0.03,
  lostInOneS: 4,
  /** Packets later than the shortest transit by this: the prediction has to coast. */
  delayMs: 100,
  /** Round trips longer than the shortest of the last minutes by this, three seconds long: somebody's queue is full. */
  queueMs: 120,
  queueS: 3,
  gapMs: 500,
  /** A tick's packets leave so late. */
  tickLateMs: 60,
  frameMs: 200,
  /** Pictures a second, while the page is seen, three seconds long. */
  framesMin: 15,
  stallMs: 150,
  hiddenStallMs: 1000,
  /** Watts older than this; they are held for three seconds and fall then. */
  sampleMs: 1800,
  /** A correction that can be seen. */
  alongM: 0.5,
  lateralM: 0.4,
} as const

const NOW_S = 10
const MINUTE_S = 60
/** Seconds of two machines do not begin together. */
const APART_TICKS = 30
/** What was held up somewhere is late by that, and by what came meanwhile. */
const HELD_MARGIN = 1.3
const HELD_MORE_MS = 60

interface Trouble {
  readonly part: Part
  /** Measured over allowed: 1 is just too much. */
  readonly times: number
  readonly words: string
  readonly remedy: string
  /** Packets came so late, for whatever reason: a page or a server that stood still makes it look so. */
  readonly lateMs?: number
}

/** Whose fault each second is; undefined: nobody's. */
export function blamesOf(
  seconds: readonly NetSecond[],
  server: readonly ServerSecond[],
): readonly (Part | undefined)[] {
  return troublesOfAll(seconds, server).map((troubles) => worstPart(troubles)?.part)
}

export function verdictOf(seconds: readonly NetSecond[], server: readonly ServerSecond[]): Verdict {
  const last = seconds.at(-1)
  if (last === undefined) return nothingYet()
  const minute = seconds.filter(({ atS }) => atS > last.atS - MINUTE_S)
  const troubles = troublesOfAll(minute, server)
  const isNow = (i: number): boolean => minute[i]!.atS > last.atS - NOW_S
  const now = troubles.filter((_, i) => isNow(i)).flat()
  const all = now.length > 0 ? now : troubles.flat()
  const parts = partsOf(minute, now, server)
  const worst = worstPart(all)
  if (worst !== undefined) {
    const { part, words, remedy } = worst
    return { who: part, isNow: now.length > 0, words, remedy, parts }
  }
  const moved = minute.findLast(
    ({ own, others }) => own.snaps + others.snaps > 0 || own.alongM > LIMITS.alongM || own.lateralM > LIMITS.lateralM,
  )
  if (moved !== undefined) {
    const words =
      moved.own.snaps + moved.others.snaps > 0
        ? 'Somebody jumped, though line, server, computer and trainer are within their limits'
        : `Your rider was moved by ${metres(Math.max(moved.own.alongM, moved.own.lateralM))}, though line, server, computer and trainer are within their limits`
    const remedy = 'That looks like a fault of Gruppetto itself: save these figures and file them as an issue.'
    return { who: 'unknown', isNow: moved.atS > last.atS - NOW_S, words, remedy, parts }
  }
  const words = 'Nobody: the line, the server and everything else seen here is within its limits'
  return { who: 'nobody', isNow: true, words, remedy: '', parts }
}

function nothingYet(): Verdict {
  const unseen: PartState = { level: 'unseen', words: 'nothing was measured yet' }
  const parts = { line: unseen, server: unseen, computer: unseen, trainer: unseen }
  return { who: 'nobody', isNow: true, words: 'Nothing was measured yet', remedy: '', parts }
}

function troublesOfAll(seconds: readonly NetSecond[], server: readonly ServerSecond[]): Trouble[][] {
  const troubles = seconds.map((second, i) =>
    troublesOf(second, seconds.slice(Math.max(0, i + 1 - MINUTE_S), i + 1), server),
  )
  return unblamed(troubles, seconds, server)
}

/** What went wrong in this second; `soFar` ends with it. */
function troublesOf(second: NetSecond, soFar: readonly NetSecond[], server: readonly ServerSecond[]): Trouble[] {
  return [
    ...lineTroubles(second, soFar),
    ...serverTroubles(second, server),
    ...computerTroubles(second, soFar),
    ...trainerTroubles(second),
  ]
}

function lineTroubles({ line, state, carrier }: NetSecond, soFar: readonly NetSecond[]): Trouble[] {
  const lately = soFar.slice(-NOW_S)
  const found: Trouble[] = []
  const blame = (times: number, words: string, remedy: string, lateMs?: number): void => {
    if (times >= 1) found.push({ part: 'line', times, words, remedy, ...(lateMs === undefined ? {} : { lateMs }) })
  }
  if (state === 'reconnecting' || state === 'closed') {
    blame(20, 'The line was cut', 'Look whether this computer is on the network, and whether the server runs.')
    return found
  }
  const packets = sum(lately, (each) => each.line.packets)
  const lossShare =
    packets > 0
      ? Math.max(
          0,
          sum(lately, (each) => each.line.lost),
        ) / packets
      : 0
  const isLossy = lately.length >= 3 && packets >= 30
  blame(
    // A second counts only by what it lost itself: what others lost belongs to them.
    line.lost > 0 ? Math.max(isLossy ? lossShare / LIMITS.lossShare : 0, line.lost / LIMITS.lostInOneS) : 0,
    `The line: ${percent(Math.max(lossShare, line.packets > 0 ? line.lost / line.packets : 0))} of the packets get lost`,
    'Use a cable, or sit nearer to the access point; on a phone, look for a better cell.',
  )
  blame(
    line.gapMs / LIMITS.gapMs,
    `The line: nothing came for ${seconds(line.gapMs)}`,
    carrier === 'websocket'
      ? 'A WebSocket waits for every lost packet. Let UDP through (gruppetto doctor says which port), or use a cable.'
      : 'Use a cable, or sit nearer to the access point.',
    line.gapMs,
  )
  const best = Math.min(...soFar.map((each) => (each.line.rttMs > 0 ? each.line.rttMs : Infinity)))
  const queued = soFar.slice(-LIMITS.queueS)
  const isQueued = queued.length === LIMITS.queueS && queued.every((each) => each.line.rttMs >= best + LIMITS.queueMs)
  if (isQueued)
    blame(
      // Twice: its first seconds look like unevenness, and it is the better answer.
      (2 * (line.rttMs - best)) / LIMITS.queueMs,
      `The line: packets wait ${Math.round(line.rttMs - best)} ms in a queue on their way`,
      'Something else fills the line: pause uploads, films and updates in the house, or turn on smart queues in the router.',
      line.rttMs - best,
    )
  else
    blame(
      line.delayMs / LIMITS.delayMs,
      `The line: packets come unevenly, up to ${Math.round(line.delayMs)} ms late`,
      carrier === 'websocket'
        ? 'A WebSocket waits for every lost packet. Let UDP through (gruppetto doctor says which port), or use a cable.'
        : 'Use a cable, or another channel of the Wi-Fi; pause what else uses the line.',
      line.delayMs,
    )
  return found
}

/** The server's seconds that ran in this one of ours; one that was late for long is told of as its end. */
function serverAt({ tick }: NetSecond, server: readonly ServerSecond[]): readonly ServerSecond[] {
  return server.filter((each) => {
    const apart = tick - each.tick
    return apart >= -APART_TICKS && apart <= APART_TICKS + each.lateMaxMs / TICK_MS
  })
}

function serverLateMs(second: NetSecond, server: readonly ServerSecond[]): number {
  return Math.max(0, ...serverAt(second, server).map((each) => each.lateMaxMs + each.stepMaxMs))
}

function serverTroubles(second: NetSecond, server: readonly ServerSecond[]): Trouble[] {
  const lateMs = serverLateMs(second, server)
  if (lateMs < LIMITS.tickLateMs) return []
  const isBusy = serverAt(second, server).some(
    // A machine that is taken away makes ticks late, and now and then a long one, too.
    ({ stepMaxMs, lateMaxMs }) => stepMaxMs >= LIMITS.tickLateMs / 2 && stepMaxMs >= lateMaxMs,
  )
  return [
    {
      part: 'server',
      times: lateMs / LIMITS.tickLateMs,
      words: `The server: a tick of its world ended ${Math.round(lateMs)} ms late`,
      remedy: isBusy
        ? 'Its world has more riders than its machine can carry: fewer pacers and bots, or a faster machine.'
        : 'Something else on its machine takes the processor: look there with top, and at gruppetto watch.',
    },
  ]
}

function computerTroubles({ computer }: NetSecond, soFar: readonly NetSecond[]): Trouble[] {
  if (computer === undefined) return []
  const found: Trouble[] = []
  const blame = (times: number, words: string, remedy: string): void => {
    if (times >= 1) found.push({ part: 'computer', times, words, remedy })
  }
  if (computer.isHidden) {
    blame(
      computer.stallMs / LIMITS.hiddenStallMs,
      `This computer: the page was hidden, and the browser let it sleep for ${seconds(computer.stallMs)}`,
      'Keep the page visible, in a window of its own, or let a bridge pedal (gruppetto bridge).',
    )
    return found
  }
  blame(
    computer.stallMs / LIMITS.stallMs,
    `This computer: the page was held up for ${Math.round(computer.stallMs)} ms`,
    'Close other pages and programs; an extension of the browser may do it too: try a private window.',
  )
  blame(
    computer.frames > 0 ? computer.frameMs / LIMITS.frameMs : 0,
    `This computer: one picture stood for ${Math.round(computer.frameMs)} ms`,
    'Choose a lower picture quality (add ?quality=low to the address), close other pages.',
  )
  const seen = soFar.slice(-LIMITS.queueS).flatMap((each) => (each.computer?.isHidden === false ? [each.computer] : []))
  const most = Math.max(0, ...seen.map(({ frames }) => frames))
  blame(
    seen.length === LIMITS.queueS && most < LIMITS.framesMin ? LIMITS.framesMin / Math.max(most, 1) : 0,
    `This computer: it draws ${most === 1 ? 'one picture' : `${most} pictures`} a second`,
    'Choose a lower picture quality (add ?quality=low to the address), and look whether the browser uses the graphics card.',
  )
  return found
}

function trainerTroubles({ trainer }: NetSecond): Trouble[] {
  if (trainer === undefined || trainer.ageMs < LIMITS.sampleMs) return []
  const isFalling = trainer.ageMs > 3000
  return [
    {
      part: 'trainer',
      times: trainer.ageMs / LIMITS.sampleMs,
      words: `The trainer: its newest watts are ${seconds(trainer.ageMs)} old${isFalling ? ', so your watts fall' : ''}`,
      remedy:
        'Bring the computer or its stick nearer to the trainer, away from Wi-Fi; look at the battery of the power meter.',
    },
  ]
}

/**
 * [D166] A page that stood still, and a server that was late, make packets look late: in such a second, and in those beside
 * it, so much lateness is not the line's. Loss, and what is later than that, stays its own.
 */
function unblamed(
  troubles: readonly Trouble[][],
  seconds: readonly NetSecond[],
  server: readonly ServerSecond[],
): Trouble[][] {
  const heldMs = seconds.map((second) => Math.max(serverLateMs(second, server), second.computer?.stallMs ?? 0))
  return troubles.map((each, i) => {
    const mayMs = Math.max(heldMs[i - 1] ?? 0, heldMs[i]!, heldMs[i + 1] ?? 0) * HELD_MARGIN + HELD_MORE_MS
    return each.filter(({ lateMs }) => lateMs === undefined || lateMs > mayMs)
  })
}

/** The part with the most trouble; of its troubles the greatest. */
function worstPart(troubles: readonly Trouble[]): Trouble | undefined {
  const sums = new Map<Part, number>()
  for (const { part, times } of troubles) sums.set(part, (sums.get(part) ?? 0) + Math.min(times, 10))
  const [worst] = [...sums].toSorted((a, b) => b[1] - a[1])
  if (worst === undefined) return undefined
  return troubles.filter(({ part }) => part === worst[0]).toSorted((a, b) => b.times - a.times)[0]
}

function partsOf(
  minute: readonly NetSecond[],
  now: readonly Trouble[],
  server: readonly ServerSecond[],
): Readonly<Record<Part, PartState>> {
  const last = minute.at(-1)!
  const lately = minute.slice(-NOW_S)
  const state = (part: Part, words: string, isSeen = true): PartState => {
    const trouble = worstPart(now.filter((each) => each.part === part))
    if (trouble !== undefined) return { level: 'bad', words: trouble.words.replace(/^[^:]*: /, '') }
    return { level: isSeen ? 'good' : 'unseen', words }
  }
  const packets = sum(lately, (each) => each.line.packets)
  const lost = Math.max(
    0,
    sum(lately, (each) => each.line.lost),
  )
  const { rttMs } = lately.findLast(({ line }) => line.rttMs > 0)?.line ?? last.line
  const pulse = server.filter(({ tick }) => Math.abs(tick - last.tick) <= NOW_S * 20 + APART_TICKS)
  const lateMs = Math.max(0, ...pulse.map((each) => each.lateMaxMs + each.stepMaxMs))
  const isSparing = pulse.some(({ ticksSparing = 0 }) => ticksSparing > 0)
  return {
    line: state('line', `${Math.round(rttMs)} ms there and back, ${percent(packets > 0 ? lost / packets : 0)} lost`),
    server: state(
      'server',
      pulse.length > 0
        ? `ticks end within ${Math.max(1, Math.round(lateMs))} ms${isSparing ? '; it is at its end and tells everybody ten times a second only' : ''}`
        : 'not heard of yet',
      pulse.length > 0,
    ),
    computer: state(
      'computer',
      last.computer === undefined
        ? 'no picture is drawn here'
        : last.computer.isHidden
          ? 'the page is hidden and rides on'
          : `${last.computer.frames} pictures a second`,
      last.computer !== undefined,
    ),
    trainer: state(
      'trainer',
      last.trainer === undefined ? 'no sensor on this page' : `watts at most ${seconds(last.trainer.ageMs)} old`,
      last.trainer !== undefined,
    ),
  }
}

const sum = (seconds: readonly NetSecond[], of: (second: NetSecond) => number): number =>
  seconds.reduce((total, second) => total + of(second), 0)
const percent = (share: number): string => `${share < 0.0995 ? (share * 100).toFixed(1) : Math.round(share * 100)} %`
const seconds = (ms: number): string => (ms < 950 ? `${Math.round(ms / 10) * 10} ms` : `${(ms / 1000).toFixed(1)} s`)
const metres = (m: number): string => (m < 1 ? `${Math.round(m * 100)} cm` : `${m.toFixed(1)} m`)
