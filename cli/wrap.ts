/** Lines of a terminal broken between words. A second column, two spaces or more behind the first, stays a column. */
export function wrapLine(line: string, width: number): string[] {
  if (line.length <= width) return [line]
  const lead = /^ */.exec(line)![0].length
  const column = /^ *\S.*? {2,}(?=\S)/.exec(line)?.[0].length ?? lead
  const indent = ' '.repeat(column <= width / 2 ? column : lead)
  const lines: string[] = []
  // Up to the second column nothing is broken and no space is lost.
  let at = line.slice(0, indent.length)
  let isEmpty = true
  for (const word of line.slice(indent.length).split(/ +/)) {
    if (!isEmpty && at.length + 1 + word.length > width) {
      lines.push(at)
      at = `${indent}${word}`
    } else {
      at = isEmpty ? `${at}${word}` : `${at} ${word}`
    }
    isEmpty = false
  }
  return [...lines, at]
}

/** Text written by hand in lines: paragraphs flow to this width; indented lines and headings stay lines. */
export function wrapText(text: string, width: number): string[] {
  const joined: string[] = []
  for (const line of text.split('\n')) {
    const last = joined.at(-1)
    if (last !== undefined && isFlowing(last) && isFlowing(line) && !isHeading(last, line))
      joined.push(`${joined.pop()} ${line}`)
    else joined.push(line)
  }
  return joined.flatMap((line) => wrapLine(line, width))
}

const isFlowing = (line: string): boolean => line !== '' && !line.startsWith(' ')
/** `Examples:` begins something, unless it ends a sentence that began in the line before. */
const isHeading = (before: string, line: string): boolean =>
  before.endsWith(':') || (line.endsWith(':') && /[.!?]$/.test(before))
