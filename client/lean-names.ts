import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { minifySync, parseSync, type Plugin } from 'vite'
import { HOST_NAMES } from './lean-host-names.ts'

/**
 * Short names for properties that nobody outside knows: those that occur only in what draws and sounds (three.js,
 * client/view, client/audio), and there not in any text. A name that another room has too, even in a type, may be one of
 * the network's, of a file or of what a browser keeps, and stays; so do the browser's own (client/lean-host-names.ts) and all
 * that is written in capitals. Which is short for which follows from the sources alone. docs/client.md [V112]
 */
export function leanNames(): Plugin {
  const names = new Names()
  let cache: Record<string, string> = {}
  let kept: string[] = []
  let isOn = true
  return {
    name: 'lean-names',
    apply: 'build',
    enforce: 'post',
    // Who builds with names as they are written wants to read them.
    configResolved: ({ build }) => void (isOn = build.minify !== false),
    buildStart: () => {
      if (!isOn) return
      for (const file of openFiles()) names.read(file, readFileSync(file, 'utf8'), false)
    },
    moduleParsed({ id, code }) {
      if (!isOn || code === null || !/\.(js|mjs|ts|tsx)$/.test(id)) return
      names.read(id, code, CLOSED.test(id))
    },
    renderStart: () => {
      if (!isOn) return
      cache = names.shortened()
      kept = names.others(cache)
    },
    renderChunk(code, { fileName }) {
      if (!isOn) return null
      const { code: short, errors } = minifySync(fileName.replace(/^.*\//, ''), code, {
        ...{ module: true, compress: false, mangle: false, codegen: { removeWhitespace: false } },
        mangleProps: { include: /^/, reserved: kept, cache },
      })
      if (errors.length > 0) return this.error(`client/lean-names.ts: ${errors[0]!.message}`)
      return { code: short, map: null }
    },
  }
}

const CLOSED = /\/three\/src\/|\/client\/(view|audio)\//
const ROOMS = ['client', 'protocol', 'physics', 'maps', 'bridges/core']

/** Sources of every other room, types and all. */
export function openFiles(): string[] {
  const house = fileURLToPath(new URL('..', import.meta.url))
  return ROOMS.flatMap((room) =>
    readdirSync(`${house}${room}`, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|\.d\.ts$/.test(file))
      .map((file) => `${house}${room}/${file}`.replaceAll('\\', '/'))
      .filter((file) => !CLOSED.test(file)),
  )
}

interface Node {
  readonly type?: string
  readonly [key: string]: unknown
}

/** What is called what, and where. */
export class Names {
  /** How often each stands for a property. */
  readonly #count = new Map<string, number>()
  readonly #open = new Set<string>()

  read(file: string, code: string, isClosed: boolean): void {
    const { program } = parseSync(file, code, { lang: file.endsWith('x') ? 'tsx' : 'ts' })
    const visit = (node: unknown): void => {
      if (Array.isArray(node)) return node.forEach(visit)
      if (typeof node !== 'object' || node === null) return
      const { type, computed, key, property, name, value } = node as Node & { value?: { raw?: string } | string }
      const put = (from: unknown): void => {
        const word =
          (from as { type: string; name?: string }).type === 'Identifier' ? (from as { name: string }).name : ''
        if (word === '') return
        this.#count.set(word, (this.#count.get(word) ?? 0) + 1)
        if (!isClosed) this.#open.add(word)
      }
      if (type === 'Literal' && typeof value === 'string') this.#say(value)
      else if (type === 'TemplateElement') this.#say((value as { raw: string }).raw)
      else if (type === 'JSXIdentifier') this.#open.add(name as string)
      else if (type === 'MemberExpression' && computed !== true) put(property)
      // Whatever an object or a class has, or a type says it has.
      else if (key !== undefined && key !== null && computed !== true) put(key)
      else if (type?.startsWith('Export')) this.#export(node as Node)
      for (const part of Object.values(node)) visit(part)
    }
    visit(program)
  }

  /** The names that become short, and what becomes of them: the most frequent the shortest. */
  shortened(): Record<string, string> {
    const found = [...this.#count].filter(([name]) => this.isOurs(name))
    const next = shortNames((name) => this.#count.has(name) || this.#open.has(name) || HOST_NAMES.has(name))
    found.sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    return Object.fromEntries(found.map(([name]) => [name, next.next().value as string]))
  }

  isOurs(name: string): boolean {
    return name.length > 3 && !this.#open.has(name) && !HOST_NAMES.has(name) && !/^[A-Z\d_]+$|^_*$/.test(name)
  }

  others(cache: Readonly<Record<string, string>>): string[] {
    return [...this.#count.keys()].filter((name) => !Object.hasOwn(cache, name))
  }

  /** A text may be a name by which somebody asks. */
  #say(text: string): void {
    for (const [word] of text.matchAll(/[A-Za-z_$][\w$]*/g)) this.#open.add(word)
  }

  /** What a file gives away may be asked for by name when it comes later. */
  #export(node: Node): void {
    const { declaration, specifiers } = node as {
      readonly declaration?: { id?: { name: string }; declarations?: readonly { id: { name?: string } }[] } | null
      readonly specifiers?: readonly { readonly exported?: { readonly name?: string } }[]
    }
    const names = [
      declaration?.id?.name,
      ...(declaration?.declarations ?? []).map(({ id }) => id.name),
      ...(specifiers ?? []).map(({ exported }) => exported?.name),
    ]
    for (const name of names) if (name !== undefined) this.#open.add(name)
  }
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$'
/** Words of the language that would be read as such in a shorthand. */
const LANGUAGE = new Set('do if in is of as for let new var get set try'.split(' '))

export function* shortNames(isTaken: (name: string) => boolean): Generator<string> {
  for (let long = 1; ; long++) {
    const grow = function* (begin: string): Generator<string> {
      if (begin.length === long) yield begin
      else for (const letter of begin === '' ? LETTERS : `${LETTERS}0123456789`) yield* grow(begin + letter)
    }
    for (const name of grow('')) if (!isTaken(name) && !LANGUAGE.has(name)) yield name
  }
}
