import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { loadWorld, type LoadedWorld } from '#maps/load'
import { UsageError, figure, report } from '../command.ts'
import type { Plot } from './plot.ts'
import { FAINT, page, text } from './svg.ts'
import { ground, placeNames, Sheet } from './world-ground.ts'
import { furniture, gradeLegend, names, roads, scaleBar, segmentLines } from './world-plan.ts'
import { routeCard, routeCardSize, SmallMap } from './world-routes.ts'

const WORLDS_DIR = path.join(import.meta.dirname, '..', '..', 'maps', 'worlds')
const WIDTH_PX = 1400
const HEIGHT_MAX_PX = 1900
const MARGIN_PX = 90

export const plot: Plot = {
  async draw(id = 'sorrelmere') {
    const world = await readWorld(id)
    const pictures = new Map([
      [`world-${id}.svg`, planPage(world)],
      [`world-${id}-routes.svg`, routesPage(world)],
    ])
    return {
      pictures,
      report: report({
        routes: figure(world.network.routes.length, '', { atLeast: 1 }),
        segments: figure(world.network.segments.length, ''),
        ways: figure(world.network.ways.length, ''),
      }),
    }
  },
}

async function readWorld(id: string): Promise<LoadedWorld> {
  if (!/^[a-z0-9-]+$/.test(id)) throw new UsageError(`"${id}" is no name of a world`)
  const folder = path.join(WORLDS_DIR, id)
  const [json, bytes] = await Promise.all([
    readFile(path.join(folder, 'map.json'), 'utf8'),
    readFile(path.join(folder, 'course.bin')),
  ]).catch((error: unknown) => {
    throw new UsageError(`there is no baked world ${id}: ${(error as Error).message}`)
  })
  const world = loadWorld(JSON.parse(json), bytes)
  if (!world.ok) throw new UsageError(`${id}: ${world.error.join('; ')}`)
  return world.value
}

function planPage(world: LoadedWorld): string {
  const { map } = world
  const places = map.roads.flatMap((road) => road.points.map(([x, y]) => [x, y] as const))
  const [xs, ys] = [places.map(([x]) => x), places.map(([, y]) => y)]
  const wide = Math.max(...xs) - Math.min(...xs)
  const high = Math.max(...ys) - Math.min(...ys)
  const heightPx = Math.min(HEIGHT_MAX_PX, Math.round((high / wide) * (WIDTH_PX - 2 * MARGIN_PX)) + 2 * MARGIN_PX + 30)
  const widthPx = Math.max(
    760,
    Math.min(WIDTH_PX, Math.round((wide / high) * (heightPx - 2 * MARGIN_PX - 30)) + 2 * MARGIN_PX),
  )
  const sheet = new Sheet(places, {
    x: MARGIN_PX,
    y: MARGIN_PX,
    width: widthPx - 2 * MARGIN_PX,
    height: heightPx - 2 * MARGIN_PX - 30,
  })
  const frame = { x: 0, y: 0, width: widthPx, height: heightPx }
  return page(widthPx, heightPx, `${map.name}: plan`, [
    ground(map, sheet, frame),
    roads(map, sheet, 5),
    segmentLines(world, sheet, 7),
    furniture(map, sheet),
    placeNames(map, sheet),
    names(map, sheet),
    text(36, 48, map.name, { 'font-size': 24, 'font-weight': 700 }),
    scaleBar(sheet, 40, heightPx - 30),
    gradeLegend(widthPx - 470, heightPx - 38),
  ])
}

function routesPage(world: LoadedWorld): string {
  const { map, network } = world
  const { widthPx, heightPx } = routeCardSize
  const headPx = 66
  const smallMap = new SmallMap(world)
  return page(widthPx, headPx + network.routes.length * heightPx + 30, `${map.name}: routes`, [
    text(24, 42, `${map.name}: routes`, { 'font-size': 24, 'font-weight': 700 }),
    text(24, 60, 'dashed: lead-in · bars above the profile: segments (green sprint, red climb, violet lap)', {
      fill: FAINT,
      'font-size': 11.5,
    }),
    smallMap.roads(),
    ...network.routes.map((route, i) => routeCard(world, smallMap, route, headPx + 8 + i * heightPx)),
    gradeLegend(widthPx - 470, 52),
  ])
}
