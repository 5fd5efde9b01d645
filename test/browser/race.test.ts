import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { launchChromium } from '#test/support/chromium'
import { closePages, openPage } from '#test/support/rider-page'

const serverUrl = inject('serverUrl')
let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterEach(closePages)
afterAll(async () => {
  await browser?.close()
})

test('[E1] an organiser makes a race, a rider signs up from the lobby, waits in the pen and starts with the bots', async () => {
  const office = await openPage(browser, `${serverUrl}/organise`, { viewport: { width: 1280, height: 720 } })
  // The roads come late: what is typed before them must stay.
  let tellRoads = (): void => {}
  const isTyped = new Promise<void>((resolve) => (tellRoads = resolve))
  await office.page.route('**/api/worlds', async (route) => {
    await isTyped
    await route.continue()
  })
  await office.page.getByLabel('Organiser’s token').fill(inject('adminToken'))
  await office.page.getByRole('button', { name: 'Open the office' }).click()
  await office.page.getByLabel('Title').fill('Thursday race')
  await office.page.getByLabel('Bots').fill('3')
  tellRoads()
  await office.page.getByLabel('Route').locator('option').first().waitFor({ state: 'attached' })
  expect(await office.page.getByLabel('Bots').inputValue()).toBe('3')
  await office.page.getByRole('button', { name: 'Make the race' }).click()
  const race = office.page.getByRole('region', { name: 'Thursday race' })
  await race.getByRole('button', { name: 'Open for riders' }).click()
  await race.getByRole('button', { name: 'Start in 30 s' }).waitFor()

  const rider = await openPage(browser, `${serverUrl}/?quality=test`, { isDrawn: true })
  await rider.page.getByLabel('Your name on the road').fill('Kim')
  await rider.page.getByRole('button', { name: 'Sign up' }).click()
  const pen = await rider.until('in the pen', (state) => state.frames > 0 && state.phase === 'open')
  expect(pen.roster.map(({ name }) => name)).toContain('Kim')
  await rider.page.waitForTimeout(500)
  expect((await rider.state())!.riders.map(({ speedMps }) => speedMps)).toEqual(pen.riders.map(() => 0))

  await race.getByLabel('Countdown').fill('5')
  await race.getByRole('button', { name: 'Start in 5 s' }).click()
  await rider.until('the countdown', (state) => state.phase === 'countdown')
  await race.getByRole('table').waitFor()
  // The word comes by another way than the motion, and may be the later one.
  const racing = await rider.until(
    'everybody races',
    ({ phase, riders }) => phase === 'racing' && riders.every(({ speedMps }) => speedMps > 1),
  )
  expect(racing.riders).toHaveLength(4)
  expect(await race.getByRole('table').innerText()).toContain('Kim')
  expect([...office.errors, ...rider.errors]).toEqual([])
})
