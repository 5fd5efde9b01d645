import { figure, report, type Command, type Figure, type Invocation, type Report } from './command.ts'

export const command: Command = {
  name: 'check-engines',
  summary: 'ride the same evening in three JavaScript engines and compare every hash',
  options: [
    { name: 'ticks', value: 'N', summary: 'how long, at 20 ticks a second', default: '36000' },
    { name: 'riders', value: 'K', summary: 'how many', default: '200' },
    { name: 'seed', value: 'S', summary: 'all chance comes from it', default: '8214' },
    { name: 'map', value: 'MAP', summary: 'name of a map, or a folder with map.json and course.bin' },
  ],
  details: [
    'Wind, gusts, rain, joins, leaves, steering and turns, in V8 (two processes), JavaScriptCore and QuickJS, and once more in V8',
    'with the world written down as JSON half way and put back into a new one. Every thirtieth of the way the hash of',
    'the whole state must be the same in all of them. QuickJS interprets: the long form takes it some twenty minutes.',
  ].join('\n'),
  run: checkEngines,
}

const STOPS = 30

async function checkEngines(invocation: Invocation): Promise<Report> {
  const ticks = invocation.number('ticks', { min: STOPS, max: 1e6, isWhole: true })!
  const riders = invocation.number('riders', { min: 1, max: 1900, isWhole: true })!
  const seed = invocation.number('seed', { min: 0, max: 2 ** 31 - 1, isWhole: true })!
  const [{ loadMap }, { bundleScenario }, { JAVASCRIPT_CORE, QUICKJS, V8 }, { toBase64 }] = await Promise.all([
    import('./sim/load-map.ts'),
    import('./engines/bundle.ts'),
    import('./engines/engines.ts'),
    import('#server/world/base64'),
  ])
  const map = await loadMap(invocation.text('map'))
  const script = await bundleScenario()
  const plan = { mapJson: map.mapJson, courseBase64: toBase64(map.courseBytes), seed, riders }
  const stops = Array.from({ length: STOPS }, (_, i) => Math.round((ticks * (i + 1)) / STOPS))
  const rides = [
    { name: V8.name, engine: V8, plan },
    { name: 'V8, a second process', engine: V8, plan },
    { name: 'V8, written down and put back half way', engine: V8, plan: { ...plan, restoreAtTick: ticks >> 1 } },
    { name: JAVASCRIPT_CORE.name, engine: JAVASCRIPT_CORE, plan },
    { name: QUICKJS.name, engine: QUICKJS, plan },
  ]
  const figures: Record<string, Figure> = { ticks: figure(ticks, ''), riders: figure(riders, '') }
  const failures: string[] = []
  let expected: readonly string[] | undefined
  for (const [index, ride] of rides.entries()) {
    if (invocation.signal.aborted) break
    let done = 0
    const startedMs = performance.now()
    const onHash = (): void =>
      invocation.progress(index * STOPS + ++done, rides.length * STOPS, `${ride.name}, tick ${stops[done - 1]}`)
    const hashes = await ride.engine.ride({ script, plan: ride.plan, stops, signal: invocation.signal, onHash })
    const seconds = (performance.now() - startedMs) / 1000
    if (typeof hashes === 'string') {
      failures.push(`${ride.name}: ${hashes}`)
      continue
    }
    figures[ride.name] = { value: hashes.at(-1) ?? '', unit: `after ${seconds.toFixed(0)} s` }
    expected ??= hashes
    const differs = hashes.findIndex((hash, i) => hash !== expected![i])
    if (hashes.length < stops.length)
      failures.push(`${ride.name}: stopped at tick ${stops[hashes.length - 1] ?? 0}, of ${ticks}`)
    if (differs >= 0) failures.push(`${ride.name}: another state than ${rides[0]!.name} at tick ${stops[differs]}`)
  }
  return report(figures, failures)
}
