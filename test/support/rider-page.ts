import type { Browser, BrowserContext, Page } from 'playwright-core'
import { withoutCard } from './no-card.ts'

/** What `window.__gruppetto` tells of a ride. */
export interface RideState {
  readonly name: string
  readonly mapId: string
  readonly connection: string
  readonly carrier: string
  readonly words: string
  /** From the first attempt to connect to the first welcome. */
  readonly ridingAfterMs: number
  readonly frames: number
  readonly snaps: number
  readonly trainer: string
  readonly camera: string
  readonly gradeFraction: number
  readonly workJ: number
  readonly phase: string
  readonly isInZone: boolean
  /** The route I am on, '' without one; the way, and the wish for the next junction. */
  readonly routeId: string
  readonly way: number
  readonly turn: number
  readonly roster: readonly { readonly id: number; readonly name: string; readonly isBot: boolean }[]
  readonly riders: readonly {
    readonly id: number
    readonly placeM: number
    readonly distanceM: number
    readonly lateralM: number
    readonly speedMps: number
    readonly powerW: number
    readonly cadenceRpm: number
    readonly heartRateBpm: number
  }[]
}

declare global {
  interface Window {
    readonly __gruppetto?: { readonly state: () => Readonly<Record<string, unknown>> | undefined }
  }
}

export interface RiderPage {
  readonly page: Page
  readonly context: BrowserContext
  /** Errors of the page's own code and refused by its content policy: none, ever. */
  readonly errors: readonly string[]
  state(): Promise<RideState | undefined>
  /** Waits until the ride is such; says in words what was waited for when it never is. */
  until(what: string, isSuch: (state: RideState) => boolean, timeoutMs?: number): Promise<RideState>
  close(): Promise<void>
}

export interface PageOptions {
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly initScript?: () => void
  /** With the worker that keeps the page's files; else every page is the server's own, and nothing is fetched ahead. */
  readonly hasWorker?: boolean
  /** With a real card, in software; else nothing is drawn, and all else is as ever. */
  readonly isDrawn?: boolean
}

/** Drawn in software, by as many pages as a test opens. */
const SMALL = { width: 320, height: 240 }

/** English, in a region that measures in metres: whatever the machine itself speaks. */
const LOCALE = 'en-IE'

/** How long a data channel is tried for again. */
const CHANNEL_MS = 50_000

/**
 * Two pictures a second: sixty take both cores from whatever else a test waits for. What a test looks at is the model;
 * bench-client measures frames.
 */
function drawSeldom(): void {
  const everyMs = 500
  const { requestAnimationFrame: frame, cancelAnimationFrame: cancel } = window
  const asked = new Map<number, number>()
  let drawnMs = -Infinity
  let newest = 0
  window.requestAnimationFrame = (callback) => {
    const handle = ++newest
    const look = (atMs: number): void => {
      // All that is asked for one picture is of one time.
      if (atMs !== drawnMs && atMs < drawnMs + everyMs) {
        asked.set(handle, frame(look))
        return
      }
      drawnMs = atMs
      asked.delete(handle)
      callback(atMs)
    }
    asked.set(handle, frame(look))
    return handle
  }
  window.cancelAnimationFrame = (handle) => {
    cancel(asked.get(handle) ?? 0)
    asked.delete(handle)
  }
}

const open = new Set<BrowserContext>()

/** After each test: a page left open goes on drawing, and the next test waits for it. */
export async function closePages(): Promise<void> {
  await Promise.all([...open].map((context) => context.close()))
  open.clear()
}

export async function openPage(browser: Browser, url: string, options: PageOptions = {}): Promise<RiderPage> {
  const context = await browser.newContext({
    viewport: options.viewport ?? SMALL,
    locale: LOCALE,
    serviceWorkers: options.hasWorker === true ? 'allow' : 'block',
  })
  open.add(context)
  await context.addInitScript(drawSeldom)
  if (options.isDrawn !== true) await context.addInitScript(withoutCard)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && /content security policy/i.test(message.text())) errors.push(message.text())
  })
  if (options.initScript) await page.addInitScript(options.initScript)
  await page.goto(url)
  const state = (): Promise<RideState | undefined> =>
    page.evaluate(() => window.__gruppetto?.state() as unknown as RideState | undefined)
  return {
    page,
    context,
    errors,
    state,
    until: async (what, isSuch, timeoutMs = 20_000) => {
      const end = performance.now() + timeoutMs
      let last: RideState | undefined
      while (performance.now() < end) {
        last = await state()
        if (last && isSuch(last)) return last
        await page.waitForTimeout(50)
      }
      const alert = await page.getByRole('alert').allTextContents()
      const shown = JSON.stringify({ ...last, view: undefined }).slice(0, 1500)
      throw new Error(
        `Never: ${what}. Last state: ${shown}. On the page: ${alert.join(' ')}. Errors: ${errors.join(' | ')}`,
      )
    },
    close: async () => {
      open.delete(context)
      await context.close()
    },
  }
}

/** Open, name, one click; or on a road of one's own choice, as the list calls it. */
export async function rideSimulated(rider: RiderPage, name: string, road?: RegExp): Promise<RideState> {
  await rider.page.getByLabel('Your name on the road').fill(name)
  if (road !== undefined) {
    const roads = rider.page.getByLabel('Your road')
    await roads.locator('option', { hasText: road }).first().waitFor({ state: 'attached' })
    const label = (await roads.locator('option').allTextContents()).find((text) => road.test(text))!
    await roads.selectOption({ label })
  }
  await rider.page.getByRole('button', { name: 'Ride with a simulated trainer' }).click()
  return rider.until('the first frame of the ride', (state) => state.frames > 0 && state.riders.length > 0)
}

/** On a machine that is busy enough a data channel misses its two seconds, and the page rides over the WebSocket: once more. */
export async function untilOverWebRtc(rider: RiderPage, riding: RideState): Promise<RideState> {
  let state = riding
  const end = performance.now() + CHANNEL_MS
  while (state.carrier !== 'webrtc' && performance.now() < end) {
    await rider.page.evaluate(() => sessionStorage.removeItem('gruppetto.webrtc-blocked'))
    await rider.page.reload()
    state = await rider.until('riding again', ({ frames, connection }) => frames > 0 && connection === 'riding')
  }
  return state
}
