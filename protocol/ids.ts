declare const kind: unique symbol
type Branded<K extends string> = number & { readonly [kind]: K }

/** Ticks since the room began; 0 is the state before the first step. */
export type Tick = Branded<'Tick'>
/** Who: a number the server gave a rider for as long as the room lives. Never reused. */
export type RiderId = Branded<'RiderId'>
/** Where: the rider's row in the table, from join to leave. Rows are reused. */
export type Row = Branded<'Row'>
/** A counter of 16 bits that wraps. */
export type Sequence = Branded<'Sequence'>

/** True when `a` comes after `b` on a 16-bit circle (RFC 1982). */
export function isNewer(a: Sequence, b: Sequence): boolean {
  const ahead = (a - b) & 0xffff
  return ahead !== 0 && ahead < 0x8000
}
