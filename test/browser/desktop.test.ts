import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import type { BridgeState } from '#bridges/bridge-state'
import type { LegsCommand } from '#bridges/core/devices'
import { DirconServer } from '#bridges/dircon/server'
import { LocalPage } from '#bridges/local-page/local-page'
import { SimulatedTrainer } from '#bridges/trainer-sim/trainer'
import { CHROMIUM_FLAGS, findChromium } from '#cli/picture-harness'
import { systemClock } from '#server/clock'
import { violations } from '#test/support/axe'
import { launchChromium } from '#test/support/chromium'
import { killPrograms, Program } from '#test/support/programs'
import { until } from '#test/support/until'

const serverUrl = inject('serverUrl')
const PATIENT = { timeout: 60_000 }
const NARROW = { width: 320, height: 640 }
const DESKTOP = { width: 1100, height: 900 }
let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
  await killPrograms()
})
afterAll(async () => {
  await browser?.close()
})

test('[B121] one command: bridge, the page from 127.0.0.1 in a window, the ride in it; Ctrl-C ends all of it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gruppetto-'))
  // A browser's helpers write for a moment after it has gone.
  cleanups.push(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }))
  const trainer = new SimulatedTrainer()
  const device = new DirconServer(trainer.peripheral)
  const port = await device.listen(0, '127.0.0.1')
  cleanups.push(() => device.close())
  const pedalling = setInterval(() => trainer.show({ powerW: 231, cadenceRpm: 88 }, 0.25), 250)
  cleanups.push(() => Promise.resolve(clearInterval(pedalling)))
  const executable = process.env['GRUPPETTO_CHROMIUM'] || findChromium(process.env['PATH'] ?? '')!
  const flags = [...CHROMIUM_FLAGS, '--headless=new', '--remote-debugging-port=0', '--window-size=200,150']
  const ride = new Program([
    ...['ride', serverUrl, '--name', 'Ida', '--dircon', `127.0.0.1:${port}`, '--state', join(folder, 'bridge.json')],
    ...['--port', '0', '--page-port', '0', '--browser', executable, ...flags.map((flag) => `--browser-flag=${flag}`)],
  ])
  const base = (await ride.said(/the page of \S+ is at (\S+)/))[1]!
  expect(base).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  const window = await openedWindow(join(folder, 'window'))
  await expect.poll(() => window.evaluate('`${location.origin} ${isSecureContext}`'), PATIENT).toBe(`${base} true`)
  await expect.poll(() => window.evaluate('document.body.innerText'), PATIENT).toContain('231')
  await ride.said(/ W, riding/)
  expect(await ride.end('SIGINT')).toBe(0)
  await window.gone
  expect(ride.output).toContain('the trainer is free again; goodbye')
})

/**
 * The page in the window, by the browser's own wire: a page that is drawn in software answers when it can, and a whole
 * client at it would wait for every frame.
 */
async function openedWindow(profiles: string) {
  // One for each server; here is one server.
  const read = async (): Promise<string> => {
    const [profile] = await readdir(profiles).catch(() => [])
    return profile === undefined ? '' : readFile(join(profiles, profile, 'DevToolsActivePort'), 'utf8').catch(() => '')
  }
  await expect.poll(read, PATIENT).toMatch(/^\d+\n/)
  const [port] = (await read()).split('\n')
  const pages = async (): Promise<{ type: string; url: string; webSocketDebuggerUrl: string }[]> =>
    (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as never
  // One that is on its way from one address to the next is none for a moment: what was seen once is kept.
  let webSocketDebuggerUrl = ''
  const look = async (): Promise<string> =>
    (webSocketDebuggerUrl ||= (await pages()).find(({ url }) => url.startsWith('http'))?.webSocketDebuggerUrl ?? '')
  await expect.poll(look, { timeout: 30_000 }).not.toBe('')
  const socket = new WebSocket(webSocketDebuggerUrl)
  const gone = new Promise<void>((resolve) => socket.addEventListener('close', () => resolve()))
  await new Promise((resolve) => socket.addEventListener('open', resolve))
  let asked = 0
  const evaluate = (expression: string): Promise<unknown> => {
    const id = ++asked
    const answer = new Promise<unknown>((resolve) => {
      const hear = ({ data }: MessageEvent): void => {
        const told = JSON.parse(String(data)) as { id?: number; result?: { result?: { value?: unknown } } }
        if (told.id !== id) return
        socket.removeEventListener('message', hear)
        resolve(told.result?.result?.value)
      }
      socket.addEventListener('message', hear)
    })
    socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params: { expression, returnByValue: true } }))
    return answer
  }
  return { gone, evaluate }
}

const STATE: BridgeState = {
  legs: {
    devices: [
      {
        ...{ id: 'dircon:a', name: 'Trainer One', carrier: 'network', source: 'trainer', level: 'good' },
        ...{ words: 'power, cadence, resistance', isTrainer: true, canCalibrate: true, powerW: 219.6, cadenceRpm: 90 },
      },
      {
        ...{ id: 'ant:11.345', name: 'Power meter 34211', carrier: 'ant', source: 'power-meter', level: 'bad' },
        ...{ words: 'nothing heard for 12 s: turn the pedals', isTrainer: false, canCalibrate: false },
      },
    ],
    sources: [{ quantity: 'powerW', deviceId: 'dircon:a' }],
    trainer: { mode: 'sim', words: 'the road, 4.2 %', level: 'good', difficulty: 0.75, gear: 12, gearRatio: 2.06 },
  },
  riderName: 'Ada',
  server: { level: 'good', words: 'Connected to the server.' },
  said: ['legs: 220 W, riding'],
}

test('[B126] the bridge’s own page shows the legs and commands them, is clean for axe and fits on a phone', async () => {
  const commands: LegsCommand[] = []
  const held = { complaint: undefined as string | undefined, state: STATE }
  const local = new LocalPage({
    ...{ clock: systemClock, token: 'of-this-test', port: 0 },
    desk: {
      state: () => held.state,
      watchUrl: () => Promise.resolve(undefined),
      command: (command) => (commands.push(command), held.complaint),
    },
  })
  const address = await local.open()
  cleanups.push(() => local.close())
  const page = await browser.newPage({ viewport: NARROW })
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  await page.goto(address)
  await page.getByRole('heading', { name: 'Ada' }).waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(NARROW.width)
  await page.setViewportSize(DESKTOP)
  expect(await violations(page)).toEqual([])
  const number = page.locator('[data-quantity=powerW] b')
  await number.filter({ hasText: '220' }).waitFor()
  await page.getByRole('button', { name: 'A harder gear' }).click()
  await page.getByRole('button', { name: 'Hold watts' }).click()
  await page.getByLabel('Power from').selectOption('Trainer One')
  await page.getByRole('button', { name: 'Calibrate' }).first().click()
  await until('the commands', () => commands.length === 4)
  expect(commands).toEqual([
    { ask: 'shift', by: 1 },
    { ask: 'mode', mode: 'erg' },
    { ask: 'source', quantity: 'powerW', deviceId: 'dircon:a' },
    { ask: 'calibrate', deviceId: 'dircon:a' },
  ])
  held.complaint = 'No device ant:11.345 is here now.'
  await page.getByRole('button', { name: 'Forget' }).last().click()
  await page.getByText('No device ant:11.345 is here now.').waitFor()
  // Live, and gone when the bridge is.
  const [first, ...rest] = STATE.legs.devices
  held.state = { ...STATE, legs: { ...STATE.legs, devices: [{ ...first!, powerW: 301 }, ...rest] } }
  await number.filter({ hasText: '301' }).waitFor()
  await local.close()
  await page.getByText('The bridge does not answer.').waitFor()
  expect(errors).toEqual([])
  await page.close()
  // Without what is behind the # nothing is shown but what to do.
  const bare = await browser.newPage()
  const again = new LocalPage({
    ...{ clock: systemClock, token: 'of-this-test', port: 0 },
    desk: { state: () => STATE, watchUrl: () => Promise.resolve(undefined), command: () => undefined },
  })
  await bare.goto((await again.open()).split('#')[0]!)
  await bare.getByText('Open the address that the bridge printed').waitFor()
  expect(await bare.getByText('Trainer One').count()).toBe(0)
  await bare.close()
  await again.close()
})
