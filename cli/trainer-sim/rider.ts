import { readFile } from 'node:fs/promises'
import { type Fault, FAULTS, parseFault } from '#bridges/trainer-sim/faults'
import { FadingRider, type LegsModel, SteadyRider, StoppingRider } from '#bridges/trainer-sim/legs-models'
import type { RideRecord } from '#bridges/trainer-sim/replay'
import { parseScript, ScriptedRider } from '#bridges/trainer-sim/script'
import { readFit } from '#server/import/fit'
import { type Invocation, UsageError } from '../command.ts'

/** Who rides: a recording, or legs that feel the trainer; what goes wrong, and until when. */
export interface Rider {
  readonly records?: readonly RideRecord[]
  readonly legs?: LegsModel
  readonly faults: readonly Fault[]
  readonly endS?: number | undefined
}

/** A rider of whom nothing was said. */
const WATTS_USUAL = 200
const KINDS = ['steady', 'fading', 'stopping'] as const
/** Half a minute in, for ten seconds. */
const STOP = { fromS: 30, toS: 40 }

export async function riderOf(invocation: Invocation): Promise<Rider> {
  const { text, all } = invocation
  for (const name of ['from', 'to', 'once', 'speed'] as const) {
    const isGiven = name === 'once' ? invocation.flag(name) : text(name) !== undefined
    if (isGiven && text('ride') === undefined)
      throw new UsageError(`--${name} is for a recording; give it as --ride FILE.fit.`)
  }
  const given = ['ride', 'watts', 'script'].filter((name) => text(name) !== undefined)
  if (given.length > 1)
    throw new UsageError(`one rider at a time: leave out --${given.slice(1).join(' and --')}, or --${given[0]}.`)
  const faults = all('fault').map((said) => {
    const fault = parseFault(said)
    if (typeof fault === 'string') throw new UsageError(`--fault ${said}: ${fault}.`)
    return fault
  })
  if (given[0] === 'ride') return { records: await recordsOf(invocation), faults }
  if (given[0] === 'script') return scripted(text('script')!, faults)
  return { legs: wattsRider(invocation), faults }
}

function wattsRider(invocation: Invocation): LegsModel {
  const powerW = invocation.number('watts', { min: 0, max: 2000, isWhole: true }) ?? WATTS_USUAL
  const cadenceRpm = invocation.number('cadence', { min: 30, max: 180 }) ?? 90
  const kind = invocation.text('rider') ?? 'steady'
  if (!(KINDS as readonly string[]).includes(kind))
    throw new UsageError(`--rider ${kind} is not one of ${KINDS.join(', ')}.`)
  if (kind === 'fading') return new FadingRider({ powerW, cadenceRpm, criticalPowerW: powerW, reserveJ: 5000 })
  const steady = new SteadyRider({ powerW, cadenceRpm })
  return kind === 'stopping' ? new StoppingRider(steady, STOP) : steady
}

async function scripted(file: string, faults: readonly Fault[]): Promise<Rider> {
  const parsed = parseScript(new TextDecoder().decode(await bytesOf(file)), file)
  if (!parsed.ok) throw new UsageError(`${parsed.error}.`)
  const { value } = parsed
  return { legs: new ScriptedRider(value), faults: [...faults, ...value.faults], endS: value.endS }
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file)
  } catch (error) {
    throw new UsageError(`${file} could not be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}).`)
  }
}

async function recordsOf(invocation: Invocation): Promise<readonly RideRecord[]> {
  const file = invocation.text('ride')!
  const ride = readFit(await bytesOf(file), file)
  if (!ride.ok) throw new UsageError(ride.error)
  const { records } = ride.value
  const range = { min: 1, max: records.length, isWhole: true }
  const from = invocation.number('from', range) ?? 1
  const to = invocation.number('to', range) ?? records.length
  if (from > to) throw new UsageError(`--from ${from} is behind --to ${to}.`)
  return records.slice(from - 1, to)
}

/** The table of faults as --help shows it. */
export function faultLines(): readonly string[] {
  const said = FAULTS.map((f) => ('value' in f ? `${f.name}:${f.value}${f.unit}` : f.name))
  const width = Math.max(...said.map((text) => text.length))
  return FAULTS.map((f, i) => `  ${said[i]!.padEnd(width)}  ${f.summary}`)
}
