import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { GATT } from '#bridges/core/gatt'
import { type ControlRequest, decodeControlRequest } from '#bridges/core/profiles/control-point'
import { encodeCyclingPower } from '#bridges/core/profiles/cycling-power'
import { encodeHeartRate } from '#bridges/core/profiles/heart-rate'
import { encodeIndoorBikeData } from '#bridges/core/profiles/indoor-bike-data'
import { encodeMachineStatus, SPIN_DOWN_STATUS } from '#bridges/core/profiles/machine-status'
import { BLE_FLAGS, BluetoothEmulator, type EmulatedPeripheral } from '#cli/bluetooth-emulator'
import { machinePeripheral, meterPeripheral, strapPeripheral } from '#cli/emulated-sensors'
import { violations } from '#test/support/axe'
import { launchChromium } from '#test/support/chromium'
import { openPage, type RiderPage } from '#test/support/rider-page'

const serverUrl = inject('serverUrl')
let browser: Browser
let rider: RiderPage
let trainer: EmulatedPeripheral
let strap: EmulatedPeripheral
let meter: EmulatedPeripheral
let emulator: BluetoothEmulator
beforeAll(async () => {
  browser = await launchChromium(BLE_FLAGS)
  rider = await openPage(browser, 'about:blank')
  emulator = await BluetoothEmulator.attach(browser, rider.page)
  trainer = await emulator.add({ name: 'Turbo EMU', gatt: machinePeripheral() })
  strap = await emulator.add({ name: 'Strap EMU', gatt: strapPeripheral() })
  meter = await emulator.add({ name: 'Crank EMU', gatt: meterPeripheral() })
  await rider.page.goto(`${serverUrl}/?quality=test`)
})
afterAll(async () => {
  await browser?.close()
})

const bike = (powerW: number): Uint8Array => encodeIndoorBikeData({ speedKmh: 30, cadenceRpm: 91, powerW })
const notifyBike = (powerW: number): Promise<boolean> => trainer.notify(GATT.indoorBikeData, bike(powerW))
const PAIRED = 'Turbo EMU: power, cadence, resistance'
/** Asked for until it is so: what a page shows is as new as its last quarter of a second. */
const SOON = { timeout: 10_000, interval: 100 }

/** What the devices say, four times a second, until it is stopped. */
function saying(powerW: number): () => void {
  const beat = setInterval(() => {
    if (trainer.isLinked) void notifyBike(powerW)
    if (strap.isLinked)
      void strap.notify(
        GATT.heartRateMeasurement,
        encodeHeartRate({ heartRateBpm: 131, contact: 'detected', rr1024: [] }),
      )
    void meter.notify(GATT.powerMeasurement, encodeCyclingPower({ powerW: powerW + 4 }))
  }, 250)
  return () => clearInterval(beat)
}
const tile = (name: string): Promise<string> =>
  rider.page.locator('.tile', { has: rider.page.getByRole('heading', { name, exact: true }) }).innerText()
const flat = (text: string): string => text.replaceAll(/\s+/g, ' ')
const button = (name: string | RegExp) => rider.page.getByRole('button', { name })
/** What the trainer was asked last of this kind. */
const asked = (op: ControlRequest['op']): ControlRequest | undefined =>
  trainer.writes
    .flatMap(({ bytes }) => {
      const got = decodeControlRequest(bytes)
      return got.ok && got.value.op === op ? [got.value] : []
    })
    .at(-1)

test('[B130] before the ride trainer, strap and meter are paired on one sheet and seen live', async () => {
  await rider.page.getByLabel('Your name on the road').fill('Hana')
  await button('Trainer and sensors').click()
  await button('Add a device').waitFor()
  expect(flat(await tile('Power'))).toBe('Power – W No sensor')
  expect(await violations(rider.page)).toEqual([])
  const stop = saying(212)
  for (const one of [trainer, strap, meter]) {
    emulator.choice = one
    await button('Add a device').click()
    await expect.poll(() => one.isLinked, SOON).toBe(true)
  }
  await expect.poll(async () => flat(await tile('Power')), SOON).toBe('Power 216 W Live Crank EMU')
  await expect.poll(async () => flat(await tile('Heart rate')), SOON).toBe('Heart rate 131 bpm Live Strap EMU')
  await expect.poll(async () => flat(await tile('Cadence')), SOON).toBe('Cadence 91 rpm Live Turbo EMU')
  await expect.poll(async () => flat(await tile('Resistance')), SOON).toBe('Resistance – Ready for the road Turbo EMU')
  expect(flat(await rider.page.locator('.device').first().innerText())).toContain('battery 87 %')
  await rider.page.getByText('Nothing is wrong.').waitFor()
  expect(await violations(rider.page)).toEqual([])
  await button('Power: Use this one, Turbo EMU').click()
  await expect.poll(async () => flat(await tile('Power')), SOON).toBe('Power 212 W Live Turbo EMU')
  await button('Power: Use the best').click()
  await expect.poll(async () => flat(await tile('Power')), SOON).toBe('Power 216 W Live Crank EMU')
  for (const press of ['Forget Crank EMU', 'Forget it? Crank EMU']) await button(press).click()
  await expect.poll(() => rider.page.locator('.device h4').allInnerTexts(), SOON).toEqual(['Turbo EMU', 'Strap EMU'])
  await expect.poll(async () => flat(await tile('Power')), SOON).toBe('Power 212 W Live Turbo EMU')
  stop()
})

test('[B131] watts are held as the sheet asks, a spin-down is led step by step, and the road comes back', async () => {
  const stop = saying(205)
  await button('Hold watts').click()
  await button('10 watts more').click()
  await expect.poll(() => asked('set-target-power'), SOON).toMatchObject({ powerW: 160 })
  await button('Calibrate Turbo EMU').click()
  await button('Begin').click()
  await rider.page.getByText('Pedal faster to 30 km/h.').waitFor()
  await rider.page.getByRole('img', { name: '30.0 km/h, wanted 10 km/h to 30 km/h' }).waitFor()
  expect(await violations(rider.page)).toEqual([])
  const tell = (spinDown: number): Promise<boolean> =>
    trainer.notify(GATT.machineStatus, encodeMachineStatus({ op: 'spin-down', spinDown }))
  await tell(SPIN_DOWN_STATUS.stopPedalling)
  await rider.page.getByText('Stop pedalling and let the wheel roll to rest.').waitFor()
  await tell(SPIN_DOWN_STATUS.success)
  await rider.page.getByText('The trainer is calibrated.').waitFor()
  await button('Done').click()
  await button('The road').click()
  await expect.poll(async () => flat(await tile('Resistance')), SOON).toContain('Ready for the road')
  stop()
})

test('[B133] a trainer that drops is said in words, and so is its return', async () => {
  const stop = saying(199)
  await trainer.drop('refused')
  await rider.page.getByText('Turbo EMU is gone.').waitFor()
  await expect.poll(async () => flat(await tile('Power')), SOON).toBe('Power – W Lost Turbo EMU')
  await trainer.comeBack()
  await expect.poll(async () => flat(await tile('Power')), SOON).toBe('Power 199 W Live Turbo EMU')
  await rider.page.getByText('Nothing is wrong.').waitFor()
  stop()
})

test('[B7] an FTMS trainer is paired in the browser, its watts move the rider, and the road’s grade is written back', async () => {
  await button('Ride with these').click()
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

test('[B89] E and Q shift: the drag that the trainer is told grows by the cube of the gear, and falls again', async () => {
  const drag = (): number => {
    const told = trainer.writes.flatMap(({ bytes }) => {
      const got = decodeControlRequest(bytes)
      return got.ok && got.value.op === 'set-simulation' ? [got.value.cwKgpm] : []
    })
    return told.at(-1)!
  }
  const begun = drag()
  for (let i = 0; i < 4; i++) await rider.page.keyboard.press('e')
  await expect.poll(drag, { timeout: 10_000 }).toBeGreaterThan(begun * 1.5)
  for (let i = 0; i < 9; i++) await rider.page.keyboard.press('q')
  await expect.poll(drag, { timeout: 10_000 }).toBeLessThan(begun * 0.8)
})

test('[B8] a trainer that drops is found again, and its watts go on', async () => {
  await trainer.drop('refused')
  await rider.until('gone', (state) => state.trainer === 'Turbo EMU is gone, trying again')
  await trainer.comeBack()
  await rider.until('back', (state) => state.trainer === PAIRED)
  expect(await notifyBike(181)).toBe(true)
  await rider.until('181 W', (state) => state.riders[0]!.powerW === 181)
})

test('[B136] over the ride keys and touch shift, hold watts and open the sheet, and the bar says what the trainer does', async () => {
  const stop = saying(207)
  const bar = rider.page.getByRole('region', { name: 'Trainer', exact: true })
  const { keyboard } = rider.page
  const words = async (): Promise<string> => flat(await bar.innerText())
  await expect.poll(words, SOON).toMatch(/the road, −?\d+\.\d %/)
  const gear = Number(/gear (\d+)/.exec(await words())?.[1])
  await keyboard.press('ArrowUp')
  await expect.poll(words, SOON).toContain(`gear ${gear + 1}`)
  for (const name of ['An easier gear', 'An easier gear']) await bar.getByRole('button', { name }).click()
  await expect.poll(words, SOON).toContain(`gear ${gear - 1}`)
  await keyboard.press('g')
  await keyboard.press('+')
  await expect.poll(words, SOON).toContain('170 W held')
  await expect.poll(() => asked('set-target-power'), SOON).toMatchObject({ powerW: 170 })
  await bar.getByTitle('Trainer: modes and gears').click()
  await bar.getByRole('button', { name: 'Free' }).click()
  await expect.poll(words, SOON).toContain('nothing to feel: the flat')
  expect(await violations(rider.page)).toEqual([])
  await bar.getByRole('button', { name: 'The road' }).click()
  await keyboard.press('t')
  await button('Back to the ride').waitFor()
  await keyboard.press('t')
  await expect.poll(() => button('Back to the ride').count(), SOON).toBe(0)
  stop()
})

test('[B68] a ride that ends lets no sensor go, and a reload asks for one click where the browser wants one', async () => {
  emulator.choice = undefined
  await emulator.reload()
  await rider.until('riding again', (state) => state.frames > 0)
  await rider.page.getByRole('button', { name: 'Connect Turbo EMU and 1 more again' }).click()
  await rider.until('paired', (state) => state.trainer === PAIRED)
  // Three were paired on the sheet; these are asked for by name.
  expect(emulator.prompts[3]).toEqual(['Turbo EMU'])
  expect(await notifyBike(204)).toBe(true)
  await rider.until('204 W', (state) => state.riders[0]!.powerW === 204)
  await rider.page.getByRole('button', { name: 'Menu' }).click()
  await rider.page.getByRole('button', { name: 'Leave the ride' }).click()
  await rider.page.getByRole('heading', { level: 1 }).first().waitFor()
  expect(trainer.isLinked).toBe(true)
  expect(await notifyBike(90)).toBe(true)
  expect(rider.errors).toEqual([])
})
