import { UsageError, type Command, type Invocation, type NumberRange, type Option } from './command.ts'
import { nearest } from '#server/nearest'

/** What was typed after the name of a command, held against what the command takes. */
export type Arguments = Pick<Invocation, 'positionals' | 'text' | 'number' | 'flag' | 'all' | 'isJson'> & {
  readonly isHelp: boolean
}

/** Every command's own. */
export const COMMON_OPTIONS: readonly Option[] = [
  { name: 'json', summary: 'print one JSON object on stdout, and nothing else' },
  { name: 'help', summary: 'this text' },
]

/** Throws UsageError for anything the command does not take. With `--help` nothing is missing or too much. */
export function parseArguments(command: Command, argv: readonly string[]): Arguments {
  const options = new Map([...command.options, ...COMMON_OPTIONS].map((option) => [option.name, option]))
  const given = new Map<string, string[]>()
  const positionals: string[] = []
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!
    if (word === '--') {
      positionals.push(...argv.slice(i + 1))
      break
    }
    if (!word.startsWith('-') || word === '-' || isNumber(word)) {
      positionals.push(word)
      continue
    }
    const { name, attached } = splitOption(word)
    const option = options.get(name)
    if (option === undefined) throw new UsageError(unknownOption(command, word, [...options.keys()]))
    if (option.value === undefined && attached !== undefined) throw new UsageError(`--${name} takes no value`)
    let value = attached ?? ''
    if (option.value !== undefined && attached === undefined) {
      const next = argv[i + 1]
      if (next === undefined || isOption(next, options)) {
        throw new UsageError(`--${name} needs a value: --${name} ${option.value}`)
      }
      value = next
      i++
    }
    if (option.value !== undefined && value === '') throw new UsageError(`--${name} needs a value, not an empty one`)
    const values = given.get(name) ?? []
    if (values.length > 0 && option.value !== undefined && option.repeated !== true) {
      throw new UsageError(`--${name} was given twice: "${values[0]}" and "${value}"`)
    }
    given.set(name, [...values, value])
  }
  const isHelp = given.has('help')
  if (!isHelp) {
    refuseMissing(command, given)
    refuseWrongCount(command, positionals)
  }
  return {
    positionals,
    isHelp,
    isJson: given.has('json'),
    text: (name) => textOf(declared(command, name), given),
    number: (name, range) => numberOf(declared(command, name), given, range),
    flag: (name) => declared(command, name).value === undefined && given.has(name),
    all: (name) => given.get(declared(command, name).name) ?? [],
  }
}

function splitOption(word: string): { name: string; attached?: string } {
  if (word === '-h') return { name: 'help' }
  const bare = word.replace(/^--?/, '')
  const equals = bare.indexOf('=')
  return equals === -1 ? { name: bare } : { name: bare.slice(0, equals), attached: bare.slice(equals + 1) }
}

/** A value may begin with a dash, as −5 does; the name of an option never stands where a value belongs. */
function isOption(word: string, options: ReadonlyMap<string, Option>): boolean {
  return word.startsWith('--') || (word.startsWith('-') && options.has(splitOption(word).name))
}

function unknownOption(command: Command, word: string, names: readonly string[]): string {
  const typed = splitOption(word).name
  const near = nearest(typed, names)
  const shown = word.startsWith('--') ? `--${typed}` : `-${typed}`
  return `"${command.name}" has no option ${shown}${near === undefined ? '' : `; did you mean --${near}?`}`
}

function refuseMissing(command: Command, given: ReadonlyMap<string, readonly string[]>): void {
  for (const option of command.options) {
    if (option.isRequired === true && !given.has(option.name)) {
      throw new UsageError(`"${command.name}" needs --${option.name} ${option.value ?? ''}: ${option.summary}`)
    }
  }
}

function refuseWrongCount(command: Command, positionals: readonly string[]): void {
  const names = command.positionals ?? []
  const missing = names.slice(positionals.length).find((name) => !name.endsWith('?'))
  if (missing !== undefined) throw new UsageError(`"${command.name}" needs ${missing}`)
  const extra = positionals[names.length]
  if (extra !== undefined) {
    const takes = names.length === 0 ? 'nothing without a dash' : names.map((name) => name.replace('?', '')).join(' ')
    throw new UsageError(`"${command.name}" takes ${takes}; "${extra}" is one too many`)
  }
}

/** Asking for an option that the command does not list is broken code, not the user's mistake. */
function declared(command: Command, name: string): Option {
  const option = command.options.find((one) => one.name === name)
  if (option === undefined) throw new Error(`cli/${command.name}.ts asks for --${name}, which it does not list`)
  return option
}

function textOf(option: Option, given: ReadonlyMap<string, readonly string[]>): string | undefined {
  return given.get(option.name)?.at(-1) ?? option.default
}

function numberOf(
  option: Option,
  given: ReadonlyMap<string, readonly string[]>,
  { min, max, isWhole = false }: NumberRange,
): number | undefined {
  const text = textOf(option, given)
  if (text === undefined) return undefined
  const value = isNumber(text) ? Number(text) : Number.NaN
  const fits = value >= min && value <= max && (!isWhole || Number.isInteger(value))
  if (fits) return value
  const kind = isWhole ? 'a whole number' : 'a number'
  const bounds =
    min === -Infinity && max === Infinity
      ? ''
      : max === Infinity
        ? ` of at least ${min}`
        : min === -Infinity
          ? ` of at most ${max}`
          : ` from ${min} to ${max}`
  throw new UsageError(`--${option.name} takes ${kind}${bounds}, not "${text}"`)
}

function isNumber(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)
}
