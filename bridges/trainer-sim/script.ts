import { type Fault, parseFault, parseTime } from './faults.ts'
import { type Feel, type LegsModel, type Push, SteadyRider, torqueMaxNm } from './legs-models.ts'

/**
 * A ride as lines of text, so that what went wrong once can be told again:
 *
 *     # anything behind a # is for people
 *     at 0s power 200 cadence 90
 *     at 30s cadence 60
 *     at 1m power 320 over 20s
 *     at 90s stop
 *     at 95s go
 *     at 2m fault dropout:5s
 *     at 3m end
 *
 * Times count from the beginning and do not run backwards. `power` is what legs push where the trainer does not hold watts;
 * `cadence` is what they like to turn. `over` slides there. `stop` stands still, `go` rides on.
 */
export interface Script {
  readonly moments: readonly Moment[]
  readonly faults: readonly Fault[]
  /** Where it says `end`. */
  readonly endS: number | undefined
}

interface Moment {
  readonly atS: number
  readonly powerW?: number
  readonly cadenceRpm?: number
  readonly overS: number
  readonly isStopped?: boolean
}

export type ParsedScript =
  | { readonly ok: true; readonly value: Script }
  | { readonly ok: false; readonly error: string }

const LINES_MAX = 10_000
const POWER_MAX_W = 2500
const CADENCE_MAX_RPM = 200

export function parseScript(text: string, name = 'the script'): ParsedScript {
  const moments: Moment[] = []
  const faults: Fault[] = []
  let endS: number | undefined
  let lastS = 0
  const lines = text.split(/\r?\n/)
  if (lines.length > LINES_MAX) return { ok: false, error: `${name} has more than ${LINES_MAX} lines` }
  for (const [i, line] of lines.entries()) {
    const words = line.replace(/#.*$/, '').trim().split(/\s+/)
    if (words[0] === '') continue
    const wrong = (what: string): ParsedScript => ({ ok: false, error: `${name}, line ${i + 1}: ${what}` })
    if (words[0] !== 'at') return wrong(`a line begins with "at", as in "at 30s cadence 60", not with "${words[0]}"`)
    const atS = parseTime(words[1] ?? '')
    if (atS === undefined) return wrong(`"${words[1] ?? ''}" is no moment like 30s or 1m30s`)
    if (atS < lastS) return wrong(`${words[1]} is before the line above it`)
    lastS = atS
    const told = readWords(words.slice(2), atS)
    if (typeof told === 'string') return wrong(told)
    if (told.moment !== undefined) moments.push(told.moment)
    if (told.fault !== undefined) faults.push(told.fault)
    if (told.isEnd) endS = atS
  }
  return { ok: true, value: { moments, faults, endS } }
}

interface Told {
  readonly moment?: Moment
  readonly fault?: Fault
  readonly isEnd?: boolean
}

function readWords(words: readonly string[], atS: number): Told | string {
  const [first] = words
  if (first === undefined) return 'says when and not what'
  if (first === 'end') return { isEnd: true }
  if (first === 'stop' || first === 'go') return { moment: { atS, overS: 0, isStopped: first === 'stop' } }
  if (first === 'fault') {
    const fault = parseFault(words[1] ?? '', atS)
    return typeof fault === 'string' ? fault : { fault }
  }
  const moment: { -readonly [K in keyof Moment]: Moment[K] } = { atS, overS: 0 }
  for (let i = 0; i < words.length; i += 2) {
    const word = words[i]!
    const value = words[i + 1] ?? ''
    if (word === 'over') {
      const overS = parseTime(value)
      if (overS === undefined) return `"over ${value}" is no time like 20s`
      moment.overS = overS
      continue
    }
    const most = word === 'power' ? POWER_MAX_W : word === 'cadence' ? CADENCE_MAX_RPM : undefined
    if (most === undefined) return `"${word}" is not power, cadence, over, stop, go, fault or end`
    const number = Number(value)
    if (value === '' || !(number >= 0 && number <= most)) return `${word} is 0 to ${most}, not "${value}"`
    if (word === 'power') moment.powerW = number
    else moment.cadenceRpm = number
  }
  return { moment }
}

/** Legs that do what a script says. */
export class ScriptedRider implements LegsModel {
  readonly #moments: readonly Moment[]
  readonly #rider = new SteadyRider({ powerW: 0 })

  constructor(script: Script) {
    this.#moments = script.moments
  }

  push(feel: Feel, stepS: number): Push {
    const powerW = this.#valueAt('powerW', feel.atS, 0)
    const likedRpm = this.#valueAt('cadenceRpm', feel.atS, 90)
    if (likedRpm !== this.#rider.likedRpm) this.#rider.likedRpm = likedRpm
    const isStopped = this.#moments.findLast((m) => m.atS <= feel.atS && m.isStopped !== undefined)?.isStopped === true
    if (isStopped) return { torqueNm: 0, cadenceRpm: 0 }
    return this.#rider.pushWithin(feel, torqueMaxNm(feel.cadenceRpm), stepS, powerW)
  }

  #valueAt(key: 'powerW' | 'cadenceRpm', atS: number, otherwise: number): number {
    let value = otherwise
    for (const moment of this.#moments) {
      if (moment.atS > atS) break
      const wanted = moment[key]
      if (wanted === undefined) continue
      const share = moment.overS > 0 ? Math.min(1, (atS - moment.atS) / moment.overS) : 1
      value += (wanted - value) * share
    }
    return value
  }
}
