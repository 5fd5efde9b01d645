import { describe, expect, it } from 'vitest'
import { NetStats } from '#protocol/net-stats'
import { LOG_SECONDS, NetLog, type NetSecond, type ServerSecond } from './net-log.ts'
import { LIMITS, verdictOf as judge, type Verdict } from './verdict.ts'
import { VERDICT_ENGLISH } from './verdict-english.ts'

const verdictOf = (seconds: readonly NetSecond[], pulse: readonly ServerSecond[]): Verdict =>
  judge(seconds, pulse, VERDICT_ENGLISH)

type Change = {
  readonly [K in keyof NetSecond]?: K extends 'line' | 'own' | 'computer' | 'trainer' ? object : NetSecond[K]
}

const correction = { count: 4, alongM: 0.01, lateralM: 0.01, snaps: 0 }

/** A good second of a rider at a desk. */
function second(atS: number, change: Change = {}): NetSecond {
  const line = {
    ...{ bytesIn: 1800, bytesOut: 900, packetsIn: 20, packetsOut: 14, packets: 20, lost: 0, late: 0, duplicate: 0 },
    ...{ refused: 0, rttMs: 32, jitterMs: 2, delayMs: 6, gapMs: 62, repairs: 0, moves: 0 },
  }
  const good = {
    ...{ atS, tick: atS * 20, state: 'riding' as const, carrier: 'webrtc', line, own: correction, others: correction },
    ...{ bits: [], inView: 12, clockMs: 0 },
    computer: { frames: 60, frameMs: 18, stallMs: 4, isHidden: false },
    trainer: { samples: 4, ageMs: 260 },
  }
  return {
    ...good,
    ...change,
    line: { ...line, ...change.line },
    own: { ...correction, ...change.own },
    computer: { ...good.computer, ...change.computer },
    trainer: { ...good.trainer, ...change.trainer },
  }
}

const server = (atS: number, change: Partial<ServerSecond> = {}): ServerSecond => ({
  ...{ tick: atS * 20, stepMaxMs: 3, lateMaxMs: 2, ticksLate: 0, droppedTicks: 0, riders: 12, sessions: 12 },
  ...change,
})

/** A minute, changed in the seconds that `at` names. */
function minute(at: (atS: number) => Change | undefined = () => undefined): NetSecond[] {
  return Array.from({ length: 60 }, (_, i) => second(i + 1, at(i + 1)))
}
const pulse = (at: (atS: number) => Partial<ServerSecond> | undefined = () => undefined): ServerSecond[] =>
  Array.from({ length: 60 }, (_, i) => server(i + 1, at(i + 1)))

const late = { line: { delayMs: 420, gapMs: 520 } }

describe('whose fault is it', () => {
  it('[D165] a good minute is nobody’s fault, and each of the four says how it is', () => {
    const verdict = verdictOf(minute(), pulse())
    expect(verdict).toMatchObject({ who: 'nobody', isNow: true, remedy: '' })
    expect(Object.values(verdict.parts).map(({ level }) => level)).toEqual(['good', 'good', 'good', 'good'])
    expect(verdict.parts.line.words).toBe('32 ms there and back, 0.0 % lost')
    expect(verdict.parts.server.words).toBe('ticks end within 5 ms')
  })

  it('[D200] a server that spares packets says so', () => {
    const { parts } = verdictOf(
      minute(),
      pulse((atS) => (atS > 55 ? { ticksSparing: 20 } : undefined)),
    )
    expect(parts.server.words).toBe(
      'ticks end within 5 ms; it is at its end and tells everybody ten times a second only',
    )
  })

  it.each([
    ['loss', { line: { lost: 3, packets: 20 } }, /^The line: 15 % of the packets get lost$/],
    ['silence', { line: { gapMs: 2300 } }, /^The line: nothing came for 2.3 s$/],
    ['unevenness', { line: { delayMs: 180, gapMs: 240 } }, /^The line: packets come unevenly, up to 180 ms late$/],
    ['a cut', { state: 'reconnecting' as const }, /^The line was cut$/],
  ])('[D165] the line is blamed for %s', (_, change, words) => {
    const verdict = verdictOf(
      minute((atS) => (atS > 50 ? change : undefined)),
      pulse(),
    )
    expect(verdict).toMatchObject({ who: 'line', isNow: true })
    expect(verdict.words).toMatch(words)
    expect(verdict.remedy).not.toBe('')
    expect(verdict.parts.line.level).toBe('bad')
    expect(verdict.parts.server.level).toBe('good')
  })

  it('[D167] a full queue is told from unevenness: round trips stay long, and little is lost', () => {
    const bloat = { line: { delayMs: 300, rttMs: 370, gapMs: 130 } }
    const verdict = verdictOf(
      minute((atS) => (atS > 54 ? bloat : undefined)),
      pulse(),
    )
    expect(verdict.who).toBe('line')
    expect(verdict.words).toBe('The line: packets wait 338 ms in a queue on their way')
    expect(verdict.remedy).toContain('uploads')
  })

  it('[D167] over a WebSocket lateness has its own remedy: let UDP through', () => {
    const verdict = verdictOf(
      minute((atS) => (atS > 55 ? { carrier: 'websocket', line: { delayMs: 260 } } : undefined)),
      pulse(),
    )
    expect(verdict.who).toBe('line')
    expect(verdict.remedy).toContain('gruppetto doctor')
  })

  it('[D166] packets that are late because the server was late are the server’s fault, not the line’s', () => {
    const verdict = verdictOf(
      minute((atS) => (atS === 57 ? late : undefined)),
      pulse((atS) => (atS === 58 ? { lateMaxMs: 410, ticksLate: 8 } : undefined)),
    )
    expect(verdict).toMatchObject({ who: 'server', isNow: true })
    expect(verdict.words).toBe('The server: a tick of its world ended 413 ms late')
    expect(verdict.parts.line.level).toBe('good')
  })

  it('[D166] a server that was a little late explains a little lateness, and no more', () => {
    const verdict = verdictOf(
      minute((atS) => (atS > 54 ? { line: { delayMs: 380, gapMs: 420 } } : undefined)),
      pulse((atS) => (atS > 54 ? { lateMaxMs: 70 } : undefined)),
    )
    expect(verdict.who).toBe('line')
    expect(verdict.parts.server.level).toBe('bad')
  })

  it('[D166] a server that stood still for seconds is the one, though its ticks fall behind ours meanwhile', () => {
    const silent = { 56: 900, 57: 1900, 58: 2900 } as Record<number, number>
    const verdict = verdictOf(
      minute((atS) => (silent[atS] === undefined ? undefined : { line: { gapMs: silent[atS] } })),
      // It woke at our second 58, and gave the tick that it owed since 55.
      pulse((atS) => (atS === 56 ? { lateMaxMs: 2900, droppedTicks: 48 } : undefined)).slice(0, 56),
    )
    expect(verdict).toMatchObject({ who: 'server', isNow: true })
    expect(verdict.parts.line.level).toBe('good')
  })

  it('[D166] a server that works too long is told from one whose machine is taken away', () => {
    const busy = verdictOf(
      minute(),
      pulse((atS) => (atS > 55 ? { stepMaxMs: 90 } : undefined)),
    )
    const robbed = verdictOf(
      minute(),
      pulse((atS) => (atS > 55 ? { lateMaxMs: 90 } : undefined)),
    )
    const robbedOfBoth = verdictOf(
      minute(),
      pulse((atS) => (atS > 55 ? { lateMaxMs: 400, stepMaxMs: 41 } : undefined)),
    )
    expect(robbedOfBoth.remedy).toContain('Something else')
    expect([busy.who, robbed.who]).toEqual(['server', 'server'])
    expect(busy.remedy).toContain('fewer pacers')
    expect(robbed.remedy).toContain('Something else')
  })

  it('[D166] packets that are late because this page stood still are this computer’s fault; loss stays the line’s', () => {
    const stalled = { ...late, computer: { stallMs: 480, frameMs: 500 } }
    const verdict = verdictOf(
      minute((atS) => (atS === 58 ? stalled : undefined)),
      pulse(),
    )
    expect(verdict).toMatchObject({ who: 'computer', isNow: true })
    expect(verdict.words).toContain('480 ms')
    const lossy = { line: { lost: 12, packets: 20 }, computer: { stallMs: 160 } }
    const both = verdictOf(
      minute((atS) => (atS > 50 ? lossy : undefined)),
      pulse(),
    )
    expect(both.who).toBe('line')
    expect(both.parts.computer.level).toBe('bad')
  })

  it('[D168] a hidden page is blamed for sleeping, never for drawing nothing', () => {
    const hidden = { computer: { isHidden: true, frames: 0, frameMs: 0, stallMs: 60 } }
    const awake = verdictOf(
      minute((atS) => (atS > 40 ? hidden : undefined)),
      pulse(),
    )
    expect(awake.who).toBe('nobody')
    expect(awake.parts.computer.words).toBe('the page is hidden and rides on')
    const asleep = { computer: { isHidden: true, frames: 0, frameMs: 0, stallMs: 4200 } }
    const verdict = verdictOf(
      minute((atS) => (atS > 56 ? asleep : undefined)),
      pulse(),
    )
    expect(verdict.who).toBe('computer')
    expect(verdict.words).toContain('sleep for 4.2 s')
  })

  it('[D168] few pictures a second are this computer’s fault after three seconds, not after one', () => {
    const slow = { computer: { frames: 7, frameMs: 190 } }
    const once = verdictOf(
      minute((atS) => (atS === 60 ? slow : undefined)),
      pulse(),
    )
    const thrice = verdictOf(
      minute((atS) => (atS >= 58 ? slow : undefined)),
      pulse(),
    )
    expect([once.who, thrice.who]).toEqual(['nobody', 'computer'])
    expect(thrice.words).toContain('7 pictures a second')
  })

  it('[D165] old watts are the trainer’s fault, and after three seconds it says that they fall', () => {
    const held = verdictOf(
      minute((atS) => (atS > 58 ? { trainer: { samples: 0, ageMs: 2400 } } : undefined)),
      pulse(),
    )
    expect(held).toMatchObject({ who: 'trainer', words: 'The trainer: its newest watts are 2.4 s old' })
    const fallen = verdictOf(
      minute((atS) => (atS > 58 ? { trainer: { samples: 0, ageMs: 3900 } } : undefined)),
      pulse(),
    )
    expect(fallen.words).toContain('so your watts fall')
  })

  it('[D169] what is over is said as over for the rest of the minute, and forgotten then', () => {
    const half = minute((atS) => (atS === 25 ? { line: { gapMs: 1800 } } : undefined))
    expect(verdictOf(half, pulse())).toMatchObject({ who: 'line', isNow: false })
    expect(verdictOf(half, pulse()).parts.line.level).toBe('good')
    const later = Array.from({ length: 90 }, (_, i) => second(i + 1, i === 20 ? { line: { gapMs: 1800 } } : {}))
    expect(verdictOf(later, pulse()).who).toBe('nobody')
  })

  it('[D169] somebody who jumped without a cause is our own fault, and asks for an issue', () => {
    const verdict = verdictOf(
      minute((atS) => (atS === 59 ? { own: { alongM: 1.4 } } : undefined)),
      pulse(),
    )
    expect(verdict).toMatchObject({ who: 'unknown', isNow: true })
    expect(verdict.words).toContain('1.4 m')
    expect(verdict.remedy).toContain('issue')
  })

  it('[D165] what is not seen is said so: no picture in a terminal, no sensor on a page that watches, no pulse yet', () => {
    const bare = minute().map(({ computer: _c, trainer: _t, ...rest }) => rest)
    const { who, parts } = verdictOf(bare, [])
    expect(who).toBe('nobody')
    expect([parts.server.level, parts.computer.level, parts.trainer.level]).toEqual(['unseen', 'unseen', 'unseen'])
    expect(verdictOf([], []).words).toBe('Nothing was measured yet')
  })

  it('[D165] one lost packet in ten seconds is nobody’s fault', () => {
    const verdict = verdictOf(
      minute((atS) => (atS === 55 ? { line: { lost: 1 } } : undefined)),
      pulse(),
    )
    expect(verdict.who).toBe('nobody')
    expect(LIMITS.lossShare).toBeGreaterThan(1 / 200)
  })
})

describe('the log of seconds', () => {
  const facts = { tick: 20, state: 'riding', carrier: 'udp', inView: 3, clockMs: 0, silentMs: 10 } as const

  it('[D162] each second tells what happened in it and not before, and five minutes are kept', () => {
    const stats = new NetStats()
    const log = new NetLog(stats)
    stats.received(500)
    stats.packet(0)
    stats.packet(3)
    stats.bits('own', 200, 1)
    stats.roundTrip(44)
    expect(log.take(1, facts).line).toMatchObject({ bytesIn: 500, packetsIn: 1, packets: 4, lost: 2, rttMs: 44 })
    stats.packet(2)
    expect(log.take(2, facts).line).toMatchObject({ bytesIn: 0, packets: 0, lost: -1, late: 1, rttMs: 0 })
    for (let atS = 3; atS < 400; atS++) log.take(atS, facts)
    expect(log.seconds).toHaveLength(LOG_SECONDS)
    expect(log.seconds.at(-1)!.atS).toBe(399)
  })

  it('[D161] the longest gap counts once, and a line that is silent now is silent in this second', () => {
    const stats = new NetStats()
    const log = new NetLog(stats)
    stats.arrived(0, 1000)
    stats.arrived(50, 1740)
    expect(log.take(1, facts).line.gapMs).toBe(740)
    expect(log.take(2, facts).line.gapMs).toBe(10)
    expect(log.take(3, { ...facts, silentMs: 2100 }).line.gapMs).toBe(2100)
  })
})
