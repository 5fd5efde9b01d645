import { access, constants, mkdir, readdir, readFile, statfs } from 'node:fs/promises'
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { bad, type Check, good, none, warning } from './check.ts'

/** What this machine has for a server or a bridge. Each look takes what it looks at as an argument. */

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
    'Run npm install; where a package has no binary for this machine, the rest works without it.',
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

/** A USB device as Linux shows it. */
export interface UsbDevice {
  readonly vendor: string
  readonly node: string
  readonly isWritable: boolean
}

/** Dynastream's number; every ANT stick has it. */
const ANT_VENDOR = '0fcf'

export function checkAnt(devices: readonly UsbDevice[] | undefined, hasPackage: boolean, hasKey: boolean): Check {
  if (devices === undefined) return none('ant', 'ANT+ sticks can only be looked for on Linux.')
  const sticks = devices.filter(({ vendor }) => vendor === ANT_VENDOR)
  if (sticks.length === 0) return none('ant', 'No ANT+ stick is plugged in.')
  const locked = sticks.find(({ isWritable }) => !isWritable)
  if (locked !== undefined)
    return bad(
      'ant',
      `An ANT+ stick is there (${locked.node}), but this user may not use it.`,
      `As root: echo 'SUBSYSTEM=="usb", ATTR{idVendor}=="${ANT_VENDOR}", MODE="0666"' > /etc/udev/rules.d/60-ant.rules; then plug it in again.`,
    )
  if (!hasPackage)
    return bad('ant', 'An ANT+ stick is there, but the package ant-plus is not installed.', 'Run npm install.')
  if (!hasKey)
    return warning(
      'ant',
      'An ANT+ stick is there and may be used; the network key is not set.',
      'Set GRUPPETTO_ANT_KEY (docs/trainers.md says where it comes from).',
    )
  return good('ant', `An ANT+ stick is there and may be used (${sticks[0]!.node}).`)
}

export interface Radio {
  /** Names of adapters: hci0. */
  readonly adapters: readonly string[]
  /** This process may open raw sockets. */
  readonly mayUseRaw: boolean
  /** Adapters that a switch keeps off. */
  readonly blocked: readonly string[]
}

export function checkBle(radio: Radio | undefined, hasPackage: boolean): Check {
  if (radio === undefined)
    return none('bluetooth', 'On this system the operating system asks when Bluetooth is used first.')
  const [adapter] = radio.adapters
  if (adapter === undefined)
    return none('bluetooth', 'There is no Bluetooth adapter; the browser or gruppetto bridge --dircon do without.')
  if (radio.blocked.includes(adapter))
    return bad('bluetooth', `The Bluetooth adapter ${adapter} is switched off.`, 'rfkill unblock bluetooth')
  if (!hasPackage)
    return warning(
      'bluetooth',
      `There is a Bluetooth adapter (${adapter}), but @stoprocent/noble is not installed.`,
      'Run npm install; the browser finds trainers without it.',
    )
  if (!radio.mayUseRaw)
    return warning(
      'bluetooth',
      `gruppetto bridge --ble may not use the Bluetooth adapter ${adapter}.`,
      'sudo setcap cap_net_raw+eip "$(readlink -f "$(command -v node)")"; or pair in the browser.',
    )
  return good('bluetooth', `The Bluetooth adapter ${adapter} may be used.`)
}

/** Bit of the capability that raw sockets need (capabilities(7)). */
const CAP_NET_RAW = 13n

export async function readRadio(platform: NodeJS.Platform): Promise<Radio | undefined> {
  if (platform !== 'linux') return undefined
  const adapters = (await readdir('/sys/class/bluetooth').catch(() => [])).filter((name) => /^hci\d+$/.test(name))
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '')
  const effective = /^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'
  const blocked: string[] = []
  for (const name of await readdir('/sys/class/rfkill').catch(() => [])) {
    const read = async (file: string): Promise<string> =>
      (await readFile(join('/sys/class/rfkill', name, file), 'utf8').catch(() => '')).trim()
    if ((await read('type')) !== 'bluetooth') continue
    if ((await read('soft')) === '1' || (await read('hard')) === '1') blocked.push(await read('name'))
  }
  return { adapters, blocked, mayUseRaw: (BigInt(`0x${effective}`) & (1n << CAP_NET_RAW)) !== 0n }
}

export async function readUsb(platform: NodeJS.Platform): Promise<readonly UsbDevice[] | undefined> {
  if (platform !== 'linux') return undefined
  const folder = '/sys/bus/usb/devices'
  const devices: UsbDevice[] = []
  for (const name of await readdir(folder).catch(() => [])) {
    const read = async (file: string): Promise<string> =>
      (await readFile(join(folder, name, file), 'utf8').catch(() => '')).trim()
    const vendor = await read('idVendor')
    if (vendor === '') continue
    const [bus, device] = [await read('busnum'), await read('devnum')]
    const node = `/dev/bus/usb/${bus.padStart(3, '0')}/${device.padStart(3, '0')}`
    const isWritable = await access(node, constants.W_OK).then(
      () => true,
      () => false,
    )
    devices.push({ vendor, node, isWritable })
  }
  return devices
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
