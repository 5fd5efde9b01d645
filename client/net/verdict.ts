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

/** What is, and what to do about it. */
type Told = readonly [words: string, remedy: string]

/** Every sentence of a verdict, with the facts it is made of; in English: verdict-english.ts. */
export interface VerdictWords {
  readonly parts: Readonly<Record<Part, string>>
  readonly nothingYet: string
  readonly unseenYet: string
  readonly nobody: string
  readonly jumped: string
  readonly moved: (m: number) => string
  readonly ourFault: string
  readonly cut: Told
  readonly lost: (share: number) => Told
  readonly gap: (ms: number, carrier: string) => Told
  readonly queued: (ms: number) => Told
  readonly uneven: (ms: number, carrier: string) => Told
  readonly serverLate: (ms: number, isBusy: boolean) => Told
  readonly asleep: (ms: number) => Told
  readonly stalled: (ms: number) => Told
  readonly slowPicture: (ms: number) => Told
  readonly fewPictures: (count: number) => Told
  readonly oldWatts: (ms: number, isFalling: boolean) => Told
  readonly lineGood: (ms: number, lostShare: number) => string
  readonly serverGood: (ms: number, isSparing: boolean) => string
  readonly serverUnseen: string
  readonly noPicture: string
  readonly hidden: string
  readonly pictures: (count: number) => string
  readonly noSensor: string
  readonly wattsGood: (ms: number) => string
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
  /** A cut line is told without a name before it. */
  readonly isWhole?: boolean
  readonly told: (words: VerdictWords) => Told
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

export function verdictOf(seconds: readonly NetSecond[], server: readonly ServerSecond[], say: VerdictWords): Verdict {
  const last = seconds.at(-1)
  if (last === undefined) return nothingYet(say)
  const minute = seconds.filter(({ atS }) => atS > last.atS - MINUTE_S)
  const troubles = troublesOfAll(minute, server)
  const isNow = (i: number): boolean => minute[i]!.atS > last.atS - NOW_S
  const now = troubles.filter((_, i) => isNow(i)).flat()
  const all = now.length > 0 ? now : troubles.flat()
  const parts = partsOf(minute, now, server, say)
  const worst = worstPart(all)
  if (worst !== undefined) {
    const { part, told, isWhole = false } = worst
    const [words, remedy] = told(say)
    return { who: part, isNow: now.length > 0, words: isWhole ? words : `${say.parts[part]}: ${words}`, remedy, parts }
  }
  const moved = minute.findLast(
    ({ own, others }) => own.snaps + others.snaps > 0 || own.alongM > LIMITS.alongM || own.lateralM > LIMITS.lateralM,
  )
  if (moved !== undefined) {
    const hasJumped = moved.own.snaps + moved.others.snaps > 0
    const words = hasJumped ? say.jumped : say.moved(Math.max(moved.own.alongM, moved.own.lateralM))
    const remedy = say.ourFault
    return { who: 'unknown', isNow: moved.atS > last.atS - NOW_S, words, remedy, parts }
  }
  return { who: 'nobody', isNow: true, words: say.nobody, remedy: '', parts }
}

function nothingYet(say: VerdictWords): Verdict {
  const unseen: PartState = { level: 'unseen', words: say.unseenYet }
  const parts = { line: unseen, server: unseen, computer: unseen, trainer: unseen }
  return { who: 'nobody', isNow: true, words: say.nothingYet, remedy: '', parts }
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
  const blame = (times: number, told: Trouble['told'], lateMs?: number): void => {
    if (times >= 1) found.push({ part: 'line', times, told, ...(lateMs === undefined ? {} : { lateMs }) })
  }
  if (state === 'reconnecting' || state === 'closed')
    return [{ part: 'line', times: 20, isWhole: true, told: ({ cut }) => cut }]
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
    (say) => say.lost(Math.max(lossShare, line.packets > 0 ? line.lost / line.packets : 0)),
  )
  blame(line.gapMs / LIMITS.gapMs, (say) => say.gap(line.gapMs, carrier), line.gapMs)
  const best = Math.min(...soFar.map((each) => (each.line.rttMs > 0 ? each.line.rttMs : Infinity)))
  const queued = soFar.slice(-LIMITS.queueS)
  const isQueued = queued.length === LIMITS.queueS && queued.every((each) => each.line.rttMs >= best + LIMITS.queueMs)
  if (isQueued)
    blame(
      // Twice: its first seconds look like unevenness, and it is the better answer.
      (2 * (line.rttMs - best)) / LIMITS.queueMs,
      (say) => say.queued(Math.round(line.rttMs - best)),
      line.rttMs - best,
    )
  else blame(line.delayMs / LIMITS.delayMs, (say) => say.uneven(Math.round(line.delayMs), carrier), line.delayMs)
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
      told: (say) => say.serverLate(Math.round(lateMs), isBusy),
    },
  ]
}

function computerTroubles({ computer }: NetSecond, soFar: readonly NetSecond[]): Trouble[] {
  if (computer === undefined) return []
  const found: Trouble[] = []
  const blame = (times: number, told: Trouble['told']): void => {
    if (times >= 1) found.push({ part: 'computer', times, told })
  }
  if (computer.isHidden) {
    blame(computer.stallMs / LIMITS.hiddenStallMs, (say) => say.asleep(computer.stallMs))
    return found
  }
  blame(computer.stallMs / LIMITS.stallMs, (say) => say.stalled(Math.round(computer.stallMs)))
  blame(computer.frames > 0 ? computer.frameMs / LIMITS.frameMs : 0, (say) =>
    say.slowPicture(Math.round(computer.frameMs)),
  )
  const seen = soFar.slice(-LIMITS.queueS).flatMap((each) => (each.computer?.isHidden === false ? [each.computer] : []))
  const most = Math.max(0, ...seen.map(({ frames }) => frames))
  blame(seen.length === LIMITS.queueS && most < LIMITS.framesMin ? LIMITS.framesMin / Math.max(most, 1) : 0, (say) =>
    say.fewPictures(most),
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
      told: (say) => say.oldWatts(trainer.ageMs, isFalling),
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
  say: VerdictWords,
): Readonly<Record<Part, PartState>> {
  const last = minute.at(-1)!
  const lately = minute.slice(-NOW_S)
  const state = (part: Part, words: string, isSeen = true): PartState => {
    const trouble = worstPart(now.filter((each) => each.part === part))
    if (trouble !== undefined) return { level: 'bad', words: trouble.told(say)[0] }
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
    line: state('line', say.lineGood(Math.round(rttMs), packets > 0 ? lost / packets : 0)),
    server: state(
      'server',
      pulse.length > 0 ? say.serverGood(Math.max(1, Math.round(lateMs)), isSparing) : say.serverUnseen,
      pulse.length > 0,
    ),
    computer: state(
      'computer',
      last.computer === undefined
        ? say.noPicture
        : last.computer.isHidden
          ? say.hidden
          : say.pictures(last.computer.frames),
      last.computer !== undefined,
    ),
    trainer: state(
      'trainer',
      last.trainer === undefined ? say.noSensor : say.wattsGood(last.trainer.ageMs),
      last.trainer !== undefined,
    ),
  }
}

const sum = (seconds: readonly NetSecond[], of: (second: NetSecond) => number): number =>
  seconds.reduce((total, second) => total + of(second), 0)
