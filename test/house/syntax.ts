import { parseSync } from 'vite'

/** A node of the syntax tree (ESTree with TypeScript's additions), as far as the rules need to know it. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

export interface Import {
  readonly specifier: string
  /** Erased before the program runs. */
  readonly isType: boolean
  readonly isReexport: boolean
  /** Fetched while running, so that its absence can be said in a sentence. */
  readonly isDynamic: boolean
  readonly offset: number
}

/** One source file, read and parsed. */
export interface Module {
  readonly path: string
  readonly text: string
  readonly program: Node
  readonly imports: readonly Import[]
  readonly syntaxErrors: readonly string[]
}

export function parseModule(path: string, text: string): Module {
  const { program, errors } = parseSync(path, text)
  const root = program as unknown as Node
  return { path, text, program: root, imports: importsOf(root), syntaxErrors: errors.map((error) => error.message) }
}

function importsOf(program: Node): Import[] {
  const imports: Import[] = []
  walk(program, (node) => {
    const source = node['source'] ?? node['argument']
    const from = isNode(source) ? literal(source.type === 'TSLiteralType' ? source['literal'] : source) : undefined
    if (from === undefined || !IMPORTING.has(node.type)) return
    imports.push({
      specifier: from,
      isType: isErased(node),
      isReexport: node.type.startsWith('Export'),
      isDynamic: node.type === 'ImportExpression',
      offset: node.start,
    })
  })
  return imports
}

const IMPORTING = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
])

function isErased(node: Node): boolean {
  if (node.type === 'TSImportType' || node['importKind'] === 'type' || node['exportKind'] === 'type') return true
  const specifiers = node['specifiers']
  if (!Array.isArray(specifiers) || specifiers.length === 0) return false
  return specifiers.every(
    (specifier: unknown) =>
      isNode(specifier) && (specifier['importKind'] === 'type' || specifier['exportKind'] === 'type'),
  )
}

function literal(node: unknown): string | undefined {
  return isNode(node) && typeof node['value'] === 'string' ? node['value'] : undefined
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}

/** Visits every node, parents first. */
export function walk(node: Node, visit: (node: Node, parent: Node | undefined) => void, parent?: Node): void {
  visit(node, parent)
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) walk(item, visit, node)
    } else if (isNode(value)) walk(value, visit, node)
  }
}

/** Names that stand for something outside of the expression: not `x.name`, not `{ name: … }`, not a member's own name. */
export function isReference(node: Node, parent: Node | undefined): boolean {
  if (node.type !== 'Identifier') return false
  if (parent === undefined) return true
  const isOwnName = parent['property'] === node || (parent['key'] === node && parent['shorthand'] !== true)
  return !isOwnName || parent['computed'] === true
}

/** Names that the file itself declares or imports, in any scope. */
export function declaredNames(module: Module): ReadonlySet<string> {
  const names = new Set<string>()
  const add = (pattern: unknown): void => {
    if (!isNode(pattern)) return
    if (pattern.type === 'Identifier') names.add(pattern['name'] as string)
    for (const part of [pattern['left'], pattern['argument'], pattern['value'], pattern['parameter']]) add(part)
    for (const list of [pattern['elements'], pattern['properties']]) if (Array.isArray(list)) list.forEach(add)
  }
  walk(module.program, (node) => {
    if (node.type === 'VariableDeclarator' || /^(Function|Class|TS(Interface|TypeAlias))/.test(node.type))
      add(node['id'])
    if (node.type.startsWith('Import')) add(node['local'])
    if (node.type === 'CatchClause') add(node['param'])
    const params = node['params']
    if (Array.isArray(params)) params.forEach(add)
  })
  return names
}

export function lineOf(text: string, offset: number): number {
  let line = 1
  for (let i = 0; i < offset && i < text.length; i++) if (text.charCodeAt(i) === 10) line++
  return line
}
