import type { MapFile } from '../format.ts'

const WIDTH = 140

/** JSON that a person can read and a diff can show: what fits on a line stands on one, lists of small things fill lines. */
export function mapText(map: MapFile): string {
  return `${written(map, '')}\n`
}

function written(value: unknown, indent: string): string {
  const short = onOneLine(value)
  if (indent.length + short.length <= WIDTH || typeof value !== 'object' || value === null) return short
  const inner = `${indent}  `
  if (!Array.isArray(value)) {
    const fields = Object.entries(value).map(
      ([key, field]) => `${inner}${JSON.stringify(key)}: ${written(field, inner)}`,
    )
    return `{\n${fields.join(',\n')}\n${indent}}`
  }
  if (!value.every(Array.isArray))
    return `[\n${value.map((item) => inner + written(item, inner)).join(',\n')}\n${indent}]`
  const lines: string[] = []
  let line = ''
  value.forEach((item, i) => {
    const text = onOneLine(item) + (i < value.length - 1 ? ',' : '')
    if (line !== '' && inner.length + line.length + 1 + text.length > WIDTH) {
      lines.push(inner + line)
      line = ''
    }
    line += line === '' ? text : ` ${text}`
  })
  return `[\n${[...lines, inner + line].join('\n')}\n${indent}]`
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}: ${onOneLine(field)}`)
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
}
