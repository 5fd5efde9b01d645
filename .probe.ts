import { startLocalServer } from './cli/local-server.ts'
import { findChromium, CHROMIUM_FLAGS } from './cli/picture-harness.ts'
import { chromium } from 'playwright-core'
const server = await startLocalServer()
const browser = await chromium.launch({ executablePath: findChromium(process.env['PATH']!)!, args: [...CHROMIUM_FLAGS] })
const quality = process.argv[2] ?? 'test'
const trace = process.argv[3]
try {
  const context = await browser.newContext({ viewport: { width: 960, height: 540 } })
  const page = await context.newPage()
  const got: string[] = []
  page.on('response', (r) => { got.push(`${r.request().serviceWorker() ? 'SW ' : ''}${new URL(r.url()).pathname} ${r.headers()['content-length'] ?? ''} ${r.headers()['content-encoding'] ?? ''}`) })
  context.on('response', (r) => { if (r.serviceWorker?.()) got.push('SW ' + r.url()) })
  if (trace) await browser.startTracing(page, { path: trace, categories: ['devtools.timeline', 'v8.execute', 'blink.user_timing', 'disabled-by-default-v8.cpu_profiler', 'disabled-by-default-devtools.timeline','gpu','toplevel'] })
  await page.goto(`${server.url}/?quality=${quality}`)
  await page.getByLabel('Your name on the road').fill('Bench')
  const t = await page.evaluate('performance.now()')
  await page.getByRole('button', { name: 'Ride with a simulated trainer' }).click()
  const first = await page.evaluate(`new Promise((resolve) => {
  let firstM
  const look = () => {
    const state = window.__gruppetto?.state()
    const nowM = state?.frames > 0 ? state.riders[0]?.distanceM : undefined
    if (nowM !== undefined && firstM !== undefined && nowM > firstM) return resolve(performance.now())
    firstM ??= nowM
    requestAnimationFrame(look)
  }
  look()
})`)
  console.log('click at', t, 'moving at', first)
  if (trace) await browser.stopTracing()
  await new Promise((r) => setTimeout(r, 6000))
  console.log(got.filter((x) => !/\.(css|jpg|svg|png)/.test(x)).join('\n'))
  console.log(await page.evaluate(`performance.getEntriesByType('resource').map(e=>e.name.replace(/.*\\/\\/[^/]*/,'')+' '+e.encodedBodySize+' '+Math.round(e.startTime)+'-'+Math.round(e.responseEnd)).join('\\n')`))
  console.log(JSON.stringify(await page.evaluate('performance.getEntriesByType("mark").map(m=>[m.name,Math.round(m.startTime)])')))
} finally { await browser.close(); await server.stop() }
