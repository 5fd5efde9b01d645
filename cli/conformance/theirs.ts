import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Verdict } from './ours.ts'
import type { Kill } from './mutations.ts'

const FOLDER = fileURLToPath(new URL('../../test/conformance', import.meta.url))

export const NO_PYTHON =
  'The second implementation needs Python 3.9 or newer and there is none on the PATH: install it (on Debian: sudo apt-get install python3), or say where it is with --python.'

/** Python on the PATH. */
export function findPython(path: string): string | undefined {
  const folders = path.split(delimiter)
  return folders
    .flatMap((folder) => ['python3', 'python3.exe'].map((name) => join(folder, name)))
    .find((candidate) => existsSync(candidate))
}

/** Runs one of its programs and reads the object it prints; a sentence when there is none. */
async function runPython<T>(
  python: string,
  script: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<T | string> {
  const child = spawn(python, [join(FOLDER, script), '--json', ...args], { stdio: ['ignore', 'pipe', 'pipe'], signal })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => (out += String(chunk)))
  child.stderr.on('data', (chunk) => (err += String(chunk)))
  const code = await new Promise<number | string>((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('close', (status) => resolve(status ?? 'a signal'))
  })
  try {
    return JSON.parse(out) as T
  } catch {
    return `${python} ${script} ended with ${code} and said: ${err.trim().split('\n').at(-1) ?? ''}`
  }
}

export async function verifyTheirs(
  python: string,
  vectors: string,
  signal?: AbortSignal,
): Promise<readonly Verdict[] | string> {
  const answer = await runPython<{ files: Verdict[] }>(python, 'verify.py', ['--vectors', vectors], signal)
  return typeof answer === 'string' ? answer : answer.files
}

export async function killTheirMutations(
  python: string,
  vectors: string,
  signal?: AbortSignal,
): Promise<readonly Kill[] | string> {
  const args = ['--mutations', '--vectors', vectors]
  const answer = await runPython<{ kills: Kill[] }>(python, 'verify.py', args, signal)
  return typeof answer === 'string' ? answer : answer.kills
}

/** What the live rider saw; `failures` is empty when all of it was as the document says. */
export interface LiveRide {
  readonly figures: Readonly<Record<string, number>>
  readonly failures: readonly string[]
}

export async function rideLive(
  python: string,
  url: string,
  seconds: number,
  signal?: AbortSignal,
): Promise<LiveRide | string> {
  return await runPython<LiveRide>(python, 'live.py', [url, '--seconds', String(seconds)], signal)
}
