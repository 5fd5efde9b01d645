import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { report, type Invocation, type Report } from './command.ts'
import { startLocalServer } from './local-server.ts'
import { launchChromium } from './picture-harness.ts'

/** Fills the two minutes that the page shows, with the bad stretch in their last third. */
const GOOD_S = 85
const BAD_S = 25
/** Large enough to ride in, small enough to be drawn in software without a stutter of its own. */
const RIDE = { width: 160, height: 120 }

/** Every fifteenth packet of the line is lost on its way to the page while `window.isLossy`. */
const LOSE = `for (const { prototype } of [RTCDataChannel, WebSocket]) {
  const listen = prototype.addEventListener
  let count = 0
  prototype.addEventListener = function (kind, heard, ...more) {
    const isLine = kind === 'message' && (this.url === undefined || this.url.endsWith('/datagrams'))
    const lossy = (event) => {
      if (!window.isLossy || count++ % 15 !== 0) heard(event)
    }
    listen.call(this, kind, isLine ? lossy : heard, ...more)
  }
}`

/** The page /net, of a ride on a server of its own, whose line loses packets for a while. It takes two minutes. */
export async function drawNetPage(
  chromium: string,
  out: string,
  size: { widthPx: number; heightPx: number },
  progress: Invocation['progress'],
): Promise<Report> {
  progress(0, 4, 'starting a server')
  const server = await startLocalServer({ env: { GRUPPETTO_PACERS: '40' } })
  try {
    const browser = await launchChromium(chromium)
    try {
      const context = await browser.newContext({ viewport: RIDE })
      const ride = await context.newPage()
      await ride.addInitScript(LOSE)
      await ride.goto(`${server.url}/?quality=test`)
      await ride.getByLabel('Your name on the road').fill('Ada')
      await ride.getByRole('button', { name: 'Ride with a simulated trainer' }).click()
      await ride.locator('canvas').waitFor({ timeout: 60_000 })
      const page = await context.newPage()
      await page.setViewportSize({ width: size.widthPx, height: size.heightPx })
      await page.goto(`${server.url}/net`)
      await page.locator('.net-verdict').waitFor()
      await ride.bringToFront() // Chromium draws a page behind another once a second.
      progress(1, 4, `riding for ${GOOD_S} s`)
      await ride.waitForTimeout(GOOD_S * 1000)
      progress(2, 4, `losing packets for ${BAD_S} s`)
      await ride.evaluate('window.isLossy = true')
      await ride.waitForTimeout(BAD_S * 1000)
      progress(3, 4, 'drawing')
      const bytes = await page.screenshot({ timeout: 120_000 })
      mkdirSync(dirname(out), { recursive: true })
      writeFileSync(out, bytes)
      progress(4, 4, 'drawn')
      return report({
        file: { value: out, unit: '' },
        bytes: { value: bytes.length, unit: 'B' },
        verdict: { value: await page.locator('.net-verdict h2').innerText(), unit: '' },
      })
    } finally {
      await browser.close()
    }
  } finally {
    await server.stop()
  }
}
