/** One thing that was looked at, told in a sentence. */
export interface Check {
  /** Short and stable: `--json` uses it as the key. */
  readonly name: string
  /** none: there was nothing to look at, and that is no fault. */
  readonly level: 'good' | 'warning' | 'bad' | 'none'
  /** What is so; a sentence with its stop. */
  readonly words: string
  /** What to do about it; '' when nothing. */
  readonly remedy: string
}

export const good = (name: string, words: string): Check => ({ name, level: 'good', words, remedy: '' })
export const none = (name: string, words: string): Check => ({ name, level: 'none', words, remedy: '' })
export const warning = (name: string, words: string, remedy: string): Check => ({
  name,
  level: 'warning',
  words,
  remedy,
})
export const bad = (name: string, words: string, remedy: string): Check => ({ name, level: 'bad', words, remedy })

const MARKS: Readonly<Record<Check['level'], string>> = { good: '✓', warning: '!', bad: '✗', none: '·' }

/** As lines for people: a mark, the name, the sentence; the remedy below it. */
export function checkLines({ name, level, words, remedy }: Check): string[] {
  const line = `${MARKS[level]} ${name.padEnd(12)} ${words}`
  return remedy === '' ? [line] : [line, `${' '.repeat(15)}→ ${remedy}`]
}

/** Runs each in turn; one that breaks is a check that failed, not the end of the doctor. */
export async function runChecks(
  checks: readonly (readonly [name: string, run: () => Promise<Check | readonly Check[]>])[],
  onCheck: (check: Check) => void,
): Promise<readonly Check[]> {
  const done: Check[] = []
  for (const [name, run] of checks) {
    let answers: readonly Check[]
    try {
      const answer = await run() // In turn: two at once would measure each other.
      answers = Array.isArray(answer) ? (answer as readonly Check[]) : [answer as Check]
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      answers = [
        bad(name, `This could not be looked at: ${why}.`, 'Run it again with GRUPPETTO_DEBUG=1 and file an issue.'),
      ]
    }
    for (const answer of answers) {
      done.push(answer)
      onCheck(answer)
    }
  }
  return done
}
