import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { GATT } from '#bridges/core/gatt'
import { decodeControlRequest } from '#bridges/core/profiles/control-point'
import { encodeIndoorBikeData } from '#bridges/core/profiles/indoor-bike-data'
import { BLE_FLAGS, BluetoothEmulator, type EmulatedPeripheral } from '#cli/bluetooth-emulator'
import { machinePeripheral } from '#cli/emulated-sensors'
import { launchChromium } from '#test/support/chromium'
import { openPage, type RiderPage } from '#test/support/rider-page'

const serverUrl = inject('serverUrl')
let browser: Browser
let rider: RiderPage
let trainer: EmulatedPeripheral
let emulator: BluetoothEmulator
beforeAll(async () => {
  browser = await launchChromium(BLE_FLAGS)
  rider = await openPage(browser, 'about:blank')
  emulator = await BluetoothEmulator.attach(browser, rider.page)
  trainer = await emulator.add({ name: 'Turbo EMU', gatt: machinePeripheral() })
  await rider.page.goto(`${serverUrl}/?quality=test`)
})
afterAll(async () => {
  await browser?.close()
})

const bike = (powerW: number): Uint8Array => encodeIndoorBikeData({ speedKmh: 30, cadenceRpm: 91, powerW })
const notifyBike = (powerW: number): Promise<boolean> => trainer.notify(GATT.indoorBikeData, bike(powerW))
const PAIRED = 'Turbo EMU: power, cadence, resistance'

test('[B7] an FTMS trainer is paired in the browser, its watts move the rider, and the road’s grade is written back', async () => {
  await rider.page.getByLabel('Your name on the road').fill('Hana')
  await rider.page.getByRole('button', { name: 'Pair a Bluetooth trainer' }).click()
  const begun = await rider.until('riding', (state) => state.frames > 0)
  expect(begun.trainer).toBe(PAIRED)
  for (let i = 0; i < 12; i++) {
    expect(await notifyBike(247)).toBe(true)
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
  await trainer.drop('refused')
  await rider.until('gone', (state) => state.trainer === 'Turbo EMU is gone, trying again')
  await trainer.comeBack()
  await rider.until('back', (state) => state.trainer === PAIRED)
  expect(await notifyBike(181)).toBe(true)
  await rider.until('181 W', (state) => state.riders[0]!.powerW === 181)
})

test('[B68] a ride that ends lets no sensor go, and a reload asks for one click where the browser wants one', async () => {
  await emulator.reload()
  await rider.until('riding again', (state) => state.frames > 0)
  await rider.page.getByRole('button', { name: 'Connect Turbo EMU again' }).click()
  await rider.until('paired', (state) => state.trainer === PAIRED)
  expect(emulator.prompts).toEqual([['Turbo EMU'], ['Turbo EMU']])
  expect(await notifyBike(204)).toBe(true)
  await rider.until('204 W', (state) => state.riders[0]!.powerW === 204)
  await rider.page.getByRole('button', { name: 'Menu' }).click()
  await rider.page.getByRole('button', { name: 'Leave the ride' }).click()
  await rider.page.getByRole('heading', { level: 1 }).first().waitFor()
  expect(trainer.isLinked).toBe(true)
  expect(await notifyBike(90)).toBe(true)
  expect(rider.errors).toEqual([])
})
