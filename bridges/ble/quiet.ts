/** noble says to the console what its state says already, in three lines; the first begins so, the others are indented far. */
const NOBLES = /^(noble warning:| {15}\S)/

/**
 * Keeps noble's own lines off stdout, where a person reads ours and a program reads JSON: each of its troubles is one of
 * faults.ts. Everything else that is written there passes. [B154]
 */
export function quietNoble(stdout: Pick<Console, 'log' | 'warn'> = globalThis.console): void {
  for (const way of ['log', 'warn'] as const) {
    const pass = stdout[way].bind(stdout)
    stdout[way] = (...words: unknown[]) => {
      if (typeof words[0] !== 'string' || !NOBLES.test(words[0])) pass(...words)
    }
  }
}
