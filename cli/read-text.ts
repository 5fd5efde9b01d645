import { readFile } from 'node:fs/promises'
import { UsageError } from './command.ts'

/** A file that the command line names. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : 'unknown reason'}`)
  }
}
