import type { Page } from 'playwright-core'
import { figure, type Figure } from './command.ts'

/**
 * What loading a world costs the thread that draws. Counted as the processor's own time of each task: waiting for the
 * graphics card (or for what stands in for one), and for other programs on this machine, is no work of ours.
 */

/** In the page, before anything else: how long WebGL held the thread up, by name. Clocks of pages are coarse; sums are not. */
const WATCH_GL = `window.glMs = 0; {
  const gl = WebGL2RenderingContext.prototype
  for (const name of Object.getOwnPropertyNames(gl)) {
    const own = Object.getOwnPropertyDescriptor(gl, name)
    if (typeof own.value !== 'function') continue
    gl[name] = function (...given) {
      const fromMs = performance.now()
      const answer = own.value.apply(this, given)
      window.glMs += performance.now() - fromMs
      return answer
    }
  }
}`

const WHOLE = `new Promise((resolve) => {
  const look = () => {
    const state = window.__gruppetto?.state()
    if (state?.frames > 0 && state.view.isWhole) resolve(state.view.quality)
    else setTimeout(look, 200)
  }
  look()
})`

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** Microseconds of the wall clock, and of the thread's own. */
  readonly dur?: number
  readonly tdur?: number
}

/** A page before the ride, and the click that begins it. */
export interface LoadStage {
  open(prelude?: string): Promise<Page>
  begin(page: Page): Promise<void>
}

/** From the click until all of the world stands; waiting for WebGL is counted on a second page, for to count it takes time. */
export async function measureLoad(stage: LoadStage): Promise<Record<string, Figure>> {
  const page = await stage.open()
  const trace = await page.context().browser()!.newBrowserCDPSession()
  const events: TraceEvent[] = []
  trace.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])))
  await trace.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['disabled-by-default-devtools.timeline', 'devtools.timeline'] },
  })
  await stage.begin(page)
  const tier = await page.evaluate<string>(WHOLE)
  const complete = new Promise((resolve) => trace.once('Tracing.tracingComplete', resolve))
  await trace.send('Tracing.end')
  await complete
  await page.close()
  const other = await stage.open(WATCH_GL)
  await stage.begin(other)
  await other.evaluate(WHOLE)
  const glMs = await other.evaluate<number>('window.glMs')
  await other.close()
  const tasks = mainTasks(events)
  const ownMs = tasks.map(({ tdur = 0 }) => tdur / 1000)
  const wallMs = tasks.map(({ dur = 0 }) => dur / 1000)
  return {
    'load.longestTask': figure(Math.round(Math.max(0, ...ownMs)), 'ms', { atMost: 50 }),
    'load.total': figure(Math.round(sum(ownMs)), 'ms', { atMost: 400 }),
    'load.over50': figure(ownMs.filter((ms) => ms > 50).length, 'tasks', { atMost: 0 }),
    'load.glWaited': figure(Math.round(glMs), 'ms'),
    'load.wall.longestTask': figure(Math.round(Math.max(0, ...wallMs)), 'ms'),
    'load.tier': {
      value: `${tier}, drawn in software; processor time of the thread, waiting for WebGL apart`,
      unit: '',
    },
  }
}

/** Tasks of the main thread that works most: of the page that is looked at. */
function mainTasks(events: readonly TraceEvent[]): readonly TraceEvent[] {
  const byThread = new Map<string, TraceEvent[]>()
  const mains = new Set(
    events
      .filter(({ name, ...rest }) => name === 'thread_name' && nameOf(rest) === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}:${tid}`),
  )
  for (const event of events) {
    const thread = `${event.pid}:${event.tid}`
    if (event.name !== 'RunTask' || event.ph !== 'X' || !mains.has(thread)) continue
    const known = byThread.get(thread)
    if (known === undefined) byThread.set(thread, [event])
    else known.push(event)
  }
  const all = [...byThread.values()].toSorted((a, b) => work(b) - work(a))
  return all[0] ?? []
}

function nameOf(event: object): unknown {
  return (event as { args?: { name?: unknown } }).args?.name
}

function work(events: readonly TraceEvent[]): number {
  return sum(events.map(({ tdur = 0 }) => tdur))
}

function sum(list: readonly number[]): number {
  return list.reduce((all, one) => all + one, 0)
}
