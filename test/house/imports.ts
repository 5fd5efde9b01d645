import {
  at,
  isSource,
  isTest,
  modulesOf,
  packageOf,
  resolveImport,
  type House,
  type Problem,
  type Rule,
} from './house.ts'
import { isNode, type Module } from './syntax.ts'

/** Longest first: the room of a path is the first that holds it. */
const ROOMS = [
  ...'bridges/core server/world server/event client/world client/net'.split(' '),
  ...'protocol physics maps bridges server client cli bench test examples'.split(' '),
]

/** Which room may import which: the floor plan of docs/HOUSE.md. A room may always import itself. */
const PURE = ['protocol', 'physics', 'maps']
export const FLOOR_PLAN: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  physics: [],
  maps: [],
  'bridges/core': [],
  'server/event': PURE,
  'server/world': [...PURE, 'server/event'],
  bridges: [...PURE, 'bridges/core'],
  server: [...PURE, 'server/world', 'server/event'],
  'client/world': PURE,
  'client/net': [...PURE, 'client/world'],
  client: [...PURE, 'bridges/core', 'client/world', 'client/net'],
}

export function roomOf(path: string): string {
  return ROOMS.find((room) => path.startsWith(`${room}/`)) ?? '.'
}

export const direction: Rule = {
  id: 'H1',
  title: 'a room imports only the rooms it may see',
  appliesTo: (path) => isSource(path) && !isTest(path) && FLOOR_PLAN[roomOf(path)] !== undefined,
  check: (paths, house) =>
    modulesOf(paths, house).flatMap((module) =>
      module.imports.flatMap((one) => {
        const target = resolveImport(one, module.path, house.tree)
        const [from, to] = [roomOf(module.path), target === undefined ? undefined : roomOf(target)]
        if (to === undefined || to === from || FLOOR_PLAN[from]!.includes(to)) return []
        return [
          at(module, one.offset, `${from} may not see ${to} (docs/HOUSE.md, floor plan): pass it in as an argument`),
        ]
      }),
    ),
}

/** A room's tsconfig.json is what the compiler enforces, so it may not list more than the floor plan gives. */
export const projects: Rule = {
  id: 'H1',
  title: "a room's tsconfig.json lists no more rooms than the floor plan",
  appliesTo: (path) => path.endsWith('/tsconfig.json') && FLOOR_PLAN[path.replace('/tsconfig.json', '')] !== undefined,
  check: (paths, house) => paths.flatMap((path) => wrongReferences(path, house)),
}

function wrongReferences(path: string, house: House): Problem[] {
  const room = path.replace('/tsconfig.json', '')
  const { references = [] } = JSON.parse(house.tree.get(path)!) as { references?: { path: string }[] }
  return references.flatMap((reference) => {
    const parts = room.split('/')
    for (const part of reference.path.split('/')) {
      if (part === '..') parts.pop()
      else if (part !== '.') parts.push(part)
    }
    const to = parts.join('/')
    if (FLOOR_PLAN[room]!.includes(to)) return []
    return [
      { path, line: 0, sentence: `${room} may not reference ${to}: the floor plan of docs/HOUSE.md does not give it` },
    ]
  })
}

export const importForm: Rule = {
  id: 'H6',
  title: 'imports name the file, in one form',
  appliesTo: isSource,
  check: (paths, house) => modulesOf(paths, house).flatMap((module) => wrongForms(module, house)),
}

function wrongForms(module: Module, house: House): Problem[] {
  const own = topFolder(module.path)
  return module.imports.flatMap(({ specifier, ...rest }) => {
    const wrong = (sentence: string) => [at(module, rest.offset, `"${specifier}": ${sentence}`)]
    const target = resolveImport({ specifier, ...rest }, module.path, house.tree)
    if (target === undefined) {
      const isBareNode =
        /^(assert|buffer|child_process|crypto|dgram|events|fs|http|https|net|os|path|stream|url|util|worker_threads|zlib)(\/|$)/
      return isBareNode.test(specifier) ? wrong(`write "node:${specifier}"`) : []
    }
    if (specifier.startsWith('#')) {
      if (/\.tsx?$/.test(specifier)) return wrong('a path with # carries no extension')
      if (roomOf(target) === roomOf(module.path) && !isTest(module.path))
        return wrong('inside a room write a relative path')
    } else {
      if (topFolder(target) !== own && !isRootFile(module.path)) return wrong('across rooms write #room/file')
      if (specifier.endsWith('.js') || !/\.[a-z]+(\?[a-z]+)?$/.test(specifier))
        return wrong('name the file with its extension')
    }
    return house.tree.has(target) || isAsset(target) ? [] : wrong('there is no such file')
  })
}

const topFolder = (path: string): string => (path.includes('/') ? path.split('/')[0]! : '.')
const isRootFile = (path: string): boolean => !path.includes('/')
const isAsset = (path: string): boolean => /\.(png|jpg|svg|css|woff2|bin|wasm)$/.test(path)

export const noBarrels: Rule = {
  id: 'H6',
  title: 'no barrel files',
  appliesTo: isSource,
  check: (paths, house) => modulesOf(paths, house).flatMap(barrels),
}

function barrels(module: Module): Problem[] {
  if (/(^|\/)index\.tsx?$/.test(module.path)) {
    return [{ path: module.path, line: 1, sentence: 'no index.ts: name the file after what it holds' }]
  }
  const statements = (module.program['body'] as unknown[]).filter(isNode)
  const reexports = module.imports.filter((one) => one.isReexport)
  const stars = statements.filter((statement) => statement.type === 'ExportAllDeclaration')
  const isOnlyDoor = statements.length > 0 && reexports.length === statements.length
  if (isOnlyDoor) return [at(module, 0, 'this file only passes other files on: import them where they are')]
  return stars.map((star) => at(module, star.start, '"export *" hides where a name comes from: import it where it is'))
}

export const jsxPlaces: Rule = {
  id: 'H6',
  title: 'JSX lives in client/hud and client/pages',
  appliesTo: isSource,
  check: (paths) =>
    paths
      .filter((path) => path.endsWith('.tsx') && !/^client\/(hud|pages)\//.test(path))
      .map((path) => ({
        path,
        line: 1,
        sentence: 'Node strips types but not JSX: .tsx only in client/hud and client/pages',
      })),
}

export const noCycles: Rule = {
  id: 'H4',
  title: 'no cycles between files',
  appliesTo: isSource,
  check: (paths, house) => cycles(graph(paths, house, (path) => path)),
}

export const noRoomCycles: Rule = {
  id: 'H4',
  title: 'no cycles between rooms',
  appliesTo: (path) => isSource(path) && !isTest(path),
  check: (paths, house) => cycles(graph(paths, house, roomOf)),
}

type Graph = ReadonlyMap<string, ReadonlySet<string>>

function graph(paths: readonly string[], house: House, nameOf: (path: string) => string): Graph {
  const edges = new Map<string, Set<string>>()
  for (const module of modulesOf(paths, house)) {
    const from = nameOf(module.path)
    const targets = edges.get(from) ?? new Set()
    for (const one of module.imports) {
      const target = resolveImport(one, module.path, house.tree)
      if (target !== undefined && house.modules.has(target) && nameOf(target) !== from) targets.add(nameOf(target))
    }
    edges.set(from, targets)
  }
  return edges
}

/** Depth first; an edge back to where we are standing closes a circle, which is named once. */
function cycles(edges: Graph): Problem[] {
  const problems: Problem[] = []
  const done = new Set<string>()
  const standing: string[] = []
  const visit = (name: string): void => {
    if (done.has(name)) return
    const from = standing.indexOf(name)
    if (from >= 0) {
      const circle = [...standing.slice(from), name].join(' → ')
      problems.push({
        path: name,
        line: 0,
        sentence: `imports go in a circle: ${circle}. Move what both need into a third file`,
      })
      return
    }
    standing.push(name)
    for (const next of edges.get(name) ?? []) visit(next)
    standing.pop()
    done.add(name)
  }
  for (const name of edges.keys()) visit(name)
  return problems
}

export const declaredPackages: Rule = {
  id: 'H4',
  title: 'no package that is not declared',
  appliesTo: (path) => isSource(path) || path === 'package.json',
  check(paths, house) {
    const text = house.tree.get('package.json')
    if (text === undefined) return [{ path: 'package.json', line: 0, sentence: 'there is no package.json to read' }]
    const declared = JSON.parse(text) as Record<string, Record<string, string> | undefined>
    const shipped = new Set([
      ...Object.keys(declared['dependencies'] ?? {}),
      ...Object.keys(declared['optionalDependencies'] ?? {}),
    ])
    const forDevelopers = new Set(Object.keys(declared['devDependencies'] ?? {}))
    const peers = peersOfTheBench(house)
    return modulesOf(paths, house).flatMap((module) =>
      module.imports.flatMap(({ specifier, isType, isDynamic, offset }) => {
        const name = packageOf(specifier)
        if (name === undefined || isBuiltin(name)) return []
        if (module.path.startsWith('bench/peers/') ? peers.has(name) : shipped.has(name)) return []
        const isTool = isDynamic && module.path.startsWith('cli/') // `bench client` drives a browser, as the tests do.
        const mayBeDev = isType || isTool || isTest(module.path) || /^(bench\/|[^/]+\.config\.ts$)/.test(module.path)
        if (mayBeDev && (forDevelopers.has(name) || forDevelopers.has(`@types/${name}`))) return []
        const where = forDevelopers.has(name) ? 'only a devDependency' : 'not in package.json'
        return [at(module, offset, `the package "${name}" is ${where}: add it to dependencies with its exact version`)]
      }),
    )
  },
}

/** What `gruppetto bench sync` compares with is a package of its own, so that nobody who rides installs it. */
function peersOfTheBench(house: House): ReadonlySet<string> {
  const text = house.tree.get('bench/peers/package.json') ?? '{}'
  return new Set(Object.keys((JSON.parse(text) as { dependencies?: object }).dependencies ?? {}))
}

function isBuiltin(name: string): boolean {
  return /^(assert|buffer|child_process|crypto|dgram|events|fs|http|https|net|os|path|stream|url|util|worker_threads|zlib)$/.test(
    name,
  )
}
