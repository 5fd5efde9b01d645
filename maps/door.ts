import { MAP_LIMITS, type Point } from './format.ts'

const COMPLAINTS_MAX = 20
const DISTANCE_MAX_M = 1_000_000

/** Reads unknown JSON. Collects complaints; every reader answers something usable, so that one pass finds them all. */
export class Door {
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
      const short = key.slice(0, MAP_LIMITS.textChars)
      if (known !== undefined && !known.includes(key))
        this.complain(path === '' ? short : `${path}.${short}`, 'unknown name')
    }
    return value as Record<string, unknown>
  }

  list(path: string, value: unknown, most: number): readonly unknown[] {
    if (!Array.isArray(value)) this.complain(path, 'not a list')
    else if (value.length > most) this.complain(path, `${value.length} entries; at most ${most}`)
    else return value
    return []
  }

  /** A list of records; a list that is absent is empty. */
  records<T>(
    path: string,
    value: unknown,
    most: number,
    known: readonly string[],
    read: (path: string, record: Record<string, unknown>) => T,
  ): readonly T[] {
    if (value === undefined) return []
    return this.list(path, value, most).map((item, i) => {
      const at = `${path}[${i}]`
      return read(at, this.record(at, item, known))
    })
  }

  number(path: string, value: unknown, [least, most]: readonly [number, number]): number {
    if (typeof value !== 'number' || !Number.isFinite(value)) this.complain(path, 'not a finite number')
    else if (value < least || value > most) this.complain(path, `${value} is not in ${least} … ${most}`)
    else return value
    return least
  }

  whole(path: string, value: unknown, [least, most]: readonly [number, number]): number {
    const number = this.number(path, value, [least, most])
    if (Number.isInteger(number)) return number
    this.complain(path, `${number} is not a whole number`)
    return least
  }

  distance(path: string, value: unknown): number {
    return this.number(path, value, [0, DISTANCE_MAX_M])
  }

  span(path: string, span: Record<string, unknown>): { fromM: number; toM: number } {
    const fromM = this.distance(`${path}.fromM`, span['fromM'])
    const toM = this.distance(`${path}.toM`, span['toM'])
    if (toM <= fromM) this.complain(`${path}.toM`, `must be beyond fromM (${fromM})`)
    return { fromM, toM }
  }

  point(path: string, value: unknown): Point {
    const axes = this.axes(path, value, 3)
    return [axes[0]!, axes[1]!, axes[2]!]
  }

  axes(path: string, value: unknown, count: number): readonly number[] {
    const { coordinateM } = MAP_LIMITS
    const axes = this.list(path, value, count)
    if (axes.length !== count) {
      this.complain(path, count === 3 ? 'not [x, y, z]' : 'not [x, y]')
      return [0, 0, 0]
    }
    return axes.map((axis, i) => this.number(`${path}[${i}]`, axis, [-coordinateM, coordinateM]))
  }

  flag(path: string, value: unknown): boolean {
    if (typeof value !== 'boolean') this.complain(path, 'not true or false')
    return value === true
  }

  text(path: string, value: unknown): string {
    if (typeof value !== 'string' || value.trim() === '') this.complain(path, 'not a text')
    else if (value.length > MAP_LIMITS.textChars) this.complain(path, `longer than ${MAP_LIMITS.textChars} characters`)
    else return value
    return '?'
  }

  id(path: string, value: unknown): string {
    if (typeof value === 'string' && /^[a-z0-9][a-z0-9-]{0,39}$/.test(value)) return value
    this.complain(path, 'not an id of lower case letters, digits and dashes')
    return '?'
  }

  oneOf<const T extends string>(path: string, value: unknown, words: readonly T[]): T {
    const found = words.find((word) => word === value)
    if (found === undefined) this.complain(path, `not one of ${words.join(', ')}`)
    return found ?? words[0]!
  }

  unique(path: string, things: readonly { readonly id: string }[]): void {
    const seen = new Set<string>()
    things.forEach(({ id }, i) => {
      if (seen.has(id)) this.complain(`${path}[${i}].id`, `"${id}" is there twice`)
      seen.add(id)
    })
  }
}
