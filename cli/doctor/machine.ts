import { access, constants, mkdir, statfs } from 'node:fs/promises'
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { dirname, resolve } from 'node:path'
import { bad, type Check, good, warning } from './check.ts'

/** What this machine has for a server. Each look takes what it looks at as an argument. */

const MIB = 1024 * 1024
/** A ride of a hundred writes some 60 MB an hour. */
const DISK_BAD_BYTES = 200 * MIB
const DISK_WARN_BYTES = 2048 * MIB

/** `stripsTypes`: runs TypeScript as it is. */
export function checkNode(version: string, stripsTypes: boolean): Check {
  if (stripsTypes) return good('node', `Node ${version}.`)
  return bad(
    'node',
    `Node ${version} does not run TypeScript as it is.`,
    'Install Node 24 from https://nodejs.org; npm start brings one with it where it can.',
  )
}

export interface OptionalPackage {
  readonly name: string
  readonly gives: string
  readonly isThere: boolean
}

export function checkPackages(packages: readonly OptionalPackage[]): Check {
  const missing = packages.filter(({ isThere }) => !isThere)
  if (missing.length === 0)
    return good('packages', `All optional packages are installed (${packages.map(({ name }) => name).join(', ')}).`)
  const words = missing.map(({ name, gives }) => `${name} (${gives})`).join(', ')
  return warning(
    'packages',
    `Not installed: ${words}.`,
    'Run npm install. One without a binary for this machine is built and needs a C++ compiler, make and Python; the rest works without it.',
  )
}

/** The folder can be made or written, and how much room there is. */
export async function checkDataFolder(
  path: string,
  freeBytesOf: (path: string) => Promise<number> = freeBytes,
): Promise<Check[]> {
  const folder = resolve(path)
  const existing = await nearestExisting(folder)
  try {
    await access(existing, constants.W_OK)
    if (existing === folder) await mkdir(folder, { recursive: true })
  } catch {
    return [bad('data', `The data folder ${folder} cannot be written.`, 'Set GRUPPETTO_DATA_DIR to a folder of yours.')]
  }
  const freeMb = Math.round((await freeBytesOf(existing)) / MIB)
  const room = `${freeMb >= 1024 ? `${(freeMb / 1024).toFixed(1)} GiB` : `${freeMb} MiB`} are free there`
  const data = good('data', `The data folder is ${folder}${existing === folder ? '' : ' (made at the first start)'}.`)
  if (freeMb * MIB < DISK_BAD_BYTES)
    return [
      data,
      bad(
        'disk',
        `Only ${room}: journals and the database will fail.`,
        'Free the disk, or set GRUPPETTO_DATA_DIR to another one.',
      ),
    ]
  if (freeMb * MIB < DISK_WARN_BYTES)
    return [
      data,
      warning(
        'disk',
        `${room}: enough for some evenings.`,
        'Move old journals away (docs/operations.md), or free the disk.',
      ),
    ]
  return [data, good('disk', `${room}.`)]
}

async function nearestExisting(folder: string): Promise<string> {
  for (let path = folder; ; path = dirname(path)) {
    const isThere = await access(path).then(
      () => true,
      () => false,
    )
    if (isThere || dirname(path) === path) return path
  }
}

async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path)
  return bavail * bsize
}

export interface Ports {
  readonly host: string
  readonly tcp: number
  readonly udp: number
  readonly webrtc: number
}

/** Only asked where no server of ours is running: its own ports are taken then, and rightly. */
export async function checkPorts({ host, tcp, udp, webrtc }: Ports): Promise<Check[]> {
  const wanted = [
    ['TCP', tcp, 'GRUPPETTO_PORT'],
    ['UDP', udp, 'GRUPPETTO_UDP_PORT'],
    ['UDP', webrtc, 'GRUPPETTO_WEBRTC_PORT'],
  ] as const
  const taken: string[] = []
  const settings: string[] = []
  for (const [kind, port, setting] of wanted) {
    const why = kind === 'TCP' ? await tryTcp(host, port) : await tryUdp(host, port)
    if (why === '') continue
    taken.push(`${kind} ${port} (${why})`)
    settings.push(setting)
  }
  if (taken.length === 0) return [good('ports', `TCP ${tcp}, UDP ${udp} and UDP ${webrtc} are free for a server.`)]
  return [
    bad('ports', `Not free: ${taken.join(', ')}.`, `Stop what uses them, or set ${settings.join(' and ')} to others.`),
  ]
}

const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: 'in use',
  EACCES: 'not ours to open',
  EADDRNOTAVAIL: 'no address of this machine',
}
const whyOf = ({ code = '' }: NodeJS.ErrnoException): string => WHY[code] ?? code

function tryTcp(host: string, port: number): Promise<string> {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', (error) => done(whyOf(error)))
    server.listen(port, host, () => server.close(() => done('')))
  })
}

function tryUdp(host: string, port: number): Promise<string> {
  return new Promise((done) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    socket.once('error', (error) => done(whyOf(error)))
    socket.bind(port, host, () => socket.close(() => done('')))
  })
}

export type Database =
  | { readonly kind: 'own'; readonly url: string; readonly canConnect: boolean }
  | { readonly kind: 'embedded'; readonly why: string }

export function checkDatabase(database: Database): Check {
  if (database.kind === 'own') {
    const { host } = new URL(database.url)
    if (database.canConnect) return good('database', `DATABASE_URL leads to ${host}, and something listens there.`)
    return bad(
      'database',
      `DATABASE_URL leads to ${host}, where nothing answers.`,
      'Start PostgreSQL there, or unset DATABASE_URL for the embedded one.',
    )
  }
  if (database.why === '') return good('database', 'The embedded PostgreSQL can run here.')
  return warning(
    'database',
    `The embedded PostgreSQL cannot run here: ${database.why}.`,
    'PGlite is used instead, which a power cut may hurt; or set DATABASE_URL.',
  )
}
