import { mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Carrier } from './core/devices.ts'
import type { Source } from './core/sample.ts'

/** A device that a rider has used: connected to first, on every day after. Its carrier knows what the rest means. */
export interface KnownDevice {
  readonly id: string
  readonly name: string
  readonly carrier: Carrier
  readonly source: Source
  readonly isTrainer: boolean
  /** What the system called a Bluetooth peripheral last, and what it offered. */
  readonly peripheralId?: string | undefined
  readonly services?: readonly string[] | undefined
  /** Where a trainer on the network was last. */
  readonly host?: string | undefined
  readonly port?: number | undefined
}

/**
 * What a bridge must not forget when it is killed: per server, the secret that brings the same rider back; the rider's
 * devices; where they rode last. A secret is worth a rider, so the file is readable by its owner only, and it is replaced
 * in one step. One file is one person.
 */
export interface RiderMemory {
  recall(server: string): Promise<string | undefined>
  /** Answers a sentence when it could not be kept: this ride goes on, the next begins as somebody new. */
  remember(server: string, secret: string): Promise<string | undefined>
  forget(server: string): Promise<void>
  devices(): Promise<readonly KnownDevice[]>
  /** The same id again takes the place of what was known. */
  rememberDevice(device: KnownDevice): Promise<void>
  /** Without an id all of them. */
  forgetDevice(id?: string): Promise<void>
}

interface StateFile {
  readonly format: 'gruppetto-bridge'
  readonly version: 1
  readonly secrets: Readonly<Record<string, string>>
  readonly devices?: readonly KnownDevice[]
  readonly lastServer?: string
}
type Kept = Omit<StateFile, 'format' | 'version'>

const NOTHING: Kept = { secrets: {} }
/** A household's sensors; the oldest goes. */
const DEVICES_MAX = 32
const OWNER_ONLY = 0o600

export class FileMemory implements RiderMemory {
  readonly #path: string
  /** Of this process: a file that cannot be written does not make a new rider of one who only lost the line. */
  readonly #held = new Map<string, string>()
  #turn: Promise<void> = Promise.resolve()

  constructor(path: string) {
    this.#path = path
  }

  async recall(server: string): Promise<string | undefined> {
    return (await this.#read()).secrets[server] ?? this.#held.get(server)
  }

  async remember(server: string, secret: string): Promise<string | undefined> {
    this.#held.set(server, secret)
    try {
      await this.#change((kept) => ({
        ...kept,
        ...{ secrets: { ...kept.secrets, [server]: secret }, lastServer: server },
      }))
      return undefined
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? String(error)
      return `${this.#path} cannot be written (${reason}), so the rider will not be known again; give another file as --state.`
    }
  }

  async forget(server: string): Promise<void> {
    this.#held.delete(server)
    await this.#changeIfPossible((kept) => {
      const { [server]: _gone, ...secrets } = kept.secrets
      return { ...kept, secrets }
    })
  }

  /** Where this rider rode last. */
  async lastServer(): Promise<string | undefined> {
    return (await this.#read()).lastServer
  }

  async devices(): Promise<readonly KnownDevice[]> {
    return (await this.#read()).devices ?? []
  }

  async rememberDevice(device: KnownDevice): Promise<void> {
    await this.#changeIfPossible((kept) => {
      const others = (kept.devices ?? []).filter(({ id }) => id !== device.id)
      return { ...kept, devices: [...others, device].slice(-DEVICES_MAX) }
    })
  }

  async forgetDevice(id?: string): Promise<void> {
    await this.#changeIfPossible((kept) => ({
      ...kept,
      devices: id === undefined ? [] : (kept.devices ?? []).filter((device) => device.id !== id),
    }))
  }

  async #read(): Promise<Kept> {
    let state: Partial<StateFile> | null
    try {
      state = JSON.parse(await readFile(this.#path, 'utf8')) as Partial<StateFile> | null
    } catch {
      return NOTHING // None yet, or cut off by an older crash: then a new rider is made.
    }
    if (state?.format !== 'gruppetto-bridge' || typeof state.secrets !== 'object' || state.secrets === null)
      return NOTHING
    const secrets = Object.entries(state.secrets).filter(([, secret]) => typeof secret === 'string')
    const devices = Array.isArray(state.devices) ? state.devices.filter(isKnownDevice) : []
    return {
      secrets: Object.fromEntries(secrets),
      ...(devices.length === 0 ? {} : { devices }),
      ...(typeof state.lastServer === 'string' ? { lastServer: state.lastServer } : {}),
    }
  }

  /** One change after the other: two at once would each write what the other had not yet read. */
  #change(change: (kept: Kept) => Kept): Promise<void> {
    const done = this.#turn.then(async () => this.#write(change(await this.#read())))
    this.#turn = done.catch(() => {}) // Whoever asked is told; the next change is not the worse for it.
    return done
  }

  /** What cannot be written now is replaced, or complained of, when a new rider is. */
  async #changeIfPossible(change: (kept: Kept) => Kept): Promise<void> {
    await this.#change(change).catch(() => {})
  }

  async #write(kept: Kept): Promise<void> {
    const state: StateFile = { format: 'gruppetto-bridge', version: 1, ...kept }
    await mkdir(dirname(this.#path), { recursive: true })
    // A link is followed, so that a file which lies elsewhere stays there.
    const path = await realpath(this.#path).catch(() => this.#path)
    const next = `${path}.next`
    // Made anew: one that lies there, or a link that somebody has laid, is not written into.
    await rm(next, { force: true })
    await writeFile(next, `${JSON.stringify(state, undefined, 2)}\n`, { mode: OWNER_ONLY, flag: 'wx' })
    await rename(next, path)
  }
}

const CARRIERS: readonly unknown[] = ['bluetooth', 'network', 'ant', 'simulated'] satisfies Carrier[]

const PORT_MAX = 65_535

/** Somebody may have edited the file: what is no device is left out. */
function isKnownDevice(value: unknown): value is KnownDevice {
  if (typeof value !== 'object' || value === null) return false
  const { id, name, carrier, source, isTrainer, peripheralId, services, host, port } = value as Partial<KnownDevice>
  const isText = (one: unknown): boolean => one === undefined || typeof one === 'string'
  const isPort = port === undefined || (Number.isInteger(port) && port > 0 && port <= PORT_MAX)
  return (
    isPort &&
    isText(host) &&
    isText(peripheralId) &&
    (services === undefined || (Array.isArray(services) && services.every((one) => typeof one === 'string'))) &&
    typeof id === 'string' &&
    typeof name === 'string' &&
    CARRIERS.includes(carrier) &&
    typeof source === 'string' &&
    typeof isTrainer === 'boolean'
  )
}
