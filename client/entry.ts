import { PROTOCOL_VERSION } from '#protocol/limits'
import type { TokenAnswer } from './net/connection.ts'
import { post, type Answer } from './pages/api.ts'
import type { Profile } from './pages/memory.ts'
import type { Ticket } from './pages/ticket.ts'
import { RoomLink } from './room.ts'

/** From a ticket to a token and a place in the room. */
export interface Admission {
  readonly token: TokenAnswer
  readonly link: RoomLink
  /** Makes the next token; absent for who came by a code and may not come again without one. */
  readonly secret: string | undefined
}

export async function admit(ticket: Ticket): Promise<Answer<Admission>> {
  switch (ticket.kind) {
    case 'new':
      return admitNew(ticket.profile)
    case 'again': {
      const { secret } = ticket
      return admitKnown({ secret, use: 'ride' }, { secret }, secret)
    }
    case 'code':
      return admitKnown({ code: ticket.code, use: 'watch' }, { isSpectator: true }, undefined)
  }
}

export const tokenBySecret = (secret: string): Promise<Answer<TokenAnswer>> => askToken({ secret, use: 'ride' })

async function admitNew(profile: Profile): Promise<Answer<Admission>> {
  const { name, massKg, heightM } = profile
  const joined = await RoomLink.join({ name, massKg, heightM })
  if (!joined.ok) return joined
  const link = joined.value
  const token = await askToken({ seat: { roomId: link.roomId, sessionId: link.sessionId }, use: 'ride' })
  if (!token.ok) {
    void link.leave()
    return token
  }
  return { ok: true, value: { token: token.value, link, secret: token.value.rider.secret } }
}

async function admitKnown(
  credential: Readonly<Record<string, string>>,
  joinOptions: Readonly<Record<string, unknown>>,
  secret: string | undefined,
): Promise<Answer<Admission>> {
  const token = await askToken(credential)
  if (!token.ok) return token
  const joined = await RoomLink.join(joinOptions, token.value.room.id)
  return joined.ok ? { ok: true, value: { token: token.value, link: joined.value, secret } } : joined
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
  return secret === undefined
    ? { ok: false, message: 'The server gave no rider to sign up with. Reload the page and try again.' }
    : { ok: true, value: secret }
}
