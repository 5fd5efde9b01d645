import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { buildHarness, findChromium, launchChromium, NO_CHROMIUM, type BuiltHarness } from '#cli/picture-harness'

let harness: BuiltHarness
let browser: Browser
let page: Page

beforeAll(async () => {
  const chromium = findChromium(process.env['PATH'] ?? '')
  if (chromium === undefined) throw new Error(NO_CHROMIUM)
  harness = await buildHarness('sound-harness.html')
  browser = await launchChromium(chromium)
  page = await browser.newPage()
  await page.goto(harness.url)
  await page.waitForFunction('window.soundHarness')
})

afterAll(async () => {
  await browser?.close()
  await harness?.close()
})

const render = async (now: object, volume: number, cue?: string) =>
  (await page.evaluate(
    ([what, gain, name]) =>
      (globalThis as never as { soundHarness: { render: Function } }).soundHarness.render(what, gain, name),
    [now, volume, cue] as const,
  )) as { rms: number; peak: number; crossingsHz: number }

test('[V59] sound comes out of noise and oscillators alone, the same twice, and none when the volume is none', async () => {
  const wind = { windGain: 0.6, windHz: 400 }
  const heard = await render(wind, 0.8)
  expect(heard.rms).toBeGreaterThan(0.01)
  expect(heard.peak).toBeLessThan(1)
  expect(await render(wind, 0.8)).toEqual(heard)
  expect((await render(wind, 0)).peak).toBe(0)
  expect((await render({}, 0.8)).rms).toBeLessThan(1e-4)
  // Wind is a low sound, wet tyres a high one; a gear, the bell of the last lap and the finish are heard.
  const wet = await render({ hissGain: 0.5 }, 0.8)
  expect(wet.crossingsHz).toBeGreaterThan(4 * heard.crossingsHz)
  for (const cue of ['gear', 'last-lap', 'finish', 'count', 'go', 'word']) {
    expect((await render({}, 0.8, cue)).peak, cue).toBeGreaterThan(0.003)
  }
})
