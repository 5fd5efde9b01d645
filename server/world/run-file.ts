import { PROTOCOL_VERSION } from '#protocol/limits'
import { PHYSICS_VERSION } from '#physics/constants'
import { loadWorld } from '#maps/load'
import type { Crossing, Decision, Result, Run } from '#server/event/model'
import { results } from '#server/event/results'
import { raceRules } from '#server/event/rules'
import { fromBase64, toBase64 } from './base64.ts'
import { chainOf, differenceInChain, type Chain } from './chain.ts'
import { isObject } from './parse-record.ts'
import { replayJournal } from './replay.ts'
import type { World } from './world.ts'

/**
 * A race with everything a stranger needs to ride it again: road, masses (in the joins), inputs, rules, and what the
 * server says came out. `gruppetto judge` believes nothing of the second half and makes it anew from the first.
 */
export interface RunFile {
  readonly format: 'gruppetto-run'
  /** 2: the race is on a route of a network. */
  readonly version: 2
  readonly title: string
  readonly map: { readonly json: unknown; readonly course: string; readonly hash: string }
  readonly physicsVersion: string
  readonly protocolVersion: number
  readonly seed: number
  readonly run: Run
  readonly startTick: number
  readonly journal: readonly string[]
  readonly chain: Chain
  readonly crossings: readonly Crossing[]
  readonly decisions: readonly Decision[]
  readonly results: readonly Result[]
  readonly final: { readonly tick: number; readonly hash: string }
}

export interface Signature {
  readonly algorithm: 'Ed25519'
  /** Raw key, 32 bytes, base64. */
  readonly publicKey: string
  /** Over the UTF-8 bytes of the file without its signature, as JSON.stringify writes it. */
  readonly value: string
}

/** Handed in: this room knows no key and no crypto. */
export interface Signer {
  sign(text: string): Signature
}
export type Verify = (text: string, signature: Signature) => boolean

export interface ExportOptions {
  readonly title: string
  readonly world: World
  /** The journal so far, as it was written. */
  readonly lines: readonly string[]
  readonly seed: number
  readonly mapJson: unknown
  readonly courseBytes: Uint8Array
  readonly mapHash: string
  readonly decisions: readonly Decision[]
  readonly signer: Signer
}

/** The file's text, or why there is nothing to export. */
export function exportRun(options: ExportOptions): { ok: true; text: string } | { ok: false; error: string } {
  const { world, decisions } = options
  const { run } = world
  if (run.phase !== 'racing' && run.phase !== 'finished') return { ok: false, error: 'No race was started here.' }
  const final = { tick: world.tick, hash: world.stateHash() }
  const end = JSON.stringify(['end', final.tick, final.hash])
  const journal = options.lines.at(-1) === end ? options.lines : [...options.lines, end]
  const { crossings } = world
  const papers = { run: run.run, startTick: run.startTick, crossings, decisions }
  const file: RunFile = {
    format: 'gruppetto-run',
    version: 2,
    title: options.title,
    map: { json: options.mapJson, course: toBase64(options.courseBytes), hash: options.mapHash },
    physicsVersion: PHYSICS_VERSION,
    protocolVersion: PROTOCOL_VERSION,
    seed: options.seed,
    run: run.run,
    startTick: run.startTick,
    journal,
    chain: chainOf(journal),
    crossings,
    decisions,
    results: results(papers),
    final,
  }
  return { ok: true, text: sealRunFile(file, options.signer) }
}

export function sealRunFile(file: RunFile, signer: Signer): string {
  return JSON.stringify({ ...file, signature: signer.sign(JSON.stringify(file)) })
}

export interface Judged {
  /** Sentences, the first difference of each kind; empty: the result stands. */
  readonly failures: readonly string[]
  /** Undefined when it could not be read as one. */
  readonly file: RunFile | undefined
  readonly publicKey: string | undefined
  readonly isSignatureGood: boolean
  readonly results: readonly Result[]
  readonly ticks: number
  readonly samples: number
  readonly checkpoints: number
  readonly crossings: number
  readonly hash: string
}

/** Judges a file's text. Never throws: what is wrong with a file is a sentence. */
export function judgeRun(text: string, verify: Verify, onProgress?: (line: number, lineCount: number) => void): Judged {
  if (!isShallow(text)) return { ...NOTHING, failures: ['The file is nested deeper than any race.'] }
  const read = readRunFile(text)
  if (!read.ok) return { ...NOTHING, failures: [read.error] }
  const { file, signature } = read
  const isSignatureGood = verify(JSON.stringify(file), signature)
  const judged = judgeFile(file, onProgress)
  const failures = isSignatureGood
    ? judged.failures
    : [...judged.failures, 'The signature does not fit: the file was changed after its server signed it.']
  return { ...judged, failures, file, publicKey: signature.publicKey, isSignatureGood }
}

const NOTHING: Judged = {
  failures: [],
  file: undefined,
  publicKey: undefined,
  isSignatureGood: false,
  results: [],
  ticks: 0,
  samples: 0,
  checkpoints: 0,
  crossings: 0,
  hash: '',
}

function judgeFile(file: RunFile, onProgress?: (line: number, lineCount: number) => void): Judged {
  const failures: string[] = []
  const refused = (sentence: string): Judged => ({ ...NOTHING, failures: [...failures, sentence] })
  const courseBytes = fromBase64(file.map.course)
  if (courseBytes === undefined) return refused('map.course is not base64.')
  const road = loadWorld(file.map.json, courseBytes)
  if (!road.ok) return refused(`The map cannot be ridden: ${road.error[0]}`)
  if (road.value.mapHash !== file.map.hash) {
    return refused(`The map hashes to ${road.value.mapHash}, the file says ${file.map.hash}.`)
  }
  const brokenChain = differenceInChain(file.journal, file.chain)
  if (brokenChain !== undefined) failures.push(brokenChain)
  const replayed = replayJournal(file.journal, road.value, onProgress === undefined ? {} : { onProgress })
  if (!replayed.ok) return refused(`The journal is not what was ridden: ${replayed.error}.`)
  const { world } = replayed
  const hash = world.stateHash()
  const found = { ...NOTHING, ticks: world.tick, samples: replayed.samples, checkpoints: replayed.checkpoints, hash }
  if (replayed.isCut) failures.push(`The journal is not whole: ${replayed.notice ?? 'it has no end'}.`)
  if (file.final.hash !== hash || file.final.tick !== world.tick) {
    failures.push(
      `The final state is ${hash} at tick ${world.tick}, the file says ${file.final.hash} at ${file.final.tick}.`,
    )
  }
  const { run } = world
  if (run.phase !== 'racing' && run.phase !== 'finished') return refused('The journal holds no race that was started.')
  failures.push(...differences('run', [run.run], [file.run]))
  const { rules } = run.run
  const mapRules = raceRules(road.value, rules)
  if (!mapRules.ok) failures.push(mapRules.error)
  else failures.push(...differences('rule', Object.entries(mapRules.rules), Object.entries(rules)))
  if (run.startTick !== file.startTick) {
    failures.push(`The gun was at tick ${run.startTick}, the file says ${file.startTick}.`)
  }
  if (replayed.header.seed !== file.seed || replayed.header.physicsVersion !== file.physicsVersion) {
    failures.push('Seed or physics version are not those of the journal.')
  }
  const { crossings } = world
  failures.push(...differences('crossing', crossings, file.crossings))
  const table = results({ run: run.run, startTick: run.startTick, crossings, decisions: file.decisions })
  failures.push(...differences('place in the result', table, file.results))
  return { ...found, failures, results: table, crossings: crossings.length }
}

/** The first entry that is not the same, bit for bit. */
function differences(what: string, made: readonly unknown[], claimed: readonly unknown[]): string[] {
  for (let i = 0; i < Math.max(made.length, claimed.length); i++) {
    const here = JSON.stringify(made[i])
    const there = JSON.stringify(claimed[i])
    if (here !== there) {
      return [
        `The first ${what} that differs is number ${i + 1}: ridden again ${short(here)}, the file says ${short(there)}.`,
      ]
    }
  }
  return []
}

const short = (json: string | undefined): string =>
  json === undefined ? 'nothing' : json.length > 160 ? `${json.slice(0, 160)}…` : json

/** Brackets inside brackets: a race has seven. What is deeper is not worth a parser's stack. */
const DEPTH_MAX = 64

function isShallow(text: string): boolean {
  let depth = 0
  let isText = false
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === QUOTE) isText = !isText
    else if (isText) i += unit === BACKSLASH ? 1 : 0
    else if (unit === BRACKET_OPEN || unit === BRACE_OPEN) depth++
    else if (unit === BRACKET_CLOSE || unit === BRACE_CLOSE) depth--
    if (depth > DEPTH_MAX) return false
  }
  return true
}

const [QUOTE, BACKSLASH, BRACKET_OPEN, BRACKET_CLOSE, BRACE_OPEN, BRACE_CLOSE] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d]

/** A run file is larger than a book, but not endless. */
const RUN_FILE_CHARS_MAX = 512 * 1024 * 1024

function readRunFile(text: string): { ok: true; file: RunFile; signature: Signature } | { ok: false; error: string } {
  if (text.length > RUN_FILE_CHARS_MAX) return { ok: false, error: 'The file is too large for a race.' }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    // The parser's words name the place; the rest is ours.
    return { ok: false, error: `The file is not JSON: ${error instanceof Error ? error.message : 'unreadable'}.` }
  }
  if (!isObject(value) || value['format'] !== 'gruppetto-run') {
    return { ok: false, error: 'The file is not an exported race: "format" is not "gruppetto-run".' }
  }
  if (value['version'] !== 2)
    return { ok: false, error: `Version ${String(value['version'])} of the format is not known here.` }
  for (const [path, check] of SHAPE) {
    const at = path.split('.').reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value)
    if (!check(at)) return { ok: false, error: `The file has no usable "${path}".` }
  }
  const { signature, ...file } = value
  return { ok: true, file: file as unknown as RunFile, signature: signature as unknown as Signature }
}

const isText = (v: unknown): boolean => typeof v === 'string'
const isNumber = (v: unknown): boolean => typeof v === 'number'
const isList = (v: unknown): boolean => Array.isArray(v)
const isDecision = (v: unknown): boolean =>
  isObject(v) && isNumber(v['id']) && isNumber(v['riderId']) && isText(v['reason']) && isObject(v['action'])

/** What is read before it is compared; everything else is only compared. */
const SHAPE: readonly (readonly [path: string, check: (v: unknown) => boolean])[] = [
  ['map.course', isText],
  ['map.hash', isText],
  ['journal', (v) => Array.isArray(v) && v.every(isText)],
  ['chain.every', (v) => Number.isInteger(v) && (v as number) > 0],
  ['chain.links', (v) => Array.isArray(v) && v.every(isText)],
  ['crossings', isList],
  ['decisions', (v) => Array.isArray(v) && v.every(isDecision)],
  ['results', isList],
  ['run.eventId', isText],
  ['final.tick', isNumber],
  ['final.hash', isText],
  ['signature.publicKey', isText],
  ['signature.value', isText],
]
