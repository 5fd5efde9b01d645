import { fromHex } from '../bytes.ts'
import type { Carrier } from '../devices.ts'

/**
 * What devices said and were told, byte for byte, one JSON object a line, in the order it happened. Times are the steady
 * clock's own numbers, so that whoever plays them back makes the same stamps. A line that was torn by a crash is the last.
 */
export type RawRecord =
  | LinkRecord
  /** Asked for a value; null: refused, gone or too late. */
  | { readonly ms: number; readonly id: string; readonly is: 'read'; readonly at: string; readonly hex: string | null }
  /** Asked for notifications, and whether it gives them. */
  | { readonly ms: number; readonly id: string; readonly is: 'listen'; readonly at: string; readonly ok: boolean }
  | BytesRecord
  | { readonly ms: number; readonly id: string; readonly is: 'gone' }
  /** The recording is full: what happened later is not in it. */
  | { readonly ms: number; readonly id: string; readonly is: 'full' }

export interface LinkRecord {
  readonly ms: number
  readonly id: string
  readonly is: 'link'
  readonly name: string
  readonly carrier: Carrier
  readonly services: Readonly<Record<string, readonly string[]>>
}

/** `at`: the characteristic; without one, a stick's raw stream. `stampMs`: when the carrier says they came, where it said so. */
export interface BytesRecord {
  readonly ms: number
  readonly stampMs?: number | undefined
  readonly id: string
  readonly is: 'in' | 'out'
  readonly at?: string | undefined
  readonly hex: string
}

export const RECORDING_HEADER = '{"gruppetto":"trainer bytes","version":1}'
/** No notification is longer; what claims to be is damage. */
const BYTES_MAX = 4096
const TEXT_MAX = 200
/** Nobody waits longer for the next byte; who plays it back would, timer by timer. */
const GAP_MAX_MS = 24 * 3600 * 1000
const KINDS: ReadonlySet<string> = new Set(['link', 'read', 'listen', 'in', 'out', 'gone', 'full'])
const CARRIERS: readonly string[] = ['bluetooth', 'network', 'ant', 'simulated'] satisfies Carrier[]

export interface Recording {
  readonly records: readonly RawRecord[]
  /** Lines that are none of these, the torn last one included. */
  readonly damagedLines: number
}

export type RecordingRead =
  | { readonly ok: true; readonly value: Recording }
  | { readonly ok: false; readonly sentence: string }

/** A recording from anywhere: what it says is checked, what it cannot mean is counted and left out. */
export function readRecording(text: string): RecordingRead {
  const [header, ...lines] = text.split('\n')
  const head = parsed(header ?? '')
  if (head?.['gruppetto'] !== 'trainer bytes')
    return { ok: false, sentence: 'its first line does not say that it is a recording of trainer bytes.' }
  if (head['version'] !== 1)
    return { ok: false, sentence: `it is of version ${String(head['version'])}, and this program reads version 1.` }
  const records: RawRecord[] = []
  let damagedLines = 0
  let lastMs: number | undefined
  for (const line of lines) {
    if (line === '') continue
    const record = recordOf(parsed(line), lastMs)
    if (record === undefined) damagedLines++
    else {
      records.push(record)
      lastMs = record.ms
    }
  }
  return { ok: true, value: { records, damagedLines } }
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined // Torn or not ours.
  }
}

/** Time does not run backwards in a recording. */
function recordOf(value: Record<string, unknown> | undefined, lastMs = Number.NaN): RawRecord | undefined {
  if (value === undefined) return undefined
  const { ms, id, is, at, hex, ok, stampMs } = value
  if (typeof ms !== 'number' || !Number.isFinite(ms) || ms < lastMs || ms - lastMs > GAP_MAX_MS) return undefined
  if (!isText(id) || !isText(is) || !KINDS.has(is)) return undefined
  if (is === 'gone' || is === 'full') return { ms, id, is }
  if (is === 'link') return linkOf(value, ms, id)
  if (is === 'listen') return isText(at) && typeof ok === 'boolean' ? { ms, id, is, at, ok } : undefined
  if (is === 'read') return isText(at) && (hex === null || isHex(hex)) ? { ms, id, is, at, hex } : undefined
  if (!isHex(hex) || (at !== undefined && !isText(at))) return undefined
  if (stampMs !== undefined && (typeof stampMs !== 'number' || !Number.isFinite(stampMs))) return undefined
  return { ms, id, is: is as 'in' | 'out', at, hex, stampMs }
}

function linkOf(value: Record<string, unknown>, ms: number, id: string): LinkRecord | undefined {
  const { name, carrier, services } = value
  if (!isText(name) || typeof carrier !== 'string' || !CARRIERS.includes(carrier)) return undefined
  if (typeof services !== 'object' || services === null) return undefined
  const rows = Object.entries(services as Record<string, unknown>)
  const isFine = rows.every(([uuid, list]) => isText(uuid) && Array.isArray(list) && list.every(isText))
  return isFine
    ? {
        ms,
        id,
        is: 'link',
        name,
        carrier: carrier as Carrier,
        services: Object.fromEntries(rows) as LinkRecord['services'],
      }
    : undefined
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= TEXT_MAX

const isHex = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 2 * BYTES_MAX && fromHex(value) !== undefined
