import { open, type FileHandle } from 'node:fs/promises'

/** Something that happened, for the timeline of a film. */
export type JournalMark =
  | {
      readonly kind: 'crossing'
      readonly tick: number
      readonly riderId: number
      readonly lineId: string
      readonly lap: number
      readonly fraction: number
    }
  | { readonly kind: 'effort'; readonly tick: number; readonly row: number; readonly segmentId: string }

/** Where the minutes of a journal lie in its file. Grows as the file does. */
export interface JournalIndex {
  /** The first line. */
  readonly header: string
  /** By tick, in order: byte of the checkpoint's line. Tick 0 is the line after the header. */
  readonly checkpoints: readonly { readonly tick: number; readonly at: number }[]
  readonly marks: readonly JournalMark[]
  /** Tick of the last whole line. */
  readonly lastTick: number
  /** Bytes looked at: up to the end of the last whole line. */
  readonly bytes: number
  /** Nothing comes after it. */
  readonly isEnded: boolean
}

const READ_BYTES = 1 << 20
const HEADER_BYTES_MAX = 4096
/** A minute of a full room is some 20 MB; more is no journal of ours. */
const MINUTE_BYTES_MAX = 64 << 20
const MARKS_MAX = 20_000
const NEWLINE = 10
const CHECKPOINT = Buffer.from('["checkpoint",')
const CROSSING = Buffer.from('["crossing",')
const EFFORT = Buffer.from('["effort",')
const END = Buffer.from('["end",')
/** Of a line's beginning: kind and tick, and what of a mark is wanted. */
const HEAD_BYTES = 200

/** Reads a journal once, from where `known` ended. Answers a sentence when it is none. */
export async function indexJournal(path: string, known?: JournalIndex): Promise<JournalIndex | string> {
  const file = await open(path, 'r').catch(() => undefined)
  if (file === undefined) return 'the journal of this ride is not here any more'
  try {
    return await scan(file, known ?? (await begin(file)))
  } finally {
    await file.close()
  }
}

async function begin(file: FileHandle): Promise<JournalIndex | string> {
  const head = Buffer.alloc(HEADER_BYTES_MAX)
  const { bytesRead } = await file.read(head, 0, HEADER_BYTES_MAX, 0)
  const end = head.subarray(0, bytesRead).indexOf(NEWLINE)
  const header = head.toString('utf8', 0, Math.max(0, end))
  if (end < 0 || !header.startsWith('{"format":"gruppetto-journal"')) return 'this is no journal'
  return { header, checkpoints: [{ tick: 0, at: end + 1 }], marks: [], lastTick: 0, bytes: end + 1, isEnded: false }
}

/** A line begins `["kind",tick`: its third byte says whether it is of a kind that is looked for. */
const KIND_AT = 2
const [C, E] = Buffer.from('ce')

async function scan(file: FileHandle, from: JournalIndex | string): Promise<JournalIndex | string> {
  if (typeof from === 'string') return from
  const checkpoints = [...from.checkpoints]
  const marks = [...from.marks]
  let { lastTick, bytes, isEnded } = from
  let buffer = Buffer.alloc(READ_BYTES)
  let held = 0
  for (;;) {
    if (held === buffer.length) {
      if (buffer.length >= MINUTE_BYTES_MAX) return 'a line of this journal is longer than any we write'
      buffer = Buffer.concat([buffer, Buffer.alloc(buffer.length)])
    }
    const { bytesRead } = await file.read(buffer, held, buffer.length - held, bytes + held)
    if (bytesRead === 0) break
    const searchedBytes = held
    held += bytesRead
    let at = 0
    // Byte by byte: two hours of fifty riders are one and a half million lines, and a string of each would be most of the time.
    for (let i = searchedBytes; i < held; i++) {
      if (buffer[i] !== NEWLINE) continue
      const kind = buffer[at + KIND_AT]
      if (kind === C || kind === E) {
        const line = buffer.subarray(at, i)
        const tick = tickOf(line)
        if (tick === undefined) {
          // Of no kind of ours.
        } else if (starts(line, CHECKPOINT)) checkpoints.push({ tick, at: bytes + at })
        else if (marks.length < MARKS_MAX && (starts(line, CROSSING) || starts(line, EFFORT))) note(line, marks)
      }
      at = i + 1
    }
    const last = lastWith(buffer.subarray(0, at))
    if (last !== undefined) ({ lastTick, isEnded } = last)
    buffer.copyWithin(0, at, held)
    held -= at
    bytes += at
  }
  return { header: from.header, checkpoints, marks, lastTick, bytes, isEnded }
}

/** What the last of these lines that has a tick says. */
function lastWith(lines: Buffer): { readonly lastTick: number; readonly isEnded: boolean } | undefined {
  for (let end = lines.length - 1; end > 0;) {
    const at = lines.lastIndexOf(NEWLINE, end - 1) + 1
    const line = lines.subarray(at, end)
    const lastTick = tickOf(line)
    if (lastTick !== undefined) return { lastTick, isEnded: starts(line, END) }
    end = at - 1
  }
  return undefined
}

function starts(line: Buffer, prefix: Buffer): boolean {
  return line.length > prefix.length && line.compare(prefix, 0, prefix.length, 0, prefix.length) === 0
}

function tickOf(line: Buffer): number | undefined {
  const found = /^\["\w+",(\d{1,10})[,\]]/.exec(line.toString('latin1', 0, 40))
  return found === null ? undefined : Number(found[1])
}

function note(line: Buffer, marks: JournalMark[]): void {
  try {
    const parsed = JSON.parse(line.toString('utf8', 0, Math.min(line.length, HEAD_BYTES))) as unknown[]
    const [kind, tick] = parsed
    if (kind === 'crossing') {
      const [, , fraction, riderId, lineId, lap] = parsed
      const who = { riderId: Number(riderId), lineId: String(lineId), lap: Number(lap) }
      marks.push({ kind, tick: Number(tick), fraction: Number(fraction), ...who })
    } else if (kind === 'effort') {
      const [, , row, segmentId] = parsed
      marks.push({ kind, tick: Number(tick), row: Number(row), segmentId: String(segmentId) })
    }
  } catch {
    // Longer than any mark: a timeline without it is a timeline.
  }
}

/** The header, then the lines of the minute that begins at `firstTick`, the next checkpoint included. */
export async function readMinute(path: string, index: JournalIndex, firstTick: number): Promise<string[] | string> {
  const number = index.checkpoints.findIndex(({ tick }) => tick === firstTick)
  const from = index.checkpoints[number]
  if (from === undefined) return `this ride has no minute that begins at tick ${firstTick}`
  const to = index.checkpoints[number + 1]
  const file = await open(path, 'r').catch(() => undefined)
  if (file === undefined) return 'the journal of this ride is not here any more'
  try {
    const minute = await read(file, from.at, to?.at ?? index.bytes)
    const next = to === undefined ? '' : await lineAt(file, to.at, index.bytes)
    if (minute === undefined || next === undefined) return 'a minute of this journal is longer than any we write'
    return [index.header, ...(minute + next).split('\n').filter((line) => line !== '')]
  } finally {
    await file.close()
  }
}

async function read(file: FileHandle, from: number, to: number): Promise<string | undefined> {
  if (to - from > MINUTE_BYTES_MAX) return undefined
  const buffer = Buffer.alloc(to - from)
  const { bytesRead } = await file.read(buffer, 0, buffer.length, from)
  return buffer.toString('utf8', 0, bytesRead)
}

/** So many bytes of a file as text; what is not there is left out. */
export async function readAt(file: FileHandle, at: number, length: number): Promise<string> {
  return (await read(file, at, at + length)) ?? ''
}

async function lineAt(file: FileHandle, at: number, end: number): Promise<string | undefined> {
  for (let size = READ_BYTES; ; size *= 4) {
    const text = await read(file, at, Math.min(end, at + size))
    if (text === undefined) return undefined
    const newline = text.indexOf('\n')
    if (newline >= 0) return text.slice(0, newline)
    if (at + size >= end) return text
  }
}
