import type { FastifyRequest } from 'fastify'
import type { Accounts, Who } from '../account/accounts.ts'
import { AppError } from '../errors.ts'
import type { RideOwner } from '../store/people.ts'
import { hashSecret } from '../store/store.ts'
import { sessionToken } from './cookies.ts'
import type { OriginCheck } from './origins.ts'
import { isPageSecure } from './secure-page.ts'
import { SECRETS_MAX } from './shapes-rides.ts'

/** Who asks, by the cookie of a session. */
export async function whoAsks(accounts: Accounts, request: FastifyRequest): Promise<Who | undefined> {
  const token = sessionToken(request)
  return token === undefined ? undefined : await accounts.whoHas(token)
}

export async function mustBeSomebody(accounts: Accounts, request: FastifyRequest): Promise<Who> {
  const who = await whoAsks(accounts, request)
  if (who === undefined) throw new AppError('ERR_SIGN_IN', 'Sign in first.')
  return who
}

/**
 * What a browser sends along by itself must not be used by another page: what changes something by a cookie says which page
 * it comes from, and that is ours. The cookie is SameSite=Strict besides. [A24]
 */
export function mustBeOurPage(request: FastifyRequest, isOriginAllowed: OriginCheck): void {
  const { origin, host } = request.headers
  if (origin !== undefined && isOriginAllowed(origin, host)) return
  throw new AppError('ERR_FORBIDDEN', 'Only a page of this server may do that.')
}

export const WHY_NOT =
  'Passphrases need a secure page: open this server by https, or on its own machine; until then ride as a guest, your rides wait for an account.'

/** On a plain line everybody between here and there reads along. [A25] */
export function whyNoPhrase(request: FastifyRequest, isPlainAllowed: boolean): string {
  return isPlainAllowed || isPageSecure(request.raw) ? '' : WHY_NOT
}

/** Secrets in `Authorization: Rider A,B,…`: what this browser has ridden as a guest. */
export function secretsOf(request: FastifyRequest): readonly string[] {
  const list = /^Rider ([\w,-]+)$/.exec(request.headers.authorization ?? '')?.[1]
  const all = (list ?? '').split(',').filter((secret) => /^[A-Za-z0-9_-]{43}$/.test(secret))
  return all.slice(0, SECRETS_MAX)
}

export function ownerOf(who: Who | undefined, secrets: readonly string[]): RideOwner {
  return { accountId: who?.account.id, secretHashes: secrets.map(hashSecret) }
}
