import { createHash } from 'node:crypto'

/**
 * A person beyond one ride: an account by its id, a guest by what their browser keeps (hashed, so that the store can open
 * nobody's browser), and who brings neither (a bridge alone) by the rider. Keys are told to nobody.
 */
export const personKeys = {
  account: (accountId: string): string => `a:${accountId}`,
  guest: (browserKey: string): string => `g:${createHash('sha256').update(browserKey).digest('hex')}`,
  rider: (uuid: string): string => `r:${uuid}`,
}
