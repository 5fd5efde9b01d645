import { writeFile } from 'node:fs/promises'
import { openSigner } from '#server/event-signing'
import { finishM } from '#server/event/pen'
import { results } from '#server/event/results'
import { raceRules } from '#server/event/rules'
import { figure, report, UsageError, type Figure, type Invocation, type Report } from '../command.ts'
import { resultLine } from '../judge.ts'
import { dataDir } from './data-dir.ts'
import { loadMap } from './load-map.ts'
import { rideRace } from './race.ts'
import { exportRace } from './rerun.ts'

/** `gruppetto sim --race`: bots in virtual time; the file is what a judge gets. */
export async function runRace(invocation: Invocation, seed: number): Promise<Report> {
  const map = await loadMap(invocation.text('map'))
  const riders = invocation.number('riders', { min: 1, max: 500, isWhole: true })!
  const routeId = invocation.text('route')
  const made = raceRules(map, { routeId, laps: 1 })
  if (!made.ok) throw new UsageError(made.error)
  const laps = invocation.number('laps', { min: 1, max: 100, isWhole: true })!
  const startMs = performance.now()
  const race = rideRace({
    map,
    seed,
    riders,
    laps,
    routeId,
    onTick(world) {
      if (world.tick % 400 === 0) {
        const farM = world.riders.distanceM.reduce((most, distanceM) => Math.max(most, distanceM), 0)
        invocation.progress(farM, finishM({ ...made.rules, laps }), 'racing')
      }
      return !invocation.signal.aborted
    },
  })
  const tookS = (performance.now() - startMs) / 1000
  const { world, lines, startTick } = race
  if (world.run.phase !== 'finished') return report({}, ['The race was stopped before its end.'])
  const { crossings } = world
  const table = results({ run: world.run.run, startTick, crossings, decisions: [] })
  for (const row of table) invocation.say(resultLine(row))
  const figures: Record<string, Figure> = {
    hash: { value: world.stateHash(), unit: '' },
    ticks: figure(world.tick, ''),
    riders: figure(riders, ''),
    laps: figure(laps, ''),
    finishers: figure(table.filter((row) => row.status === 'finished').length, ''),
    crossings: figure(crossings.length, ''),
    order: { value: table.map((row) => row.bib).join(' '), unit: 'bib' },
    winnerMs: { value: table[0]?.timeMs ?? 0, unit: 'ms' },
    overRealTime: figure(Math.round(world.tick / 20 / tookS), '×'),
  }
  const path = invocation.text('export')
  if (path !== undefined) {
    const signer = openSigner(dataDir())
    const made = exportRace(race, { map, seed, signer })
    if (!made.ok) return report(figures, [made.error])
    await write(path, made.text)
    figures['exportBytes'] = figure(Buffer.byteLength(made.text), 'B')
    figures['publicKey'] = { value: signer.publicKey, unit: '' }
  }
  const journal = invocation.text('journal')
  if (journal !== undefined) await write(journal, `${lines.join('\n')}\n`)
  return report(figures)
}

export async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text)
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${error instanceof Error ? error.message : 'unknown reason'}`)
  }
}
