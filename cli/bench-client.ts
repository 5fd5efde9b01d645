import type { Browser, Page } from 'playwright-core'
import { partsOf, sum, weighClient } from './client-weight.ts'
import { figure, report, UsageError, type Command, type Figure, type Invocation, type Report } from './command.ts'
import { hudContrast } from './hud-contrast.ts'
import { measureLoad } from './bench-load.ts'
import { benchReplayPage } from './bench-replay.ts'
import { heapParts } from './heap-snapshot.ts'
import { startLocalServer } from './local-server.ts'
import {
  buildHarness,
  CHROMIUM_FLAGS,
  findChromium,
  NO_CHROMIUM,
  openShot,
  type BuiltHarness,
} from './picture-harness.ts'

/** Issue 6, point 6: the figures of the client, each measured by itself. */
const PARTS = [
  'weight',
  'frame',
  'load',
  'picture',
  'script',
  'allocation',
  'leaks',
  'heap',
  'hud',
  'contrast',
  'replay',
] as const
type Part = (typeof PARTS)[number]

const VIEWPORT = { width: 960, height: 540 }
/** Small, for the picture itself is drawn in software and tells nothing here. */
const SMALL = { widthPx: 160, heightPx: 90 }
const TRIANGLES_MAX = { high: 900_000, medium: 350_000, low: 150_000 } as const
const WORLD = 'thrushford'

interface Stage {
  readonly browser: Browser
  readonly invocation: Invocation
  /** Built when the first part asks for it. */
  harness(): Promise<BuiltHarness>
}

/** Called by `gruppetto bench client`. */
export const command: Command = {
  name: 'bench-client',
  summary: 'the page: first moving frame, weight, draws, script per frame, memory, in Chromium',
  options: [
    { name: 'only', value: 'PART', summary: PARTS.join(', '), repeated: true },
    { name: 'rounds', value: 'N', summary: 'of frame: fresh pages, each with an empty cache', default: '3' },
    { name: 'quality', value: 'NAME', summary: 'of frame and replay: test, low, medium or high', default: 'test' },
  ],
  details: `weight      bytes of script for a ride as gzip sends them, from the build; what sensors and falls add; other files;
            what the ride's bytes are for, and its twenty largest modules (shares of a file go by what texts weigh alone)
frame       from opening the page to its first moving frame, on loopback, with an empty cache
load        tasks of the main thread from the click until the whole world stands: processor time, waiting for WebGL apart
picture     draw calls and triangles of each tier, 300 riders
script      milliseconds of JavaScript per frame, 300 riders, with only the drawing calls of WebGL left out
allocation  bytes per frame, by function, ours apart from three.js
leaks       what twenty views leave behind, and twenty more: geometries, textures, listeners, heap with V8's code and without
heap        the heap over two simulated hours of riding
contrast    of every text of the instruments with the real pixels under and around it, over snow at noon and over night
hud         milliseconds per reading of the instruments, and what moved on the page
replay      from opening a second of a ride of two hours to its first frame, when what had come, and winding

Without a graphics card Chromium draws in software: counts, bytes and script say the same on every machine, times of
pictures do not.`,
  async run(invocation): Promise<Report> {
    const wanted = invocation.all('only')
    for (const part of wanted) {
      if (!(PARTS as readonly string[]).includes(part))
        throw new UsageError(`--only ${part}: must be one of ${PARTS.join(', ')}`)
    }
    const parts = PARTS.filter((part) => wanted.length === 0 || wanted.includes(part))
    const executablePath = findChromium(process.env['PATH'] ?? '')
    if (executablePath === undefined) throw new UsageError(`bench client needs a browser: ${NO_CHROMIUM}`)
    const { chromium } = await loadPlaywright()
    const figures: Record<string, Figure> = {}
    let built: BuiltHarness | undefined
    const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS, '--enable-precise-memory-info'] })
    try {
      const stage: Stage = {
        browser,
        invocation,
        harness: async () => (built ??= await buildHarness('view-harness.html', { isApart: true })),
      }
      for (const [k, part] of parts.entries()) {
        invocation.progress(k, parts.length, part)
        Object.assign(figures, await MEASURES[part](stage))
      }
    } finally {
      await browser.close()
      await built?.close()
    }
    return report(figures)
  },
}

const MEASURES: Readonly<Record<Part, (stage: Stage) => Promise<Record<string, Figure>>>> = {
  weight: benchWeight,
  frame: benchFrame,
  load: benchLoad,
  picture: benchPicture,
  script: benchScript,
  allocation: benchAllocation,
  leaks: benchLeaks,
  heap: benchHeap,
  hud: benchHud,
  contrast: benchContrast,
  replay: async ({ browser, invocation }) => await benchReplayPage(browser, invocation.text('quality')!),
}

/** Where worlds are brightest and darkest. */
const CONTRAST_VIEWS = {
  snow: 'world=high-gentian&at=33100&hour=11.5&snow=0&cloud=0.1&haze=0.4&camera=chase',
  clouds: 'world=gannetholm&at=55620&hour=12&cloud=0.9&haze=0.6&camera=helicopter',
  night: 'world=high-gentian&at=2480&hour=0&cloud=0.9&camera=chase',
} as const

async function benchContrast({ browser, harness }: Stage): Promise<Record<string, Figure>> {
  const figures: Record<string, Figure> = {}
  for (const [name, query] of Object.entries(CONTRAST_VIEWS)) {
    const shot = { query: `quality=low&riders=24&${query}`, widthPx: 960, heightPx: 540 }
    const { page } = await openShot(browser, await harness(), shot)
    const { least, text, texts } = await hudContrast(page)
    await page.close()
    figures[`contrast.${name}`] = figure(Math.round(least * 100) / 100, ': 1', { atLeast: 4.5 })
    figures[`contrast.${name}.worst`] = { value: `${text} (of ${texts} texts)`, unit: '' }
  }
  return figures
}

async function benchWeight(): Promise<Record<string, Figure>> {
  const { brotliBytes, ride, worlds, bluetooth, falls, lists, assets, modules } = await weighClient()
  const kB = (bytes: number, target = {}): Figure => figure(Math.round(bytes / 100) / 10, 'kB', target)
  const parts = [...partsOf(modules)].map(([name, bytes]) => [`weight.ride.${name}`, kB(bytes)] as const)
  const largest = [...modules].slice(0, 20).map(([path, bytes]) => [`weight.of.${path}`, kB(bytes)] as const)
  return {
    // In the world where nobody chose one, and in the others.
    'weight.ride': kB(sum(ride) + sum(worlds['sorrelmere']!), { atMost: 250 }),
    // What secure pages and this machine get of it; the target is gzip's.
    'weight.brotli': kB(brotliBytes),
    ...Object.fromEntries(
      Object.entries(worlds).map(([world, files]) => [`weight.in.${world}`, kB(sum(ride) + sum(files))]),
    ),
    ...Object.fromEntries(parts),
    'weight.bluetooth': kB(sum(bluetooth)),
    'weight.falls': kB(sum(falls)),
    'weight.lists': kB(sum(lists)),
    'weight.assets': kB(sum(assets), { atMost: 150 }),
    ...Object.fromEntries(largest),
  }
}

/** In the page, as text: this project knows no DOM. Navigation start is zero on the page's steady clock. */
const FIRST_MOVING_MS = `new Promise((resolve) => {
  let firstM
  const look = () => {
    const state = window.__gruppetto?.state()
    const nowM = state?.frames > 0 ? state.riders[0]?.distanceM : undefined
    if (nowM !== undefined && firstM !== undefined && nowM > firstM) return resolve(performance.now())
    firstM ??= nowM
    requestAnimationFrame(look)
  }
  look()
})`
const SCRIPT_KIB = `performance.getEntriesByType('resource').filter((one) => one.name.endsWith('.js'))
  .reduce((sum, one) => sum + one.encodedBodySize / 1024, 0)`

async function benchFrame({ browser, invocation }: Stage): Promise<Record<string, Figure>> {
  const rounds = invocation.number('rounds', { min: 1, max: 20, isWhole: true })!
  const quality = invocation.text('quality')!
  const server = await startLocalServer()
  try {
    const timesMs: number[] = []
    let kib = 0
    for (let round = 0; round < rounds; round++) {
      const context = await browser.newContext({ viewport: VIEWPORT })
      const page = await context.newPage()
      await startRiding(page, `${server.url}/?quality=${quality}`)
      timesMs.push(await page.evaluate<number>(FIRST_MOVING_MS))
      kib = await page.evaluate<number>(SCRIPT_KIB)
      await context.close()
    }
    timesMs.sort((a, b) => a - b)
    return {
      'frame.firstMoving': figure(Math.round(timesMs[Math.floor(timesMs.length / 2)]!), 'ms', { atMost: 3000 }),
      'frame.firstMoving.min': figure(Math.round(timesMs[0]!), 'ms'),
      'frame.firstMoving.max': figure(Math.round(timesMs.at(-1)!), 'ms'),
      'frame.tier': { value: `${quality}, ${VIEWPORT.width}x${VIEWPORT.height}`, unit: '' },
      'frame.script': figure(Math.round(kib), 'KiB'),
      'frame.clicks': figure(1, '', { atMost: 3 }),
    }
  } finally {
    await server.stop()
  }
}

async function startRiding(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await startSimulated(page)
}

async function startSimulated(page: Page): Promise<void> {
  await page.getByLabel('Your name on the road').fill('Bench')
  await page.getByRole('button', { name: 'Ride with a simulated trainer' }).click()
}

/** On the page that riders ride on. */
async function benchLoad({ browser }: Stage): Promise<Record<string, Figure>> {
  const server = await startLocalServer()
  const context = await browser.newContext({ viewport: { width: SMALL.widthPx, height: SMALL.heightPx } })
  try {
    return await measureLoad({
      open: async (prelude) => {
        const page = await context.newPage()
        if (prelude !== undefined) await page.addInitScript(prelude)
        await page.goto(`${server.url}/?quality=medium`)
        return page
      },
      begin: startSimulated,
    })
  } finally {
    await context.close()
    await server.stop()
  }
}

async function benchPicture({ browser, harness }: Stage): Promise<Record<string, Figure>> {
  const built = await harness()
  const figures: Record<string, Figure> = {}
  for (const tier of ['high', 'medium', 'low'] as const) {
    const query = `quality=${tier}&world=${WORLD}&riders=300&bunch&at=700&camera=helicopter&bare`
    const { info, page } = await openShot(browser, built, { query, ...SMALL })
    await page.close()
    figures[`picture.${tier}.draws`] = figure(info.drawCalls, '', tier === 'high' ? { atMost: 60 } : undefined)
    figures[`picture.${tier}.triangles`] = figure(info.triangles, '', { atMost: TRIANGLES_MAX[tier] })
    figures[`picture.${tier}.programs`] = figure(info.programs, '')
  }
  return figures
}

/**
 * Everything of a frame but the drawing itself, which a processor would do here: WebGL is heard and does nothing, but for
 * what makes and asks.
 */
const NO_DRAWING = `{
  const stub = (gl) => {
    for (const name of Object.getOwnPropertyNames(gl)) {
      const own = Object.getOwnPropertyDescriptor(gl, name)
      if (typeof own.value !== 'function' || /^(get|is|create|check|compile|link|attach|shader|bindAttrib)/.test(name)) continue
      gl[name] = () => {}
    }
  }
  const multi = document.createElement('canvas').getContext('webgl2').getExtension('WEBGL_multi_draw')
  if (multi) stub(Object.getPrototypeOf(multi))
  stub(WebGL2RenderingContext.prototype)
}`

/** Until code is as fast as it gets: an hour of riding has two hundred thousand frames. */
const WARM_FRAMES = 1500

async function openRide({ browser, harness }: Stage, extra = ''): Promise<Page> {
  const built = await harness()
  const query = `quality=high&world=${WORLD}&riders=300&bunch&at=700&bare${extra}`
  const { page } = await openShot(browser, built, { query, ...SMALL })
  await page.evaluate('harness.bench.ride(20, 1 / 60) && 0')
  await page.evaluate(NO_DRAWING)
  return page
}

async function benchScript(stage: Stage): Promise<Record<string, Figure>> {
  const page = await openRide(stage)
  try {
    await page.evaluate(`harness.bench.ride(${WARM_FRAMES}, 1 / 60) && 0`)
    const medians: number[] = []
    let worst = 0
    for (let round = 0; round < 5; round++) {
      const tookMs = (await page.evaluate<number[]>('harness.bench.ride(100, 1 / 60)')).toSorted((a, b) => a - b)
      medians.push(tookMs[50]!)
      worst = Math.max(worst, tookMs[98]!)
    }
    return {
      'script.p50': figure(round2(medians.toSorted((a, b) => a - b)[2]!), 'ms', { atMost: 1 }),
      'script.p99': figure(round2(worst), 'ms', { atMost: 4 }),
      'script.tier': { value: 'high, 300 riders, drawing left out', unit: '' },
    }
  } finally {
    await page.close()
  }
}

interface ProfileNode {
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  readonly selfSize: number
  readonly children: readonly ProfileNode[]
}

async function benchAllocation(stage: Stage): Promise<Record<string, Figure>> {
  const FRAMES = 240
  const page = await openRide(stage)
  try {
    await page.evaluate(`harness.bench.ride(${WARM_FRAMES}, 1 / 60) && 0`)
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('HeapProfiler.enable')
    await cdp.send('HeapProfiler.startSampling', {
      samplingInterval: 256,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    } as never)
    await page.evaluate(`harness.bench.ride(${FRAMES}, 1 / 60) && 0`)
    const { profile } = await cdp.send('HeapProfiler.stopSampling')
    const by = new Map<string, number>()
    let ours = 0
    let threes = 0
    const visit = ({ callFrame: { functionName, url, lineNumber }, selfSize, children }: ProfileNode): void => {
      const isThree = /\/three-[\w-]+\.js$/.test(url)
      if (isThree) threes += selfSize
      else if (url.endsWith('.js')) {
        ours += selfSize
        const name = `${functionName}:${lineNumber + 1}`
        by.set(name, (by.get(name) ?? 0) + selfSize)
      }
      children.forEach(visit)
    }
    visit(profile.head)
    const most = [...by].toSorted((a, b) => b[1] - a[1]).slice(0, 8)
    return {
      'allocation.own': figure(Math.round(ours / FRAMES), 'B/frame', { atMost: 2048 }),
      'allocation.three': figure(Math.round(threes / FRAMES), 'B/frame'),
      'allocation.most': {
        value: most.map(([name, bytes]) => `${name} ${Math.round(bytes / FRAMES)}`).join(', '),
        unit: 'B/frame',
      },
    }
  } finally {
    await page.close()
  }
}

async function heapOf(page: Page): Promise<{ heap: number; listeners: number }> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('HeapProfiler.collectGarbage')
  await cdp.send('HeapProfiler.collectGarbage')
  const { metrics } = await cdp.send('Performance.enable').then(() => cdp.send('Performance.getMetrics'))
  const of = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? 0
  return { heap: of('JSHeapUsedSize'), listeners: of('JSEventListeners') }
}

async function benchLeaks({ browser, harness, invocation }: Stage): Promise<Record<string, Figure>> {
  const [warmUps, joins] = [10, 20]
  const built = await harness()
  const query = `quality=low&world=${WORLD}&riders=24&bare`
  const { page } = await openShot(browser, built, { query, ...SMALL })
  try {
    await page.evaluate(NO_DRAWING)
    let left = { geometries: 0, textures: 0 }
    const heap = await heapBetween(page, async (curve) => {
      for (let k = 0; k < warmUps + joins; k++) {
        left = await page.evaluate<typeof left>('harness.bench.joinAndLeave()')
        invocation.progress(k + 1, warmUps + joins, 'joins')
        if (k + 1 === warmUps) await curve.begin()
        else if (k === 0 || (k + 1) % 5 === 0) await curve.mark()
      }
    })
    return {
      'leaks.geometries': figure(left.geometries, '', { atMost: 0 }),
      'leaks.textures': figure(left.textures, '', { atMost: 0 }),
      'leaks.listeners': figure(heap.listeners, '', { atMost: 0 }),
      ...heap.figures('leaks.heap'),
    }
  } finally {
    await page.close()
  }
}

async function benchHeap(stage: Stage): Promise<Record<string, Figure>> {
  const [warmUpHours, hours, stepS] = [0.5, 2, 2]
  const quarters = (warmUpHours + hours) * 4
  const page = await openRide(stage)
  try {
    await page.evaluate(`harness.bench.ride(200, ${stepS}) && 0`)
    const heap = await heapBetween(page, async (curve) => {
      await curve.mark()
      for (let k = 0; k < quarters; k++) {
        await page.evaluate(`harness.bench.ride(${900 / stepS}, ${stepS}) && 0`)
        stage.invocation.progress(k + 1, quarters, 'quarters of an hour')
        if (k + 1 === warmUpHours * 4) await curve.begin()
        else if (k % 2 === 1) await curve.mark()
      }
    })
    return { ...heap.figures('heap'), 'heap.hours': figure(hours, 'h') }
  } finally {
    await page.close()
  }
}

interface HeapCurve {
  /** What came before was warming up: V8 compiles what runs often, and that is in the heap too. */
  readonly begin: () => Promise<void>
  readonly mark: () => Promise<void>
}

/** The heap at the end of `work` against that at its `begin`: all of it, what the page keeps, and what V8 has compiled. */
async function heapBetween(page: Page, work: (curve: HeapCurve) => Promise<void>) {
  const cdp = await page.context().newCDPSession(page)
  const curve: number[] = []
  const read = async () => {
    const whole = await heapOf(page)
    curve.push(whole.heap)
    return whole
  }
  let first: { whole: Awaited<ReturnType<typeof heapOf>>; parts: Awaited<ReturnType<typeof heapParts>> } | undefined
  await work({
    mark: async () => void (await read()),
    begin: async () => void (first = { whole: await read(), parts: await heapParts(cdp) }),
  })
  if (first === undefined) throw new Error('cli/bench-client.ts: a heap was measured that never began')
  const { whole, parts } = first
  const [after, partsAfter] = [await heapOf(page), await heapParts(cdp)]
  const percent = (bytes: number, of: number): number => round2((100 * bytes) / of)
  const EQUAL = { atMost: 5, atLeast: -5 }
  return {
    listeners: after.listeners - whole.listeners,
    figures: (name: string): Record<string, Figure> => ({
      [name]: figure(percent(after.heap - whole.heap, whole.heap), '%', EQUAL),
      [`${name}.data`]: figure(percent(partsAfter.data - parts.data, parts.data), '%', EQUAL),
      [`${name}.code`]: figure(percent(partsAfter.code - parts.code, whole.heap), '%'),
      [`${name}.warmUp`]: figure(percent(whole.heap - curve[0]!, curve[0]!), '%'),
      [`${name}.curve`]: { value: curve.map((bytes) => round2(bytes / 1e6)).join(', '), unit: 'MB' },
    }),
  }
}

async function benchHud({ browser, harness }: Stage): Promise<Record<string, Figure>> {
  const built = await harness()
  const query = `quality=test&world=${WORLD}&riders=40&at=700`
  const { page } = await openShot(browser, built, { query, widthPx: 960, heightPx: 540 })
  try {
    await page.evaluate(`window.shift = 0; new PerformanceObserver((list) => {
      for (const one of list.getEntries()) window.shift += one.value
    }).observe({ type: 'layout-shift' })`)
    await page.evaluate('harness.bench.hud(200)')
    const perSampleMs = await page.evaluate<number>('harness.bench.hud(600)')
    const shift = await page.evaluate<number>('new Promise((done) => setTimeout(() => done(window.shift), 500))')
    return {
      'hud.perReading': figure(round2(perSampleMs), 'ms', { atMost: 0.2 }),
      'hud.layoutShift': figure(round2(shift), '', { atMost: 0 }),
    }
  } finally {
    await page.close()
  }
}

function round2(value: number): number {
  return Math.round(value * 100) / 100
}

/** A package for development: a server that only serves does not have it. */
async function loadPlaywright(): Promise<typeof import('playwright-core')> {
  try {
    return await import('playwright-core')
  } catch {
    throw new UsageError('bench client needs playwright-core: run npm install with development packages')
  }
}
