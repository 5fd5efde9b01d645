import { fileURLToPath } from 'node:url'
import { loadWorlds } from '#server/room/worlds'
import { report, UsageError, type Command, type Invocation, type Report } from './command.ts'
import { loadFigures } from './load/figures.ts'
import { type LoadOptions, runLoad } from './load/run.ts'

export const command: Command = {
  name: 'load',
  summary: 'how many riders: a server, real clients over real sockets, and what it costs',
  options: [
    { name: 'riders', value: 'N', summary: 'clients, each with a socket, a session and legs of its own', default: '100' },
    { name: 'seconds', value: 'S', summary: 'how long is measured, once everybody is there', default: '30' },
    { name: 'settle', value: 'S', summary: 'seconds between the last to join and the first that counts', default: '8' },
    { name: 'joins', value: 'N', summary: 'riders who join in a second', default: '100' },
    { name: 'server', value: 'URL', summary: 'a server that runs on this machine, instead of one of its own' },
    { name: 'map', value: 'ID', summary: 'the road', default: 'sorrelmere' },
    { name: 'field', value: 'SHAPE', summary: 'groups of forty round the road, or one bunch', default: 'groups' },
    { name: 'generators', value: 'N', summary: 'processes of riders', default: '1' },
    { name: 'carry', value: 'PERCENT', summary: 'clients that carry everybody in view and are held against the server', default: '5' },
    { name: 'link', value: 'SPEC', summary: 'a bad network between, from the seed', default: '' },
    { name: 'seed', value: 'N', summary: 'legs and network come from it', default: '1' },
    { name: 'server-flags', value: 'FLAGS', summary: 'for Node, as in "--cpu-prof --trace-gc"', default: '' },
    { name: 'generator-flags', value: 'FLAGS', summary: 'for Node', default: '' },
  ],
  run: load,
}

async function load(invocation: Invocation): Promise<Report> {
  const options = await readOptions(invocation)
  const { figures, failures } = loadFigures(await runLoad(options))
  return report(figures, failures)
}

async function readOptions(invocation: Invocation): Promise<LoadOptions> {
  const whole = (name: string, min: number, max: number): number => invocation.number(name, { min, max, isWhole: true })!
  const map = invocation.text('map')!
  const world = (await loadWorlds(fileURLToPath(new URL('../maps/worlds', import.meta.url)), () => {})).get(map)
  if (world === undefined) throw new UsageError(`--map: there is no road "${map}"`)
  const field = invocation.text('field')
  if (field !== 'groups' && field !== 'bunch') throw new UsageError('--field is groups or bunch')
  const [route] = world.network.routes
  const carryPercent = invocation.number('carry', { min: 0, max: 100 })!
  const flags = (name: string): string[] => invocation.text(name)!.split(' ').filter((flag) => flag !== '')
  return {
    riders: whole('riders', 1, 10_000),
    seconds: invocation.number('seconds', { min: 1, max: 86_400 })!,
    settleS: invocation.number('settle', { min: 0, max: 600 })!,
    joinsPerS: whole('joins', 1, 2000),
    generators: whole('generators', 1, 16),
    carryEvery: carryPercent === 0 ? Infinity : Math.max(1, Math.round(100 / carryPercent)),
    seed: whole('seed', 0, 2 ** 31 - 1),
    map,
    routeId: route?.id ?? '',
    roadM: route === undefined ? world.course.lengthM : route.isLap ? route.lapM : 1000,
    field,
    link: invocation.text('link')!,
    server: invocation.text('server'),
    serverFlags: flags('server-flags'),
    generatorFlags: flags('generator-flags'),
    onProgress: invocation.progress,
    signal: invocation.signal,
  }
}
