import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { RiderId } from '#protocol/ids'
import { CODE_TTL_S, hashSecret, Identities, type Identity } from './identities.ts'

const ana: Identity = { roomId: 'r1', riderId: 7 as RiderId, uuid: 'u', name: 'Ana', massKg: 60, heightM: 1.7 }

function fresh(): { clock: { atMs: number; nowMs(): number }; identities: Identities } {
  const clock = { atMs: 0, nowMs: () => clock.atMs }
  return { clock, identities: new Identities({ clock, randomBytes }) }
}

test('a secret of 256 bits finds its rider again, and is not what is kept', () => {
  const { identities } = fresh()
  const { secret, secretHash } = identities.issueSecret(ana)
  expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(secretHash).toBe(hashSecret(secret))
  expect(identities.bySecret(secret)).toBe(ana)
  expect(identities.bySecret(secretHash)).toBeUndefined()
})

test('a code is used once, however it is typed', () => {
  const { identities } = fresh()
  const { code, expiresInS } = identities.issueCode(ana)
  expect(code).toMatch(/^[2-9A-HJKMNP-Z]{6}$/)
  expect(expiresInS).toBe(CODE_TTL_S)
  expect(identities.takeCode(` ${code.slice(0, 3).toLowerCase()}-${code.slice(3)} `)).toBe(ana)
  expect(() => identities.takeCode(code)).toThrow(/ask for a new one/)
})

test('a code is worth nothing after its time, and nothing once a newer one is asked for', () => {
  const { clock, identities } = fresh()
  const first = identities.issueCode(ana).code
  const second = identities.issueCode(ana).code
  expect(() => identities.takeCode(first)).toThrow(/unknown/)
  clock.atMs = CODE_TTL_S * 1000
  expect(() => identities.takeCode(second)).toThrow(/unknown/)
})

test('a room that is gone takes its secrets and codes with it, and nobody else’s', () => {
  const { identities } = fresh()
  const gone = identities.issueSecret(ana).secret
  const { code } = identities.issueCode(ana)
  const stays = identities.issueSecret({ ...ana, roomId: 'r2' }).secret
  identities.forgetRoom('r1')
  expect(identities.bySecret(gone)).toBeUndefined()
  expect(() => identities.takeCode(code)).toThrow()
  expect(identities.bySecret(stays)).toBeDefined()
})
