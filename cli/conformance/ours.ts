import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { VECTOR_FILES } from './all.ts'
import { render, renderAgain, type VectorFile } from './vector-file.ts'

export const VECTORS_FOLDER = fileURLToPath(new URL('../../protocol/vectors', import.meta.url))

/** What one implementation makes of one file. */
export interface Verdict {
  readonly name: string
  readonly passed: number
  readonly failed: number
  /** The first few, in words. */
  readonly failures: readonly string[]
}

const FAILURES_SAID = 3

export async function writeVectors(folder: string): Promise<void> {
  for (const file of VECTOR_FILES) await writeFile(join(folder, `${file.name}.json`), render(file))
}

/** Makes every vector again with our code and holds it against the file. */
export async function verifyOurs(folder: string, names?: readonly string[]): Promise<readonly Verdict[]> {
  const present = (await readdir(folder)).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5))
  const unknown = present.filter((name) => !VECTOR_FILES.some((file) => file.name === name))
  const verdicts: Verdict[] = unknown.map((name) => ({
    ...{ name, passed: 0, failed: 1 },
    failures: [`${name}.json: no file of this name is made by our code`],
  }))
  for (const file of VECTOR_FILES) {
    if (names === undefined || names.includes(file.name)) verdicts.push(await verifyFile(folder, file))
  }
  return verdicts.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

async function verifyFile(folder: string, file: VectorFile): Promise<Verdict> {
  const { name } = file
  const fail = (sentence: string): Verdict => ({ name, passed: 0, failed: 1, failures: [`${name}.json: ${sentence}`] })
  let text: string
  try {
    text = await readFile(join(folder, `${name}.json`), 'utf8')
  } catch {
    return fail('cannot be read; "gruppetto check-protocol --write" makes it')
  }
  let made: string
  try {
    made = file.again === undefined ? render(file) : renderAgain(file, vectorsOf(text).map(file.again))
  } catch (error) {
    return fail(`our code cannot make it: ${String(error)}`)
  }
  const found = text.split('\n')
  const wanted = made.split('\n')
  const failures: string[] = []
  for (let i = 0; i < Math.max(found.length, wanted.length); i++) {
    if (found[i] !== wanted[i]) failures.push(`${name}.json, line ${i + 1}: ${differenceOf(found[i], wanted[i])}`)
  }
  const vectors = wanted.filter((line) => line.startsWith('{"')).length
  const failed = Math.min(failures.length, Math.max(vectors, 1))
  return { name, passed: vectors - failed, failed, failures: failures.slice(0, FAILURES_SAID) }
}

function vectorsOf(text: string): readonly object[] {
  return (JSON.parse(text) as { vectors: object[] }).vectors
}

function differenceOf(found = '', wanted = ''): string {
  let at = 0
  while (at < found.length && found[at] === wanted[at]) at++
  const from = Math.max(0, at - 30)
  return `"…${found.slice(from, at + 40)}…" in the file, "…${wanted.slice(from, at + 40)}…" by our code`
}
