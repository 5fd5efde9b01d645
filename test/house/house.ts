import { lineOf, parseModule, type Import, type Module } from './syntax.ts'
import type { Tree } from './tree.ts'

/** The whole tree, read once: what every rule looks at. */
export interface House {
  readonly tree: Tree
  readonly modules: ReadonlyMap<string, Module>
}

export interface Problem {
  readonly path: string
  readonly line: number
  /** What is wrong, and what to write instead. */
  readonly sentence: string
}

/** One rule of docs/HOUSE.md. It says which files it answers for, so that a rule that looks at nothing can be told. */
export interface Rule {
  readonly id: string
  readonly title: string
  appliesTo(path: string): boolean
  check(paths: readonly string[], house: House): Problem[]
}

export function buildHouse(tree: Tree): House {
  const modules = new Map<string, Module>()
  for (const [path, text] of tree) {
    if (/\.(ts|tsx|mjs)$/.test(path) && !path.endsWith('.d.ts')) modules.set(path, parseModule(path, text))
  }
  return { tree, modules }
}

/** A rule that has read no file proves nothing, and fails. */
export function applyRule(rule: Rule, house: House): Problem[] {
  const paths = [...house.tree.keys()].filter((path) => rule.appliesTo(path)).sort()
  if (paths.length === 0) {
    return [{ path: '.', line: 0, sentence: `[${rule.id}] "${rule.title}" has read no file` }]
  }
  return rule.check(paths, house)
}

export function at(module: Module, offset: number, sentence: string): Problem {
  return { path: module.path, line: lineOf(module.text, offset), sentence }
}

export function modulesOf(paths: readonly string[], house: House): Module[] {
  return paths.flatMap((path) => house.modules.get(path) ?? [])
}

export const isSource = (path: string): boolean => /\.(ts|tsx|mjs)$/.test(path)
export const isTest = (path: string): boolean => path.endsWith('.test.ts') || path.startsWith('test/')

/** The rooms in which nothing of Node or the browser exists. */
export function isPure(path: string): boolean {
  if (!/\.tsx?$/.test(path) || isTest(path) || BROWSER_FILES.has(path)) return false
  return PURE_FOLDERS.some((folder) => path.startsWith(`${folder}/`))
}

/** Files of a pure folder that belong to the browser, and to the project of client/. */
const BROWSER_FILES = new Set(['client/net/connection.ts', 'client/net/channels.ts'])

export const PURE_FOLDERS = [
  'protocol',
  'physics',
  'maps',
  'bridges/core',
  'server/world',
  'server/event',
  'client/world',
  'client/net',
]

/** The path that an import means inside the tree, or undefined when it is a package or Node itself. */
export function resolveImport({ specifier }: Import, from: string, tree: Tree): string | undefined {
  if (specifier.startsWith('#')) {
    const [room = '', ...rest] = specifier.slice(1).split('/')
    return firstIn(tree, `${room}/${rest.join('/')}`)
  }
  if (!specifier.startsWith('.')) return undefined
  const parts = from.split('/').slice(0, -1)
  for (const part of specifier.split('?')[0]!.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return firstIn(tree, parts.join('/'))
}

function firstIn(tree: Tree, path: string): string {
  return [path, `${path}.ts`, `${path}.tsx`].find((candidate) => tree.has(candidate)) ?? path
}

/** Name of the package an import asks for: `@colyseus/core` of `@colyseus/core/build/x`. */
export function packageOf(specifier: string): string | undefined {
  if (/^(\.|#|node:|virtual:|\/)/.test(specifier)) return undefined
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]
}
