import { execFileSync } from 'node:child_process'
import process from 'node:process'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { startLocalServer } from '#cli/local-server'
import { violations } from '#test/support/axe'
import { launchChromium } from '#test/support/chromium'
import { closePages, openPage, rideSimulated, untilOverWebRtc } from '#test/support/rider-page'

const serverUrl = inject('serverUrl')
let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterEach(closePages)
afterAll(async () => {
  await browser?.close()
})

/** A line that loses every fourth packet on its way to the page, whatever carries it. */
function loseEveryFourth(): void {
  for (const { prototype } of [RTCDataChannel, WebSocket] as { prototype: EventTarget & { readonly url?: string } }[]) {
    const listen = prototype.addEventListener as (...args: unknown[]) => void
    let count = 0
    prototype.addEventListener = function (
      this: EventTarget & { readonly url?: string },
      kind: string,
      heard: (event: Event) => void,
      ...more: unknown[]
    ) {
      const isLine = kind === 'message' && (this.url === undefined || this.url.endsWith('/datagrams'))
      const lossy = (event: Event): void => {
        if (count++ % 4 !== 0) heard(event)
      }
      listen.call(this, kind, isLine ? lossy : heard, ...more)
    } as typeof prototype.addEventListener
  }
}

test('[D165] whose fault it is stands in another tab, and over the ride under N: a line that loses is named', async () => {
  const rider = await openPage(browser, `${serverUrl}/?quality=test`, { initScript: loseEveryFourth })
  await rideSimulated(rider, 'Nora')
  const tab = await rider.context.newPage()
  await tab.setViewportSize({ width: 390, height: 844 })
  await tab.goto(`${serverUrl}/net`)
  await tab.getByRole('heading', { name: 'Nora’s connection' }).waitFor()
  await tab.locator('.net-part.is-bad', { hasText: 'of the packets get lost' }).waitFor()
  // The machine of the tests may really be late.
  await tab.locator('.net-part', { hasText: /The server\s*(ticks end within|a tick of its world ended)/ }).waitFor()
  expect(await tab.locator('.net-verdict h2').innerText()).toMatch(/\.$/)
  expect(await violations(tab)).toEqual([])
  expect(await tab.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await tab.close()

  await rider.page.bringToFront()
  await rider.page.keyboard.press('n')
  const overlay = rider.page.getByRole('dialog', { name: 'Nora’s connection' })
  await overlay.locator('.net-verdict').waitFor()
  expect(await violations(rider.page)).toEqual([])
  await rider.page.keyboard.press('Escape')
  await overlay.waitFor({ state: 'hidden' })
  expect(rider.errors).toEqual([])
  await rider.close()
})

test('[D174] where nobody rides, the page says so and tests the line by itself', async () => {
  const { page, errors, close } = await openPage(browser, `${serverUrl}/net`, {
    viewport: { width: 1280, height: 720 },
  })
  await page.getByText('Nobody rides in this browser').waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Test the line' }).press('Enter')
  await page.locator('.net-part.is-good', { hasText: 'there and back' }).waitFor()
  const facts = await page.locator('.probe-facts').innerText()
  expect(facts).toMatch(/It sees you as\s+(127\.0\.0\.1|::1)/)
  expect(facts).toMatch(/UDP port [1-9]\d* \(WebRTC\)/)
  expect(await page.locator('.net-facts').innerText()).toContain('WebRTC: a data channel found its way')
  expect(await violations(page)).toEqual([])
  expect(errors).toEqual([])
  await close()
})

test('[D173] the gateway is killed in the middle of a ride: three seconds later the same rider rides on', async () => {
  const server = await startLocalServer()
  try {
    const rider = await openPage(browser, `${server.url}/?quality=test`)
    const before = await untilOverWebRtc(rider, await rideSimulated(rider, 'Otto'))
    expect(before.carrier).toBe('webrtc')
    const riding = await rider.until(
      'under way',
      (state) => state.riders[0]!.distanceM > before.riders[0]!.distanceM + 3,
    )
    const watched = rider.page.evaluate(WATCH_OWN)
    process.kill(gatewayOf(server.pid), 'SIGKILL')
    const { silentMs, isMonotone, ids } = await watched
    const after = await rider.until('riding again', (state) => state.connection === 'riding')
    expect(silentMs).toBeGreaterThan(300) // It was really gone.
    expect(silentMs).toBeLessThan(3000)
    expect(isMonotone).toBe(true)
    expect(ids).toEqual([riding.riders[0]!.id])
    expect(after.roster.filter(({ name }) => name === 'Otto')).toHaveLength(1)
    await rider.close()
  } finally {
    await server.stop()
  }
})

/** In the page, as text: for six seconds, how long nothing came from the server, who I was, and whether I ever rolled back. */
const WATCH_OWN = `new Promise((resolve) => {
  const startMs = performance.now()
  let [newest, heardMs, silentMs, farM, isMonotone] = [-1, startMs, 0, -Infinity, true]
  const ids = new Set()
  const timer = setInterval(() => {
    const state = window.__gruppetto.state()
    const nowMs = performance.now()
    if (state.newestTick > newest) {
      if (newest >= 0) silentMs = Math.max(silentMs, nowMs - heardMs)
      newest = state.newestTick
      heardMs = nowMs
    }
    const { id, distanceM } = state.riders[0]
    ids.add(id)
    isMonotone &&= distanceM >= farM - 1e-6
    farM = distanceM
    if (nowMs - startMs < 6000) return
    clearInterval(timer)
    resolve({ silentMs: Math.max(silentMs, nowMs - heardMs), isMonotone, ids: [...ids] })
  }, 20)
})` as unknown as () => Promise<{ silentMs: number; isMonotone: boolean; ids: number[] }>

/** The server's child that runs the gateway. */
function gatewayOf(serverPid: number): number {
  const list = execFileSync('ps', ['-e', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
  const line = list.split('\n').find((each) => each.includes('webrtc-gateway') && isChildOf(each, serverPid, list))
  if (line === undefined) throw new Error(`No gateway under ${serverPid}:\n${list}`)
  return Number(line.trim().split(/\s+/)[0])
}

function isChildOf(line: string, ancestor: number, list: string): boolean {
  const parent = Number(line.trim().split(/\s+/)[1])
  if (parent === ancestor) return true
  const above = list.split('\n').find((each) => Number(each.trim().split(/\s+/)[0]) === parent)
  return above !== undefined && isChildOf(above, ancestor, list)
}
