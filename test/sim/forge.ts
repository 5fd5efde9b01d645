import type { RiderId, Row, Sequence } from '#protocol/ids'
import { chainOf } from '#server/world/chain'
import { exportRun, sealRunFile, type RunFile, type Signer } from '#server/world/run-file'
import { startJournal } from '#server/world/journal'
import type { JournalHeader, JournalRecord } from '#server/world/records'
import { World } from '#server/world/world'
import type { LoadedWorld } from '#maps/load'

/**
 * The best forgery there is: alters inputs of a race, rides everything again with the house's own code, and computes
 * crossings, results, checksums, hashes and signature anew. Nothing in the file contradicts anything else.
 */
export function rideForged(
  text: string,
  map: LoadedWorld,
  alter: (record: JournalRecord) => JournalRecord,
  signer: Signer,
): string {
  const { signature: _, ...file } = JSON.parse(text) as RunFile & { signature: unknown }
  const [first, ...rest] = file.journal
  const header = JSON.parse(first!) as JournalHeader
  const lines: string[] = []
  const { riderCapacity } = header
  const world = new World({
    course: map.course,
    network: map.network,
    riderCapacity,
    journal: startJournal(header, (line) => lines.push(line)),
  })
  for (const line of rest) {
    const record = alter(JSON.parse(line) as JournalRecord)
    while (world.tick < record[1] && world.run.phase !== 'finished') world.step()
    apply(world, record)
  }
  while (world.run.phase !== 'finished') world.step()
  world.end()
  const { title, seed, decisions } = file
  const made = exportRun({
    ...{ title, world, lines, seed, decisions, signer, mapHash: map.mapHash },
    ...{ mapJson: file.map.json, courseBytes: new Uint8Array(Buffer.from(file.map.course, 'base64')) },
  })
  if (!made.ok) throw new Error(made.error)
  const forged = JSON.parse(made.text) as RunFile & { signature?: unknown }
  delete forged.signature
  return sealRunFile({ ...forged, chain: chainOf(forged.journal) }, signer)
}

function apply(world: World, record: JournalRecord): void {
  if (record[0] === 'join') world.join({ ...record[3], riderId: record[3].riderId as RiderId })
  if (record[0] === 'fact') world.decide(record[2])
  if (record[0] !== 'sample') return
  const [, , row, sequence, atMs, powerW, cadenceHalfRpm, heartRateBpm, steer] = record
  const sample = { sequence: sequence as Sequence, atMs, powerW, cadenceHalfRpm, heartRateBpm, steer }
  if (world.riders.id[row] !== 0) world.post(row as Row, sample)
}
