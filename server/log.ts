import { pino, type Logger } from 'pino'
import type { Config } from './config.ts'

/** Lines for machines where something collects them, for people on a terminal. */
export type Log = Logger

export interface LineSink {
  write(text: string): void
  readonly isTTY?: boolean
}

/** Everything goes to stderr: stdout belongs to what the command says. */
export function createLog(level: Config['log'], sink: LineSink = process.stderr): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime }
  if (sink.isTTY !== true) return pino(options, { write: (line: string) => sink.write(line) })
  return pino(options, {
    write(line: string) {
      // A line per room and second fills a log well and a terminal badly.
      const text = humanLine(line, { isVerbose: level === 'debug' })
      if (text !== undefined) sink.write(`${text}\n`)
    },
  })
}

const LEVEL_NAMES: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'ERROR', 60: 'FATAL' }

/** One JSON line as a person reads it; undefined when it is only of use to a collector. */
function humanLine(json: string, { isVerbose }: { isVerbose: boolean }): string | undefined {
  const { time, level, msg, ...rest } = JSON.parse(json) as Record<string, unknown>
  if (rest['kind'] === 'room-second' && !isVerbose) return undefined
  const clock = String(time).slice(11, 19)
  const name = LEVEL_NAMES[Number(level)] ?? ''
  const facts = Object.entries(rest).map(([key, value]) => `${key}=${plain(value)}`)
  return [clock, name.padEnd(5), ...(msg === undefined ? [] : [String(msg)]), ...facts].join(' ')
}

function plain(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'stack' in value) return `\n${String(value.stack)}`
  return typeof value === 'string' && !/\s/.test(value) ? value : JSON.stringify(value)
}
