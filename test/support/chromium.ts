import { chromium, type Browser } from 'playwright-core'
import { CHROMIUM_FLAGS, findChromium, NO_CHROMIUM } from '#cli/picture-harness'

/** What is on a page is put together without the card: in software that is twice the work, for every word that changes. */
const PLAIN_PAGES = '--disable-gpu-compositing'

/** Debian's Chromium, headless, drawing in software; one clear sentence when there is none. */
export async function launchChromium(extraFlags: readonly string[] = []): Promise<Browser> {
  const executablePath = process.env['GRUPPETTO_CHROMIUM'] || findChromium(process.env['PATH'] ?? '')
  if (executablePath === undefined) throw new Error(`The browser tests need Chromium: ${NO_CHROMIUM}.`)
  return await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS, PLAIN_PAGES, ...extraFlags] })
}
