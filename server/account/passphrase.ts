import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { AppError } from '../errors.ts'

/**
 * Passphrases are kept as scrypt (RFC 7914) with a salt of their own, and what it was made with stands beside it, so that a
 * harder measure later reads the old ones. N = 2¹⁵, r = 8, p = 3: 32 MB and some 0.3 s for each guess.
 */
export interface PhraseCost {
  readonly log2N: number
  readonly r: number
  readonly p: number
}
export const PHRASE_COST: PhraseCost = { log2N: 15, r: 8, p: 3 }

/** What a stored text may ask of this machine: nobody who can write the table may stop it. */
const LOG2N_MAX = 17
const SALT_BYTES = 16
const KEY_BYTES = 32
/** Waiting guesses; each takes memory and a thread, so they go one after the other. */
const WAITING_MAX = 32

export const PHRASE_LENGTH_MIN = 10
export const PHRASE_LENGTH_MAX = 200
const LETTERS_MIN = 5

export interface PhraseTrouble {
  readonly reason: 'phrase-short' | 'phrase-long' | 'phrase-plain'
  readonly message: string
}

/** Why this is no passphrase; undefined when it is one. */
export function phraseTrouble(phrase: string, name: string): PhraseTrouble | undefined {
  const letters = [...phrase]
  if (letters.length < PHRASE_LENGTH_MIN)
    return {
      reason: 'phrase-short',
      message: `A passphrase has ${PHRASE_LENGTH_MIN} letters or more; three words will do.`,
    }
  if (letters.length > PHRASE_LENGTH_MAX)
    return { reason: 'phrase-long', message: `A passphrase has at most ${PHRASE_LENGTH_MAX} letters.` }
  const tooPlain: PhraseTrouble = {
    reason: 'phrase-plain',
    message: 'This passphrase would be guessed at once; take three words that have nothing to do with each other.',
  }
  if (new Set(letters).size < LETTERS_MIN) return tooPlain
  return phrase.toLowerCase().includes(name.toLowerCase()) && letters.length < 2 * [...name].length + 4
    ? tooPlain
    : undefined
}

let working: Promise<unknown> = Promise.resolve()
let waiting = 0

/** One at a time; a crowd at the door must not take the memory of the riders inside. */
async function derive(phrase: string, salt: Buffer, { log2N, r, p }: PhraseCost): Promise<Buffer> {
  if (waiting >= WAITING_MAX) throw new AppError('ERR_TOO_MANY', 'Too many sign in at once; wait a few seconds.')
  waiting++
  const turn = working.then(
    async () =>
      await new Promise<Buffer>((resolve, reject) => {
        const N = 2 ** log2N
        // The same letters, however they were typed.
        scrypt(phrase.normalize('NFKC'), salt, KEY_BYTES, { N, r, p, maxmem: 160 * N * r }, (error, key) =>
          error === null ? resolve(key) : reject(error),
        )
      }),
  )
  working = turn.catch(() => {}) // Whoever asked hears of it.
  try {
    return await turn
  } finally {
    waiting--
  }
}

export async function hashPhrase(phrase: string, cost: PhraseCost = PHRASE_COST): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const key = await derive(phrase, salt, cost)
  return ['scrypt', cost.log2N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/** The same time whether it is right or wrong. */
export async function isPhrase(phrase: string, stored: string): Promise<boolean> {
  const read = readStored(stored)
  if (read === undefined) return false
  const key = await derive(phrase, read.salt, read.cost)
  return key.length === read.key.length && timingSafeEqual(key, read.key)
}

/** True when it was made with less than today's measure. */
export function isWeaker(stored: string, cost: PhraseCost = PHRASE_COST): boolean {
  const read = readStored(stored)
  if (read === undefined) return true
  const work = ({ log2N, r, p }: PhraseCost): number => 2 ** log2N * r * p
  return work(read.cost) < work(cost)
}

function readStored(stored: string): { cost: PhraseCost; salt: Buffer; key: Buffer } | undefined {
  const [kind, log2N, r, p, salt = '', key = ''] = stored.split('$')
  const cost = { log2N: Number(log2N), r: Number(r), p: Number(p) }
  const isSane =
    cost.log2N >= 1 && cost.log2N <= LOG2N_MAX && cost.r >= 1 && cost.r <= 16 && cost.p >= 1 && cost.p <= 16
  if (kind !== 'scrypt' || !isSane || salt === '' || key === '') return undefined
  return { cost, salt: Buffer.from(salt, 'base64url'), key: Buffer.from(key, 'base64url') }
}
