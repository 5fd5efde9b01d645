import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { decodeControlRequest } from '#bridges/core/profiles/control-point'
import { decodeIndoorBikeData } from '#bridges/core/profiles/indoor-bike-data'
import { type LocalServer, startLocalServer } from '#cli/local-server'
import { loadMap } from '#cli/sim/load-map'
import { gradeFromSlope } from '#physics/course'
import { PROTOCOL_VERSION } from '#protocol/limits'
import { type FitRecord, readFit } from '#server/import/fit'
import { launchChromium } from '#test/support/chromium'
import { accountOf, journalPath } from '#test/support/credited'
import { DirconTap } from '#test/support/dircon-tap'
import { fitOf } from '#test/support/fit'
import { killPrograms, Program } from '#test/support/programs'
import { closePages, openPage, type RiderPage, rideSimulated } from '#test/support/rider-page'
import { lookAt, seenBy, type Shown } from '#test/support/shown'

/**
 * The watt's way over real sockets, with the programs a person starts: a trainer that replays a recorded ride, a bridge
 * beside it, the server, and two browsers: the rider's own, by the pairing code that the bridge prints, and somebody else's.
 */
let folder = ''
let server: LocalServer
let browser: Browser
const dataDir = () => join(folder, 'data')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gruppetto-way-'))
  ;[server, browser] = await Promise.all([
    startLocalServer({ env: { GRUPPETTO_DATA_DIR: dataDir() } }),
    launchChromium(),
  ])
})
afterEach(async () => {
  await closePages()
  await killPrograms()
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** A ride of our own: no two seconds alike, and from one to the next it moves like legs do. */
const OWN_RIDE = Array.from({ length: 6 }, (_, atS) => ({
  atS,
  powerW: 203 + 7 * atS,
  cadenceRpm: 84 + atS,
  heartRateBpm: 121 + atS,
}))

test('[B13] [B96] a ride of our own reaches both browsers, a bridge killed and started again is the same rider, and closing a view lets nothing go', async () => {
  const path = join(folder, 'own.fit')
  await writeFile(path, fitOf([{ atS: -1, powerW: 999 }, ...OWN_RIDE, { atS: OWN_RIDE.length, powerW: 999 }]))
  const way = await ride('Ana', path, 2, OWN_RIDE.length + 1)
  await expectShown(way, OWN_RIDE)
  await creditedJ(way, OWN_RIDE)
  await expectRoad(way)

  expect(await way.trainer.end('SIGINT')).toBe(0)
  const steady = new Program(['trainer-sim', '--watts', '220', '--port', '0'])
  way.tap.lead(await addressOf(steady))
  await Promise.all([shows(way.own, way.id, 220), shows(way.other, way.id, 220)])
  await way.bridge.end('SIGKILL')
  const killed = await way.own.until('legs that fade', ({ riders }) => riders[0]!.powerW < 220)
  const gradesBefore = gradesOf(way.tap).length
  const again = startBridge('Ana', way.tap)
  const code = await codeOf(again)
  await Promise.all([shows(way.own, way.id, 220), shows(way.other, way.id, 220)])

  const answer = await fetch(`${server.url}/api/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ protocol: PROTOCOL_VERSION, code, use: 'watch' }),
  })
  expect(((await answer.json()) as { rider: unknown }).rider).toMatchObject({ id: way.id, name: 'Ana' })
  const { distanceM } = killed.riders[0]!
  const onward = await way.own.until('further on', ({ riders }) => riders[0]!.distanceM > distanceM + 1)
  expect(onward.riders[0]!.distanceM).toBeLessThan(distanceM + 500)
  expect(
    onward.roster
      .filter(({ isBot }) => !isBot)
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(['Ana', 'Bo'])
  const { joins, sessions } = await accountOf(await journalPath(dataDir()), way.id)
  expect({ joins, sessions }).toEqual({ joins: 1, sessions: 2 })

  await expect.poll(() => gradesOf(way.tap).length, { timeout: 20_000 }).toBeGreaterThan(gradesBefore)
  await way.own.page.close()
  await way.other.until('on without a view', ({ riders }) => {
    const rider = riders.find(({ id }) => id === way.id)
    return rider?.powerW === 220 && rider.distanceM > onward.riders[0]!.distanceM + 15
  })
  expect(again.output).not.toContain('the trainer is free again')
  expect([await again.end('SIGINT'), again.output]).toEqual([0, expect.stringContaining('the trainer is free again')])
  expect(gradesOf(way.tap).at(-1)!.gradeFraction).toBe(0)
  expect(await steady.end('SIGINT')).toBe(0)
})

const recorded = fileURLToPath(new URL('../../../shared/data/routes/edge810-vector-power.fit', import.meta.url))
/** Records, counted from 1. */
const FROM = 601
const TO = 660
const WORK_ERROR_MAX = 0.001

test.skipIf(!existsSync(recorded))(
  '[B14] a recorded minute is credited within 0.1 % and shown, sample by sample, by both browsers (needs ../shared)',
  async () => {
    const read = readFit(await readFile(recorded), recorded)
    if (!read.ok) throw new Error(read.error)
    const records = read.value.records.slice(FROM - 1, TO)
    const way = await ride('Eva', recorded, FROM, TO)
    await expectShown(way, records)
    const workJ = await creditedJ(way, records)
    const fileJ = workOf(records, (record) => record.atS)
    expect(Math.abs(workJ / fileJ - 1), `${workJ} J credited, ${fileJ} J in the file`).toBeLessThan(WORK_ERROR_MAX)
    await expectRoad(way)
    expect([await way.bridge.end('SIGINT'), await way.trainer.end('SIGINT')]).toEqual([0, 0])
  },
)

test('[B15] what the server wrote down of all this replays to its own hash', async () => {
  const path = await journalPath(dataDir())
  expect(await server.stop()).toBe(0)
  const replay = new Program(['replay', path, '--json'])
  expect([await replay.ended, replay.output]).toEqual([0, expect.stringContaining('"isWhole":{"value":true')])
})

interface Way {
  readonly id: number
  readonly tap: DirconTap
  readonly trainer: Program
  readonly bridge: Program
  /** The rider's own browser: a view session by the bridge's pairing code. */
  readonly own: RiderPage
  /** Somebody else's, with legs of its own. */
  readonly other: RiderPage
}

/** Everything started, both browsers looking, then the trainer switched on; over when its recording is. */
async function ride(name: string, path: string, from: number, to: number): Promise<Way> {
  const tap = await DirconTap.open()
  const trainer = new Program(['trainer-sim', '--ride', path, '--from', `${from}`, '--to', `${to}`, '--port', '0'])
  const bridge = startBridge(name, tap)
  const pageUrl = `${server.url}/?quality=test`
  // Small: what is looked at is the model, and pixels drawn in software keep it from the processor.
  const viewport = { width: 96, height: 72 }
  // Side by side: a page that is drawn in software already makes the next one wait for its first frame.
  const [own, other] = await Promise.all([
    codeOf(bridge).then((code) => openPage(browser, `${pageUrl}&code=${code}`, { viewport })),
    openPage(browser, pageUrl, { viewport }),
  ])
  await rideSimulated(other, 'Bo')
  const { riders } = await own.until('the rider of the code', (state) => state.frames > 0 && state.riders.length > 0)
  const { id } = riders[0]!
  await other.until(`${name} on the road`, (state) => state.riders.some((rider) => rider.id === id))
  await Promise.all([lookAt(own, id), lookAt(other, id)])
  tap.lead(await addressOf(trainer))
  await trainer.said(/the recording has ended/, 30_000 + (to - from) * 1000)
  await Promise.all([shows(own, id, 0), shows(other, id, 0)])
  return { id, tap, trainer, bridge, own, other }
}

function startBridge(name: string, tap: DirconTap): Program {
  const state = join(folder, `${name}.json`)
  return new Program(['bridge', '--dircon', tap.address, '--server', server.url, '--name', name, '--state', state])
}

const codeOf = async (bridge: Program): Promise<string> => (await bridge.said(/\?code=([A-Z0-9]{6})/))[1]!
const addressOf = async (trainer: Program): Promise<string> => (await trainer.said(/trainer ready at (\S+)/))[1]!

async function shows(page: RiderPage, id: number, powerW: number): Promise<void> {
  await page.until(`${powerW} W`, ({ riders }) => riders.find((rider) => rider.id === id)?.powerW === powerW)
}

type Legs = Pick<Shown, 'powerW' | 'cadenceRpm' | 'heartRateBpm'>
const legsOf = ({ powerW = 0, cadenceRpm = 0, heartRateBpm = 0 }: Partial<Legs>): string =>
  `${powerW} W ${cadenceRpm} rpm ${heartRateBpm} bpm`

/** What went out as bytes, what the server took and what both browsers showed: the same legs in the same order. */
async function expectShown(way: Way, records: readonly Partial<Legs>[]): Promise<void> {
  const wanted = records.map(legsOf)
  const sent = way.tap.bikeData.map(({ bytes }) => {
    const data = decodeIndoorBikeData(bytes)
    return legsOf(data.ok ? data.value : {})
  })
  expect(sent.slice(0, wanted.length)).toEqual(wanted)
  const account = await accountOf(await journalPath(dataDir()), way.id)
  expect(account.samples.slice(0, wanted.length).map(legsOf)).toEqual(wanted)
  // A page shows a change; two seconds alike are one.
  const changes = wanted.filter((legs, i) => legs !== wanted[i - 1])
  for (const page of [way.own, way.other]) {
    // The page knows of the end before it has looked again.
    await expect.poll(async () => (await seenBy(page)).legs.at(-1), { timeout: 10_000 }).toMatchObject({ powerW: 0 })
    const { legs } = await seenBy(page)
    const shown = legs.map(legsOf)
    const begin = shown.indexOf(changes[0]!)
    expect(shown.slice(begin, begin + changes.length)).toEqual(changes)
    expect(legs[begin + changes.length]).toMatchObject({ powerW: 0, cadenceRpm: 0 })
    expect(page.errors).toEqual([])
  }
}

/**
 * The server's own account at the sample that ends the recording, 0 W one second after the last record: what it has paid
 * and still owes there is each sample's watts until the next stamp and the last one's for that second; no hold and no
 * decay is in it, for behind 0 W there is none. From then on only what is owed is paid, until the rider's own browser is
 * told the whole.
 */
async function creditedJ(way: Way, records: readonly FitRecord[]): Promise<number> {
  const path = await journalPath(dataDir())
  const account = await accountOf(path, way.id)
  const closing = account.samples[records.length]!
  expect(closing).toMatchObject({ powerW: 0, cadenceRpm: 0 })
  const { paidJ, owedJ } = account.workAt(closing.line)
  const workJ = paidJ + owedJ
  // By the stamps of the bridge, the account is exact; what is left against the file is how late bytes were read.
  expect(workJ).toBeCloseTo(workOf(account.samples.slice(0, records.length + 1), stampS), 6)
  await way.own.until(`${workJ} J paid`, (state) => Math.abs(state.workJ - workJ) < 1)
  const later = (await accountOf(path, way.id)).workAt(Infinity)
  expect(later.paidJ + later.owedJ).toBeCloseTo(workJ, 6)
  return workJ
}

const stampS = ({ atMs }: { atMs: number }): number => atMs / 1000

/** Each one's watts until the stamp of the next; the last one's for a second. */
function workOf<T extends { readonly powerW?: number }>(samples: readonly T[], atS: (sample: T) => number): number {
  return samples.reduce((sum, sample, i) => {
    const next = samples[i + 1]
    return sum + (sample.powerW ?? 0) * (next === undefined ? 1 : atS(next) - atS(sample))
  }, 0)
}

interface GradeWrite {
  readonly atMs: number
  readonly gradeFraction: number
}

function gradesOf({ controlWrites }: DirconTap): readonly GradeWrite[] {
  return controlWrites.flatMap(({ atMs, bytes }) => {
    const request = decodeControlRequest(bytes)
    if (!request.ok || request.value.op !== 'set-simulation') return []
    expect(bytes[0]).toBe(0x11)
    return [{ atMs, gradeFraction: request.value.gradeFraction }]
  })
}

/** FTMS counts grade in hundredths of a per cent. */
const GRADE_STEP = 0.0001
/** A write tells of where the rider was a moment ago: a packet, a turn of the loop and a busy machine lie between. */
const GRADE_AGE_MS = 1500

/** The trainer was told the road under the rider's wheels, all along, and never more than four times in any second. */
async function expectRoad(way: Way): Promise<void> {
  const { course } = await loadMap((await way.own.state())!.mapId)
  const { places } = await seenBy(way.own)
  const grades = gradesOf(way.tap).filter(({ atMs }) => atMs > places[0]!.atMs + GRADE_AGE_MS)
  expect(new Set(grades.map(({ gradeFraction }) => gradeFraction)).size).toBeGreaterThan(1)
  for (const { atMs, gradeFraction } of grades) {
    const near = places.filter((place) => place.atMs > atMs - GRADE_AGE_MS && place.atMs < atMs + GRADE_AGE_MS / 3)
    const off = near.map(({ distanceM }) => Math.abs(gradeFromSlope(course.slopeAt(distanceM)) - gradeFraction))
    expect(Math.min(...off)).toBeLessThan(2 * GRADE_STEP)
  }
  const inASecond = way.tap.controlWrites.map(
    ({ atMs }) => way.tap.controlWrites.filter((other) => other.atMs >= atMs && other.atMs < atMs + 1000).length,
  )
  expect(Math.max(...inASecond)).toBeLessThanOrEqual(4)
}
