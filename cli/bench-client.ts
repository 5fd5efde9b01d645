import type { Browser } from 'playwright-core'
import { figure, report, UsageError, type Command, type Report } from './command.ts'
import { startLocalServer } from './local-server.ts'
import { CHROMIUM_FLAGS, findChromium, NO_CHROMIUM } from './picture-harness.ts'

/** Issue 2, point 7: open, name, ride, first moving frame, on loopback. */
const FIRST_FRAME_MS_MAX = 3000
const VIEWPORT = { width: 960, height: 540 }

/** Called by `gruppetto bench client`. */
export const command: Command = {
  name: 'bench-client',
  summary: 'from opening the page to its first moving frame, in Chromium',
  options: [
    { name: 'rounds', value: 'N', summary: 'fresh pages, each with an empty cache', default: '3' },
    { name: 'quality', value: 'NAME', summary: 'test, low, medium or high', default: 'test' },
  ],
  details: `Starts a server of its own, opens the page in headless Chromium with an empty cache, types a name, presses "Ride with a
simulated trainer" and waits until the own rider has been drawn at two different places. Without a graphics card
Chromium draws in software, which is slower than any computer one would ride on.`,
  async run(invocation): Promise<Report> {
    const executablePath = findChromium(process.env['PATH'] ?? '')
    if (executablePath === undefined) throw new UsageError(`bench client needs a browser: ${NO_CHROMIUM}`)
    const { chromium } = await loadPlaywright()
    const rounds = invocation.number('rounds', { min: 1, max: 20, isWhole: true })!
    const quality = invocation.text('quality')!
    const server = await startLocalServer()
    const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] })
    try {
      const timesMs: number[] = []
      let kib = 0
      for (let round = 0; round < rounds; round++) {
        invocation.progress(round, rounds, 'opening the page')
        const measured = await openAndRide(browser, `${server.url}/?quality=${quality}`)
        timesMs.push(measured.firstMovingMs)
        kib = measured.kib
      }
      timesMs.sort((a, b) => a - b)
      const median = Math.round(timesMs[Math.floor(timesMs.length / 2)]!)
      return report({
        'client.firstMovingFrame': figure(median, 'ms', { atMost: FIRST_FRAME_MS_MAX }),
        'client.firstMovingFrame.min': figure(Math.round(timesMs[0]!), 'ms'),
        'client.firstMovingFrame.max': figure(Math.round(timesMs.at(-1)!), 'ms'),
        'client.downloaded': figure(Math.round(kib), 'KiB'),
        'client.clicks': figure(1, '', { atMost: 3 }),
      })
    } finally {
      await browser.close()
      await server.stop()
    }
  },
}

/** In the page, as text: this project knows no DOM. Navigation start is zero on the page's steady clock. */
const FIRST_MOVING_MS = `new Promise((resolve) => {
  let firstM
  const look = () => {
    const nowM = window.__gruppetto?.state()?.riders[0]?.distanceM
    if (nowM !== undefined && firstM !== undefined && nowM > firstM) return resolve(performance.now())
    firstM ??= nowM
    requestAnimationFrame(look)
  }
  look()
})`
const DOWNLOADED_KIB = `performance.getEntriesByType('resource').reduce((sum, one) => sum + one.encodedBodySize / 1024, 0)`

async function openAndRide(browser: Browser, url: string): Promise<{ firstMovingMs: number; kib: number }> {
  const context = await browser.newContext({ viewport: VIEWPORT })
  try {
    const page = await context.newPage()
    await page.goto(url)
    await page.getByLabel('Your name on the road').fill('Bench')
    await page.getByRole('button', { name: 'Ride with a simulated trainer' }).click()
    const firstMovingMs = await page.evaluate<number>(FIRST_MOVING_MS)
    const kib = await page.evaluate<number>(DOWNLOADED_KIB)
    return { firstMovingMs, kib }
  } finally {
    await context.close()
  }
}

/** A package for development: a server that only serves does not have it. */
async function loadPlaywright(): Promise<typeof import('playwright-core')> {
  try {
    return await import('playwright-core')
  } catch {
    throw new UsageError('bench client needs playwright-core: run npm install with development packages')
  }
}
