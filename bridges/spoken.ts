import type { RiderWish } from '#protocol/rider-wish'

/** By their number, as physics counts them. */
const TURNS = [
  ['none', 'n'],
  ['left', 'l'],
  ['straight', 's'],
  ['right', 'r'],
  ['back', 'b'],
] as const

export const SPOKEN_HELP =
  'left, straight, right, back or none at the next junction; route ID, or route alone to leave it'

/** A line typed at a bridge that has no page: what it wishes, or why it is no wish. */
export function spokenWish(line: string): RiderWish | { readonly complaint: string } | undefined {
  const [word = '', ...rest] = line.trim().split(/\s+/)
  if (word === '') return undefined
  const turn = TURNS.findIndex((names) => names.some((name) => name === word.toLowerCase()))
  if (turn >= 0 && rest.length === 0) return { kind: 'turn', turn }
  if (word.toLowerCase() === 'route' && rest.length <= 1) {
    const [routeId = ''] = rest
    if (/^[\x21-\x7e]{0,64}$/.test(routeId)) return { kind: 'route', routeId }
  }
  return { complaint: `"${line.trim().slice(0, 40)}" is no wish; say ${SPOKEN_HELP}` }
}
