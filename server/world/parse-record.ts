import { CADENCE_MAX_RPM, HEART_RATE_MAX_BPM, POWER_MAX_W, ROOM_RIDERS_MAX } from '#protocol/limits'
import { SOURCES, TARGET_MAX_W, TRAINER_MODES } from '#protocol/rider-wish'
import { SKY_SPELLS_MAX } from '#physics/sky'
import { CDA_M2, MASS_KG } from './checkpoint.ts'
import { JOURNAL_VERSION, type JournalHeader, type JournalRecord } from './records.ts'
import { ZONE_EXIT_REASONS } from './zone-host.ts'

/** A journal is read from a file, so every line is checked before the world sees it. Answers the value or a sentence. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string }

type Check = (value: unknown) => boolean
interface Shape {
  readonly [field: string]: Check
}

const whole =
  (min: number, max: number): Check =>
  (v) =>
    Number.isInteger(v) && (v as number) >= min && (v as number) <= max
const real =
  (min: number, max: number): Check =>
  (v) =>
    typeof v === 'number' && v >= min && v <= max
const text: Check = (v) => typeof v === 'string' && v.length <= 256
const flag: Check = (v) => typeof v === 'boolean'
const hex16: Check = (v) => typeof v === 'string' && /^[0-9a-f]{16}$/.test(v)
const shape =
  (fields: Shape): Check =>
  (v) =>
    complaint(v, fields) === undefined
const list =
  (item: Check, max: number): Check =>
  (v) =>
    Array.isArray(v) && v.length <= max && v.every((each) => item(each))
const tuple =
  (...items: readonly Check[]): Check =>
  (v) =>
    Array.isArray(v) && v.length === items.length && items.every((item, i) => item(v[i]))

const tick = whole(0, 2 ** 31)
const u32 = whole(0, 2 ** 32 - 1)
const row = whole(0, ROOM_RIDERS_MAX - 1)
const riderId = whole(1, 2 ** 32 - 1)
/** Back rows of a pen stand before the beginning of their route. */
const distance = real(-1024, 1e7)
const place = real(0, 1e7)
const turn = whole(0, 4)
const source = whole(0, SOURCES.length - 1)

const RULES = shape({
  mapId: text,
  routeId: text,
  lineId: text,
  lineM: distance,
  // No lap, or one that no tick rides twice: lines are looked for lap by lap.
  lapM: (v) => v === 0 || real(10, 1e7)(v),
  laps: whole(1, 1000),
  hasStartCrossing: flag,
  timeLimitS: real(0, 86_400),
  timeLimitShare: real(0, 10),
})
const ENTRY = shape({ riderId, bib: whole(0, 1e6), name: text, isBot: flag })
const RUN = shape({ runId: text, eventId: text, rules: RULES, entries: list(ENTRY, ROOM_RIDERS_MAX) })
const ACTIONS: { readonly [kind: string]: Shape } = {
  dq: {},
  'time-penalty': { penaltyMs: real(0, 86_400_000) },
  note: {},
  revert: { decisionId: whole(0, 1e9) },
}
const DECISION = shape({ id: whole(0, 1e9), riderId, action: oneOf(ACTIONS), reason: text, by: text })
const WEATHER = shape({
  windEastMps: real(-40, 40),
  windNorthMps: real(-40, 40),
  gustShare: real(0, 1),
  seaLevelC: real(-60, 60),
  isWet: flag,
})
const SKY = shape({
  hourH: real(0, 24),
  dayPace: real(0, 1440),
  cloudShare: real(0, 1),
  hazeShare: real(0, 1),
  rainShare: real(0, 1),
  wetShare: real(0, 1),
  snowLineM: real(-1e5, 1e5),
})
const SKY_SPELL = { fromTick: tick, easeTicks: whole(0, 2 ** 31), sky: SKY }
const FACT = oneOf({
  sky: SKY_SPELL,
  weather: { weather: WEATHER, fromTick: (v) => v === undefined || tick(v) },
  pen: { run: RUN },
  start: { runId: text, startTick: tick },
  abandon: { runId: text },
  together: { routeId: text },
  go: {},
  rest: { riderId, isOn: flag },
  decision: { runId: text, decision: DECISION },
})
const JOIN = shape({
  riderId,
  massKg: real(...MASS_KG),
  cdaM2: real(...CDA_M2),
  distanceM: distance,
  placeM: place,
  routeId: text,
  lateralM: real(-100, 100),
  isBot: flag,
  held: flag,
  speedMps: (v) => v === undefined || real(0, 30)(v),
})
const ZONE = oneOf({
  enter: { zoneId: text },
  exit: {
    zoneId: text,
    reason: (v) => ZONE_EXIT_REASONS.some((reason) => reason === v),
    distanceM: distance,
    lateralM: real(-100, 100),
    speedMps: real(0, 60),
    brakeJ: real(-1e7, 1e7),
    contactJ: real(-1e7, 1e7),
  },
})
const CROSSING = [tick, real(0, 1), riderId, text, whole(0, 1e6)] as const
const RUN_STATE: Check = (v) =>
  isObject(v) &&
  ['none', 'pen', 'countdown', 'racing', 'finished'].includes(String(v['phase'])) &&
  (v['phase'] === 'none' || RUN(v['run'])) &&
  (!('startTick' in v) || tick(v['startTick']))
const STATE = shape({
  count: whole(0, ROOM_RIDERS_MAX),
  columns: (v) => typeof v === 'string',
  weather: WEATHER,
  coming: list(shape({ weather: WEATHER, fromTick: tick }), 8),
  skies: (v) => v === undefined || list(shape(SKY_SPELL), SKY_SPELLS_MAX)(v),
  run: RUN_STATE,
  together: (v) => v === undefined || text(v),
  crossings: list(tuple(...CROSSING), 1e6),
})

const RECORDS: { readonly [kind: string]: readonly Check[] } = {
  join: [tick, row, JOIN],
  leave: [tick, row, hex16],
  session: [tick, row],
  sample: [
    tick,
    row,
    whole(0, 0xffff),
    u32,
    whole(0, POWER_MAX_W),
    whole(0, 2 * CADENCE_MAX_RPM),
    whole(0, HEART_RATE_MAX_BPM),
    whole(-127, 127),
  ],
  turn: [tick, row, turn],
  route: [tick, row, text],
  gear: [tick, row, whole(0, TRAINER_MODES.length - 1), whole(0, TARGET_MAX_W), source, source, source],
  fact: [tick, FACT],
  zone: [tick, row, ZONE],
  effort: [tick, row, text, real(0, 2 ** 31), real(0, 2 ** 31)],
  crossing: CROSSING,
  checkpoint: [tick, hex16, STATE],
  end: [tick, hex16],
}

const HEADER: Shape = {
  format: (v) => v === 'gruppetto-journal',
  version: (v) => v === JOURNAL_VERSION,
  mapId: text,
  mapHash: text,
  physicsVersion: text,
  protocolVersion: whole(0, 1e6),
  seed: (v) => Number.isSafeInteger(v),
  roomId: text,
  riderCapacity: whole(1, ROOM_RIDERS_MAX),
}

export function parseHeader(line: string): Parsed<JournalHeader> {
  const value = parseJson(line)
  if (!isObject(value) || value['format'] !== 'gruppetto-journal')
    return { ok: false, error: 'is not a journal header' }
  const wrong = complaint(value, HEADER)
  if (wrong !== undefined) return { ok: false, error: `has a header whose ${wrong}` }
  return { ok: true, value: value as unknown as JournalHeader }
}

export function parseRecord(line: string): Parsed<JournalRecord> {
  const value = parseJson(line)
  if (value === undefined) return { ok: false, error: 'is not JSON' }
  if (!Array.isArray(value)) return { ok: false, error: 'is not a record' }
  const [kind, ...fields] = value as unknown[]
  const checks = typeof kind === 'string' && Object.hasOwn(RECORDS, kind) ? RECORDS[kind] : undefined
  if (checks === undefined) return { ok: false, error: 'is of a kind nobody knows' }
  if (fields.length !== checks.length) {
    return { ok: false, error: `has ${fields.length} fields, a "${String(kind)}" has ${checks.length}` }
  }
  const bad = checks.findIndex((check, i) => !check(fields[i]))
  if (bad >= 0) return { ok: false, error: `is a "${String(kind)}" whose field ${bad + 1} is out of range` }
  return { ok: true, value: value as unknown as JournalRecord }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // The caller says which line; the parser's own words would not help anybody.
  }
}

function oneOf(kinds: { readonly [kind: string]: Shape }): Check {
  return (v) => {
    if (!isObject(v)) return false
    const { kind, ...rest } = v
    return typeof kind === 'string' && Object.hasOwn(kinds, kind) && complaint(rest, kinds[kind]!) === undefined
  }
}

/** The first field that is missing, wrong, or one too many. */
function complaint(value: unknown, fields: Shape): string | undefined {
  if (!isObject(value)) return 'value is not an object'
  for (const [name, check] of Object.entries(fields)) if (!check(value[name])) return `${name} is missing or wrong`
  for (const name of Object.keys(value)) if (!Object.hasOwn(fields, name)) return `${name} is unknown`
  return undefined
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
