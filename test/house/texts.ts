import { at, isSource, isTest, modulesOf, type Problem, type Rule } from './house.ts'
import { isNode, lineOf, walk, type Module } from './syntax.ts'
import { isText } from './tree.ts'

/** What only this machine knows, from outside: its name, the folder of the clone, the registry npm was told to use. */
export interface Machine {
  readonly hostName: string
  readonly rootFolder: string
  readonly registryHost: string
}

const HOME = /(?<![\w.~-])(\/home\/[a-z][\w-]*\/|\/Users\/[A-Za-z][\w-]*\/|\/root\/[\w.]|[A-Z]:\\Users\\)/g

export function nothingOfThisMachine(machine: Machine): Rule {
  const named = [
    // A laptop called "server" is no reason to fail: a name of a machine is taken for one when it can be nothing else.
    { what: 'the name of a machine', text: machine.hostName, isTelling: /^(?=.*\d)[\w.-]{8,}$/.test(machine.hostName) },
    { what: 'the folder of this clone', text: machine.rootFolder, isTelling: machine.rootFolder.length > 5 },
    { what: 'a registry host', text: machine.registryHost, isTelling: /[a-z]\./.test(machine.registryHost) },
  ].filter(({ isTelling }) => isTelling)
  return {
    id: 'H7',
    title: 'nothing of one machine in the tree',
    appliesTo: (path) => path !== 'test/house/violations.ts', // It plants them.
    check: (paths, { tree }) =>
      paths.flatMap((path) => {
        const text = tree.get(path)!
        const found = (offset: number, what: string): Problem => ({
          path,
          line: lineOf(text, offset),
          sentence: `${what} stands here: nobody else has it`,
        })
        const homes = [...text.matchAll(HOME)].map((match) => found(match.index, `a home folder ("${match[0]}")`))
        const names = named.flatMap(({ what, text: name }) => {
          const offset = indexOfWhole(text, name)
          return offset === -1 ? [] : [found(offset, what)]
        })
        const resolved = path === 'package-lock.json' ? text.indexOf('"resolved": "http') : -1
        const addresses = resolved === -1 ? [] : [found(resolved, 'the address of a registry')]
        return [...homes, ...names, ...addresses]
      }),
  }
}

/** Where a name stands by itself, and is not the end of a longer path. */
function indexOfWhole(text: string, name: string): number {
  let offset = text.indexOf(name)
  while (offset > 0 && /[\w.-]/.test(text[offset - 1]!)) offset = text.indexOf(name, offset + 1)
  return offset
}

/** A test that does not run proves nothing. The one reason a reader accepts stands in its name. */
export const noSilentTests: Rule = {
  id: 'H8',
  title: 'no test is skipped, focused or expected to fail',
  appliesTo: (path) => isSource(path) && isTest(path),
  check: (paths, house) => modulesOf(paths, house).flatMap(silenced),
}

const QUIET = new Set(['skip', 'only', 'todo', 'fails', 'skipIf', 'runIf'])

function silenced(module: Module): Problem[] {
  const problems: Problem[] = []
  walk(module.program, (node) => {
    if (node.type !== 'MemberExpression' || !isNode(node['object']) || !isNode(node['property'])) return
    const [object, property] = [node['object']['name'], node['property']['name']]
    if (!['it', 'test', 'describe', 'context', 'ctx'].includes(object as string) || !QUIET.has(property as string))
      return
    const name = module.text.slice(node.end, node.end + 400)
    if (property === 'skipIf' && /\(needs \.\.\/shared/.test(name)) return
    problems.push(at(module, node.start, `"${String(object)}.${String(property)}": a test runs, or it is deleted`))
  })
  return problems
}

/** Source is source: declarations that the compiler writes go to dist/, and a file that holds nothing goes away. */
export const noLeftovers: Rule = {
  id: 'H7',
  title: 'no generated or empty files among the sources',
  appliesTo: isSource,
  check: (paths, { tree }) =>
    paths.flatMap((path) => {
      const isGenerated = path.endsWith('.d.ts') && tree.has(path.replace(/\.d\.ts$/, '.ts'))
      const isEmpty = /^(\s*export \{\};?)?\s*$/.test(tree.get(path)!)
      if (!isGenerated && !isEmpty) return []
      return [{ path, line: 1, sentence: isEmpty ? 'an empty file: delete it' : 'tsc wrote this one: delete it' }]
    }),
}

/** A mistyped option writes a picture under a name like "nowhere", and a commit of everything takes it along. */
export const noStrays: Rule = {
  id: 'H7',
  title: 'every file is of a known kind',
  appliesTo: () => true,
  check: (paths) =>
    paths
      .filter((path) => !isText(path))
      .map((path) => ({
        path,
        line: 1,
        sentence: 'a file of no known kind: delete it, or name its kind in test/house/tree.ts',
      })),
}

/** A file that does not parse hides from every other rule. */
export const everythingParses: Rule = {
  id: 'H4',
  title: 'every source can be read',
  appliesTo: isSource,
  check: (paths, house) =>
    modulesOf(paths, house).flatMap((module) =>
      module.syntaxErrors.map((message) => ({ path: module.path, line: 1, sentence: `cannot be parsed: ${message}` })),
    ),
}
