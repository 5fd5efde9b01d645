import { spawn } from 'node:child_process'
import { readdir, rename, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TICK_HZ } from '#protocol/limits'
import { createRosterRider } from '#server/room/room-state'
import type { FilmedRider } from '#server/replay/slow-facts'
import { type Command, figure, report, UsageError } from './command.ts'
import { makeFilmFolder } from './film/film-folder.ts'
import { loadMap } from './sim/load-map.ts'
import { rideRace } from './sim/race.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

export const command: Command = {
  name: 'demo',
  summary: 'a race of bots and the page that shows it, as a folder that needs no server',
  options: [
    { name: 'out', value: 'DIR', summary: 'where it is written', default: 'dist/demo' },
    { name: 'map', value: 'MAP', summary: 'name of a map', default: 'thrushford' },
    { name: 'route', value: 'ROUTE', summary: 'of that map, by id; its first without' },
    { name: 'laps', value: 'L', summary: 'how far', default: '1' },
    { name: 'riders', value: 'K', summary: 'how many', default: '40' },
    { name: 'seed', value: 'N', summary: 'all chance comes from it', default: '8214' },
  ],
  details: [
    'Look at it with any static web server, for example: npx vite preview --outDir dist/demo',
    'A folder of one’s own ride: gruppetto film JOURNAL --out dist/demo/film',
  ].join('\n'),
  async run(invocation) {
    const out = resolve(invocation.text('out')!)
    const map = await loadMap(invocation.text('map')!)
    const riders = invocation.number('riders', { min: 1, max: 200, isWhole: true })!
    const laps = invocation.number('laps', { min: 1, max: 50, isWhole: true })!
    const seed = invocation.number('seed', { min: 0, max: 2 ** 31, isWhole: true })!
    const routeId = invocation.text('route')
    if (routeId !== undefined && !map.network.routes.some(({ id }) => id === routeId))
      throw new UsageError(`there is no route "${routeId}" on ${map.map.name}`)
    invocation.say('building the page')
    await buildPage(out)
    invocation.say('riding')
    const { lines, startTick, world } = rideRace({ map, seed, riders, laps, routeId })
    const made = await makeFilmFolder({
      ...{ lines, map, folder: join(out, 'film') },
      facts: { riders: rosterOf(world), weather: [], sky: [] },
      cut: { title: `${map.map.name}: ${riders} riders`, mapId: map.map.id, mapHash: map.mapHash, startTick },
      onProgress: (line, count) => invocation.progress(line, count, 'filming'),
    })
    if (!made.ok) return report({}, [`the race could not be filmed: ${made.error}.`])
    return report({
      folder: { value: out, unit: '' },
      seconds: figure(Math.round((made.manifest.toTick - made.manifest.fromTick) / TICK_HZ), 's'),
      filmBytes: figure(made.bytes, 'B'),
      bytes: figure(await bytesIn(out), 'B'),
    })
  },
}

function rosterOf(world: ReturnType<typeof rideRace>['world']): FilmedRider[] {
  const { run } = world
  if (run.phase === 'none') return []
  return run.run.entries.map(({ riderId, name, isBot }) => {
    const row = world.rowOf(riderId)
    const bodyKg = row === undefined ? 75 : world.riders.massKg[row]! - 9
    const look = createRosterRider({ id: riderId, name, isBot, bodyKg }).toJSON()
    return { ...(look as unknown as FilmedRider), fromTick: 0, toTick: null }
  })
}

/** Names in it are relative: it works in any folder of any host. */
async function buildPage(out: string): Promise<void> {
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js')
  const child = spawn(
    process.execPath,
    [
      vite,
      'build',
      join(ROOT, 'client'),
      '--mode',
      'demo',
      '--base',
      './',
      '--outDir',
      out,
      '--emptyOutDir',
      '--logLevel',
      'warn',
    ],
    { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] },
  )
  const code = await new Promise<number | null>((done, failed) => {
    child.once('error', failed)
    child.once('close', done)
  })
  if (code !== 0) throw new UsageError('the page could not be built; what Vite says stands above')
  await rename(join(out, 'demo.html'), join(out, 'index.html'))
  await rm(join(out, 'assets', '.vite'), { recursive: true, force: true })
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}
