import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { GATT } from '#bridges/core/gatt'
import { encodeHeartRate } from '#bridges/core/profiles/heart-rate'
import { encodeIndoorBikeData } from '#bridges/core/profiles/indoor-bike-data'
import { BLE_MEMORY_FLAGS, BluetoothEmulator, type EmulatedPeripheral } from '#cli/bluetooth-emulator'
import { fecPeripheral, machinePeripheral, strapPeripheral } from '#cli/emulated-sensors'
import { buildHarness, type BuiltHarness } from '#cli/picture-harness'
import { launchChromium } from '#test/support/chromium'

/** The app's own Bluetooth on a page without a ride; the browser gives devices back without a chooser. */
let harness: BuiltHarness
let browser: Browser
let page: Page
let emulator: BluetoothEmulator
let trainer: EmulatedPeripheral
let strap: EmulatedPeripheral
beforeAll(async () => {
  harness = await buildHarness('bluetooth-harness.html')
  browser = await launchChromium(BLE_MEMORY_FLAGS)
  page = await browser.newPage()
  emulator = await BluetoothEmulator.attach(browser, page)
  trainer = await emulator.add({ name: 'Turbo EMU', gatt: machinePeripheral() })
  strap = await emulator.add({ name: 'Strap EMU', gatt: strapPeripheral() })
  await page.goto(`${harness.url}?ride`)
})
afterAll(async () => {
  await browser?.close()
  await harness?.close()
})

/** A busy machine draws it out. */
const SOON = { timeout: 15_000 }

interface Device {
  readonly name: string
  readonly words: string
  readonly powerW?: number
  readonly heartRateBpm?: number
}
const devices = async (): Promise<readonly Device[]> =>
  (await page.evaluate('window.sensors.state().devices')) as readonly Device[]
const lines = async (): Promise<string[]> => (await devices()).map(({ name, words }) => `${name}: ${words}`)
const TURBO = expect.stringMatching(/^Turbo EMU: power, cadence.*resistance$/)
const STRAP = expect.stringMatching(/^Strap EMU: heart rate/)

async function pair(peripheral: EmulatedPeripheral): Promise<void> {
  emulator.choice = peripheral
  await page.click('#pair')
  await expect.poll(() => peripheral.isLinked, SOON).toBe(true)
}
/** Slopes written to a fitness machine, in hundredths of a per cent. */
const grades = ({ writes }: EmulatedPeripheral): number[] =>
  writes.flatMap(({ bytes }) => (bytes[0] === 0x11 ? [new DataView(bytes.buffer).getInt16(3, true)] : []))
const bike = (powerW: number): Promise<boolean> =>
  trainer.notify(GATT.indoorBikeData, encodeIndoorBikeData({ speedKmh: 30, cadenceRpm: 91, powerW }))
const heart = (heartRateBpm: number): Promise<boolean> =>
  strap.notify(GATT.heartRateMeasurement, encodeHeartRate({ heartRateBpm, contact: 'detected', rr1024: [] }))

test('[B68] trainer and strap are paired on one page and heard together', async () => {
  await pair(trainer)
  await pair(strap)
  await expect.poll(lines, SOON).toEqual([TURBO, STRAP])
  expect([await bike(222), await heart(141)]).toEqual([true, true])
  await expect.poll(devices, SOON).toMatchObject([{ powerW: 222 }, { heartRateBpm: 141 }])
})

test('[B69] a trainer that comes back with its services in another order is heard and driven as before', async () => {
  await page.evaluate('window.sensors.road(0.05)')
  await expect.poll(() => grades(trainer).at(-1), SOON).toBe(500)
  await trainer.drop('refused')
  trainer.writes.length = 0
  trainer.gatt = machinePeripheral({ isReversed: true })
  trainer.listen()
  await expect.poll(lines, SOON).toContain('Turbo EMU: Turbo EMU is gone, trying again')
  await trainer.comeBack()
  await expect.poll(() => grades(trainer).at(-1), SOON).toBe(500)
  expect(trainer.writes[0]?.bytes).toEqual(Uint8Array.of(0))
  expect([await bike(180), await heart(150)]).toEqual([true, true])
  await expect.poll(devices, SOON).toMatchObject([{ powerW: 180 }, { heartRateBpm: 150 }])
})

test('[B68] a trainer that speaks FE-C through a pipe of its own takes the road, and its watts are heard', async () => {
  await trainer.drop('refused')
  const older = await emulator.add({ name: 'Older EMU', gatt: fecPeripheral() })
  await pair(older)
  let event = 0
  const watts = async (): Promise<number | undefined> => {
    event++
    // Page 25 (trainer data): 88 rpm, 207 W, in use.
    const frame = [0xa4, 9, 0x4e, 5, 25, event, 88, (event * 207) & 255, (event * 207) >> 8, 207, 0, 0x30]
    frame.push(frame.reduce((sum, byte) => sum ^ byte, 0))
    await older.notify(GATT.fecNotify, Uint8Array.from(frame))
    return (await devices()).find(({ name }) => name === 'Older EMU')?.powerW
  }
  await expect.poll(watts, { ...SOON, interval: 250 }).toBe(207)
  // Page 51 (track resistance), acknowledged data: five per cent is 0x4e20 + 500.
  const grades = (): number[] =>
    older.writes.flatMap(({ bytes }) => (bytes[4] === 51 ? [bytes[9]! + 256 * bytes[10]! - 0x4e20] : []))
  await expect.poll(() => grades().at(-1), SOON).toBe(500)
  expect(older.writes.every(({ uuid }) => uuid === GATT.fecWrite)).toBe(true)
  await older.drop('refused')
  await page.evaluate(
    `window.sensors.ask({ ask: 'forget', deviceId: window.sensors.state().devices.find(({ name }) => name === 'Older EMU').id })`,
  )
  await trainer.comeBack()
})

test('[B69] a page that goes lets the trainer go: the flat is the last that it writes', async () => {
  await expect.poll(() => grades(trainer).at(-1), SOON).toBe(500)
  // Said without going: the emulation would end with the page.
  await page.evaluate(`dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))`)
  await page.waitForTimeout(300)
  expect(grades(trainer).at(-1)).toBe(500)
  await page.evaluate(`dispatchEvent(new PageTransitionEvent('pagehide', { persisted: false }))`)
  await expect.poll(() => grades(trainer).at(-1), SOON).toBe(0)
})

test('[B68] after a reload both are linked again without a click, where the browser allows it', async () => {
  const { length } = emulator.prompts
  await emulator.reload()
  await expect.poll(lines, SOON).toEqual([TURBO, STRAP])
  expect(emulator.prompts).toHaveLength(length)
  expect(await bike(199)).toBe(true)
})
