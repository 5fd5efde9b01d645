import { createServer, request as ask, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { violations } from '#test/support/axe'
import { launchChromium } from '#test/support/chromium'
import { closePages, openPage, rideSimulated } from '#test/support/rider-page'

const DESKTOP = { width: 1280, height: 720 }
const PHONE = { width: 390, height: 844 }
const NARROW = { width: 320, height: 640 }
const JOIN_KB_MAX = 25

const serverUrl = inject('serverUrl')
let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterEach(closePages)
afterAll(async () => {
  await browser?.close()
})

test('[A1] every page is clean for axe and fits at 1280, 390 and 320 px', async () => {
  const { page, errors, close } = await openPage(browser, serverUrl, { viewport: DESKTOP })
  for (const path of [
    '/',
    '/roads',
    '/meet',
    '/meet/none',
    '/about',
    '/nowhere',
    '/organise',
    '/events/none',
    '/net',
    '/rides',
    '/profile',
    '/garage',
    '/account',
    '/watch',
    '/watch/none',
    '/replay/none',
    '/overlay/board',
    '/bench',
    '/companion',
  ]) {
    await page.setViewportSize(DESKTOP)
    await page.goto(serverUrl + path)
    await page.locator('main').waitFor()
    await page.waitForLoadState('networkidle')
    for (const viewport of [DESKTOP, PHONE, NARROW]) {
      const at = `${path} at ${viewport.width} px`
      await page.setViewportSize(viewport)
      // Between its two ends a page has nothing that they have not.
      if (viewport !== PHONE) expect(await violations(page), at).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth), at).toBeLessThanOrEqual(viewport.width)
    }
  }
  expect(errors).toEqual([])
  await close()
})

test('[A2] the ride, its menu and the summary are clean for axe', async () => {
  const rider = await openPage(browser, `${serverUrl}/?quality=test`)
  await rideSimulated(rider, 'Ida')
  expect(await violations(rider.page)).toEqual([])
  await rider.page.getByRole('button', { name: 'Menu' }).click()
  expect(await violations(rider.page)).toEqual([])
  // Talk, people, screen: by their keys, one right after the other. (Trainer and line: sensors.test.ts, net.test.ts.)
  await rider.page.keyboard.press('Escape')
  for (const key of ['b', 'i', 'u']) {
    await rider.page.keyboard.press(key)
    await rider.page.locator('dialog[open]').first().waitFor()
    expect(await violations(rider.page), `the sheet of ${key}`).toEqual([])
    await rider.page.keyboard.press('Escape')
    await rider.page.locator('dialog[open]').waitFor({ state: 'detached' })
  }
  await rider.page.keyboard.press('m')
  await rider.page.getByRole('button', { name: 'Leave the ride' }).click()
  await rider.page.getByRole('heading', { name: 'Good ride, Ida.' }).waitFor()
  expect(await violations(rider.page)).toEqual([])
  await rider.close()
})

test('[A3] by keyboard alone: name, ride, menu, out', async () => {
  const rider = await openPage(browser, `${serverUrl}/?quality=test`)
  const { keyboard } = rider.page
  await rider.page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'name')
  await keyboard.type('Jo')
  await keyboard.press('Enter')
  await rider.until('riding', (state) => state.frames > 0)
  await rider.page.getByRole('button', { name: 'Menu' }).waitFor()
  await keyboard.press('m')
  const leave = rider.page.getByRole('button', { name: 'Leave the ride' })
  for (let i = 0; i < 12 && !(await leave.evaluate((button) => button === document.activeElement)); i++) {
    await keyboard.press('Tab')
  }
  await keyboard.press('Enter')
  await rider.page.getByRole('heading', { name: 'Good ride, Jo.' }).waitFor()
  await rider.close()
})

test('[A4] before anybody rides the page is small', async () => {
  const { page, close } = await openPage(browser, 'about:blank', {
    initScript: () => {
      // Who has no Bluetooth is told why, and loads those words too (1 KiB more).
      Object.defineProperty(navigator, 'bluetooth', { value: {} })
      // Never quiet: what a ride is made of comes behind the page, when it has nothing else to do [V113].
      window.requestIdleCallback = () => 0
    },
  })
  // Where there is a race to sign up for, the page brings what signs: another test may be making one now.
  await page.route('**/api/events', (route) => route.fulfill({ json: { events: [] } }))
  await page.route('**/api/meets', (route) => route.fulfill({ json: { meets: [] } }))
  const bodies: Promise<Buffer>[] = []
  page.on('response', (response) => {
    if (/\.(js|css)$/.test(new URL(response.url()).pathname)) bodies.push(response.body())
  })
  await page.goto(serverUrl)
  await page.getByLabel('Your name on the road').waitFor()
  await page.waitForLoadState('networkidle')
  const kb = (await Promise.all(bodies)).reduce((sum, body) => sum + gzipSync(body).length / 1024, 0)
  expect(kb).toBeGreaterThan(1)
  expect(kb).toBeLessThan(JOIN_KB_MAX)
  await close()
})

test('[A5] a wrong code is told in a sentence, and the door stays open', async () => {
  const { page, close } = await openPage(browser, `${serverUrl}/?code=ZZZZZZ`)
  expect(await page.getByRole('alert').innerText()).toMatch(/\.$/)
  await page.getByRole('button', { name: 'Ride with a simulated trainer' }).waitFor()
  await close()
})

test('[U61] the server away is said in words and the page comes back by itself; a new build’s worker takes over', async () => {
  const door = { port: 0, build: '' }
  let server = await openDoor(door)
  const { page, close } = await openPage(browser, `http://127.0.0.1:${door.port}/about`, { hasWorker: true })
  await page.evaluate(async () => await navigator.serviceWorker.ready)
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  const caches = async () => await page.evaluate(async () => await window.caches.keys())
  const first = await caches()
  expect(first).toHaveLength(1)
  const kept = await page.evaluate(async () => {
    const cache = await window.caches.open((await window.caches.keys())[0]!)
    return (await cache.keys()).map(({ url }) => new URL(url).pathname)
  })
  expect(kept).toContain('/offline.html')
  expect(kept.filter((path) => path.startsWith('/api'))).toEqual([])

  await shut(server)
  await page.reload()
  await page.getByRole('heading', { name: 'The server does not answer just now' }).waitFor()
  door.build = 'newer'
  server = await openDoor(door)
  await page.getByRole('heading', { name: 'What is this?' }).waitFor()
  await page.evaluate(async () => await (await navigator.serviceWorker.ready).update())
  await page.waitForFunction(async () => (await window.caches.keys()).length === 2)
  // The build before this one is kept for pages that are still open; no third.
  expect((await caches())[0]).toBe(first[0])
  await close()
  await shut(server)
})

/** The server behind a door that can be shut and opened again, and whose build can become another. */
async function openDoor(door: { port: number; build: string }): Promise<Server> {
  const server = createServer((request, response) => {
    const url = new URL(request.url!, serverUrl)
    const onward = ask(url, { method: request.method!, headers: request.headers }, (answer) => {
      const { 'content-encoding': _packed, 'content-length': _long, ...headers } = answer.headers
      const isWorker = url.pathname === '/sw.js' && door.build !== ''
      response.writeHead(answer.statusCode!, isWorker ? headers : answer.headers)
      if (!isWorker) return void answer.pipe(response)
      // Another list of files is another worker.
      answer.resume()
      void fetch(url).then(async (plain) => {
        const code = await plain.text()
        response.end(code.replace('"/offline.html"', `"/offline.html","/offline.html?${door.build}"`))
      })
    })
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(door.port, '127.0.0.1', resolve))
  door.port = (server.address() as AddressInfo).port
  return server
}

async function shut(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
