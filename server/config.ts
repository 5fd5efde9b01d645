import { isIP } from 'node:net'
import { VIEW_RIDERS, VIEW_RIDERS_MAX, VIEW_RIDERS_MIN } from '#protocol/limits'
import { AppError } from './errors.ts'
import { nearest } from './nearest.ts'
import { CHANGES } from './sky-changes.ts'

/**
 * Every setting in one table: `serve --help` and docs/operations.md are printed from it. This file is the server's only
 * reader of `process.env`; what it makes is frozen and passed down.
 */
const TABLE = [
  setting('dataDir', {
    variable: 'GRUPPETTO_DATA_DIR',
    unit: 'folder',
    default: './data',
    sentence: 'Where the database, journals and keys live.',
    parse: text,
  }),
  setting('host', {
    variable: 'GRUPPETTO_HOST',
    unit: 'address',
    default: '127.0.0.1',
    sentence: 'Address to listen on; 0.0.0.0 opens the server to the network.',
    parse: hostName,
  }),
  setting('port', {
    variable: 'GRUPPETTO_PORT',
    unit: 'TCP port',
    default: '8214',
    sentence: 'Page, HTTP and WebSocket; 0 takes a free one.',
    parse: port,
  }),
  setting('udpPort', {
    variable: 'GRUPPETTO_UDP_PORT',
    unit: 'UDP port',
    default: '',
    absent: 'the same number as GRUPPETTO_PORT',
    sentence: 'Datagrams of bridges and native clients; 0 takes a free one.',
    parse: optional(port),
  }),
  setting('webrtcPort', {
    variable: 'GRUPPETTO_WEBRTC_PORT',
    unit: 'UDP port',
    default: '8215',
    sentence: 'Data channels of browsers, all on this one port; 0 takes a free one.',
    parse: port,
  }),
  setting('advertisedHost', {
    variable: 'GRUPPETTO_ADVERTISED_HOST',
    unit: 'address',
    default: '',
    absent: 'the name the rider asked for',
    sentence:
      'Where riders send datagrams, if that differs from the name in the address bar: the outer name or address of a router or container.',
    parse: optional(reachableHost),
  }),
  setting('advertisedPort', {
    variable: 'GRUPPETTO_ADVERTISED_PORT',
    unit: 'UDP port',
    default: '',
    absent: 'the same number as GRUPPETTO_UDP_PORT',
    sentence: 'The port there that leads to GRUPPETTO_UDP_PORT, where a router or container gives it another number.',
    parse: optional(whole(1, 65_535)),
  }),
  setting('advertisedWebrtcPort', {
    variable: 'GRUPPETTO_ADVERTISED_WEBRTC_PORT',
    unit: 'UDP port',
    default: '',
    absent: 'the same number as GRUPPETTO_WEBRTC_PORT',
    sentence: 'The port there that leads to GRUPPETTO_WEBRTC_PORT.',
    parse: optional(whole(1, 65_535)),
  }),
  setting('origins', {
    variable: 'GRUPPETTO_ORIGINS',
    unit: 'list',
    default: '',
    absent: 'none but its own',
    sentence: 'Other web origins that may use this server, with commas between, as in https://club.example.',
    parse: originList,
  }),
  setting('plainPasswords', {
    variable: 'GRUPPETTO_PLAIN_PASSWORDS',
    unit: 'yes or no',
    default: 'no',
    sentence:
      'Take passphrases of accounts over plain http from other machines too; only where the network itself is sealed, as in a VPN.',
    parse: yesOrNo,
  }),
  setting('tlsCert', {
    variable: 'GRUPPETTO_TLS_CERT',
    unit: 'file',
    default: '',
    absent: 'none: plain HTTP',
    sentence:
      'Certificate chain (PEM) to serve https and wss with; read again when the file changes. With GRUPPETTO_TLS_KEY.',
    parse: optional(text),
  }),
  setting('tlsKey', {
    variable: 'GRUPPETTO_TLS_KEY',
    unit: 'file',
    default: '',
    absent: 'none',
    sentence: 'Private key (PEM) of that certificate.',
    parse: optional(text),
  }),
  setting('proxies', {
    variable: 'GRUPPETTO_PROXIES',
    unit: 'list',
    default: '',
    absent: 'this machine alone',
    sentence:
      'Addresses of reverse proxies on other machines that are believed when they say for whom they ask (X-Forwarded-For), with commas between.',
    parse: addressList,
  }),
  setting('tracks', {
    variable: 'GRUPPETTO_TRACKS',
    unit: 'roads',
    default: '100',
    sentence: 'Roads kept at once that riders brought for meet-ups, a few MB each; 0 takes none.',
    parse: whole(0, 10_000),
  }),
  setting('databaseUrl', {
    variable: 'DATABASE_URL',
    unit: 'URL',
    default: '',
    absent: 'the embedded database',
    sentence: 'A PostgreSQL of your own, as in postgres://user:password@host/database.',
    parse: optional(databaseUrl),
  }),
  setting('store', {
    variable: 'GRUPPETTO_STORE',
    unit: 'name',
    default: 'auto',
    sentence: 'Which embedded database: auto, postgres (a process of its own) or pglite (in this one).',
    parse: oneOf('auto', 'postgres', 'pglite'),
  }),
  setting('pacers', {
    variable: 'GRUPPETTO_PACERS',
    unit: 'riders',
    default: '3',
    sentence: 'Pacers on the permanent road.',
    parse: whole(0, 100),
  }),
  setting('windMps', {
    variable: 'GRUPPETTO_WIND_MPS',
    unit: 'm/s',
    default: '0',
    sentence:
      'Mean wind over open road, at handlebar height; calm unless set, so that a speed can be held against any table.',
    parse: whole(0, 20),
  }),
  setting('windFromDeg', {
    variable: 'GRUPPETTO_WIND_FROM_DEG',
    unit: '°',
    default: '240',
    sentence: 'Where the wind comes from: 0 north, 90 east.',
    parse: whole(0, 360),
  }),
  setting('gustsPercent', {
    variable: 'GRUPPETTO_GUSTS_PERCENT',
    unit: '%',
    default: '60',
    sentence: 'How far gusts swing about the mean wind.',
    parse: whole(0, 100),
  }),
  setting('temperatureC', {
    variable: 'GRUPPETTO_TEMPERATURE_C',
    unit: '°C',
    default: '15',
    sentence: 'At sea level; warm air is thinner.',
    parse: between(-30, 50),
  }),
  setting('isWet', {
    variable: 'GRUPPETTO_WET',
    unit: 'yes or no',
    default: 'no',
    sentence: 'Wet roads: bends are ridden more slowly.',
    parse: yesOrNo,
  }),
  setting('hourH', {
    variable: 'GRUPPETTO_HOUR',
    unit: 'h',
    default: '9',
    sentence: 'Time of day when a ride begins, by the sun over its road; 9.5 is half past nine.',
    parse: part(0, 24),
  }),
  setting('dayPace', {
    variable: 'GRUPPETTO_DAY_PACE',
    unit: 'h/h',
    default: '6',
    sentence: 'Hours of the sky in an hour of riding: 1 as outside, 0 a sun that stands still.',
    parse: part(0, 240),
  }),
  setting('cloudPercent', {
    variable: 'GRUPPETTO_CLOUD_PERCENT',
    unit: '%',
    default: '30',
    sentence: 'How much of the sky is under clouds.',
    parse: whole(0, 100),
  }),
  setting('hazePercent', {
    variable: 'GRUPPETTO_HAZE_PERCENT',
    unit: '%',
    default: '8',
    sentence: 'How hazy the air is: 0 clear to the horizon, 100 mist.',
    parse: whole(0, 100),
  }),
  setting('rainPercent', {
    variable: 'GRUPPETTO_RAIN_PERCENT',
    unit: '%',
    default: '0',
    sentence: 'How hard it rains; roads are wet then.',
    parse: whole(0, 100),
  }),
  setting('snowLineM', {
    variable: 'GRUPPETTO_SNOW_LINE_M',
    unit: 'm',
    default: '',
    absent: 'where the air has 1 °C',
    sentence: 'Above this height it snows instead, and the ground is white.',
    parse: optional(between(-1000, 9000)),
  }),
  setting('changes', {
    variable: 'GRUPPETTO_SKY_CHANGES',
    unit: 'name',
    default: 'clouds',
    sentence:
      'What changes by itself, every quarter of an hour: none, clouds (clouds and haze; nobody rides differently), or fronts (wind and rain too).',
    parse: oneOf(...CHANGES),
  }),
  setting('viewRiders', {
    variable: 'GRUPPETTO_VIEW_RIDERS',
    unit: 'riders',
    default: String(VIEW_RIDERS),
    sentence:
      'How many others a rider is shown at most, the nearest; pages and bridges wish for fewer where they draw fewer.',
    parse: whole(VIEW_RIDERS_MIN, VIEW_RIDERS_MAX),
  }),
  setting('aead', {
    variable: 'GRUPPETTO_AEAD',
    unit: 'name',
    default: 'auto',
    sentence:
      'Who seals datagrams: node (node:crypto), sodium (the package sodium-native), or auto: sodium where it is installed and faster. The bytes are the same.',
    parse: oneOf('auto', 'node', 'sodium'),
  }),
  setting('leaveAfterS', {
    variable: 'GRUPPETTO_LEAVE_AFTER_S',
    unit: 's',
    default: '600',
    sentence: 'How long a rider who is silent stays on the road.',
    parse: whole(5, 86_400),
  }),
  setting('journalMb', {
    variable: 'GRUPPETTO_JOURNAL_MB',
    unit: 'MB',
    default: '4000',
    sentence:
      'How long the journal of one room may become; then its ride goes on unrecorded, and the log says so. A trainer that speaks four times a second makes 0.6 MB an hour.',
    parse: whole(1, 1_000_000),
  }),
  setting('guestRidesDays', {
    variable: 'GRUPPETTO_GUEST_RIDES_DAYS',
    unit: 'days',
    default: '365',
    sentence:
      'How long a ride is kept that no account has claimed, and a journal that no race and no ride that is kept is in; 0 keeps both for ever.',
    parse: whole(0, 36_500),
  }),
  setting('log', {
    variable: 'GRUPPETTO_LOG',
    unit: 'level',
    default: 'info',
    sentence: 'How much is logged: silent, error, warn, info or debug.',
    parse: oneOf('silent', 'error', 'warn', 'info', 'debug'),
  }),
] as const

type Row = (typeof TABLE)[number]
export type Config = { readonly [R in Row as R['name']]: R extends Setting<string, infer T> ? T : never }

export interface Setting<N extends string, T> {
  readonly name: N
  readonly variable: string
  readonly unit: string
  /** As it would stand in the variable. */
  readonly default: string
  /** What an empty value means, for people. */
  readonly absent?: string
  readonly sentence: string
  /** The value, or what it must be. */
  readonly parse: (given: string) => Parsed<T>
}
type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly mustBe: string }

/** The table for printing. */
export const SETTINGS: readonly Setting<string, unknown>[] = TABLE

/** Throws one AppError whose sentence names the setting and the remedy. */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  refuseMisspelt(environment)
  const values: Record<string, unknown> = {}
  for (const row of TABLE) {
    const given = environment[row.variable]?.trim()
    const isDefault = given === undefined || given === ''
    const parsed: Parsed<unknown> = row.parse(isDefault ? row.default : given)
    if (!parsed.ok) {
      throw new AppError('ERR_CONFIG', `${row.variable} must be ${parsed.mustBe}, but is "${shorten(given ?? '')}".`)
    }
    values[row.name] = parsed.value
  }
  return Object.freeze(values) as Config
}

/** Settings as the table that --help prints. */
export function settingsText(): string {
  const width = Math.max(...TABLE.map((row) => row.variable.length))
  return TABLE.map((row) => {
    const fallback = 'absent' in row ? row.absent : row.default
    return `  ${row.variable.padEnd(width)}  ${row.sentence} (${row.unit}; ${fallback})`
  }).join('\n')
}

/** Read by other commands: stack traces under their sentences, the radio's network key, the organiser's token. */
const NOT_OF_THE_SERVER = new Set(['GRUPPETTO_DEBUG', 'GRUPPETTO_ANT_KEY', 'GRUPPETTO_TOKEN'])
const PREFIX = 'GRUPPETTO_'

/** A misspelt variable would be silently ignored: say which one was meant. What resembles no setting is somebody else's. */
function refuseMisspelt(environment: Readonly<Record<string, string | undefined>>): void {
  const known = TABLE.map((row) => row.variable).filter((variable) => variable.startsWith(PREFIX))
  for (const variable of Object.keys(environment)) {
    if (!variable.startsWith(PREFIX) || known.includes(variable) || NOT_OF_THE_SERVER.has(variable)) continue
    const meant = nearest(
      variable.slice(PREFIX.length),
      known.map((each) => each.slice(PREFIX.length).toLowerCase()),
    )
    if (meant === undefined) continue
    throw new AppError(
      'ERR_CONFIG',
      `${shorten(variable)} is not a setting: set ${PREFIX}${meant.toUpperCase()} if that is what you meant, or unset it.`,
    )
  }
}

function setting<const N extends string, T>(name: N, row: Omit<Setting<N, T>, 'name'>): Setting<N, T> {
  return { name, ...row }
}

function text(given: string): Parsed<string> {
  return given.includes('\0') ? { ok: false, mustBe: 'a path' } : { ok: true, value: given }
}

function hostName(given: string): Parsed<string> {
  // Letters, digits, dots and dashes for names and IPv4, colons for IPv6: nothing that could end a header or a URL.
  return /^[A-Za-z0-9.:-]{1,253}$/.test(given)
    ? { ok: true, value: given }
    : { ok: false, mustBe: 'a host name or an IP address, as in 192.168.1.20' }
}

/** 0.0.0.0 listens everywhere and leads nowhere. */
function reachableHost(given: string): Parsed<string> {
  return given === '0.0.0.0' || given === '::'
    ? { ok: false, mustBe: 'a name or address that riders can reach; to listen everywhere is GRUPPETTO_HOST' }
    : hostName(given)
}

function port(given: string): Parsed<number> {
  return whole(0, 65_535)(given)
}

function whole(min: number, max: number): (given: string) => Parsed<number> {
  return (given) => {
    const value = Number(given)
    return /^\d{1,9}$/.test(given) && value >= min && value <= max
      ? { ok: true, value }
      : { ok: false, mustBe: `a whole number from ${min} to ${max}` }
  }
}

/** A number with a part after the point, or without. */
function part(min: number, max: number): (given: string) => Parsed<number> {
  return (given) => {
    const value = Number(given)
    return /^\d{1,4}(\.\d{1,4})?$/.test(given) && value >= min && value <= max
      ? { ok: true, value }
      : { ok: false, mustBe: `a number from ${min} to ${max}` }
  }
}

/** A whole number with a sign. */
function between(min: number, max: number): (given: string) => Parsed<number> {
  return (given) => {
    const value = Number(given)
    return /^-?\d{1,9}$/.test(given) && value >= min && value <= max
      ? { ok: true, value }
      : { ok: false, mustBe: `a whole number from ${min} to ${max}` }
  }
}

function yesOrNo(given: string): Parsed<boolean> {
  return given === 'yes' || given === 'no' ? { ok: true, value: given === 'yes' } : { ok: false, mustBe: 'yes or no' }
}

function oneOf<const T extends string>(...values: readonly T[]): (given: string) => Parsed<T> {
  return (given) => {
    const value = values.find((candidate) => candidate === given)
    return value === undefined ? { ok: false, mustBe: `one of ${values.join(', ')}` } : { ok: true, value }
  }
}

function optional<T>(parse: (given: string) => Parsed<T>): (given: string) => Parsed<T | undefined> {
  return (given) => (given === '' ? { ok: true, value: undefined } : parse(given))
}

function originList(given: string): Parsed<readonly string[]> {
  const origins = given
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  return origins.every(isOrigin)
    ? { ok: true, value: Object.freeze(origins) }
    : { ok: false, mustBe: 'web origins with commas between, as in https://club.example,http://localhost:8215' }
}

function addressList(given: string): Parsed<readonly string[]> {
  const addresses = given
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  return addresses.every((address) => isIP(address) !== 0)
    ? { ok: true, value: Object.freeze(addresses) }
    : { ok: false, mustBe: 'IP addresses with commas between, as in 172.17.0.2,10.0.0.7' }
}

function isOrigin(part: string): boolean {
  return part.startsWith('http') && URL.canParse(part) && new URL(part).origin === part
}

function databaseUrl(given: string): Parsed<string> {
  return /^postgres(ql)?:\/\/\S+$/.test(given) && URL.canParse(given)
    ? { ok: true, value: given }
    : { ok: false, mustBe: 'a URL as in postgres://user:password@host:5432/database' }
}

function shorten(value: string): string {
  return value.length <= 80 ? value : `${value.slice(0, 77)}…`
}
