import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync, type Plugin } from 'vite'
import { GLSL_WORDS } from './lean-glsl-words.ts'
import { shortNames } from './lean-names.ts'
import { leaner } from './lean-three.ts'

/**
 * Short names in shader code, three.js's and ours (client/view): each name always becomes the same other, which none was,
 * so that programs mean what they meant. A name stays that code outside of shaders says too, in a property or in a text,
 * for it may be a uniform, an attribute or a definition; so does what a text with gaps may be put together to.
 * It stands behind lean-three.ts, which knows three.js's names, and before lean-shaders.ts. docs/client.md [V116]
 */
export function leanShaderNames(): Plugin {
  let short: ReadonlyMap<string, string> | undefined
  let isOn = true
  return {
    name: 'lean-shader-names',
    enforce: 'pre',
    apply: 'build',
    configResolved: ({ build }) => void (isOn = build.minify !== false),
    buildStart: () => void (short = isOn ? readNames().shortened() : undefined),
    transform(code, id) {
      if (short === undefined || !(isPiece(id) || /\/client\/view\/[\w-]+\.ts$/.test(id))) return null
      const after = renamed(id, code, short)
      return after === code ? null : { code: after, map: null }
    },
  }
}

const VIEW = fileURLToPath(new URL('view', import.meta.url))
const THREE = join(dirname(createRequire(import.meta.url).resolve('three')), '../src')
/** Parts of three.js that never meet our programs. */
const NEVER = /^(nodes|loaders|helpers|animation|extras|audio)\/|^renderers\/(common|webgpu|webxr)\/|Nodes\.js$|\.TSL\./

const isPiece = (id: string): boolean => /\/three\/src\/renderers\/shaders\/Shader(Chunk|Lib)\/\w+\.glsl\.js$/.test(id)

/** All that shaders and the code around them say. */
export function readNames(): ShaderNames {
  const names = new ShaderNames()
  for (const file of readdirSync(VIEW, { recursive: true, encoding: 'utf8' }))
    if (/(?<!\.test)\.ts$/.test(file)) names.read(`${VIEW}/${file}`, readFileSync(join(VIEW, file), 'utf8'))
  for (const file of readdirSync(THREE, { recursive: true, encoding: 'utf8' })) {
    const name = file.replaceAll('\\', '/')
    if (!name.endsWith('.js') || NEVER.test(name)) continue
    const cut = leaner(name, readFileSync(join(THREE, file), 'utf8'))
    if ('code' in cut) names.read(`/three/src/${name}`, cut.code)
  }
  return names
}

const REMARK = /\/\*[\s\S]*?\*\/|\/\/.*/g
const WORD = /(?<![\w.])[A-Za-z_]\w*|(?<=\.)[A-Za-z_]\w*/g

/** What is called what. */
export class ShaderNames {
  readonly #count = new Map<string, number>()
  readonly #taken = new Set<string>()
  readonly #begun = new Set<string>()
  readonly #ended = new Set<string>()

  read(file: string, code: string): void {
    if (file.includes('/three/src/') && !isPiece(file)) {
      for (const [word] of code.replace(REMARK, '').matchAll(/[A-Za-z_]\w*/g)) this.#taken.add(word)
      return
    }
    const { pieces, said } = textsOf(file, code)
    for (const { text, isCut } of pieces) {
      for (const [, name] of text.matchAll(/#include <(\w+)>/g)) this.#taken.add(name!)
      for (const [word] of text.replace(REMARK, '').matchAll(WORD))
        this.#count.set(word, (this.#count.get(word) ?? 0) + 1)
      if (isCut.atEnd) for (const [word] of text.matchAll(/[A-Za-z_]\w*$/g)) this.#begun.add(word)
      if (isCut.atBegin) for (const [word] of text.matchAll(/^\w+/g)) this.#ended.add(word)
    }
    for (const text of said) for (const [word] of text.matchAll(/[A-Za-z_]\w*/g)) this.#taken.add(word)
  }

  /** Which name becomes which: the most frequent the shortest. */
  shortened(): Map<string, string> {
    const found = [...this.#count].filter(([name]) => this.#isOurs(name))
    found.sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    const next = shortNames(
      (name) => /[_$]/.test(name) || this.#count.has(name) || this.#taken.has(name) || GLSL_WORDS.has(name),
    )
    return new Map(found.map(([name]) => [name, next.next().value as string]))
  }

  #isOurs(name: string): boolean {
    if (name.length < 3 || this.#taken.has(name) || GLSL_WORDS.has(name) || /^gl_|^GL_|__/.test(name)) return false
    // Parts of a vector look like names.
    if (/^([xyzw]{3,4}|[rgba]{3,4}|[stpq]{3,4})$/.test(name)) return false
    for (const begin of this.#begun) if (name.startsWith(begin)) return false
    for (const end of this.#ended) if (name.endsWith(end)) return false
    return true
  }
}

interface Text {
  readonly text: string
  readonly start: number
  /** Does something that is not known here follow, or go before, without a gap. */
  readonly isCut: { readonly atBegin: boolean; readonly atEnd: boolean }
}

interface Node {
  readonly type?: string
  readonly start: number
  readonly [key: string]: unknown
}

/** The texts of a file that are shader code, and whatever else it calls by a name or says. */
function textsOf(file: string, code: string): { readonly pieces: readonly Text[]; readonly said: readonly string[] } {
  const pieces: Text[] = []
  const said: string[] = []
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit)
    if (typeof node !== 'object' || node === null) return
    const { type, computed, key, property, value, start } = node as Node & { value?: string; raw?: string }
    if (type === 'Literal' && typeof value === 'string') {
      const { raw } = node as unknown as { raw: string }
      if (isLine(value) && !raw.includes('\\'))
        pieces.push({ text: value, start: start + 1, isCut: { atBegin: false, atEnd: false } })
      else said.push(value)
    } else if (type === 'TemplateLiteral') {
      const { quasis } = node as unknown as { quasis: { start: number; value: { raw: string } }[] }
      const isShader = isPiece(file) || isCode(quasis.map(({ value: { raw } }) => raw).join(' '))
      quasis.forEach(({ start: from, value: { raw: text } }, i) => {
        // Parsers count the sign before a piece as part of it, or do not.
        const at = [from, from + 1].find((one) => code.startsWith(text, one)) ?? NaN
        if (isShader) pieces.push({ text, start: at, isCut: { atBegin: i > 0, atEnd: i < quasis.length - 1 } })
        else said.push(text)
      })
    } else if (type === 'MemberExpression' && computed !== true) said.push((property as { name?: string }).name ?? '')
    else if (key !== undefined && key !== null && computed !== true) said.push((key as { name?: string }).name ?? '')
    for (const part of Object.values(node)) visit(part)
  }
  visit(parseSync(file, code, { lang: 'ts' }).program)
  return { pieces, said }
}

const isCode = (text: string): boolean =>
  /[;{}]/.test(text) && /\b(vec[234]|mat[234]|float|uniform|varying|gl_\w+|diffuseColor|reflectedLight)\b/.test(text)
/** A line of shader code in plain quotes. */
const isLine = (text: string): boolean => /^[^'"`]*[=(][^'"`]*[;}]\s*$/.test(text)

/** A file with short names in its shader code. */
export function renamed(file: string, code: string, short: ReadonlyMap<string, string>): string {
  let after = code
  for (const { text, start } of textsOf(file, code).pieces.toSorted((a, b) => b.start - a.start)) {
    if (!after.startsWith(text, start))
      throw new Error(`client/lean-shader-names.ts: in ${file} a text is not where it was said to be`)
    after =
      after.slice(0, start) + text.replace(WORD, (word) => short.get(word) ?? word) + after.slice(start + text.length)
  }
  return after
}
