import { MAP_FORMAT_VERSION, type MapFile, type Point } from './format.ts'
import { checked, complaints, type Checked } from './result.ts'

const MAP_POINTS_MAX = 5000
const LIST_MAX = 500
const TEXT_MAX = 120
const POINT_MAX_M = 100_000
const COMPLAINTS_MAX = 20

/** Unknown JSON → a map, or every complaint with its path: `points[3][2]: not a finite number`. */
export function parseMap(json: unknown): Checked<MapFile> {
  const door = new Door()
  const map = door.record('', json, [
    'format',
    'version',
    'id',
    'name',
    'licence',
    'author',
    'isLoop',
    'points',
    'widthM',
    'crr',
    'surfaces',
    'lines',
    'segments',
    'spawnM',
    'scenery',
  ])
  if (map.format !== 'gruppetto-map') door.complain('format', `must be "gruppetto-map"`)
  if (map.version !== MAP_FORMAT_VERSION) door.complain('version', `must be ${MAP_FORMAT_VERSION}`)
  const scenery = door.record('scenery', map.scenery)
  const value: MapFile = {
    format: 'gruppetto-map',
    version: MAP_FORMAT_VERSION,
    id: door.id('id', map.id),
    name: door.text('name', map.name),
    licence: door.text('licence', map.licence),
    author: door.text('author', map.author),
    isLoop: door.flag('isLoop', map.isLoop),
    points: door.list('points', map.points, MAP_POINTS_MAX).map((point, i) => door.point(`points[${i}]`, point)),
    widthM: door.number('widthM', map.widthM, 2, 50),
    crr: door.number('crr', map.crr, 0.001, 0.1),
    surfaces: door.list('surfaces', map.surfaces).map((item, i) => {
      const path = `surfaces[${i}]`
      const surface = door.record(path, item, ['fromM', 'toM', 'kind', 'crr'])
      return {
        ...door.span(path, surface),
        kind: door.text(`${path}.kind`, surface.kind),
        crr: door.number(`${path}.crr`, surface.crr, 0.001, 0.1),
      }
    }),
    lines: door.list('lines', map.lines).map((item, i) => {
      const path = `lines[${i}]`
      const line = door.record(path, item, ['id', 'name', 'atM'])
      return {
        id: door.id(`${path}.id`, line.id),
        name: door.text(`${path}.name`, line.name),
        atM: door.distance(`${path}.atM`, line.atM),
      }
    }),
    segments: door.list('segments', map.segments).map((item, i) => {
      const path = `segments[${i}]`
      const segment = door.record(path, item, ['id', 'name', 'fromM', 'toM'])
      return {
        id: door.id(`${path}.id`, segment.id),
        name: door.text(`${path}.name`, segment.name),
        ...door.span(path, segment),
      }
    }),
    spawnM: door.distance('spawnM', map.spawnM),
    scenery: { ...scenery, seed: door.number('scenery.seed', scenery.seed, 0, 0xffffffff) },
  }
  if (value.points.length < 4) door.complain('points', `${value.points.length} points; a road needs at least 4`)
  if (!value.lines.some(({ id }) => id === 'start')) door.complain('lines', 'no line with the id "start"')
  door.unique('lines', value.lines)
  door.unique('segments', value.segments)
  return door.complaints.length === 0 ? checked(value) : complaints(...door.complaints)
}

/** Collects complaints; every reader answers something usable, so that one pass finds them all. */
class Door {
  readonly complaints: string[] = []

  complain(path: string, text: string): void {
    if (this.complaints.length < COMPLAINTS_MAX) this.complaints.push(`${path === '' ? 'map' : path}: ${text}`)
  }

  record(path: string, value: unknown, known?: readonly string[]): Record<string, unknown> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.complain(path, 'not an object')
      return {}
    }
    for (const key of Object.keys(value)) {
      if (known !== undefined && !known.includes(key))
        this.complain(path === '' ? key.slice(0, TEXT_MAX) : `${path}.${key.slice(0, TEXT_MAX)}`, 'unknown name')
    }
    return value as Record<string, unknown>
  }

  list(path: string, value: unknown, most = LIST_MAX): readonly unknown[] {
    if (!Array.isArray(value)) this.complain(path, 'not a list')
    else if (value.length > most) this.complain(path, `${value.length} entries; at most ${most}`)
    else return value
    return []
  }

  number(path: string, value: unknown, least: number, most: number): number {
    if (typeof value !== 'number' || !Number.isFinite(value)) this.complain(path, 'not a finite number')
    else if (value < least || value > most) this.complain(path, `${value} is not in ${least} … ${most}`)
    else return value
    return least
  }

  distance(path: string, value: unknown): number {
    return this.number(path, value, 0, 1_000_000)
  }

  span(path: string, span: Record<string, unknown>): { fromM: number; toM: number } {
    const fromM = this.distance(`${path}.fromM`, span.fromM)
    const toM = this.distance(`${path}.toM`, span.toM)
    if (toM <= fromM) this.complain(`${path}.toM`, `must be beyond fromM (${fromM})`)
    return { fromM, toM }
  }

  point(path: string, value: unknown): Point {
    const axes = this.list(path, value, 3)
    if (axes.length !== 3) this.complain(path, 'not [x, y, z]')
    const axis = (i: number) => this.number(`${path}[${i}]`, axes[i], -POINT_MAX_M, POINT_MAX_M)
    return axes.length === 3 ? [axis(0), axis(1), axis(2)] : [0, 0, 0]
  }

  flag(path: string, value: unknown): boolean {
    if (typeof value !== 'boolean') this.complain(path, 'not true or false')
    return value === true
  }

  text(path: string, value: unknown): string {
    if (typeof value !== 'string' || value.trim() === '') this.complain(path, 'not a text')
    else if (value.length > TEXT_MAX) this.complain(path, `longer than ${TEXT_MAX} characters`)
    else return value
    return '?'
  }

  id(path: string, value: unknown): string {
    if (typeof value === 'string' && /^[a-z0-9][a-z0-9-]{0,39}$/.test(value)) return value
    this.complain(path, 'not an id of lower case letters, digits and dashes')
    return '?'
  }

  unique(path: string, things: readonly { readonly id: string }[]): void {
    things.forEach(({ id }, i) => {
      if (things.findIndex((thing) => thing.id === id) < i) this.complain(`${path}[${i}].id`, `"${id}" is there twice`)
    })
  }
}
