import { readFile, stat } from 'node:fs/promises'
import type { SkySpell } from '#physics/sky'
import type { WeatherSpell } from '#physics/weather'

/** Beside `ride.jsonl` lies `ride.facts`: names, looks and weather, which no step of the world reads. */
export function factsPathOf(journalPath: string): string {
  return journalPath.replace(/\.jsonl$/, '.facts')
}

/** Somebody who rode in the film, from when to when; as in the roster of a room. */
export interface FilmedRider {
  readonly id: number
  readonly name: string
  readonly isBot: boolean
  readonly massKg: number
  readonly jersey: number
  readonly accent: number
  readonly shorts: number
  readonly helmet: number
  readonly frame: number
  readonly skin: number
  readonly pattern: number
  readonly bike: number
  readonly number: number
  readonly fromTick: number
  /** Infinity (null as JSON): to the end. */
  readonly toTick: number | null
}

export interface SlowFacts {
  readonly riders: readonly FilmedRider[]
  readonly weather: readonly WeatherSpell[]
  readonly sky: readonly SkySpell[]
}

const FACTS_BYTES_MAX = 32 << 20
const NUMBERS = [
  'massKg',
  'jersey',
  'accent',
  'shorts',
  'helmet',
  'frame',
  'skin',
  'pattern',
  'bike',
  'number',
] as const

/** Everything that was told beside a journal; a file that is gone, or a line that is broken, leaves names out and no more. */
export async function readSlowFacts(journalPath: string): Promise<SlowFacts> {
  const path = factsPathOf(journalPath)
  const size = await stat(path).then(
    ({ size }) => size,
    () => 0,
  )
  if (size === 0 || size > FACTS_BYTES_MAX) return { riders: [], weather: [], sky: [] }
  const riders: FilmedRider[] = []
  const here = new Map<number, number>()
  const weather: WeatherSpell[] = []
  const sky = new Map<number, SkySpell>()
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    const [kind, tick, what] = parsed(line)
    if (typeof tick !== 'number') continue
    if (kind === 'rider') {
      const rider = riderOf(what, tick)
      if (rider === undefined) continue
      leave(riders, here, rider.id, tick)
      here.set(rider.id, riders.push(rider) - 1)
    } else if (kind === 'left') leave(riders, here, Number(what), tick)
    else if (kind === 'weather') weather.push(what as WeatherSpell)
    else if (kind === 'sky' && Array.isArray(what))
      for (const spell of what as SkySpell[]) sky.set(spell.fromTick, spell)
  }
  return { riders, weather, sky: [...sky.values()] }
}

function leave(riders: FilmedRider[], here: Map<number, number>, id: number, tick: number): void {
  const at = here.get(id)
  if (at === undefined) return
  riders[at] = { ...riders[at]!, toTick: tick }
  here.delete(id)
}

function riderOf(value: unknown, fromTick: number): FilmedRider | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const told = value as Record<string, unknown>
  const { id, name, isBot } = told
  if (typeof id !== 'number' || typeof name !== 'string') return undefined
  const numbers = Object.fromEntries(NUMBERS.map((key) => [key, typeof told[key] === 'number' ? told[key] : 0]))
  return {
    ...(numbers as Record<(typeof NUMBERS)[number], number>),
    id,
    name,
    isBot: isBot === true,
    fromTick,
    toTick: null,
  }
}

function parsed(line: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(line)
    return Array.isArray(value) ? value : []
  } catch {
    return [] // Cut off by a crash.
  }
}
