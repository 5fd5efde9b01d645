import { afterEach, describe, expect, test } from 'vitest'
import type { NetSecond } from '#client/net/net-log'
import { verdictOf } from '#client/net/verdict'
import { VERDICT_ENGLISH } from '#client/net/verdict-english'
import { NET_KINDS } from '#protocol/net-stats'
import type { SessionRow } from '#server/http/shapes'
import { closeServers, openServer } from '#test/support/whole-server'
import { openWatcher } from './watch.ts'
import { rateSessions, screenText, secondText, spark } from './watch/screen.ts'

afterEach(closeServers)

const row = (name: string, id: number, more: Partial<SessionRow> = {}): SessionRow => ({
  ...{ room: 'r', mapId: 'm', id, riderId: id, name, use: 'ride', carrier: 'udp' },
  ...{ forS: 100, silentMs: 40, rttMs: 30, inView: 12, counts: {} },
  ...more,
})

const counts = (datagramsOut: number, unacked: number, lost = 0) => ({
  ...{ datagramsOut, unacked, lost, packets: datagramsOut, bytesOut: datagramsOut * 100, bytesIn: datagramsOut * 50 },
})

describe('sessions of a server', () => {
  test('[D179] rates come from two looks, and the most troubled stands first', () => {
    const before = [row('Ada', 1, { counts: counts(1000, 500) }), row('Bo', 2, { counts: counts(1000, 0) })]
    const now = [
      row('Ada', 1, { counts: counts(1020, 500) }),
      row('Bo', 2, { counts: counts(1020, 4) }),
      row('Cy', 3, { forS: 10, silentMs: 6000, counts: counts(200, 0) }),
    ]
    const rated = rateSessions(now, before, 1)
    expect(rated.map(({ row: { name } }) => name)).toEqual(['Bo', 'Cy', 'Ada'])
    expect(rated[0]).toMatchObject({ downLoss: 0.2, upLoss: 0, downBps: 2000, upBps: 1000 })
    expect(rated[1]!.downBps).toBe(2000) // New: since it began.
    expect(rated[2]).toMatchObject({ downLoss: 0 }) // What was lost before is over.
    expect(rated.map(({ trouble }) => trouble >= 1)).toEqual([true, true, false])
  })
})

function second(atS: number, lost = 0): NetSecond {
  const line = {
    ...{ bytesIn: 1800, bytesOut: 420, packetsIn: 20, packetsOut: 14, packets: 20, lost, late: 0, duplicate: 0 },
    ...{ refused: 0, rttMs: 32, jitterMs: 2, delayMs: 6, gapMs: 62, repairs: 0, moves: 0 },
  }
  const still = { count: 0, alongM: 0, lateralM: 0, snaps: 0 }
  const bits = NET_KINDS.map((kind) => (kind === 'telemetry' ? 300 : kind === 'wire' ? 100 : 0))
  return {
    ...{ atS, tick: atS * 20, state: 'riding', carrier: 'udp', line, own: still, others: still },
    ...{ bits, inView: 0, clockMs: 0 },
  }
}

describe('the screen', () => {
  test('[D165] the verdict stands on top, its remedy below it, figures and everybody’s sessions after', () => {
    const seconds = Array.from({ length: 12 }, (_, i) => second(i + 1, i > 8 ? 5 : 0))
    const pulse = [{ tick: 240, stepMaxMs: 3, lateMaxMs: 1.5, ticksLate: 0, droppedTicks: 0, riders: 9, sessions: 7 }]
    const sessions = rateSessions([row('Ada', 1, { counts: counts(100, 9) })], [], 0)
    const seen = {
      where: 'http://here, over udp',
      seconds,
      server: pulse,
      verdict: verdictOf(seconds, pulse, VERDICT_ENGLISH),
      sessions,
    }
    const lines = screenText(seen, 100)
    expect(lines[2]).toMatch(/^The line: \d+ % of the packets get lost\.$/)
    expect(lines[3]).toContain('cable')
    expect(lines.join('\n')).toContain('server late')
    expect(lines.join('\n')).toContain('bits: telemetry 75 % · headers 25 %')
    expect(lines.join('\n')).toMatch(/! Ada +ride +udp +30 ms +9\.0 %/)
    expect(screenText(seen, 80).find((each) => each.includes('Ada'))).toMatch(/–$/) // Nothing is cut off at 80 columns.
    for (const width of [60, 80, 120])
      for (const line of screenText(seen, width)) expect(line.length).toBeLessThanOrEqual(width)
    const line = secondText(seconds.at(-1)!, pulse[0], seen.verdict)
    expect(line).toContain('lost 5/20')
    expect(line).toContain('server late 1.5 ms')
    expect(secondText(seconds[0]!, undefined, seen.verdict)).toContain('server ?')
  })

  test('a spark line shows the newest at the right, calm where it is calm, and gaps where nothing was measured', () => {
    expect(spark([0, 10, NaN, 100], 100)).toBe('▁▁ █')
    expect(spark([1, 1], 100)).toBe('▁▁')
    expect(
      spark(
        Array.from({ length: 90 }, () => 1),
        1,
      ),
    ).toHaveLength(40)
  })
})

test.each(['udp', 'websocket'] as const)(
  '[D175] a line of its own is watched over %s, whoever rides',
  async (carrier) => {
    const { url, sessions } = await openServer()
    const watcher = await openWatcher({ server: url, carrier, room: '', rider: '', token: undefined })
    await new Promise((resolve) => setTimeout(resolve, 300))
    await watcher.second()
    const { seconds, verdict, where } = watcher.seen
    expect(where).toContain(`over ${carrier}`)
    expect(seconds).toHaveLength(1)
    expect(seconds[0]!.line.packetsIn).toBeGreaterThan(2)
    expect(seconds[0]!.line.lost).toBe(0)
    expect(verdict.parts.server.level).toBe('unseen') // This fake has no pulse.
    expect(sessions.list(0)).toMatchObject([{ use: 'watch', carrier }])
    watcher.close()
  },
)

test('[D175] a server that is not there, and a line that does not open, are a sentence that names the doctor', async () => {
  const options = { room: '', rider: '', token: undefined }
  await expect(openWatcher({ ...options, server: new URL('http://127.0.0.1:9'), carrier: 'udp' })).rejects.toThrow(
    'cannot be reached',
  )
  const { url } = await openServer({ hasSockets: false })
  await expect(openWatcher({ ...options, server: url, carrier: 'websocket' })).rejects.toThrow('gruppetto doctor')
})
