import { Door } from './door.ts'
import { MAP_FORMAT_VERSION, MAP_LIMITS, type MapFile, type MapNode, type MapRoad, type Point } from './format.ts'
import { complaintsAboutReferences } from './references.ts'
import { checked, complaints, type Checked } from './result.ts'

const L = MAP_LIMITS
const ROAD_MIN_POINTS = 2

/** Unknown JSON → a map, or every complaint with its path: `roads[0].points[3][2]: not a finite number`. */
export function parseMap(json: unknown): Checked<MapFile> {
  const door = new Door()
  const map = door.record('', json, NAMES)
  if (map['format'] !== 'gruppetto-map') door.complain('format', `must be "gruppetto-map"`)
  if (map['version'] !== MAP_FORMAT_VERSION) door.complain('version', `must be ${MAP_FORMAT_VERSION}`)
  const isShallow = depthOf(map['scenery'], L.sceneryDepth) <= L.sceneryDepth
  if (!isShallow) door.complain('scenery', `nested deeper than ${L.sceneryDepth}`)
  const scenery = isShallow ? door.record('scenery', map['scenery']) : {}
  const value: MapFile = {
    format: 'gruppetto-map',
    version: MAP_FORMAT_VERSION,
    id: door.id('id', map['id']),
    name: door.text('name', map['name']),
    licence: door.text('licence', map['licence']),
    author: door.text('author', map['author']),
    surfaces: door.records('surfaces', map['surfaces'], L.surfaces, ['id', 'crr', 'grip'], (path, surface) => ({
      id: door.id(`${path}.id`, surface['id']),
      crr: door.number(`${path}.crr`, surface['crr'], L.crr),
      grip: door.number(`${path}.grip`, surface['grip'], L.grip),
    })),
    nodes: nodesOf(door, map['nodes']),
    roads: roadsOf(door, map['roads']),
    lines: door.records('lines', map['lines'], L.lines, ['id', 'name', 'road', 'atM'], (path, line) => ({
      id: door.id(`${path}.id`, line['id']),
      name: door.text(`${path}.name`, line['name']),
      ...gate(door, path, line),
    })),
    routes: door.records('routes', map['routes'], L.routes, ROUTE_NAMES, (path, route) => ({
      id: door.id(`${path}.id`, route['id']),
      name: door.text(`${path}.name`, route['name']),
      pen: door.id(`${path}.pen`, route['pen']),
      leadIn: strips(door, `${path}.leadIn`, route['leadIn'] ?? [], L.stripsOfRoute),
      roads: strips(door, `${path}.roads`, route['roads'], L.stripsOfRoute),
      isLap: door.flag(`${path}.isLap`, route['isLap']),
      laps: door.whole(`${path}.laps`, route['laps'] ?? 1, [1, 1000]),
      finish: door.id(`${path}.finish`, route['finish']),
    })),
    segments: door.records('segments', map['segments'], L.segments, SEGMENT_NAMES, (path, segment) => ({
      id: door.id(`${path}.id`, segment['id']),
      name: door.text(`${path}.name`, segment['name']),
      kind: door.oneOf(`${path}.kind`, segment['kind'], ['sprint', 'climb', 'lap']),
      along: strips(door, `${path}.along`, segment['along'], L.stripsOfSegment),
      fromM: door.distance(`${path}.fromM`, segment['fromM']),
      toM: door.distance(`${path}.toM`, segment['toM']),
    })),
    pens: door.records('pens', map['pens'], L.pens, ['id', 'road', 'atM', 'rows', 'abreast'], (path, pen) => ({
      id: door.id(`${path}.id`, pen['id']),
      ...gate(door, path, pen),
      rows: door.whole(`${path}.rows`, pen['rows'], [1, 500]),
      abreast: door.whole(`${path}.abreast`, pen['abreast'], [1, 40]),
    })),
    spawns: door.records('spawns', map['spawns'], L.spawns, ['road', 'atM', 'lateralM'], (path, spawn) => ({
      ...gate(door, path, spawn),
      lateralM: door.number(`${path}.lateralM`, spawn['lateralM'] ?? 0, [-L.roadWidthM[1], L.roadWidthM[1]]),
    })),
    zones: door.records('zones', map['zones'], L.zones, ZONE_NAMES, (path, zone) => ({
      id: door.id(`${path}.id`, zone['id']),
      name: door.text(`${path}.name`, zone['name']),
      at: door.point(`${path}.at`, zone['at']),
      towards: pair(door, `${path}.towards`, zone['towards']),
      lengthM: door.number(`${path}.lengthM`, zone['lengthM'], [10, 500]),
      widthM: door.number(`${path}.widthM`, zone['widthM'], [10, 500]),
      seed: door.whole(`${path}.seed`, zone['seed'], [0, 0xffffffff]),
      entry: gate(door, `${path}.entry`, door.record(`${path}.entry`, zone['entry'], ['road', 'atM'])),
      exit: gate(door, `${path}.exit`, door.record(`${path}.exit`, zone['exit'], ['road', 'atM'])),
    })),
    scenery: { ...scenery, seed: door.number('scenery.seed', scenery['seed'], [0, 0xffffffff]) },
  }
  const points = value.roads.reduce((sum, road) => sum + road.points.length, 0)
  if (points > L.points) door.complain('roads', `${points} points together; at most ${L.points}`)
  // Names are looked up only where the shapes are right: a complaint about a complaint helps nobody.
  if (door.complaints.length === 0) complaintsAboutReferences(value, door)
  return door.complaints.length === 0 ? checked(value) : complaints(...door.complaints)
}

const NAMES = [
  ...['format', 'version', 'id', 'name', 'licence', 'author', 'surfaces', 'nodes', 'roads', 'lines', 'routes'],
  ...['segments', 'pens', 'spawns', 'zones', 'scenery'],
]
const ROUTE_NAMES = ['id', 'name', 'pen', 'leadIn', 'roads', 'isLap', 'laps', 'finish']
const SEGMENT_NAMES = ['id', 'name', 'kind', 'along', 'fromM', 'toM']
const ZONE_NAMES = ['id', 'name', 'at', 'towards', 'lengthM', 'widthM', 'seed', 'entry', 'exit']
const NODE_NAMES = ['id', 'at', 'reachM', 'closed', 'first']
const ROAD_NAMES = [
  ...['id', 'name', 'from', 'to', 'isClosed', 'isOneWay', 'points', 'widthM', 'surface', 'windShare', 'uTurn'],
  ...['widths', 'surfaces', 'banks', 'shelters', 'spans'],
]

/** Lists and objects inside one another; whoever goes through them deeper than this needs a stack for it. */
function depthOf(value: unknown, most: number): number {
  if (typeof value !== 'object' || value === null) return 0
  if (most <= 0) return 1
  return 1 + Object.values(value).reduce((deepest, inner) => Math.max(deepest, depthOf(inner, most - 1)), 0)
}

function nodesOf(door: Door, value: unknown): readonly MapNode[] {
  return door.records('nodes', value, L.nodes, NODE_NAMES, (path, node) => ({
    id: door.id(`${path}.id`, node['id']),
    at: door.point(`${path}.at`, node['at']),
    reachM:
      node['reachM'] === undefined || node['reachM'] === null
        ? null
        : door.number(`${path}.reachM`, node['reachM'], L.reachM),
    closed: turns(door, `${path}.closed`, node['closed']),
    first: turns(door, `${path}.first`, node['first']),
  }))
}

function roadsOf(door: Door, value: unknown): readonly MapRoad[] {
  if (value === undefined) door.complain('roads', 'not a list')
  return door.records('roads', value, L.roads, ROAD_NAMES, (path, road) => {
    const { widthM, surface, windShare } = road
    const read: MapRoad = {
      id: door.id(`${path}.id`, road['id']),
      name: door.text(`${path}.name`, road['name']),
      from: nodeId(door, `${path}.from`, road['from']),
      to: nodeId(door, `${path}.to`, road['to']),
      isClosed: door.flag(`${path}.isClosed`, road['isClosed'] ?? false),
      isOneWay: door.flag(`${path}.isOneWay`, road['isOneWay'] ?? false),
      points: pointsOf(door, `${path}.points`, road['points']),
      widthM: door.number(`${path}.widthM`, widthM, L.roadWidthM),
      surface: door.id(`${path}.surface`, surface),
      windShare: door.number(`${path}.windShare`, windShare ?? 1, [0, 1]),
      uTurn: door.oneOf(`${path}.uTurn`, road['uTurn'] ?? 'none', ['none', 'start', 'end', 'both']),
      widths: stretches(door, `${path}.widths`, road['widths'], 'widthM', (at, width) => ({
        widthM: door.number(at, width, L.roadWidthM),
      })),
      surfaces: stretches(door, `${path}.surfaces`, road['surfaces'], 'surface', (at, id) => ({
        surface: door.id(at, id),
      })),
      banks: stretches(door, `${path}.banks`, road['banks'], 'slope', (at, slope) => ({
        slope: door.number(at, slope, L.bank),
      })),
      shelters: stretches(door, `${path}.shelters`, road['shelters'], 'windShare', (at, share) => ({
        windShare: door.number(at, share, [0, 1]),
      })),
      spans: stretches(door, `${path}.spans`, road['spans'], 'kind', (at, kind) => ({
        kind: door.oneOf(at, kind, ['bridge', 'tunnel']),
      })),
    }
    return read
  })
}

function pointsOf(door: Door, path: string, value: unknown): readonly Point[] {
  const points = door.list(path, value, L.points).map((point, i) => door.point(`${path}[${i}]`, point))
  if (Array.isArray(value) && points.length < ROAD_MIN_POINTS && value.length <= L.points)
    door.complain(path, `${points.length} points; a road needs at least ${ROAD_MIN_POINTS}`)
  return points
}

/** Stretches of a road that have something of their own, in one more name. */
function stretches<T>(
  door: Door,
  path: string,
  value: unknown,
  name: string,
  read: (path: string, value: unknown) => T,
): readonly (T & { fromM: number; toM: number })[] {
  return door.records(path, value, L.stretches, ['fromM', 'toM', name], (at, stretch) => ({
    ...door.span(at, stretch),
    ...read(`${at}.${name}`, stretch[name]),
  }))
}

function nodeId(door: Door, path: string, value: unknown): string | null {
  return value === undefined || value === null ? null : door.id(path, value)
}

function turns(door: Door, path: string, value: unknown) {
  return door.records(path, value, 2 * L.endsAtNode * L.endsAtNode, ['from', 'to'], (at, turn) => ({
    from: roadEnd(door, `${at}.from`, turn['from']),
    to: roadEnd(door, `${at}.to`, turn['to']),
  }))
}

function gate(door: Door, path: string, record: Record<string, unknown>): { road: string; atM: number } {
  return { road: strip(door, `${path}.road`, record['road']), atM: door.distance(`${path}.atM`, record['atM']) }
}

function strip(door: Door, path: string, value: unknown): string {
  if (typeof value === 'string' && /^[<>][a-z0-9][a-z0-9-]{0,39}$/.test(value)) return value
  door.complain(path, 'not a road with its direction: ">id" as its points go, "<id" against them')
  return '>?'
}

function strips(door: Door, path: string, value: unknown, most: number): readonly string[] {
  return door.list(path, value, most).map((item, i) => strip(door, `${path}[${i}]`, item))
}

function roadEnd(door: Door, path: string, value: unknown): string {
  if (typeof value === 'string' && /^[a-z0-9][a-z0-9-]{0,39}\.(start|end)$/.test(value)) return value
  door.complain(path, 'not an end of a road: "id.start" or "id.end"')
  return '?.start'
}

function pair(door: Door, path: string, value: unknown): readonly [number, number] {
  const axes = door.axes(path, value, 2)
  return [axes[0]!, axes[1]!]
}
