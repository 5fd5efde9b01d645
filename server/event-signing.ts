import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Signature, Signer } from './world/run-file.ts'

/** In the data folder; made on first use, readable by its owner only. Who has it can sign results in this server's name. */
const KEY_FILE = join('keys', 'judge.key')

/** Raw Ed25519 keys end a fixed SubjectPublicKeyInfo prefix (RFC 8410 §4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
const RAW_KEY_BYTES = 32

/** The server's own key for exported races. */
export function openSigner(dataDir: string): Signer & { readonly publicKey: string } {
  const path = join(dataDir, KEY_FILE)
  const key = readKey(path) ?? createKey(path)
  const publicKey = publicKeyOf(key)
  return {
    publicKey,
    sign: (text) => ({ algorithm: 'Ed25519', publicKey, value: sign(null, Buffer.from(text), key).toString('base64') }),
  }
}

/** The key's public half where there is one already; a judge makes none. */
export function ownPublicKey(dataDir: string): string | undefined {
  const key = readKey(join(dataDir, KEY_FILE))
  return key === undefined ? undefined : publicKeyOf(key)
}

export function verifySignature(text: string, { algorithm, publicKey, value }: Signature): boolean {
  const raw = Buffer.from(publicKey, 'base64')
  if (algorithm !== 'Ed25519' || raw.length !== RAW_KEY_BYTES) return false
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' })
  return verify(null, Buffer.from(text), key, Buffer.from(value, 'base64'))
}

function readKey(path: string): KeyObject | undefined {
  let pem: string
  try {
    pem = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error // There, but not for us to read: the sentence of the system names the file.
  }
  try {
    return createPrivateKey(pem)
  } catch (error) {
    throw new Error(`${path} is not a key; put the right one back, or move it away and a new one is made.`, {
      cause: error,
    })
  }
}

function createKey(path: string): KeyObject {
  const { privateKey } = generateKeyPairSync('ed25519')
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    writeFileSync(path, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    // Somebody else made one in the same moment: that one counts.
    const theirs = (error as NodeJS.ErrnoException).code === 'EEXIST' ? readKey(path) : undefined
    if (theirs === undefined) throw error
    return theirs
  }
  return privateKey
}

function publicKeyOf(key: KeyObject): string {
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' })
  return der.subarray(SPKI_PREFIX.length).toString('base64')
}
