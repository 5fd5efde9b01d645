import { signal } from '@preact/signals'

/**
 * Friends of the account who ride in this room: rider number to public id. Undefined for guests, who know theirs by name
 * (`settings.ts`): a name is nobody's own.
 */
export const friendsHere = signal<ReadonlyMap<number, string> | undefined>(undefined)

export function isFriend(id: number, name: string | undefined, names: readonly string[]): boolean {
  const here = friendsHere.peek()
  return here === undefined ? name !== undefined && names.includes(name) : here.has(id)
}
