import { createRandom, type Random } from '#physics/random'
import type { TrainerSpec } from './trainer-model.ts'

/**
 * What goes wrong with trainers, by name. A `moment` happens at 30 s unless said, and lasts as long as its value where that is
 * seconds; the others hold from the beginning. docs/simulator.md has the table with who was seen doing it.
 */
export const FAULTS = [
  {
    name: 'dropout',
    value: 20,
    unit: 's',
    isMoment: true,
    summary: 'says nothing for so long; the link stays, it still answers',
  },
  { name: 'mute', value: 10, unit: 's', isMoment: true, summary: 'the link stays and nothing at all comes back' },
  {
    name: 'disconnect',
    value: 5,
    unit: 's',
    isMoment: true,
    summary: 'the link breaks, and none is taken for so long',
  },
  { name: 'lossy', value: 5, unit: '%', summary: 'so many of its notifications are lost' },
  { name: 'duplicates', value: 100, unit: '%', summary: 'so many of its notifications come twice' },
  { name: 'bursts', value: 1, unit: 's', summary: 'notifications wait so long and come together' },
  { name: 'stuck', value: 10, unit: 's', isMoment: true, summary: 'the same watts again and again, with cadence 0' },
  { name: 'frozen', value: 10, unit: 's', isMoment: true, summary: 'every value stays as it was' },
  { name: 'spike', value: 3900, unit: 'W', summary: 'one report in forty has these watts' },
  { name: 'no-cadence', summary: 'no cadence in anything it says' },
  { name: 'heart-zero', summary: 'a heart rate of 0, as without a strap' },
  { name: 'more-data', summary: 'each record split over two notifications (More Data)' },
  { name: 'resistance-s16', summary: 'resistance level in its data, in two bytes, as devices have it' },
  { name: 'resistance-u8', summary: 'resistance level and its range in one byte each, as the GATT supplement has it' },
  { name: 'no-power-service', summary: 'no Cycling Power service' },
  { name: 'no-heart-service', summary: 'no Heart Rate service' },
  { name: 'no-control', summary: 'no control point' },
  { name: 'no-ranges', summary: 'no range of watts or resistance' },
  { name: 'services-reversed', summary: 'services and characteristics in the opposite order' },
  { name: 'battery', value: 9, unit: '%', summary: 'a Battery service with so much in it' },
  { name: 'control-lost', isMoment: true, summary: 'takes control away, as if another app had it' },
  { name: 'refuse-control', summary: 'control not permitted, for ever' },
  { name: 'refuse-start', summary: 'start or resume: failed' },
  { name: 'refuse-sim', summary: 'simulation not supported' },
  { name: 'refuse-erg', summary: 'target power not supported' },
  { name: 'no-answers', summary: 'does what it is told and never says so' },
  { name: 'slow-answers', value: 2, unit: 's', summary: 'answers so late' },
  { name: 'keeps-target', summary: 'holds what was set when its app has gone' },
  { name: 'no-spin-down', summary: 'spin-down not supported' },
  { name: 'spin-down-fails', summary: 'every spin-down ends in failure' },
  { name: 'bad-crc', value: 10, unit: '', summary: 'one ANT frame in so many has a wrong checksum' },
  { name: 'bias', value: 5, unit: '%', summary: 'reports so many watts too many' },
  { name: 'drift', value: 20, unit: 'W', summary: '… and so many more at 30 km/h once warm, until a spin-down' },
  { name: 'noise', value: 3, unit: '%', summary: 'scatter of its watts, one standard deviation' },
  { name: 'cadence-off', value: 12, unit: 'rpm', summary: 'guesses a cadence so much too high' },
  { name: 'erg-lag', value: 3, unit: 's', summary: 'time constant of its ERG' },
] as const satisfies readonly FaultRow[]

interface FaultRow {
  readonly name: string
  readonly value?: number
  readonly unit?: 's' | '%' | 'W' | 'rpm' | ''
  readonly isMoment?: true
  readonly summary: string
}

export type FaultName = (typeof FAULTS)[number]['name']

export interface Fault {
  readonly name: FaultName
  readonly value: number
  readonly fromS: number
  readonly toS: number
}

const MOMENT_S = 30
/** `90`, `90s`, `1m30s`, `2m`. */
const TIME = /^(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?$/

export function parseTime(text: string): number | undefined {
  const match = TIME.exec(text)
  if (match === null || (match[1] === undefined && match[2] === undefined)) return undefined
  return Number(match[1] ?? 0) * 60 + Number(match[2] ?? 0)
}

/** `NAME[:VALUE][@FROM[-TO]]`; a sentence where it is none. `atS`: where a script says when. */
export function parseFault(text: string, atS?: number): Fault | string {
  const match = /^([a-z0-9-]+?)(?::(-?[\d.]+)(s|%|W|rpm)?)?(?:@([\dms.]+)(?:-([\dms.]+))?)?$/.exec(text)
  const row: FaultRow | undefined = FAULTS.find((f) => f.name === match?.[1])
  if (match === null || row === undefined)
    return `no fault is called ${text.split(/[:@]/)[0]}; there are ${FAULTS.map((f) => f.name).join(', ')}`
  const [, , valueText, unit, fromText, toText] = match
  const value = valueText === undefined ? (row.value ?? 0) : Number(valueText)
  if (valueText !== undefined && (row.value === undefined || (unit !== undefined && unit !== row.unit)))
    return `${row.name} takes ${row.value === undefined ? 'no value' : `a value like ${row.value}${row.unit ?? ''}`}, not ${valueText}${unit ?? ''}`
  if (!Number.isFinite(value)) return `${row.name}: ${valueText} is no number`
  const saidS = fromText === undefined ? atS : parseTime(fromText)
  const saidToS = toText === undefined ? undefined : parseTime(toText)
  if ((fromText !== undefined && saidS === undefined) || (toText !== undefined && saidToS === undefined))
    return `${row.name}: a moment is like @30s or @1m30s-2m, not ${text.slice(text.indexOf('@'))}`
  const fromS = saidS ?? (row.isMoment === true ? MOMENT_S : 0)
  const lastsS = row.isMoment === true && row.unit === 's' ? value : Infinity
  return { name: row.name as FaultName, value, fromS, toS: saidToS ?? fromS + lastsS }
}

/** Which faults hold now. Dice are seeded: the same seed, the same losses. */
export class Faults {
  readonly #list: readonly Fault[]
  readonly #random: Random
  readonly #fired = new Set<Fault>()
  atS = 0

  constructor(list: readonly Fault[] = [], seed = 1) {
    this.#list = list
    this.#random = createRandom(seed ^ 0x5bd1e995)
  }

  /** Its value while it holds. */
  value(name: FaultName): number | undefined {
    return this.#list.find((f) => f.name === name && this.atS >= f.fromS && this.atS < f.toS)?.value
  }
  has(name: FaultName): boolean {
    return this.value(name) !== undefined
  }
  /** It is there from the beginning or never: what services are offered does not change under way. */
  ever(name: FaultName): Fault | undefined {
    return this.#list.find((f) => f.name === name)
  }
  /** True once, when its moment has come. */
  strikes(name: FaultName): boolean {
    const fault = this.#list.find((f) => f.name === name && this.atS >= f.fromS && !this.#fired.has(f))
    if (fault !== undefined) this.#fired.add(fault)
    return fault !== undefined
  }
  /** Thrown for each thing that may go wrong: true in its percentage of cases. */
  hits(name: FaultName): boolean {
    const percent = this.value(name)
    return percent !== undefined && this.#random.fraction() * 100 < percent
  }
}

/** What of the faults is the body's. */
export function specOf(faults: Faults): Partial<TrainerSpec> {
  const of = (name: FaultName, key: keyof TrainerSpec) => {
    const fault = faults.ever(name)
    return fault === undefined ? {} : { [key]: fault.value }
  }
  return {
    ...of('bias', 'biasPercent'),
    ...of('drift', 'driftW'),
    ...of('noise', 'noisePercent'),
    ...of('cadence-off', 'cadenceBiasRpm'),
    ...of('erg-lag', 'ergLagS'),
  }
}
