import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { buildHouse, resolveImport } from './house/house.ts'
import { isNode, walk, type Module, type Node } from './house/syntax.ts'
import { readTree, type Tree } from './house/tree.ts'

const tree = readTree(fileURLToPath(new URL('..', import.meta.url)))

/** A rule in a document: `[P1]`, `[W12]`, `[T2a]`. */
const RULE = /\[([A-Z]{1,2}\d+[a-z]?)\]/g

function rulesOf(documents: Tree): Map<string, string> {
  const rules = new Map<string, string>()
  for (const [path, text] of documents) {
    if (!/^docs\/[^/]+\.md$/.test(path)) continue
    for (const [, id] of text.matchAll(RULE)) if (!rules.has(id!)) rules.set(id!, path)
  }
  return rules
}

/** Ids in the names of tests and suites; of a table of cases named `[$id]`, the ids that stand in it. */
function rulesTested(files: Tree): Set<string> {
  const house = buildHouse(new Map([...files].filter(([path]) => path.endsWith('.test.ts'))))
  const ids = new Set<string>()
  for (const module of house.modules.values()) {
    for (const name of testNames(module)) {
      for (const [, id] of name.matchAll(RULE)) ids.add(id!)
      if (name.includes('[$id]')) for (const id of idsOfCases(module, files)) ids.add(id)
    }
  }
  return ids
}

/** What `it`, `test` and `describe` are called with, `it.each(cases)('…')` too. */
function testNames(module: Module): string[] {
  const names: string[] = []
  walk(module.program, (node) => {
    if (node.type !== 'CallExpression' || !['it', 'test', 'describe'].includes(rootName(node['callee']))) return
    const [first] = node['arguments'] as Node[]
    if (first?.type === 'Literal' && typeof first['value'] === 'string') names.push(first['value'])
    if (first?.type === 'TemplateLiteral') names.push(module.text.slice(first.start, first.end))
  })
  return names
}

function rootName(callee: unknown): string {
  let node = callee
  while (isNode(node) && node.type !== 'Identifier') node = node['object'] ?? node['callee'] ?? node['tag']
  return isNode(node) ? (node['name'] as string) : ''
}

function idsOfCases(module: Module, files: Tree): string[] {
  const imported = module.imports.map((one) => resolveImport(one, module.path, files) ?? '')
  const texts = [module.text, ...imported.map((path) => files.get(path) ?? '')]
  return texts.flatMap((text) => [...text.matchAll(/(?:^|\bid: ')([A-Z]{1,2}\d+)\b/gm)].map(([, id]) => id!))
}

function unproven(files: Tree): string[] {
  const tested = rulesTested(files)
  return [...rulesOf(files)].filter(([id]) => !tested.has(id)).map(([id, path]) => `[${id}] of ${path} has no test`)
}

/** Vector files that no test names, by file or by a folder that is read whole. */
function unreadVectors(files: Tree): string[] {
  const vectors = [...files.keys()].filter((path) => /\/vectors\/[^/]+\.json$/.test(path))
  const tests = [...files].filter(([path]) => path.endsWith('.test.ts') || path.startsWith('test/'))
  return vectors.filter((vector) => {
    const [folder, name = ''] = [vector.split('/vectors/')[0]!, vector.split('/').at(-1)]
    return !tests.some(([path, text]) => {
      const readsFolder = path.startsWith(folder) && /readdir(Sync)?\(/.test(text) && text.includes('vectors')
      const namesStem = text.includes('vectors/${') && text.includes(`'${name.replace(/\.json$/, '')}'`)
      return text.includes(name) || readsFolder || namesStem
    })
  })
}

/** Paths that a document names in backquotes and that are not in the tree. A `*`, a `<…>` or a `…` is no path; one folder alone may be anywhere. */
function lostPaths(files: Tree): string[] {
  const folders = new Set([...files.keys()].flatMap((path) => foldersOf(path)))
  const lost: string[] = []
  for (const [path, text] of files) {
    if (!/^(README|CONTRIBUTING|docs\/[^/]+)\.md$/.test(path)) continue
    const prose = text.replace(/^```[\s\S]*?^```/gm, '')
    for (const [, named = ''] of prose.matchAll(/`([a-z][\w-]*\/[\w./-]+)`/g)) {
      const isKnown = named.endsWith('/') ? folders.has(named.slice(0, -1)) : files.has(named) || folders.has(named)
      const isOurs = files.has(named) || /\.(ts|tsx|mjs|json|md)$/.test(named) || named.endsWith('/')
      if (isOurs && !isKnown && !isElsewhere(named)) lost.push(`${path} names ${named}`)
    }
  }
  return [...new Set(lost)]
}

/** Names in the list of files of HOUSE.md: a room at the margin, its files indented; sentences follow the names. */
function lostFromTheList(files: Tree): string[] {
  const list = /## Rooms and files[\s\S]*?```\n([\s\S]*?)```/.exec(files.get('docs/HOUSE.md') ?? '')?.[1]
  if (list === undefined) return ['docs/HOUSE.md has no list of rooms and files']
  const folders = new Set([...files.keys()].flatMap((path) => foldersOf(path)))
  let room = ''
  return list.split('\n').flatMap((line) => {
    const [first = '', ...rest] = line.trim().split(/\s+/)
    if (!line.startsWith(' ')) room = first
    const names = line.startsWith(' ') ? leadingNames([first, ...rest]).map((name) => room + name) : [room]
    const listed = [
      ...names,
      ...rest.filter((word) => /^[\w-]+\.ts[:,]?$/.test(word)).map((word) => room + word.replace(/[:,]/, '')),
    ]
    return [...new Set(listed)].filter(
      (path) => path !== '' && !files.has(path) && !folders.has(path.replace(/\/$/, '')),
    )
  })
}

function leadingNames(words: readonly string[]): string[] {
  const end = words.findIndex((word) => !/^[\w-]+(\.(ts|tsx|mjs|html)|\/)$/.test(word))
  return words.slice(0, end === -1 ? words.length : end)
}

function foldersOf(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(1).map((_part, i) => parts.slice(0, i + 1).join('/'))
}

/** Written while running or installing, or a file of somebody else that STYLE.md recommends. */
function isElsewhere(path: string): boolean {
  return /^(data|dist|node_modules|vectors)\//.test(path) || STYLE_READING.test(path)
}
const STYLE_READING = /^(code|crates|packages|tools|src|docs\/(STANDARD|TIGER|STATE|dev))/

/** Commands that a document has somebody type and that there are not. Keys are hashed over texts that begin alike. */
function lostCommands(files: Tree): string[] {
  const lost = new Set<string>()
  for (const [path, text] of files) {
    if (!/^(README|CONTRIBUTING|docs\/.+)\.md$/.test(path)) continue
    for (const [, name = ''] of text.matchAll(/(?:`|npx )gruppetto ([a-z][a-z-]*)/g)) {
      if (!files.has(`cli/${name}.ts`) && !NOT_COMMANDS.has(name)) lost.add(`${path}: gruppetto ${name}`)
    }
  }
  return [...lost]
}
const NOT_COMMANDS = new Set(['next', 'token', 'mark'])

/** Doors of the server over HTTP, its files aside, that its document does not list: by the path's own words. */
function untoldDoors(files: Tree): string[] {
  const told = /\n## HTTP\n([\s\S]*?)\n## /.exec(files.get('docs/ARCHITECTURE.md') ?? '')?.[1] ?? ''
  return [...files]
    .filter(([path]) => /^server\/http\/[^.]+\.ts$/.test(path))
    .flatMap(([, text]) => [...text.matchAll(/\bapp\s*\.(?:get|post|put|delete)(?:<[^(]*>)?\(\s*'([^']+)'/g)])
    .map(([, door = '']) => door)
    .filter((door) => !/\*|^\/maps/.test(door))
    .filter((door) => !door.split('/').every((word) => told.includes(word)))
}

describe('documents', () => {
  it('[H9] every rule with an id in docs/ is carried by the name of a test', () => {
    expect(rulesOf(tree).size).toBeGreaterThan(10)
    expect(unproven(tree)).toEqual([])
  })

  it('[H9] every vector is read by a test', () => {
    expect([...tree.keys()].filter((path) => path.includes('/vectors/')).length).toBeGreaterThan(0)
    expect(unreadVectors(tree)).toEqual([])
  })

  it('[H9] every path that a document names is in the tree', () => {
    expect(lostPaths(tree)).toEqual([])
    expect(lostFromTheList(tree)).toEqual([])
  })

  it('[H9] every command that a document names is one, and every door over HTTP is told of', () => {
    expect(lostCommands(tree)).toEqual([])
    expect(untoldDoors(tree)).toEqual([])
  })
})

describe('the check itself', () => {
  it('[H0] misses no rule, vector or path that is planted', () => {
    const planted = new Map([
      ['docs/x.md', 'Law [Q1]: so it is. Law [Q2]: see `maps/course.ts`, `maps/lost.ts` and `maps/lost/`.'],
      ['maps/course.ts', ''],
      ['maps/x.test.ts', "// [Q2]\nit.each([\n  1,\n])('[Q1] so it is', () => '[Q2]')"],
      ['maps/vectors/read.json', '{}'],
      ['maps/vectors/unread.json', '{}'],
      ['maps/y.test.ts', "const file = 'vectors/read.json'"],
    ])
    expect(lostFromTheList(planted)).toEqual(['docs/HOUSE.md has no list of rooms and files'])
    const list = [
      '## Rooms and files',
      '```',
      'maps/   the road',
      '  course.ts gone.ts   look-up',
      'old/   x',
      '```',
    ].join('\n')
    expect(lostFromTheList(new Map([...planted, ['docs/HOUSE.md', list]]))).toEqual(['maps/gone.ts', 'old/'])
    expect(unproven(planted)).toEqual(['[Q2] of docs/x.md has no test'])
    expect(unreadVectors(planted)).toEqual(['maps/vectors/unread.json'])
    const api = "app.get('/api/worlds')\napp.post<{ x: 1 }>(\n  '/api/lost'"
    const doors = new Map([
      ['docs/ARCHITECTURE.md', '\n## HTTP\n`GET /api/worlds`\n## Next'],
      ['server/http/api.ts', api],
    ])
    expect(untoldDoors(doors)).toEqual(['/api/lost'])
    expect(lostCommands(new Map([['README.md', 'npx gruppetto gone, `gruppetto too`']]))).toEqual([
      'README.md: gruppetto gone',
      'README.md: gruppetto too',
    ])
    expect(lostPaths(planted)).toEqual(['docs/x.md names maps/lost.ts', 'docs/x.md names maps/lost/'])
  })
})
