import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArguments } from './args.ts'
import { UsageError, type Command, type Invocation, type Report } from './command.ts'
import { COMMANDS, type Listed } from './list.ts'
import { nearest } from '#server/nearest'
import { commandHelp, listHelp, reportJson, reportTable, type Output } from './print.ts'
import { Progress } from './progress.ts'

/** What the program touches, so that tests hand in their own. */
export interface Surroundings {
  readonly commands: readonly Listed[]
  readonly out: Output
  readonly err: Output
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  nowMs(): number
}

const EXIT_FAILED = 1
const EXIT_USAGE = 2

/** Runs one command line and answers the exit code: 0 well, 1 not, 2 not understood. */
export async function main(argv: readonly string[], at: Surroundings = system()): Promise<number> {
  const isJson = argv.includes('--json')
  try {
    return await dispatch(argv, at)
  } catch (error) {
    const sentence = error instanceof Error && error.message !== '' ? error.message : String(error)
    if (isJson) at.out.write(reportJson({ ok: false, figures: {}, failures: [sentence] }))
    at.err.write(`gruppetto: ${sentence}\n`)
    if (error instanceof UsageError) return EXIT_USAGE
    if (isSet(at.env['GRUPPETTO_DEBUG']) && error instanceof Error) at.err.write(`${error.stack ?? ''}\n`)
    return EXIT_FAILED
  }
}

async function dispatch(argv: readonly string[], at: Surroundings): Promise<number> {
  const [first, ...rest] = argv
  if (first === undefined || first === '--help' || first === '-h' || (first === 'help' && rest.length === 0)) {
    at.out.write(listHelp(at.commands, at.out))
    return 0
  }
  if (first === '--version') {
    at.out.write(`${version()}\n`)
    return 0
  }
  if (first === 'help') return dispatch([rest[0]!, '--help'], at)
  const command = await find(first, at).load()
  const given = parseArguments(command, rest)
  if (given.isHelp) {
    at.out.write(commandHelp(command, at.out))
    return 0
  }
  return run(command, given, at)
}

function find(name: string, { commands }: Surroundings): Listed {
  const found = commands.find((command) => command.name === name)
  if (found !== undefined) return found
  if (name.startsWith('-')) throw new UsageError(`a command comes first, then "${name}"; "gruppetto --help" lists them`)
  const near = nearest(
    name,
    commands.map((command) => command.name),
  )
  const hint = near === undefined ? '' : `; did you mean "${near}"?`
  throw new UsageError(`there is no command "${name}"${hint} ("gruppetto --help" lists them)`)
}

async function run(command: Command, given: ReturnType<typeof parseArguments>, at: Surroundings): Promise<number> {
  const { isJson } = given
  const progress = new Progress(at.err, () => at.nowMs())
  const invocation: Invocation = {
    ...given,
    signal: at.signal,
    progress: (done, total, label) => {
      if (!isJson) progress.show(done, total, label)
    },
    say: (line) => {
      if (isJson) return
      progress.clear()
      at.out.write(`${line}\n`)
    },
    line: (text) => at.out.write(`${text}\n`),
  }
  let answer: Report | number
  try {
    answer = await command.run(invocation)
  } finally {
    progress.clear()
  }
  const report = typeof answer === 'number' ? { ok: answer === 0, figures: {}, failures: [] } : answer
  if (isJson) at.out.write(reportJson(report))
  else if (typeof answer !== 'number') at.out.write(reportTable(report, at.out))
  return typeof answer === 'number' ? answer : report.ok ? 0 : EXIT_FAILED
}

function isSet(text: string | undefined): boolean {
  return text !== undefined && text !== '' && text !== '0'
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

function output(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Output {
  const isTerminal = stream.isTTY
  const write = stream.write.bind(stream)
  return {
    write: (text) => void write(text),
    isTerminal,
    width: Math.min(isTerminal ? stream.columns || 80 : 80, 100),
    hasColour: isTerminal && !isSet(env['NO_COLOR']) && env['TERM'] !== 'dumb',
  }
}

/** The process's own streams, clock and signals. */
function system(): Surroundings {
  const { argv, env, stdout, stderr } = process
  const surroundings: Surroundings = {
    commands: COMMANDS,
    out: output(stdout, env),
    err: output(stderr, env),
    env,
    signal: interruption(),
    nowMs: () => performance.now(),
  }
  // A reader that has seen enough (`gruppetto bench | head`) closes the pipe; that is no crash.
  stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : EXIT_FAILED))
  // With --json a package that greets on stdout must not spoil the object.
  if (argv.includes('--json')) stdout.write = stderr.write.bind(stderr)
  return surroundings
}

function interruption(): AbortSignal {
  const controller = new AbortController()
  let sinceMs = Infinity
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      // npm passes Ctrl-C on to us a second time, at once. Only a later one means "now, whatever it costs".
      if (performance.now() - sinceMs > 2000) process.exit(name === 'SIGINT' ? 130 : 143)
      sinceMs = Math.min(sinceMs, performance.now())
      controller.abort()
    })
  }
  return controller.signal
}

/** Started as `node cli/main.ts`, or by the bootstrap, which imports this file. A test that imports it starts nothing. */
function isProgram(): boolean {
  const started = process.argv[1]
  if (started === undefined || !existsSync(started)) return false
  const entries = ['main.ts', '../gruppetto.mjs'].map((file) => fileURLToPath(new URL(file, import.meta.url)))
  return entries.includes(realpathSync(started))
}

if (isProgram()) {
  const code = await main(process.argv.slice(2))
  // A command has closed what it opened when it returns; a socket that a package keeps open must not hold the shell.
  process.stdout.end(() => process.exit(code))
}
