/** What a command of `gruppetto` is. One file per command exports `command`; `cli/main.ts` lists them. */

/** One measured number, with the target it had where one exists. */
export interface Figure {
  readonly value: number | string | boolean
  /** '' for a bare count, a hash or a name. */
  readonly unit: string
  readonly atMost?: number
  readonly atLeast?: number
  /** Present exactly when a target is. */
  readonly pass?: boolean
}

/** What a command that checks, simulates, replays or measures answers. `ok` is false when a target is missed or anything failed. */
export interface Report {
  readonly ok: boolean
  readonly figures: Readonly<Record<string, Figure>>
  readonly failures: readonly string[]
}

export interface Option {
  /** Without dashes: `seed`. */
  readonly name: string
  /** What stands after it, upper case, in --help; none for a flag. */
  readonly value?: string
  readonly summary: string
  readonly default?: string
  /** May be given more than once. */
  readonly repeated?: boolean
  /** The command cannot run without it. */
  readonly isRequired?: boolean
}

export interface Command {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** Names of what stands without a dash, upper case; optional ones end in `?`. */
  readonly positionals?: readonly string[]
  /** `--json` and `--help` are every command's and are not listed here. */
  readonly options: readonly Option[]
  /** More for --help: examples, files, exit codes. */
  readonly details?: string
  /** A `Report` is printed as a table or as JSON; a command that only runs (serve, bridge) returns an exit code. */
  run(invocation: Invocation): Promise<Report | number>
}

/** Its functions need no `this`: take the ones you want by name. */
export interface Invocation {
  readonly positionals: readonly string[]
  /** The text given for an option, or its default. A missing one that `isRequired` was refused before `run`. */
  readonly text: (option: string) => string | undefined
  /** As a number; a UsageError that names option and text when it is not one or out of range. */
  readonly number: (option: string, range: NumberRange) => number | undefined
  readonly flag: (option: string) => boolean
  readonly all: (option: string) => readonly string[]
  readonly isJson: boolean
  /**
   * How far the work is; call it as often as you like. Shown on stderr once the work has taken two seconds: drawn over the
   * last line on a terminal, else a line every few seconds. Silent with --json.
   */
  readonly progress: (done: number, total: number, label: string) => void
  /** Lines for people on stdout; silent with --json. */
  readonly say: (line: string) => void
  /** One line on stdout, also with --json: for a command that answers as long as it runs, one object a line. */
  readonly line: (text: string) => void
  /** Aborted by Ctrl-C and SIGTERM; the command then ends cleanly and returns. */
  readonly signal: AbortSignal
}

export interface NumberRange {
  readonly min: number
  readonly max: number
  readonly isWhole?: boolean
}

/** The user's mistake, in one sentence that says what and where. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A figure with a target; `pass` follows from it. */
export function figure(
  value: number,
  unit: string,
  target?: { readonly atMost?: number; readonly atLeast?: number },
): Figure {
  if (target === undefined) return { value, unit }
  const pass = value <= (target.atMost ?? Infinity) && value >= (target.atLeast ?? -Infinity)
  return { value, unit, ...target, pass }
}

/** A report whose `ok` follows from its figures and failures. */
export function report(figures: Record<string, Figure>, failures: readonly string[] = []): Report {
  const missed = Object.values(figures).some((f) => f.pass === false)
  return { ok: failures.length === 0 && !missed, figures, failures }
}
