/**
 * Shader code as the page carries it: what stands under conditions that never hold here is left out, and so are remarks,
 * indents and spaces that no compiler needs. Used by client/lean-three.ts when the page is built. docs/client.md [V87]
 */

/** What is known of a name: never defined, or the number 0. */
export interface Known {
  readonly isOff: (name: string) => boolean
  readonly isZero: (name: string) => boolean
}

/** true or false where it is known; else the condition as it is left. */
type Value = boolean | string

/** Preprocessor conditions worked out as far as they are known. */
export function withoutBranches(glsl: string, known: Known): string {
  const out: string[] = []
  /** One for each `#if` that is open: is it written, was a branch of it taken for certain, are lines in it kept. */
  const open: { isWritten: boolean; isDone: boolean; isKept: boolean; isUnder: boolean }[] = []
  const isKept = (): boolean => open.at(-1)?.isKept ?? true
  for (const line of glsl.split('\n')) {
    const [, word, rest = ''] = /^\s*#\s*(ifdef|ifndef|if|elif|else|endif)\b(.*)$/.exec(line) ?? []
    const top = open.at(-1)
    if (word === undefined) {
      if (isKept()) out.push(line)
    } else if (word.startsWith('if')) {
      const isUnder = isKept()
      const value = isUnder ? conditionOf(word, rest, known) : false
      const isWritten = typeof value === 'string'
      if (isWritten) out.push(value)
      open.push({ isWritten, isDone: value === true, isKept: isUnder && value !== false, isUnder })
    } else if (top === undefined) throw new Error(`Shader code with a stray #${word}`)
    else if (word === 'endif') {
      if (top.isWritten) out.push('#endif')
      open.pop()
    } else if (!top.isUnder || top.isDone) top.isKept = false
    else {
      const value = word === 'else' ? true : conditionOf('if', rest, known)
      top.isKept = value !== false
      if (value === true) {
        if (top.isWritten) out.push('#else')
        top.isDone = true
      } else if (typeof value === 'string') {
        out.push(top.isWritten ? value.replace('#if', '#elif') : value)
        top.isWritten = true
      }
    }
  }
  if (open.length > 0) throw new Error('Shader code with an #if that never ends')
  return out.join('\n')
}

function conditionOf(word: string, rest: string, known: Known): Value {
  const text = rest.replace(/\/\/.*$/, '').trim()
  if (word !== 'if') {
    if (!known.isOff(text)) return `#${word} ${text}`
    return word === 'ifndef'
  }
  const value = evaluate(text, known)
  return typeof value === 'string' ? `#if ${value}` : value
}

/** A condition of `defined`, numbers, `!`, `&&`, `||` and comparisons; whatever else there is stays as it is. */
function evaluate(text: string, known: Known): Value {
  const tokens = text.match(/defined\s*\(\s*\w+\s*\)|defined\s+\w+|\w+|&&|\|\||[<>=!]=|[<>!()]/g) ?? []
  if (tokens.join('').replace(/\s/g, '') !== text.replace(/\s/g, '')) return text
  let at = 0
  const or = (): Value => join('||', and)
  const and = (): Value => join('&&', not)
  function join(sign: '||' | '&&', part: () => Value): Value {
    const left: string[] = []
    let is: Value = sign === '&&'
    for (;;) {
      const value = part()
      if (value === (sign === '||')) is = value
      else if (typeof value === 'string') left.push(value)
      if (tokens[at] !== sign) break
      at++
    }
    if (is === (sign === '||')) return is
    if (left.length === 0) return is
    return left.length === 1 ? left[0]! : `(${left.join(sign)})`
  }
  function not(): Value {
    if (tokens[at] !== '!') return compared()
    at++
    const value = not()
    return typeof value === 'string' ? `!${value}` : !value
  }
  function compared(): Value {
    if (tokens[at] === '(') {
      at++
      const value = or()
      at++
      return value
    }
    const token = tokens[at++] ?? ''
    const name = /^defined\W+(\w+)/.exec(token)?.[1]
    if (name !== undefined) return known.isOff(name) ? false : `defined(${name})`
    const sign = tokens[at]
    if (sign === undefined || !/^([<>]=?|[=!]=)$/.test(sign)) return token
    at++
    const other = tokens[at++] ?? ''
    const numbers = [token, other].map((one) => (known.isZero(one) ? 0 : /^\d+$/.test(one) ? Number(one) : NaN))
    const [a, b] = numbers as [number, number]
    if (Number.isNaN(a) || Number.isNaN(b)) return `${token}${sign}${other}`
    if (sign === '>') return a > b
    if (sign === '<') return a < b
    if (sign === '>=') return a >= b
    if (sign === '<=') return a <= b
    return sign === '==' ? a === b : a !== b
  }
  const value = or()
  return at === tokens.length ? value : text
}

/** Functions of these names, and what stands between their braces. */
export function withoutFunctions(glsl: string, names: ReadonlySet<string>): string {
  const begin =
    /^[ \t]*(?:(?:highp|mediump|lowp|const)\s+)*(?:void|bool|int|uint|float|[biu]?vec[234]|mat[234])\s+(\w+)\s*\(/gm
  let out = ''
  let from = 0
  for (const { 1: name, index } of glsl.matchAll(begin)) {
    if (index < from || !names.has(name!)) continue
    const brace = glsl.indexOf('{', index)
    if (brace < 0 || glsl.slice(index, brace).includes(';')) continue // Only announced here.
    let depth = 0
    let end = brace
    do depth += glsl[end] === '{' ? 1 : glsl[end] === '}' ? -1 : 0
    while (depth > 0 && ++end < glsl.length)
    out += glsl.slice(from, index)
    from = end + 1
  }
  return out + glsl.slice(from)
}

/** Without remarks, indents, empty lines, spaces beside signs, and zeros that say nothing. Lines stay lines. */
export function tight(glsl: string): string {
  return (
    glsl
      .replace(/\/\*[\s\S]*?\*\//g, ' ')
      .split('\n')
      .map((line) => {
        const plain = line.replace(/\/\/.*$/, '').trim()
        // What a preprocessor reads may need its spaces.
        if (plain.includes('#')) return plain.replace(/\s+/g, ' ')
        return plain
          .replace(/\s+/g, ' ')
          .replace(/ ?([*/=,;(){}<>?:&|[\]]) ?/g, '$1')
          .replace(/(?<=[^-+ ]) ?([-+]=?) ?(?=[^-+ ])/g, '$1')
          .replace(/(?<![\w.])0\.(?=\d)/g, '.')
          .replace(/(?<![\w.])(\d+)\.0+(?![\w.])/g, '$1.')
      })
      .filter((line) => line !== '')
      .join('\n')
      // Edits of programs look for it by these words.
      .replace(/\bvoid main\(\)\{/g, 'void main() {')
  )
}
