import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { violations } from '#test/support/axe'
import { launchChromium } from '#test/support/chromium'
import { closePages, openPage, rideSimulated } from '#test/support/rider-page'

const serverUrl = inject('serverUrl')
let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterEach(closePages)
afterAll(async () => {
  await browser?.close()
})

const SIZES = [
  { width: 1280, height: 720 },
  { width: 390, height: 844 },
  { width: 320, height: 640 },
  { width: 844, height: 390 },
]

test.each(SIZES)(
  '[A6] [U40] a gate and its choices are clean for axe and cover nothing at $width px',
  async (viewport) => {
    const rider = await openPage(browser, `${serverUrl}/?quality=test`, { viewport })
    await rideSimulated(rider, 'Eva', /^Thrushford, free/)
    const bar = rider.page.getByRole('navigation', { name: /Gate of the park in \d+ (m|ft)$/ })
    await bar.waitFor()
    expect(await violations(rider.page)).toEqual([])
    const covered = await rider.page.evaluate(() => {
      const boxes = ['.junction', '.hud-power', '.hud-top', '.hud-near', '.hud-map', '.ride-buttons', '.trainer-panel']
        .concat(['.hud-states', '.hud-profile', '.hud-effort', '.hud-segment', '.hud-chat'])
        .flatMap((name) =>
          [...document.querySelectorAll(name)].map((element) => ({ name, box: element.getBoundingClientRect() })),
        )
        .filter(({ box }) => box.width > 0)
      return boxes.flatMap((a, i) =>
        boxes
          .slice(i + 1)
          .filter(
            (b) =>
              a.box.left < b.box.right - 1 &&
              b.box.left < a.box.right - 1 &&
              a.box.top < b.box.bottom - 1 &&
              b.box.top < a.box.bottom - 1,
          )
          .map((b) => `${a.name} covers ${b.name}`),
      )
    })
    expect(covered).toEqual([])
    expect(await rider.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width)
    expect(rider.errors).toEqual([])
  },
)

test('[A7] by keyboard into the park: the gate is a button, and the rider is in it', async () => {
  const rider = await openPage(browser, `${serverUrl}/?quality=test`, { isDrawn: true })
  await rideSimulated(rider, 'Pia', /^Thrushford, free/)
  const gate = rider.page.getByRole('button', { name: 'Right: Quay Gardens' })
  await gate.focus()
  await rider.page.keyboard.press('Enter')
  await rider.page.locator('button[aria-pressed=true]', { hasText: 'Quay Gardens' }).waitFor()
  await rider.until('in the park', (state) => state.isInZone)
  await rider.page.locator('.junction').waitFor({ state: 'detached' })
  expect(rider.errors).toEqual([])
})

test('[A8] bars turned by key move the rider at once, and let go they come back', async () => {
  const rider = await openPage(browser, `${serverUrl}/?quality=test`)
  await rideSimulated(rider, 'Uma', /^Thrushford, free/)
  await rider.until('rolling', ({ riders }) => riders[0]!.speedMps > 4)
  const lateralM = async (): Promise<number> => (await rider.state())!.riders[0]!.lateralM
  await rider.page.keyboard.down('d')
  const right = await rider.until('at the right edge', ({ riders }) => riders[0]!.lateralM > 1.2)
  await rider.page.keyboard.up('d')
  await rider.page.keyboard.down('a')
  await rider.until('left of the middle', ({ riders }) => riders[0]!.lateralM < 0)
  await rider.page.keyboard.up('a')
  expect(await lateralM()).toBeLessThan(right.riders[0]!.lateralM)
  expect((await rider.state())!.snaps).toBe(0)
})

test('[A9] a route from the menu, and a turn by key that leads away from it', async () => {
  const rider = await openPage(browser, `${serverUrl}/?quality=test`, { viewport: SIZES[0]! })
  const { page } = rider
  await rideSimulated(rider, 'Kit', /^Alder Park Circuit/)
  await rider.until('on the route', ({ routeId }) => routeId === 'alder-park')
  await page.getByRole('slider', { name: 'Power' }).fill('800')
  const choose = async (label: RegExp): Promise<void> => {
    await page.getByRole('button', { name: 'Menu' }).click()
    const routes = page.locator('dialog select')
    const found = (await routes.locator('option').allTextContents()).find((text) => label.test(text))!
    await routes.selectOption({ label: found })
    await page.getByRole('button', { name: 'Back to the ride' }).click()
  }
  await choose(/^No route/)
  await rider.until('on no route', ({ routeId }) => routeId === '')
  await choose(/^Alder Park Circuit/)
  const before = await rider.until('on the route again', ({ routeId }) => routeId === 'alder-park')
  await page.locator('.hud-profile', { hasText: 'Lap 1 in' }).waitFor()

  // The bar marks the route's own way; that of a frame ago marks the way without a route.
  await rider.until('looked at since', ({ frames }) => frames > before.frames + 2)
  const other = page.locator('.junction button[aria-pressed=false]').first()
  await other.waitFor()
  const name = (await other.getAttribute('aria-label'))!
  const keys: Record<string, string> = { Left: 'ArrowLeft', Straight: 'w', Right: 'ArrowRight' }
  await page.keyboard.press(keys[/^\w+/.exec(name)![0]]!)
  await page.locator('.junction button[aria-pressed=true]', { hasText: name.replace(/^.*: /, '') }).waitFor()
  const after = await rider.until(
    'another way, off the route',
    ({ way, routeId }) => way !== before.way && routeId === '',
    40_000,
  )
  expect(after.snaps).toBe(0)
  expect(rider.errors).toEqual([])
})
