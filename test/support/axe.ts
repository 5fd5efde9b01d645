import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds wrong with a page, one line each. */
export async function violations(page: Page): Promise<string[]> {
  // The page's content policy lets nobody inject a script: axe is evaluated, not loaded.
  await page.evaluate(AXE)
  return page.evaluate(async () => {
    const axe = Reflect.get(window, 'axe') as { run(): Promise<{ violations: { id: string; nodes: unknown[] }[] }> }
    return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${JSON.stringify(nodes).slice(0, 300)}`)
  })
}
