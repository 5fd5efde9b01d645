import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Browser } from 'playwright-core'
import { GATT } from '#bridges/core/gatt'
import { encodeCyclingPower } from '#bridges/core/profiles/cycling-power'
import { encodeHeartRate } from '#bridges/core/profiles/heart-rate'
import { SteadyRider } from '#bridges/trainer-sim/legs-models'
import { SimulatedTrainer } from '#bridges/trainer-sim/trainer'
import { BLE_FLAGS, BluetoothEmulator } from './bluetooth-emulator.ts'
import { report, type Invocation, type Report } from './command.ts'
import { meterPeripheral, strapPeripheral } from './emulated-sensors.ts'
import { startLocalServer } from './local-server.ts'
import { launchChromium } from './picture-harness.ts'

const BEAT_MS = 250
const METER_W = 205
const HEART_BPM = 142
/** Until legs, wheel and heart have settled, and every tile has its number. */
const SETTLE_MS = 6000

/** The sheet of trainer and sensors on a server of its own: a simulated trainer with a rider on it, a strap and a meter. */
export async function drawPairing(
  chromium: string,
  out: string,
  size: { widthPx: number; heightPx: number },
  progress: Invocation['progress'],
): Promise<Report> {
  progress(0, 3, 'starting a server')
  const server = await startLocalServer()
  try {
    const browser = await launchChromium(chromium, BLE_FLAGS)
    try {
      progress(1, 3, 'pairing')
      const bytes = await shotOf(browser, server.url, size)
      progress(2, 3, 'drawing')
      mkdirSync(dirname(out), { recursive: true })
      writeFileSync(out, bytes)
      progress(3, 3, 'drawn')
      return report({ file: { value: out, unit: '' }, bytes: { value: bytes.length, unit: 'B' } })
    } finally {
      await browser.close()
    }
  } finally {
    await server.stop()
  }
}

async function shotOf(browser: Browser, url: string, size: { widthPx: number; heightPx: number }): Promise<Uint8Array> {
  const page = await browser.newPage({ viewport: { width: size.widthPx, height: size.heightPx } })
  const emulator = await BluetoothEmulator.attach(browser, page)
  const model = new SimulatedTrainer()
  const legs = new SteadyRider({ powerW: 201, cadenceRpm: 88 })
  const trainer = await emulator.add({ name: 'Kitchen trainer', gatt: model.peripheral })
  const strap = await emulator.add({ name: 'Strap', gatt: strapPeripheral() })
  const meter = await emulator.add({ name: 'Left crank', gatt: meterPeripheral() })
  const heart = encodeHeartRate({ heartRateBpm: HEART_BPM, contact: 'detected', rr1024: [] })
  const beat = setInterval(() => {
    if (trainer.isLinked) model.step(legs, BEAT_MS / 1000)
    if (strap.isLinked) void strap.notify(GATT.heartRateMeasurement, heart)
    if (meter.isLinked) void meter.notify(GATT.powerMeasurement, encodeCyclingPower({ powerW: METER_W }))
  }, BEAT_MS)
  try {
    await page.goto(url)
    await page.getByRole('button', { name: 'Trainer and sensors' }).click()
    for (const one of [trainer, strap, meter]) {
      emulator.choice = one
      await page.getByRole('button', { name: 'Add a device' }).click()
      await page.getByRole('heading', { name: one.name }).waitFor()
    }
    await page.getByRole('button', { name: 'Power: Use this one, Kitchen trainer' }).click()
    await page.waitForTimeout(SETTLE_MS)
    return await page.screenshot({ timeout: 120_000 })
  } finally {
    clearInterval(beat)
  }
}
