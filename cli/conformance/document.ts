import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import * as limits from '#protocol/limits'
import { VECTOR_FILES } from './all.ts'

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
export const DOCUMENT = at('docs/protocol.md')

/** The tables of docs/protocol.md that only repeat what stands elsewhere, as they should be now. */
export async function withTables(document: string): Promise<string> {
  const tables = {
    limits: limitsTable(await readFile(at('protocol/limits.ts'), 'utf8')),
    vectors: vectorsTable(),
  }
  let text = document
  for (const [name, table] of Object.entries(tables)) {
    const place = new RegExp(`<!-- ${name} -->\\n[\\s\\S]*?<!-- end -->`)
    if (!place.test(text)) throw new Error(`docs/protocol.md has no place for the table of ${name}`)
    text = text.replace(place, () => `<!-- ${name} -->\n${table}\n<!-- end -->`)
  }
  return text
}

/** Every number of protocol/limits.ts, with the words that stand above it there. */
function limitsTable(source: string): string {
  const rows: string[] = []
  let words = ''
  for (const [, comment, name] of source.matchAll(/\/\*\*([\s\S]*?)\*\/|^export const (\w+) =/gm)) {
    if (comment !== undefined) words = wordsOf(comment)
    if (name === undefined) continue
    const value = textOf((limits as Record<string, unknown>)[name])
    if (value !== undefined) rows.push(`| \`${name}\` | ${value} | ${words} |`)
    words = ''
  }
  return ['| name | value | |', '|---|---|---|', ...rows].join('\n')
}

function wordsOf(comment: string): string {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\*? ?/, '').trim())
  return lines.join(' ').trim().replaceAll('|', '/')
}

/** A number, or a few; what is made of names is told elsewhere in words. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return Array.isArray(value) && value.every((each) => typeof each === 'number') ? value.join(' · ') : undefined
}

function vectorsTable(): string {
  const rows = VECTOR_FILES.map(({ name, about, vectors }) => {
    const rules = [...new Set(about.match(/\[D\d+\]/g) ?? [])].join(' ')
    return { name, row: `| \`protocol/vectors/${name}.json\` | ${vectors().length} | ${rules} |` }
  })
  const sorted = rows.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ row }) => row)
  return ['| file | vectors | rules |', '|---|---|---|', ...sorted].join('\n')
}
