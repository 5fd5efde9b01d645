import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Browser } from 'playwright-core'
import { report, type Report } from './command.ts'
import { openShot, type BuiltHarness } from './picture-harness.ts'

const COLUMNS = 5
const JPEG_QUALITY = 84

/** Every pose side by side, each with its name: one harness page that sits down anew for each. */
export async function drawPoses(
  browser: Browser,
  harness: BuiltHarness,
  out: string,
  query: URLSearchParams,
  { widthPx, heightPx }: { widthPx: number; heightPx: number },
): Promise<Report> {
  const rows = 3
  const size = { widthPx: Math.floor(widthPx / COLUMNS), heightPx: Math.floor(heightPx / rows) }
  query.set('bare', '')
  query.set('still', '')
  query.set('riders', String(COLUMNS * rows))
  // All of them are in the roster, one at a time is on the road.
  const { page, errors } = await openShot(browser, harness, { query: query.toString(), ...size })
  if (errors.length > 0) return report({}, [`the page reported: ${errors[0]}`])
  const cells: string[] = []
  for (let index = 0; index < COLUMNS * rows; index++) {
    const name = await page.evaluate<string>(`window.harness.sit(${index})`)
    if (name === '') break
    const png = (await page.screenshot({ timeout: 120_000 })).toString('base64')
    cells.push(`<figure><img src="data:image/png;base64,${png}"><figcaption>${name}</figcaption></figure>`)
  }
  const sheet = await browser.newPage({ viewport: { width: widthPx, height: heightPx } })
  await sheet.setContent(`<style>body{margin:0}figure{margin:0;float:left;position:relative;width:${size.widthPx}px;
    height:${size.heightPx}px}figcaption{position:absolute;left:8px;bottom:6px;color:#fff;font:600 15px sans-serif;
    text-shadow:0 0 4px #000,0 0 2px #000}</style>${cells.join('')}`)
  const kind = /\.jpe?g$/i.test(out) ? ({ type: 'jpeg', quality: JPEG_QUALITY } as const) : {}
  const bytes = await sheet.screenshot({ timeout: 120_000, ...kind })
  mkdirSync(dirname(out), { recursive: true })
  writeFileSync(out, bytes)
  return report({
    file: { value: out, unit: '' },
    bytes: { value: bytes.length, unit: 'B' },
    poses: { value: cells.length, unit: '' },
  })
}
