import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Browser } from 'playwright-core'
import { figure, report, type Report } from './command.ts'
import { buildHarness, launchChromium, openShot, type BuiltHarness } from './picture-harness.ts'
import { GOLDEN_SIZE, GOLDEN_TIER, goldenViews, type GoldenView } from './picture-views.ts'

export interface GoldenOptions {
  /** Pictures go here. */
  readonly folder: string | undefined
  /** All of them on one page, with captions. */
  readonly sheet: string | undefined
  /** Everything is drawn in a second browser, too, and compared. */
  readonly isChecked: boolean
  /** Only views whose name has this in it. */
  readonly only: string
  readonly progress: (done: number, of: number, words: string) => void
}

export async function drawGolden(chromium: string, options: GoldenOptions): Promise<Report> {
  const views = goldenViews().filter(({ name }) => name.includes(options.only))
  if (views.length === 0) return report({}, [`no view has "${options.only}" in its name`])
  const rounds = options.isChecked ? 2 : 1
  const all = views.length * rounds
  options.progress(0, all, 'building the client')
  const harness = await buildHarness()
  const pictures = new Map<string, Buffer>()
  const different: string[] = []
  const complaints: string[] = []
  try {
    for (let round = 0; round < rounds; round++) {
      const browser = await launchChromium(chromium)
      try {
        let done = round * views.length
        for (const world of new Set(views.map((view) => view.world))) {
          const own = views.filter((view) => view.world === world)
          const error = await drawWorld(browser, harness, own, (view, bytes) => {
            options.progress(++done, all, view.name)
            const before = pictures.get(view.name)
            if (before === undefined) pictures.set(view.name, bytes)
            else if (!before.equals(bytes)) different.push(view.name)
            if (round > 0 || options.folder === undefined) return
            mkdirSync(options.folder, { recursive: true })
            writeFileSync(join(options.folder, `${view.name}.png`), bytes)
          })
          if (error !== undefined) complaints.push(`${world}: ${error}`)
        }
        if (round === 0 && options.sheet !== undefined) await drawSheet(browser, views, pictures, options.sheet)
      } finally {
        await browser.close()
      }
    }
  } finally {
    await harness.close()
  }
  options.progress(all, all, 'drawn')
  return report(
    {
      'golden.views': figure(views.length, '', options.only === '' ? { atLeast: 24 } : {}),
      'golden.tier': { value: GOLDEN_TIER, unit: '' },
      'golden.size': { value: `${GOLDEN_SIZE.widthPx}x${GOLDEN_SIZE.heightPx}`, unit: 'px' },
      ...(options.isChecked ? { 'golden.different': figure(different.length, '', { atMost: 0 }) } : {}),
    },
    [...complaints, ...different.map((name) => `${name}: two launches draw different bytes`)],
  )
}

/** The views of one world, on one page one after the other: to build the world takes longer than to draw it. */
async function drawWorld(
  browser: Browser,
  harness: BuiltHarness,
  views: readonly GoldenView[],
  onDrawn: (view: GoldenView, bytes: Buffer) => void,
): Promise<string | undefined> {
  const shot = await openShot(browser, harness, { query: views[0]!.query, ...GOLDEN_SIZE })
  try {
    for (const view of views) {
      await shot.page.evaluate(`harness.show(${JSON.stringify(view.query)})`)
      onDrawn(view, await shot.page.screenshot({ timeout: 120_000 }))
    }
    return shot.errors[0]
  } finally {
    await shot.page.close()
  }
}

const ACROSS = 4

/** The pictures side by side, on a page of its own. */
async function drawSheet(
  browser: Browser,
  views: readonly GoldenView[],
  pictures: ReadonlyMap<string, Buffer>,
  file: string,
): Promise<void> {
  const wide = GOLDEN_SIZE.widthPx / 2
  const cells = views.map(({ name, caption }) => {
    const source = `data:image/png;base64,${pictures.get(name)!.toString('base64')}`
    return `<figure><img width="${wide}" src="${source}"><figcaption>${caption}</figcaption></figure>`
  })
  const page = await browser.newPage({ viewport: { width: ACROSS * (wide + 8) + 8, height: 400 } })
  try {
    await page.setContent(`<!doctype html><style>
      body{margin:4px;background:#14171c;color:#e8e6df;font:13px system-ui,"DejaVu Sans",sans-serif;
        display:grid;grid-template-columns:repeat(${ACROSS},${wide}px);gap:8px}
      figure{margin:0} img{display:block} figcaption{padding:4px 2px}</style>${cells.join('')}`)
    await page.waitForFunction('[...document.images].every((one) => one.complete)')
    mkdirSync(dirname(file), { recursive: true })
    const jpeg = /\.jpe?g$/i.test(file) ? ({ type: 'jpeg', quality: 80 } as const) : {}
    writeFileSync(file, await page.screenshot({ fullPage: true, ...jpeg }))
  } finally {
    await page.close()
  }
}
