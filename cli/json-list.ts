import { readFile } from 'node:fs/promises'
import { UsageError } from './command.ts'

/** A file that is a list of JSON values, none of them looked at yet; anything else is one sentence. */
export async function readJsonList(file: string, what: string): Promise<readonly unknown[]> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${file} could not be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}).`)
  }
  let rows: unknown
  try {
    rows = JSON.parse(text)
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}.`)
  }
  if (!Array.isArray(rows)) throw new UsageError(`${file} is not a list of ${what}.`)
  return rows as unknown[]
}
