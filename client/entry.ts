import { errorWords } from './words/errors.ts'
import { PROTOCOL_VERSION } from '#protocol/limits'
import type { TokenAnswer } from './net/connection.ts'
import { post, type Answer } from './pages/api.ts'
import type { Profile } from './pages/memory.ts'
import { guestKey, readLook } from './pages/own-memory.ts'
import type { Ticket } from './pages/ticket.ts'
import { RoomLink } from './room.ts'

/** From a ticket to a token and a place in the room. */
export interface Admission {
  readonly token: TokenAnswer
  readonly link: RoomLink
  /** Absent for who came by a code. */
  readonly secret: string | undefined
  /** For who came by a code: to see this rider again. */
  readonly watchKey: string | undefined
  /** The next token, when the line was cut. */
  readonly renew: () => Promise<Answer<TokenAnswer>>
}

export async function admit(ticket: Ticket): Promise<Answer<Admission>> {
  switch (ticket.kind) {
    case 'new':
      return admitNew(ticket.profile, ticket)
    case 'again': {
      const { secret } = ticket
      return admitKnown({ secret, use: 'ride' }, { secret }, { secret, use: 'ride' })
    }
    case 'follow': {
      const { secret } = ticket
      return admitKnown({ secret, use: 'watch' }, { secret }, { secret, use: 'watch' })
    }
    case 'code':
      return admitKnown({ code: ticket.code, use: 'watch' }, { isSpectator: true })
    case 'watch': {
      const { watchKey } = ticket
      return admitKnown({ watchKey }, { isSpectator: true }, { watchKey })
    }
  }
}

const tokenBySecret = (secret: string): Promise<Answer<TokenAnswer>> => askToken({ secret, use: 'ride' })

async function admitNew(
  profile: Profile,
  { roomId, routeId, besideId }: Pick<Extract<Ticket, { kind: 'new' }>, 'roomId' | 'routeId' | 'besideId'> = {},
): Promise<Answer<Admission>> {
  const { name, massKg, heightM } = profile
  const place = { ...(routeId === undefined ? {} : { routeId }), ...(besideId === undefined ? {} : { with: besideId }) }
  const look = readLook()
  const dressed = look === undefined ? {} : { look }
  const joined = await RoomLink.join({ name, massKg, heightM, guest: guestKey(), ...dressed, ...place }, roomId)
  if (!joined.ok) return joined
  const link = joined.value
  const token = await askToken({ seat: { roomId: link.roomId, sessionId: link.sessionId }, use: 'ride' })
  if (!token.ok) {
    void link.leave()
    return token
  }
  return { ok: true, value: admission(token.value, link, { secret: token.value.rider.secret ?? '', use: 'ride' }) }
}

type Again = { readonly secret: string; readonly use: 'ride' | 'watch' } | { readonly watchKey: string }

function admission(token: TokenAnswer, link: RoomLink, again: Again): Admission {
  return {
    ...{ token, link, renew: () => askToken(again) },
    secret: 'secret' in again ? again.secret : undefined,
    watchKey: 'watchKey' in again ? again.watchKey : undefined,
  }
}

async function admitKnown(
  credential: Readonly<Record<string, string>>,
  joinOptions: Readonly<Record<string, unknown>>,
  again?: Again,
): Promise<Answer<Admission>> {
  const token = await askToken(credential)
  if (!token.ok) return token
  const joined = await RoomLink.join(joinOptions, token.value.room.id)
  if (!joined.ok) return joined
  return {
    ok: true,
    value: admission(token.value, joined.value, again ?? { watchKey: token.value.rider.watchKey ?? '' }),
  }
}

function askToken(credential: Readonly<Record<string, unknown>>): Promise<Answer<TokenAnswer>> {
  return post<TokenAnswer>('/api/token', { protocol: PROTOCOL_VERSION, ...credential })
}

/** The secret of this tab's rider, made by joining the road when there is none yet: what signing up for a race asks for. */
export async function riderSecret(profile: Profile, known: string | undefined): Promise<Answer<string>> {
  if (known !== undefined && (await tokenBySecret(known)).ok) return { ok: true, value: known }
  const admission = await admitNew({ ...profile, name: profile.name.trim() || 'Rider' })
  if (!admission.ok) return admission
  void admission.value.link.leave()
  const { secret } = admission.value
  return secret === undefined ? { ok: false, message: errorWords.noRider } : { ok: true, value: secret }
}
