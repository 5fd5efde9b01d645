import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DEFAULT_MAP, loadMap } from '#cli/sim/load-map'
import { parseHeader, parseRecord } from '#server/world/parse-record'
import { journalLines, replayJournal } from '#server/world/replay'

/** A sample as the server journalled it. */
export interface Journalled {
  /** Index of its line. */
  readonly line: number
  readonly tick: number
  readonly atMs: number
  readonly powerW: number
  readonly cadenceRpm: number
  readonly heartRateBpm: number
}

/** What the server wrote down of one rider. */
export interface Account {
  readonly samples: readonly Journalled[]
  readonly joins: number
  /** Input sessions. */
  readonly sessions: number
  /** The server's own account when it had ridden up to this line: the ride is ridden again, nothing is computed from samples. */
  workAt(line: number): { readonly paidJ: number; readonly owedJ: number }
}

/** The journal of the road that riders come to who ask for none; every world has one beside it. */
export async function journalPath(dataDir: string): Promise<string> {
  const folder = join(dataDir, 'journals')
  const found: string[] = []
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const header = parseHeader((await readFile(path, 'utf8')).split('\n', 1)[0]!)
    if (header.ok && header.value.mapId === DEFAULT_MAP) found.push(path)
  }
  if (found.length !== 1) throw new Error(`One journal of ${DEFAULT_MAP} is expected in ${folder}: ${found.join(', ')}`)
  return found[0]!
}

/** Of a server that may still be running: its last line may be half written, and is left out. */
export async function accountOf(path: string, riderId: number): Promise<Account> {
  const text = await readFile(path, 'utf8')
  const lines = journalLines(text.slice(0, text.lastIndexOf('\n') + 1))
  const header = parseHeader(lines[0] ?? '')
  if (!header.ok) throw new Error(header.error)
  const road = await loadMap(header.value.mapId)
  const samples: Journalled[] = []
  let joins = 0
  let sessions = 0
  let row = -1
  for (const [line, one] of lines.entries()) {
    const parsed = line === 0 ? undefined : parseRecord(one)
    if (parsed === undefined) continue
    if (!parsed.ok) throw new Error(parsed.error)
    const record = parsed.value
    if (record[0] === 'join' && record[3].riderId === riderId) {
      joins++
      row = record[2]
    } else if (record[0] === 'session' && record[2] === row) sessions++
    else if (record[0] === 'sample' && record[2] === row) {
      const [, tick, , , atMs, powerW, cadenceHalfRpm, heartRateBpm] = record
      samples.push({ line, tick, atMs, powerW, cadenceRpm: cadenceHalfRpm / 2, heartRateBpm })
    }
  }
  return {
    samples,
    joins,
    sessions,
    workAt(line) {
      const replayed = replayJournal(lines.slice(0, line + 1), road)
      if (!replayed.ok) throw new Error(replayed.error)
      const { workJ, owedJ } = replayed.world.riders
      return { paidJ: workJ[row]!, owedJ: owedJ[row]! }
    },
  }
}
