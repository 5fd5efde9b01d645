/** Broken code, not bad input: ends its room, never the process (docs/STYLE.md, Errors). */
export function assert(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${sentence}`)
}
