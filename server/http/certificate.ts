import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'

export interface Certificate {
  readonly cert: Buffer
  readonly key: Buffer
  /** Calls back with each pair that was renewed. */
  onRenewed(take: (pair: { readonly cert: Buffer; readonly key: Buffer }) => void): void
  close(): void
}

interface Paths {
  readonly tlsCert: string | undefined
  readonly tlsKey: string | undefined
}
interface Around {
  readonly clock: Clock
  readonly say: (sentence: string) => void
}
interface Pair {
  readonly cert: Buffer
  readonly key: Buffer
  readonly validToMs: number
}

/** Renewed files are found so often; whoever renews them writes two, so a pair that does not fit is asked again. */
const LOOK_MS = 10_000
const SOON_MS = 14 * 24 * 3600_000

/** The two files of the settings, checked; undefined without them. Throws one sentence that names setting, file and remedy. */
export async function openCertificate(paths: Paths, around: Around): Promise<Certificate | undefined> {
  const { tlsCert, tlsKey } = paths
  if (tlsCert === undefined && tlsKey === undefined) return undefined
  if (tlsCert === undefined || tlsKey === undefined) {
    const [has, lacks] = tlsCert === undefined ? ['KEY', 'CERT'] : ['CERT', 'KEY']
    throw new AppError(
      'ERR_CONFIG',
      `GRUPPETTO_TLS_${has} is set and GRUPPETTO_TLS_${lacks} is not: set both, or neither.`,
    )
  }
  const pair = await readPair({ tlsCert, tlsKey }, around.clock.wallMs())
  if (!pair.ok) throw new AppError('ERR_CONFIG', pair.error)
  return new WatchedCertificate({ tlsCert, tlsKey }, around, pair.value)
}

class WatchedCertificate implements Certificate {
  readonly #paths: { tlsCert: string; tlsKey: string }
  readonly #around: Around
  #pair: Pair
  #stamp = ''
  #takers: ((pair: Pair) => void)[] = []
  #cancel: (() => void) | undefined
  #complaint = ''
  #isClosed = false

  constructor(paths: { tlsCert: string; tlsKey: string }, around: Around, pair: Pair) {
    this.#paths = paths
    this.#around = around
    this.#pair = pair
    void this.#look(true)
  }

  get cert(): Buffer {
    return this.#pair.cert
  }

  get key(): Buffer {
    return this.#pair.key
  }

  onRenewed(take: (pair: Pair) => void): void {
    this.#takers.push(take)
  }

  close(): void {
    this.#isClosed = true
    this.#cancel?.()
  }

  async #look(isFirst = false): Promise<void> {
    const { clock } = this.#around
    const stamp = await stampOf(this.#paths)
    if (isFirst) this.#stamp = stamp
    else if (stamp !== this.#stamp) {
      const pair = await readPair(this.#paths, clock.wallMs())
      if (pair.ok) {
        this.#stamp = stamp
        this.#pair = pair.value
        this.#complaint = ''
        for (const take of this.#takers) take(pair.value)
      } else this.#complain(`${pair.error} The certificate that was there before goes on.`)
    }
    const leftMs = this.#pair.validToMs - clock.wallMs()
    if (leftMs < 0) this.#complain(`The certificate in GRUPPETTO_TLS_CERT has expired: browsers refuse it; renew it.`)
    else if (leftMs < SOON_MS)
      this.#complain(`The certificate in GRUPPETTO_TLS_CERT expires on ${dayOf(this.#pair.validToMs)}: renew it.`)
    if (!this.#isClosed) this.#cancel = clock.after(LOOK_MS, () => void this.#look())
  }

  /** Once each. */
  #complain(sentence: string): void {
    if (sentence !== this.#complaint) this.#around.say(sentence)
    this.#complaint = sentence
  }
}

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string }

async function readPair({ tlsCert, tlsKey }: { tlsCert: string; tlsKey: string }, wallMs: number): Promise<Read<Pair>> {
  const cert = await readPem('GRUPPETTO_TLS_CERT', tlsCert)
  if (!cert.ok) return cert
  const key = await readPem('GRUPPETTO_TLS_KEY', tlsKey)
  if (!key.ok) return key
  let parsed: X509Certificate
  try {
    parsed = new X509Certificate(cert.value)
  } catch {
    return refused(
      `GRUPPETTO_TLS_CERT: ${tlsCert} holds no certificate in PEM; give the file that begins with -----BEGIN CERTIFICATE-----.`,
    )
  }
  let secret
  try {
    secret = createPrivateKey(key.value)
  } catch {
    return refused(
      `GRUPPETTO_TLS_KEY: ${tlsKey} holds no private key in PEM without a password; give the key that belongs to the certificate.`,
    )
  }
  if (!parsed.checkPrivateKey(secret))
    return refused(
      `GRUPPETTO_TLS_KEY: the key in ${tlsKey} does not belong to the certificate in ${tlsCert}; give the two that were made together.`,
    )
  const validToMs = Date.parse(parsed.validTo)
  if (validToMs < wallMs)
    return refused(`GRUPPETTO_TLS_CERT: the certificate in ${tlsCert} expired on ${dayOf(validToMs)}; renew it.`)
  if (Date.parse(parsed.validFrom) > wallMs)
    return refused(
      `GRUPPETTO_TLS_CERT: the certificate in ${tlsCert} is not valid before ${dayOf(Date.parse(parsed.validFrom))}; look at this machine's clock.`,
    )
  return { ok: true, value: { cert: cert.value, key: key.value, validToMs } }
}

async function readPem(setting: string, path: string): Promise<Read<Buffer>> {
  try {
    return { ok: true, value: await readFile(path) }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why =
      code === 'ENOENT'
        ? 'is not there'
        : code === 'EACCES'
          ? 'may not be read by this user'
          : `cannot be read (${code})`
    return refused(`${setting}: ${path} ${why}.`)
  }
}

function refused(error: string): { readonly ok: false; readonly error: string } {
  return { ok: false, error }
}

async function stampOf({ tlsCert, tlsKey }: { tlsCert: string; tlsKey: string }): Promise<string> {
  const stamps = [tlsCert, tlsKey].map(async (path) => {
    const found = await stat(path).catch(() => undefined) // Being replaced: the next look finds it.
    return found === undefined ? '' : `${found.mtimeMs} ${found.size} ${found.ino}`
  })
  return (await Promise.all(stamps)).join('; ')
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
