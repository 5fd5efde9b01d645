import { PROTOCOL_VERSION } from '#protocol/limits'
import { PHYSICS_VERSION } from '#physics/constants'
import { JOURNAL_VERSION, type JournalHeader, type JournalRecord } from './records.ts'

/** Starts a journal: writes its header, and answers what `World` calls with every record. One record, one line of JSON. */
export function startJournal(
  room: Pick<JournalHeader, 'mapId' | 'mapHash' | 'seed' | 'roomId' | 'riderCapacity'>,
  sink: (line: string) => void,
): (record: JournalRecord) => void {
  const header: JournalHeader = {
    format: 'gruppetto-journal',
    version: JOURNAL_VERSION,
    mapId: room.mapId,
    mapHash: room.mapHash,
    physicsVersion: PHYSICS_VERSION,
    protocolVersion: PROTOCOL_VERSION,
    seed: room.seed,
    roomId: room.roomId,
    riderCapacity: room.riderCapacity,
  }
  sink(JSON.stringify(header))
  return (record) => sink(JSON.stringify(record))
}
