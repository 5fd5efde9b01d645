import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Invocation } from '#cli/command'

/** A command called with `--json`, these words and these options. */
export function invocation(positionals: readonly string[], options: Readonly<Record<string, string>> = {}): Invocation {
  return {
    positionals,
    text: (name) => options[name],
    number: (name) => (options[name] === undefined ? undefined : Number(options[name])),
    flag: () => false,
    all: () => [],
    isJson: true,
    progress: () => {},
    say: () => {},
    line: () => {},
    signal: new AbortController().signal,
  }
}

/** A file of this name and content, for as long as it is used. */
export async function withFile<T>(
  name: string,
  content: string | Uint8Array,
  use: (file: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gruppetto-'))
  try {
    writeFileSync(path.join(folder, name), content)
    return await use(path.join(folder, name))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
