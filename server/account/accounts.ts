import { AppError } from '../errors.ts'
import { RateLimit } from '../http/rate-limit.ts'
import type { Clock } from '../clock.ts'
import { cleanName } from '../room/names.ts'
import type { Account, PeopleStore } from '../store/people.ts'
import { hashSecret } from '../store/store.ts'
import { hashPhrase, isPhrase, isWeaker, PHRASE_COST, phraseTrouble, type PhraseCost } from './passphrase.ts'
import { PROFILE_DEFAULT, type Profile } from './profile.ts'
import { codeHash, newCodes } from './recovery.ts'

/** A session nobody used for so long is over. */
export const SESSION_MS = 60 * 86_400_000
/** Being seen is written down once an hour. */
const TOUCH_MS = 3_600_000
/** Wrong guesses: from one address, and at one name. A name is never locked to who has a session. */
const ADDRESS_RATE = { burst: 15, perS: 1 / 20 }
const NAME_RATE = { burst: 20, perS: 1 / 60 }
/** New accounts from one address: a club evening at once, then one in five minutes. */
const NEW_RATE = { burst: 20, perS: 1 / 300 }
const SWEEP_MS = 3_600_000

/** No account has this id: who asks for nobody's code asks the store all the same. */
const NOBODY = '00000000-0000-0000-0000-000000000000'

export const WITHDRAWN_NAME = 'Withdrawn rider'

export interface AccountsOptions {
  readonly store: () => PeopleStore
  readonly clock: Pick<Clock, 'nowMs' | 'wallMs'>
  readonly randomBytes: (count: number) => Uint8Array
  readonly cost?: PhraseCost
}

export interface Who {
  readonly account: Account
  readonly tokenHash: string
}
export interface SignedIn {
  readonly account: Account
  /** For the cookie; here only its hash. */
  readonly token: string
}

/** Who somebody is, by a name and a passphrase. Knows no HTTP. [A20–A29] */
export class Accounts {
  readonly #options: AccountsOptions
  readonly #addressGuesses: RateLimit
  readonly #nameGuesses: RateLimit
  /** Of who is signed in already: others' guesses at their name must not count against them. */
  readonly #proofs: RateLimit
  readonly #newcomers: RateLimit
  /** Of nobody: who asks for a name that is not there waits as long as for one that is. */
  #nobody: Promise<string> | undefined
  #sweptMs = 0

  constructor(options: AccountsOptions) {
    this.#options = options
    this.#addressGuesses = new RateLimit(ADDRESS_RATE, options.clock)
    this.#nameGuesses = new RateLimit(NAME_RATE, options.clock)
    this.#proofs = new RateLimit(NAME_RATE, options.clock)
    this.#newcomers = new RateLimit(NEW_RATE, options.clock)
  }

  /** A new account, signed in, and the codes that are shown once. */
  async create(
    given: { name: string; phrase: string; profile?: Partial<Profile> | undefined },
    address: string,
  ): Promise<SignedIn & { readonly codes: readonly string[] }> {
    const name = cleanName(given.name)
    if (given.name.trim() === '')
      throw new AppError('ERR_BAD_REQUEST', 'An account needs a name.', { reason: 'account-name' })
    const trouble = phraseTrouble(given.phrase, name)
    if (trouble !== undefined) throw new AppError('ERR_BAD_REQUEST', trouble.message, trouble)
    if (!this.#newcomers.take(address))
      throw new AppError('ERR_TOO_MANY', 'Too many new accounts from one address; wait a few minutes.', {
        reason: 'accounts-new',
      })
    const phrase = await hashPhrase(given.phrase, this.#cost)
    const account = await this.#store.createAccount({
      ...{ name, nameKey: nameKeyOf(name), phrase },
      profile: { ...PROFILE_DEFAULT, ...given.profile },
    })
    if (account === undefined)
      throw new AppError('ERR_NAME_TAKEN', 'Somebody has an account by this name; take another one, or sign in.')
    const codes = await this.#renewCodes(account.id)
    return { account, codes, token: await this.#openSession(account.id) }
  }

  async signIn(given: { name: string; phrase: string }, address: string): Promise<SignedIn> {
    const account = await this.#guess(given.name, address, async (known) => {
      const isRight = await isPhrase(given.phrase, known?.phrase ?? (await this.#nobodysPhrase()))
      return isRight && known !== undefined
    })
    if (isWeaker(account.phrase, this.#cost)) {
      await this.#store.setPhrase(account.id, await hashPhrase(given.phrase, this.#cost))
    }
    return { account, token: await this.#openSession(account.id) }
  }

  /** By a code from paper: a new passphrase; every session ends, and the code is spent. */
  async recover(given: { name: string; code: string; phrase: string }, address: string): Promise<SignedIn> {
    const trouble = phraseTrouble(given.phrase, given.name)
    if (trouble !== undefined) throw new AppError('ERR_BAD_REQUEST', trouble.message, trouble)
    let phrase = ''
    const account = await this.#guess(given.name, address, async (known) => {
      // Made before it is known whether it will be used: a wrong code takes as long as a right one. After the guess is
      // counted, or asking would keep everybody else from signing in.
      phrase = await hashPhrase(given.phrase, this.#cost)
      return await this.#store.spendRecoveryCode(known?.id ?? NOBODY, codeHash(given.code))
    })
    await this.#store.setPhrase(account.id, phrase)
    await this.#store.endSessions(account.id)
    return { account, token: await this.#openSession(account.id) }
  }

  /** Whose cookie this is. */
  async whoHas(token: string): Promise<Who | undefined> {
    const { clock } = this.#options
    const wallMs = clock.wallMs()
    const tokenHash = hashSecret(token)
    const found = await this.#store.sessionOf(tokenHash, wallMs - SESSION_MS)
    if (found === undefined) return undefined
    if (wallMs - found.seenMs > TOUCH_MS) await this.#store.touchSession(tokenHash, wallMs)
    if (clock.nowMs() - this.#sweptMs > SWEEP_MS) {
      this.#sweptMs = clock.nowMs()
      await this.#store.dropSessions(wallMs - SESSION_MS)
    }
    return { account: found.account, tokenHash }
  }

  async signOut({ tokenHash }: Who): Promise<void> {
    await this.#store.endSession(tokenHash)
  }

  async signOutEverywhere({ account }: Who): Promise<void> {
    await this.#store.endSessions(account.id)
  }

  /** The passphrase is asked again: who finds a page open must not take the account. */
  async changePhrase(who: Who, given: { phrase: string; newPhrase: string }, address: string): Promise<void> {
    const trouble = phraseTrouble(given.newPhrase, who.account.name)
    if (trouble !== undefined) throw new AppError('ERR_BAD_REQUEST', trouble.message, trouble)
    await this.prove(who, given.phrase, address)
    await this.#store.setPhrase(who.account.id, await hashPhrase(given.newPhrase, this.#cost))
    await this.#store.endSessions(who.account.id, who.tokenHash)
  }

  async renewCodes(who: Who, phrase: string, address: string): Promise<readonly string[]> {
    await this.prove(who, phrase, address)
    return await this.#renewCodes(who.account.id)
  }

  /** Rides go, results of races stay under a name of nobody's. Answers the riders that were theirs. */
  async delete(who: Who, phrase: string, address: string): Promise<readonly string[]> {
    await this.prove(who, phrase, address)
    return await this.#store.deleteAccount(who.account.id, WITHDRAWN_NAME)
  }

  async prove({ account }: Who, phrase: string, address: string): Promise<void> {
    const right = async (): Promise<Account | undefined> =>
      (await isPhrase(phrase, account.phrase)) ? account : undefined
    await this.#counted([this.#addressGuesses, address], [this.#proofs, account.id], right)
  }

  /** One guess; right or wrong, known or unknown name: the same words, and the same work. */
  async #guess(
    name: string,
    address: string,
    isRight: (known: Account | undefined) => Promise<boolean>,
  ): Promise<Account> {
    const key = nameKeyOf(cleanName(name))
    return await this.#counted([this.#addressGuesses, address], [this.#nameGuesses, key], async () => {
      const known = await this.#store.accountByName(key)
      return (await isRight(known)) ? known : undefined
    })
  }

  async #counted(
    by: readonly [RateLimit, string],
    at: readonly [RateLimit, string],
    find: () => Promise<Account | undefined>,
  ): Promise<Account> {
    const counts = [by, at]
    if (counts.some(([rate, peer]) => rate.isSpent(peer)))
      throw new AppError('ERR_TOO_MANY', 'Too many wrong guesses; wait a minute.', { reason: 'guesses' })
    // Taken before it is known: a thousand guesses side by side are a thousand guesses.
    for (const [rate, peer] of counts) rate.take(peer)
    const found = await find()
    if (found === undefined)
      throw new AppError('ERR_SIGN_IN', 'Name and passphrase do not belong together.', { reason: 'phrase-wrong' })
    for (const [rate, peer] of counts) rate.give(peer)
    return found
  }

  async #renewCodes(accountId: string): Promise<readonly string[]> {
    const codes = newCodes(this.#options.randomBytes)
    await this.#store.setRecoveryCodes(accountId, codes.map(codeHash))
    return codes
  }

  async #openSession(accountId: string): Promise<string> {
    const token = Buffer.from(this.#options.randomBytes(32)).toString('base64url')
    await this.#store.addSession(hashSecret(token), accountId, this.#options.clock.wallMs())
    return token
  }

  async #nobodysPhrase(): Promise<string> {
    this.#nobody ??= hashPhrase(Buffer.from(this.#options.randomBytes(16)).toString('hex'), this.#cost)
    return await this.#nobody
  }

  get #cost(): PhraseCost {
    return this.#options.cost ?? PHRASE_COST
  }

  get #store(): PeopleStore {
    return this.#options.store()
  }
}

/** Names that look alike at a glance are one: width, case and spaces do not count. */
export function nameKeyOf(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
}
