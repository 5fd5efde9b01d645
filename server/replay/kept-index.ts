import { open, readFile, rename, writeFile } from 'node:fs/promises'
import { indexJournal, type JournalIndex, readAt } from './journal-index.ts'

/** Beside `ride.jsonl` lies `ride.minutes`: where its minutes lie, found by who looked at it last. May be thrown away. */
export function minutesPathOf(journalPath: string): string {
  return journalPath.replace(/\.jsonl$/, '.minutes')
}

const FORMAT = 'gruppetto-minutes-2'
/** Looking through less than this again is quicker than it is worth a file. */
const WORTH_BYTES = 4 << 20

export interface Found {
  readonly index: JournalIndex
  /** Of the journal, to find it. */
  readonly readBytes: number
}

/**
 * The index of a journal, from where it was found last: in memory, or beside the journal. Two hours of fifty riders are
 * 70 MB; a server that was started again reads none of them.
 */
export async function findMinutes(
  path: string,
  known?: JournalIndex,
  worthBytes: number = WORTH_BYTES,
): Promise<Found | string> {
  const before = known ?? (await readMinutes(path))
  const index = await indexJournal(path, before)
  if (typeof index === 'string') return index
  const readBytes = index.bytes - (before?.bytes ?? 0)
  if (readBytes >= worthBytes) await keepMinutes(path, index)
  return { index, readBytes }
}

/** What lies beside a journal, if it is of this journal: its first line, and a checkpoint where the last one is said to be. */
async function readMinutes(path: string): Promise<JournalIndex | undefined> {
  const index = await readFile(minutesPathOf(path), 'utf8').then(parsed, () => undefined)
  const last = index?.checkpoints.at(-1)
  if (index === undefined || last === undefined || index.checkpoints.length < 2) return undefined
  const file = await open(path, 'r').catch(() => undefined)
  if (file === undefined) return undefined
  try {
    const { size } = await file.stat()
    const [header, mark] = [`${index.header}\n`, `["checkpoint",${last.tick},`]
    const isOf =
      index.bytes <= size &&
      (await readAt(file, 0, header.length)) === header &&
      (await readAt(file, last.at, mark.length)) === mark &&
      (await readAt(file, index.bytes - 1, 1)) === '\n'
    return isOf ? index : undefined
  } finally {
    await file.close()
  }
}

async function keepMinutes(path: string, index: JournalIndex): Promise<void> {
  const [to, next] = [minutesPathOf(path), `${minutesPathOf(path)}.${process.pid}`]
  try {
    await writeFile(next, JSON.stringify({ format: FORMAT, index }), { mode: 0o600 })
    await rename(next, to)
  } catch {
    // A disk that is full costs the next one who looks some milliseconds.
  }
}

function parsed(text: string): JournalIndex | undefined {
  try {
    const { format, index } = JSON.parse(text) as { format?: unknown; index?: JournalIndex }
    if (format !== FORMAT || index === undefined) return undefined
    const { header, checkpoints, marks, lastTick, bytes } = index
    const isWhole =
      typeof header === 'string' &&
      Array.isArray(marks) &&
      [lastTick, bytes].every(Number.isSafeInteger) &&
      Array.isArray(checkpoints) &&
      checkpoints.every(({ tick, at }) => Number.isSafeInteger(tick) && Number.isSafeInteger(at))
    return isWhole ? index : undefined
  } catch {
    return undefined // Cut off, or written by somebody else: looked for anew.
  }
}
