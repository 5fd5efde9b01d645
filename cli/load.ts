import { fileURLToPath } from 'node:url'
import { LINKS, parseLink } from '#bench/sync/link'
import { loadWorlds } from '#server/room/worlds'
import { machine } from '#bench/machine'
import { VIEW_RIDERS_MAX, VIEW_RIDERS_MIN } from '#protocol/limits'
import { writeFileSync } from 'node:fs'
import { figure, report, UsageError, type Command, type Figure, type Invocation, type Report } from './command.ts'
import { type CurvePoint, curvePicture } from './load/curve.ts'
import { breakingPoint, curvePoint, loadFigures } from './load/figures.ts'
import { type LoadOptions, runLoad } from './load/run.ts'

const RIDERS_MOST = 10_000

export const command: Command = {
  name: 'load',
  summary: 'how many riders: a server, real clients over real sockets, and what it costs',
  options: [
    {
      name: 'riders',
      value: 'N',
      summary: 'clients, each with a socket, a session and legs of its own',
      default: '100',
    },
    { name: 'sweep', value: 'N,N,…', summary: 'one run for each number of riders: the curve to where it breaks' },
    { name: 'picture', value: 'FILE', summary: 'with --sweep: draw the curve' },
    { name: 'seconds', value: 'S', summary: 'how long is measured, once everybody is there', default: '30' },
    { name: 'settle', value: 'S', summary: 'seconds between the last to join and the first that counts', default: '8' },
    { name: 'joins', value: 'N', summary: 'riders who join in a second', default: '100' },
    { name: 'server', value: 'URL', summary: 'a server that runs on this machine, instead of one of its own' },
    { name: 'map', value: 'ID', summary: 'the road', default: 'sorrelmere' },
    { name: 'field', value: 'SHAPE', summary: 'groups of forty round the road, or one bunch', default: 'groups' },
    { name: 'aead', value: 'NAME', summary: 'who seals at both ends: node, sodium or auto', default: 'auto' },
    { name: 'generators', value: 'N', summary: 'processes of riders', default: '1' },
    {
      name: 'carry',
      value: 'PERCENT',
      summary: 'clients that carry everybody in view and are held against the server',
      default: '5',
    },
    { name: 'view', value: 'N', summary: 'how many others each wishes to see', default: '64' },
    {
      name: 'link',
      value: 'LINK',
      summary: `a bad network between: ${Object.keys(LINKS).join(', ')}, or parts, as in far,loss=0.2`,
      default: 'clean',
    },
    { name: 'flood', value: 'N', summary: 'forged datagrams a second, from a process of their own', default: '0' },
    { name: 'seed', value: 'N', summary: 'legs and network come from it', default: '1' },
    { name: 'server-flags', value: 'FLAGS', summary: 'for Node, as in --server-flags="--cpu-prof --trace-gc"' },
    { name: 'generator-flags', value: 'FLAGS', summary: 'for Node' },
  ],
  details: `Starts a server as "gruppetto serve" does, in a process of its own, and in another process as many clients as asked for:
each takes a seat and a token over HTTP, has a UDP socket, opens, reads and acknowledges every packet and sends what a trainer would.
--carry PERCENT of them also carry everybody in view tick by tick and are compared with the server once a second, to the last bit.
A tick counts as late when its last packet left more than 50 ms after the tick was due.

Examples:
  gruppetto load --riders 1500 --seconds 600 --aead node   ten minutes, one world, node:crypto
  gruppetto load --riders 2000 --seconds 600 --aead sodium the same with the accelerator
  gruppetto load --sweep 250,500,1000,1500,2000 --picture curve.svg
  gruppetto load --riders 500 --link far                 150 ms round trip, 5 % loss, 15 ms jitter
  gruppetto load --riders 500 --flood 50000              strangers at the door
Thousands of sockets need "ulimit -n" above their number.`,
  run: load,
}

async function load(invocation: Invocation): Promise<Report> {
  const options = await readOptions(invocation)
  const sweep = invocation.text('sweep')
  if (sweep !== undefined) return await runSweep(invocation, options, readSweep(sweep))
  const { figures, failures } = loadFigures(await runLoad(options))
  return report(figures, failures)
}

/** One run after the other, each with a server of its own; targets hold for the run that asks for them, not for a curve. */
async function runSweep(invocation: Invocation, options: LoadOptions, sizes: readonly number[]): Promise<Report> {
  const figures: Record<string, Figure> = {}
  const failures: string[] = []
  const points: CurvePoint[] = []
  for (const riders of sizes) {
    const run = await runLoad({ ...options, riders })
    const one = loadFigures(run)
    for (const name of SWEPT) figures[`${riders}.${name}`] = untargeted(one.figures[name]!)
    for (const sentence of one.failures) failures.push(`${riders} riders: ${sentence}`)
    points.push(curvePoint(run))
  }
  const breaks = breakingPoint(points)
  figures['holds'] = figure(breaks.holds, 'riders with ≤ 0.1 % of ticks late')
  figures['breaks'] = { value: breaks.sentence, unit: '' }
  const path = invocation.text('picture')
  if (path !== undefined) {
    const { cpu, cores, node } = machine()
    const what = `${cpu}, ${cores} cores, Node ${node}; ${options.field}, ${options.viewRiders} in view, riders’ processes on the same machine`
    writeFileSync(path, curvePicture(points, what))
  }
  return report(figures, failures)
}

const SWEPT = [
  ...[
    'ticks.late',
    'ticks.spared',
    'tick.done.p50',
    'tick.done.p99',
    'tick.done.worst',
    'cpu.perClientTick',
    'cpu.server',
  ],
  ...['cpu.generator', 'down.perClient', 'lost.up', 'answered.p99', 'views.agreed'],
]

function untargeted({ value, unit }: Figure): Figure {
  return { value, unit }
}

function readSweep(given: string): readonly number[] {
  const sizes = given.split(',').map(Number)
  if (sizes.some((size) => !Number.isInteger(size) || size < 1 || size > RIDERS_MOST))
    throw new UsageError(
      `--sweep takes numbers of riders with commas between, each at most ${RIDERS_MOST}, not "${given}"`,
    )
  return sizes
}

async function readOptions(invocation: Invocation): Promise<LoadOptions> {
  const whole = (name: string, min: number, max: number): number =>
    invocation.number(name, { min, max, isWhole: true })!
  const map = invocation.text('map')!
  const world = (await loadWorlds(fileURLToPath(new URL('../maps/worlds', import.meta.url)), () => {})).get(map)
  if (world === undefined) throw new UsageError(`--map: there is no road "${map}"`)
  const field = invocation.text('field')
  if (field !== 'groups' && field !== 'bunch') throw new UsageError('--field is groups or bunch')
  const aead = invocation.text('aead')!
  if (!['node', 'sodium', 'auto'].includes(aead)) throw new UsageError(`--aead is node, sodium or auto, not "${aead}"`)
  const link = parseLink(invocation.text('link')!)
  if (typeof link === 'string') throw new UsageError(`--link: ${link}`)
  const [route] = world.network.routes
  const carryPercent = invocation.number('carry', { min: 0, max: 100 })!
  const flags = (name: string): string[] => (invocation.text(name) ?? '').split(' ').filter((flag) => flag !== '')
  return {
    riders: whole('riders', 1, RIDERS_MOST),
    seconds: invocation.number('seconds', { min: 1, max: 86_400 })!,
    settleS: invocation.number('settle', { min: 0, max: 600 })!,
    joinsPerS: whole('joins', 1, 2000),
    generators: whole('generators', 1, 16),
    aead,
    carryEvery: carryPercent === 0 ? Infinity : Math.max(1, Math.round(100 / carryPercent)),
    viewRiders: whole('view', VIEW_RIDERS_MIN, VIEW_RIDERS_MAX),
    seed: whole('seed', 0, 2 ** 31 - 1),
    map,
    routeId: route?.id ?? '',
    roadM: route === undefined ? world.course.lengthM : route.isLap ? route.lapM : 1000,
    field,
    link: invocation.text('link') === 'clean' ? undefined : link,
    floodPerS: whole('flood', 0, 1_000_000),
    server: invocation.text('server'),
    serverFlags: flags('server-flags'),
    generatorFlags: flags('generator-flags'),
    onProgress: invocation.progress,
    signal: invocation.signal,
  }
}
