import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { parseFault } from '#bridges/trainer-sim/faults'
import { SteadyRider } from '#bridges/trainer-sim/legs-models'
import { Riding } from '#bridges/trainer-sim/riding'
import { SimulatedTrainer } from '#bridges/trainer-sim/trainer'
import { BLE_FLAGS, BluetoothEmulator } from '#cli/bluetooth-emulator'
import { systemClock } from '#server/clock'
import { launchChromium } from '#test/support/chromium'
import { openPage, type RiderPage } from '#test/support/rider-page'

const serverUrl = inject('serverUrl')
const reversed = parseFault('services-reversed')
const trainer = new SimulatedTrainer({
  faults: typeof reversed === 'string' ? [] : [reversed],
  spec: { startMps: 8, biasPercent: 5 },
})
const riding = new Riding({ trainer, legs: new SteadyRider({ powerW: 200 }), clock: systemClock })
let browser: Browser
let rider: RiderPage
beforeAll(async () => {
  browser = await launchChromium(BLE_FLAGS)
  rider = await openPage(browser, 'about:blank')
  const emulator = await BluetoothEmulator.attach(browser, rider.page)
  await emulator.add({ name: 'Sim', gatt: trainer.peripheral })
  await rider.page.goto(`${serverUrl}/?quality=test`)
})
afterAll(async () => {
  riding.stop()
  await browser?.close()
})

test('[B77] the simulated trainer rides in a browser as by any carrier: biased watts arrive, the road is in its brake', async () => {
  await rider.page.getByLabel('Your name on the road').fill('Iris')
  for (const name of ['Trainer and sensors', 'Add a device', 'Ride with these'])
    await rider.page.getByRole('button', { name }).click()
  await rider.until('riding', (state) => state.frames > 0)
  riding.start()
  const state = await rider.until('210 W', ({ riders }) => riders[0]!.powerW === 210)
  expect(state.riders[0]!.cadenceRpm).toBeGreaterThan(60)
  expect(trainer.isControlled).toBe(true)
  await rider.until('the road', ({ gradeFraction }) => {
    const { target } = trainer
    return target.mode === 'simulation' && Math.abs(target.gradeFraction - gradeFraction) < 0.01
  })
  expect(rider.errors).toEqual([])
})
