export type Side = -1 | 0 | 1
/** Bars made of two keys or two places to touch: held they turn, let go they come back. */
export declare class Steering {
  #private
  /** `by` is what holds: a key, a button; what holds last decides. */
  hold(by: string, side: Side): void
  letGo(by: string): void
  letGoOfAll(): void
  /** The bars now, −127 … 127, whole. */
  at(nowMs: number): number
}
