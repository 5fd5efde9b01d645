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

test.each([DESKTOP, PHONE, NARROW])('[A1] every page is clean for axe and fits at $width px', async (viewport) => {
  const { page, errors, close } = await openPage(browser, serverUrl, { viewport })
  for (const path of ['/', '/organise', '/events/none', '/rides', '/profile', '/garage', '/account']) {
    await page.goto(serverUrl + path)
    await page.locator('main').waitFor()
    await page.waitForLoadState('networkidle')
    expect(await violations(page), path).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(viewport.width)
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
  const { page, close } = await openPage(browser, 'about:blank')
  // Where there is a race to sign up for, the page brings what signs: another test may be making one now.
  await page.route('**/api/events', (route) => route.fulfill({ json: { events: [] } }))
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
