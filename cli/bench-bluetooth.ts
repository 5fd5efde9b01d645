import type { Browser, Page } from 'playwright-core'
import { GATT } from '#bridges/core/gatt'
import { encodeIndoorBikeData } from '#bridges/core/profiles/indoor-bike-data'
import { type Away, BLE_FLAGS, BluetoothEmulator, type EmulatedPeripheral } from './bluetooth-emulator.ts'
import { machinePeripheral } from './emulated-sensors.ts'
import { createRandom } from '#physics/random'
import { buildHarness, CHROMIUM_FLAGS, findChromium, NO_CHROMIUM } from './picture-harness.ts'

/**
 * How long after a link is back the app rides on, in a real Chromium with an emulated trainer: its watts subscribed to, one
 * of them a sample, control asked for, the last target written again. The page is the app's own Bluetooth without a ride.
 */
export interface ReconnectionRow {
  readonly what: string
  readonly away: Away
  readonly drops: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly maxMs: number
}

export interface ReconnectionOptions {
  readonly executablePath: string
  /** How often the link breaks, for each way of being away. */
  readonly drops: number
  readonly random: () => number
}

const GRADE = 0.04
/** How long the link is away: a wink to a few looks of the app. */
const AWAY_MS = { min: 50, max: 700 }
const PATIENCE_MS = 10_000

/** Issue 5, point 7, ms. */
const BACK_MS_MAX = 250
const SEED = 8214

/** As `gruppetto bench trainers` prints them; without a browser, a row that says so. */
export async function browserRows(drops: number) {
  const executablePath = findChromium(process.env['PATH'] ?? '')
  if (executablePath === undefined) return [{ name: 'not measured', value: NO_CHROMIUM, unit: '' }]
  const random = createRandom(SEED)
  const rows = await chromiumRows({ executablePath, drops, random: () => random.fraction() })
  return rows.flatMap(({ what, away, p50Ms, p95Ms }) => {
    const name = `${what}, ${away} while away`
    const isData = what === SAMPLED
    return [
      { name: `${name}, p50`, value: round(p50Ms), unit: 'ms' },
      {
        ...{ name: `${name}, p95`, value: round(p95Ms), unit: 'ms' },
        ...(isData ? { atMost: BACK_MS_MAX, pass: p95Ms <= BACK_MS_MAX } : {}),
      },
    ]
  })
}
const SAMPLED = 'a sample is made of them'
const round = (ms: number): number => Math.round(ms)

export async function chromiumRows(options: ReconnectionOptions): Promise<readonly ReconnectionRow[]> {
  const { chromium } = await import('playwright-core')
  const harness = await buildHarness('bluetooth-harness.html')
  const browser = await chromium.launch({
    executablePath: options.executablePath,
    args: [...CHROMIUM_FLAGS, ...BLE_FLAGS],
  })
  try {
    return await measure(browser, `${harness.url}?ride`, options)
  } finally {
    await browser.close()
    await harness.close()
  }
}

async function measure(browser: Browser, url: string, { drops, random }: ReconnectionOptions) {
  const page = await browser.newPage()
  const emulator = await BluetoothEmulator.attach(browser, page)
  const trainer = await emulator.add({ name: 'Emulated trainer', gatt: machinePeripheral() })
  await page.goto(url)
  await page.click('#pair')
  await until(
    'the trainer takes the grade',
    () => hasGrade(trainer, 0),
    async () => {
      await page.evaluate(`window.sensors.road(${GRADE})`)
    },
  )
  const rows: ReconnectionRow[] = []
  for (const away of ['refused', 'unanswered'] as const) {
    const times = { subscribed: [] as number[], sampled: [] as number[], asked: [] as number[], target: [] as number[] }
    for (let i = 0; i < drops; i++) {
      const awayMs = AWAY_MS.min + random() * (AWAY_MS.max - AWAY_MS.min)
      const took = await once(page, trainer, { away, awayMs, watts: 100 + i })
      for (const key of Object.keys(times) as (keyof typeof times)[]) times[key].push(took[key])
    }
    const row = (what: string, values: readonly number[]): ReconnectionRow => ({
      what,
      away,
      drops,
      ...spreadOf(values),
    })
    rows.push(
      row('its watts are subscribed to', times.subscribed),
      row(SAMPLED, times.sampled),
      row('control is asked for', times.asked),
      row('the last target is written', times.target),
    )
  }
  return rows
}

async function once(page: Page, trainer: EmulatedPeripheral, drop: { away: Away; awayMs: number; watts: number }) {
  const writesBefore = trainer.writes.length
  const subscribed = Promise.withResolvers<number>()
  trainer.onSubscribed = (uuid, atMs) => {
    if (uuid === GATT.indoorBikeData) subscribed.resolve(atMs)
  }
  await trainer.drop(drop.away)
  await new Promise((resolve) => setTimeout(resolve, drop.awayMs))
  const backMs = performance.now()
  await trainer.comeBack()
  const subscribedMs = await subscribed.promise
  const bytes = encodeIndoorBikeData({ speedKmh: 30, cadenceRpm: 90, powerW: drop.watts })
  await until('a sample', async () => {
    await trainer.notify(GATT.indoorBikeData, bytes)
    return (await page.evaluate(`window.sensors.sampled.includes(${drop.watts})`)) === true
  })
  const sampledMs = performance.now()
  await until('the target', () => hasGrade(trainer, writesBefore))
  const [asked] = trainer.writes.slice(writesBefore)
  const target = trainer.writes.slice(writesBefore).find(({ bytes: [op] }) => op === 0x11)!
  await page.evaluate('window.sensors.sampled.length = 0')
  return {
    subscribed: subscribedMs - backMs,
    sampled: sampledMs - backMs,
    asked: asked!.atMs - backMs,
    target: target.atMs - backMs,
  }
}

/** A simulation of the road that was asked for was written after so many other writes. */
function hasGrade(trainer: EmulatedPeripheral, from: number): boolean {
  return trainer.writes
    .slice(from)
    .some(
      ({ bytes }) => bytes[0] === 0x11 && new DataView(bytes.buffer).getInt16(3, true) === Math.round(GRADE * 10_000),
    )
}

async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  meanwhile: () => Promise<void> = async () => {},
): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`Waited in vain for ${what}.`)
    await meanwhile()
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

function spreadOf(values: readonly number[]): { p50Ms: number; p95Ms: number; maxMs: number } {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!
  return { p50Ms: at(0.5), p95Ms: at(0.95), maxMs: sorted.at(-1)! }
}
