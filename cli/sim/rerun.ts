import { loadWorld } from '#maps/load'
import { fromBase64 } from '#server/world/base64'
import { exportRun, type RunFile, type Signer } from '#server/world/run-file'
import { loadMap, type MapFiles } from './load-map.ts'
import { rideRace, type Race } from './race.ts'

/** What `gruppetto sim --race` writes: the same for the same seed, riders, laps and road, but for its signature. */
export function exportRace(race: Race, { map, seed, signer }: { map: MapFiles; seed: number; signer: Signer }) {
  const { world, lines } = race
  const { mapJson, courseBytes, mapHash } = map
  const title = `Simulated race, seed ${seed}`
  return exportRun({ title, world, lines, seed, mapJson, courseBytes, mapHash, decisions: [], signer })
}

/** A race of `gruppetto sim`, by its own word; a server's events have random names. */
export function isSimulated({ run }: RunFile): boolean {
  return run.eventId.startsWith('sim-')
}

/**
 * Simulates a simulated race once more from its seed. In it nobody's legs are evidence: every input follows from the
 * seed, so this holds what a signature cannot: a file somebody altered, rode again and signed with a key of their own.
 * Answers the first difference. The file has been judged before, so its road and its run are sound.
 */
export function differenceFromSimulation(
  file: RunFile,
  map: MapFiles,
  onTick?: (tick: number) => void,
): string | undefined {
  const { seed, run, final } = file
  let race: Race
  try {
    race = rideRace({
      ...{ map, seed, riders: run.entries.length, laps: run.rules.laps, routeId: run.rules.routeId },
      onTick(world) {
        onTick?.(world.tick)
        return world.tick <= final.tick
      },
    })
  } catch (error) {
    return `no such race can be simulated (${error instanceof Error ? error.message : String(error)})`
  }
  const made = exportRace(race, { map, seed, signer: NOBODY })
  if (!made.ok) return 'the race of this seed is longer'
  const simulated = JSON.parse(made.text) as unknown as Record<string, unknown>
  const line = race.lines.findIndex((text, i) => text !== file.journal[i])
  if (line >= 0) return `line ${line + 1} of the journal is not what that seed gives`
  for (const [name, value] of Object.entries(file)) {
    if (JSON.stringify(value) !== JSON.stringify(simulated[name])) return `"${name}" is not what that seed gives`
  }
  return undefined
}

const NOBODY: Signer = { sign: () => ({ algorithm: 'Ed25519', publicKey: '', value: '' }) }

/** The road in the file, as it stands there. */
export function roadInFile(file: RunFile): MapFiles | undefined {
  const courseBytes = fromBase64(file.map.course)
  if (courseBytes === undefined) return undefined
  const loaded = loadWorld(file.map.json, courseBytes)
  return loaded.ok ? { ...loaded.value, mapJson: file.map.json, courseBytes } : undefined
}

/** The road of that name that this program ships; undefined when there is none, or it is another. */
export async function shippedRoad(file: RunFile): Promise<MapFiles | undefined> {
  const id = (file.map.json as { id?: unknown } | null)?.id
  if (typeof id !== 'string' || !/^[a-z0-9-]{1,64}$/.test(id)) return undefined
  const shipped = await loadMap(id).catch(() => undefined) // Not shipped: then somebody must vouch for it.
  return shipped?.mapHash === file.map.hash ? shipped : undefined
}
