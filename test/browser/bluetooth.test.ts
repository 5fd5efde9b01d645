import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { decodeControlRequest } from '#bridges/core/profiles/control-point'
import { encodeIndoorBikeData } from '#bridges/core/profiles/indoor-bike-data'
import { BLE_FLAGS, EmulatedTrainer } from '#test/support/ble-emulator'
import { launchChromium } from '#test/support/chromium'
import { openPage, type RiderPage } from '#test/support/rider-page'

const serverUrl = inject('serverUrl')
let browser: Browser
let rider: RiderPage
let trainer: EmulatedTrainer
beforeAll(async () => {
  browser = await launchChromium(BLE_FLAGS)
  rider = await openPage(browser, 'about:blank')
  trainer = await EmulatedTrainer.attach(browser, rider.page, 'KICKR EMU')
  await rider.page.goto(`${serverUrl}/?quality=test`)
})
afterAll(async () => {
  await browser?.close()
})

const bike = (powerW: number): Uint8Array => encodeIndoorBikeData({ speedKmh: 30, cadenceRpm: 91, powerW })

test('[B7] an FTMS trainer is paired in the browser, its watts move the rider, and the road’s grade is written back', async () => {
  await rider.page.getByLabel('Your name on the road').fill('Hana')
  await rider.page.getByRole('button', { name: 'Pair a Bluetooth trainer' }).click()
  const begun = await rider.until('riding', (state) => state.frames > 0)
  expect(begun.trainer).toBe('KICKR EMU: power, cadence, resistance')
  for (let i = 0; i < 12; i++) {
    expect(await trainer.notifyBike(bike(247))).toBe(true)
    await rider.page.waitForTimeout(250)
  }
  const riding = await rider.until('247 W', (state) => state.riders[0]!.powerW === 247)
  expect(riding.riders[0]).toMatchObject({ powerW: 247, cadenceRpm: 91 })
  expect(riding.riders[0]!.distanceM).toBeGreaterThan(begun.riders[0]!.distanceM)

  const ops = trainer.writes.map(({ bytes }) => decodeControlRequest(bytes))
  expect(ops.every((op) => op.ok)).toBe(true)
  expect(ops[0]).toMatchObject({ value: { op: 'request-control' } })
  const grades = ops.flatMap((op) => (op.ok && op.value.op === 'set-simulation' ? [op.value.gradeFraction] : []))
  expect(grades.length).toBeGreaterThan(0)
  expect(grades.at(-1)).toBeCloseTo((await rider.state())!.gradeFraction, 1)
  for (const { atMs } of trainer.writes) {
    const inASecond = trainer.writes.filter((write) => write.atMs > atMs - 1000 && write.atMs <= atMs)
    expect(inASecond.length).toBeLessThanOrEqual(5) // Four a second, and the one that is just leaving the window.
  }
})

test('[B8] a trainer that drops is found again, and its watts go on', async () => {
  // It is lost for less than a look from here takes on a busy machine, so the page writes down what it said.
  await rider.page.evaluate(() => {
    const said: string[] = []
    Object.assign(window, { said })
    setInterval(() => said.push(window.__gruppetto?.state()?.trainer as string), 5)
  })
  const said = (): Promise<string[]> => rider.page.evaluate(() => (window as unknown as { said: string[] }).said)
  await trainer.disconnect()
  await expect.poll(said, { timeout: 20_000 }).toContainEqual(expect.stringContaining('trying again'))
  await rider.until('back', (state) => state.trainer === 'KICKR EMU: power, cadence, resistance')
  expect(await trainer.notifyBike(bike(181))).toBe(true)
  await rider.until('181 W', (state) => state.riders[0]!.powerW === 181)
  expect(rider.errors).toEqual([])
})
