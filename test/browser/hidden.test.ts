import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { launchChromium } from '#test/support/chromium'
import { closePages, openPage, rideSimulated } from '#test/support/rider-page'

declare global {
  interface Window {
    hide?: (isHidden: boolean) => void
  }
}

const url = `${inject('serverUrl')}/?quality=test`
let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterEach(closePages)
afterAll(async () => {
  await browser?.close()
})

/** What browsers do to a page that is not seen: no frames, and its timers once a second. Workers go on. */
function throttleWhenHidden(): void {
  let isHidden = false
  const { setTimeout: later, setInterval: often, requestAnimationFrame: frame } = window
  const soonest = (ms = 0): number => (isHidden ? Math.max(1000, ms) : ms)
  const calls = (callback: TimerHandler, args: unknown[]): void => {
    if (typeof callback === 'function') callback(...args)
  }
  window.setTimeout = ((callback: TimerHandler, ms?: number, ...args: unknown[]) =>
    later(() => calls(callback, args), soonest(ms))) as typeof setTimeout
  window.setInterval = ((callback: TimerHandler, ms?: number, ...args: unknown[]) => {
    let calledMs = -Infinity
    return often(() => {
      if (isHidden && performance.now() - calledMs < 1000) return
      calledMs = performance.now()
      calls(callback, args)
    }, ms)
  }) as typeof setInterval
  window.requestAnimationFrame = (callback) =>
    frame(function look(atMs) {
      if (isHidden) later(() => frame(look), 100)
      else callback(atMs)
    })
  Object.defineProperty(document, 'visibilityState', { get: () => (isHidden ? 'hidden' : 'visible') })
  window.hide = (hidden) => {
    isHidden = hidden
    document.dispatchEvent(new Event('visibilitychange'))
  }
}

test('[D155] a tab that is not seen rides on: its samples leave as often, and what comes is heard', async () => {
  const rider = await openPage(browser, url, {
    initScript: () => Reflect.deleteProperty(window, 'RTCPeerConnection'),
  })
  await rider.page.addInitScript(throttleWhenHidden)
  let sent = 0
  rider.page.on('websocket', (socket) => {
    if (socket.url().endsWith('/datagrams')) socket.on('framesent', () => sent++)
  })
  await rider.page.reload()
  await rideSimulated(rider, 'Hidden Hanne')
  await rider.page.waitForTimeout(1500)
  await rider.page.evaluate(() => window.hide!(true))
  // A picture may have been on its way when the page was hidden; from when none comes, none may.
  let before = (await rider.state())!
  for (let frames = -1; frames !== before.frames; before = (await rider.state())!) {
    frames = before.frames
    await rider.page.waitForTimeout(500)
  }
  sent = 0
  const fromMs = performance.now()
  await rider.page.waitForTimeout(4000)
  const after = (await rider.state())!
  const seconds = (performance.now() - fromMs) / 1000
  expect(after.frames).toBe(before.frames)
  // Four samples a second, and a word every tenth of one; by the page's own timers it would be one a second.
  expect(sent / seconds).toBeGreaterThan(6)
  // Credited as it was pedalled, and told.
  expect(after.workJ - before.workJ).toBeGreaterThan(150 * (seconds - 1.6))
  expect(after.workJ - before.workJ).toBeLessThan(150 * (seconds + 1.6))
  await rider.page.evaluate(() => window.hide!(false))
  const seen = await rider.until('it is drawn again', (state) => state.frames > after.frames + 5)
  expect(seen.riders[0]!.distanceM).toBeGreaterThan(before.riders[0]!.distanceM + 3 * seconds)
  expect(seen.snaps).toBe(0)
  await rider.close()
})
