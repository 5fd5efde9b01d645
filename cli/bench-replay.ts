import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { writeLongRide } from '#bench/long-ride'
import type { Activity, ActivityRow } from '#server/activity/model'
import { packRide } from '#server/activity/ride-text'
import { summarise } from '#server/activity/summary'
import { openPglite } from '#server/store/pglite'
import { figure, type Figure } from './command.ts'
import { startLocalServer } from './local-server.ts'

const RIDERS = 50
const RIDDEN_S = 7200
const JOURNAL = 'long.jsonl'
/** Each in a minute that nobody has looked at. */
const PLACES_S = { beginning: 42, middle: 3637, end: 7115 } as const
const OPEN_MS = 3000
const NOW_MS = 300

const OPENED = `new Promise((resolve, reject) => {
  const look = () => {
    const state = window.__gruppetto?.state()
    if (state?.frames > 0 && !state.isWaiting) resolve(performance.now())
    else if (performance.now() > 60000) reject(new Error('The film did not open: ' + document.body.innerText))
    else requestAnimationFrame(look)
  }
  look()
})`
/** When what was there, ms from the beginning of the page: scripts, the film's facts, its first minute. */
const ARRIVALS = `(() => {
  const of = (test) => performance.getEntriesByType('resource').filter(({ name }) => test.test(name))
  const last = (list) => list.reduce((most, { responseEnd }) => Math.max(most, responseEnd), 0)
  const chunk = of(/api\\/replays\\/[^/]+\\/\\d+$/).slice(0, 1)
  const facts = of(/api\\/replays\\/[^/]+$/)
  return {
    scripts: last(of(/\\.js$/)), facts: last(facts), minute: last(chunk),
    factsTook: facts[0]?.duration ?? NaN, minuteTook: chunk[0]?.duration ?? NaN,
  }
})()`
/** From a word to the film to the first frame of that second. */
const winding = (act: string, isThere: string): string => `new Promise((resolve, reject) => {
  const fromMs = performance.now()
  const before = window.__gruppetto.state()
  ${act}
  const look = () => {
    const { riders, roster, ...state } = window.__gruppetto.state()
    if (!state.isWaiting && riders.length > 0 && (${isThere})) resolve(performance.now() - fromMs)
    else if (performance.now() - fromMs > 20000) reject(new Error('Winding came to nothing: ' + JSON.stringify(state)))
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
})`
/** Standing, or a slow machine's film runs away from what is waited for. */
const PAUSE = `dispatchEvent(new KeyboardEvent('keydown', { key: ' ' }))`
const IS_DRAWN = 'state.frames > before.frames'
const key = (name: string, byTicks: number): string =>
  winding(
    `dispatchEvent(new KeyboardEvent('keydown', { key: '${name}' }))`,
    `${IS_DRAWN} && Math.abs(state.tick - before.tick - ${byTicks}) < 1`,
  )
const slide = (toS: number): string =>
  winding(
    `const slider = document.querySelector('.film-time')
     slider.value = ${toS}
     slider.dispatchEvent(new Event('input', { bubbles: true }))`,
    `${IS_DRAWN} && Math.abs(state.tick / 20 - ${toS}) < 1`,
  )

/** `/replay/RIDE?t=` of a ride of two hours: what the page waits for, and how winding feels. */
export async function benchReplayPage(browser: Browser, quality: string): Promise<Record<string, Figure>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gruppetto-replay-'))
  try {
    const id = await layIn(dataDir)
    const server = await startLocalServer({ env: { GRUPPETTO_DATA_DIR: dataDir } })
    try {
      const figures: Record<string, Figure> = {}
      // Scripts that a browser has met before are compiled already; the first page is measured like the others.
      for (const [name, atS] of Object.entries(PLACES_S)) {
        const context = await browser.newContext({ viewport: { width: 960, height: 540 } })
        const page = await context.newPage()
        const openedMs = await openAt(page, `${server.url}/replay/${id}?t=${atS}&rider=7&quality=${quality}`)
        const at = await page.evaluate<Record<string, number>>(ARRIVALS)
        Object.assign(figures, {
          [`replay.${name}`]: ms(openedMs, OPEN_MS),
          [`replay.${name}.scripts`]: ms(at['scripts']!),
          [`replay.${name}.facts`]: ms(at['facts']!),
          [`replay.${name}.factsTook`]: ms(at['factsTook']!),
          [`replay.${name}.minute`]: ms(at['minute']!),
          [`replay.${name}.minuteTook`]: ms(at['minuteTook']!),
        })
        if (name === 'middle') Object.assign(figures, await wind(page))
        await context.close()
      }
      return figures
    } finally {
      await server.stop()
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

const ms = (value: number, atMost?: number): Figure =>
  figure(Math.round(value), 'ms', atMost === undefined ? {} : { atMost })

async function openAt(page: Page, url: string): Promise<number> {
  await page.goto(url, { waitUntil: 'commit' })
  return await page.evaluate<number>(OPENED)
}

async function wind(page: Page): Promise<Record<string, Figure>> {
  const took = async (act: string): Promise<number> => await page.evaluate<number>(act)
  await page.evaluate(PAUSE)
  const keys: number[] = []
  for (let k = 0; k < 3; k++) keys.push(await took(key('ArrowRight', 200)), await took(key('ArrowLeft', -200)))
  const minute = await took(slide(1800))
  const same = await took(slide(1815))
  const back = await took(slide(3650))
  const frame = await took(
    'new Promise((resolve) => { const fromMs = performance.now(); let k = 0; const look = () => ++k > 10 ? resolve((performance.now() - fromMs) / 10) : requestAnimationFrame(look); requestAnimationFrame(look) })',
  )
  return {
    'replay.key10s': ms(Math.max(...keys), NOW_MS),
    'replay.slider.sameMinute': ms(same, NOW_MS),
    'replay.slider.otherMinute': ms(minute),
    'replay.slider.back': ms(back, NOW_MS),
    'replay.frame': ms(frame),
  }
}

/** A server's data folder with a ride that everybody may see. */
async function layIn(dataDir: string): Promise<string> {
  await mkdir(join(dataDir, 'journals'), { recursive: true })
  const { mapId, mapHash } = writeLongRide(join(dataDir, 'journals', JOURNAL), { riders: RIDERS, seconds: RIDDEN_S })
  const store = await openPglite(join(dataDir, 'pglite'))
  try {
    const ride = rideOf({ mapId, mapHash })
    const { id } = ride.head
    await store.people.keepRide({
      head: ride.head,
      summary: summarise(ride),
      bytes: packRide(ride),
      journals: [JOURNAL],
    })
    await store.people.setRidePublic(id, true)
    return id
  } finally {
    await store.close()
  }
}

function rideOf(road: { readonly mapId: string; readonly mapHash: string }): Activity {
  const still = { gradeFraction: 0, savedW: 0, temperatureC: 15, xM: 0, yM: 0, heartRateBpm: 0, way: 0, heightM: 0 }
  const rows: ActivityRow[] = Array.from({ length: RIDDEN_S }, (_none, i) => ({
    ...{ ...still, atS: i + 1, powerW: 200, cadenceRpm: 90, speedMps: 9, distanceM: 9 * i, placeM: 9 * i },
  }))
  const who = { id: randomUUID(), riderUuid: randomUUID(), name: 'Rider 7', massKg: 68, startMs: Date.now() }
  const head = {
    ...who,
    ...road,
    mapName: 'A long ride',
    anchor: { latDeg: 0, lonDeg: 0 },
    eventId: '',
    eventTitle: '',
  }
  return { head, rows, marks: [{ kind: 'stay', atS: 0, journal: JOURNAL, riderId: 7, fromTick: 0 }] }
}
