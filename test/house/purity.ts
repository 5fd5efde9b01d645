import {
  at,
  isPure,
  isTest,
  modulesOf,
  packageOf,
  resolveImport,
  type House,
  type Problem,
  type Rule,
} from './house.ts'
import { declaredNames, isReference, walk, type Module, type Node } from './syntax.ts'

/** Things of Node and the browser. The compiler refuses most of them too; a cast or `globalThis` would get past it. */
const OF_THE_OUTSIDE = new Set([
  ...'process Buffer require __dirname __filename global globalThis console'.split(' '),
  ...'window document navigator location localStorage sessionStorage self alert'.split(' '),
  ...'setTimeout setInterval setImmediate queueMicrotask requestAnimationFrame clearTimeout'.split(' '),
  ...'performance crypto fetch WebSocket RTCPeerConnection Worker XMLHttpRequest'.split(' '),
])
/** These are in the language itself, so only this scan keeps them out. */
const OF_THE_LANGUAGE = new Set(['Date', 'Intl', 'Temporal', 'Atomics', 'WeakRef', 'FinalizationRegistry', 'eval'])

export const purity: Rule = {
  id: 'H2',
  title: 'pure rooms know no Node, no browser, no package',
  appliesTo: isPure,
  check: (paths, house) => modulesOf(paths, house).flatMap(impurities),
}

function impurities(module: Module): Problem[] {
  const declared = declaredNames(module)
  const problems: Problem[] = []
  for (const { specifier, offset } of module.imports) {
    const isOutside = specifier.startsWith('node:') || packageOf(specifier) !== undefined
    const isBodies = module.path === 'physics/bodies.ts' && specifier === 'cannon-es'
    if (isOutside && !isBodies) {
      problems.push(
        at(module, offset, `a pure room imports no package ("${specifier}"): take what it gives as an argument`),
      )
    }
  }
  walk(module.program, (node, parent) => {
    if (isMath(node, 'random')) {
      problems.push(at(module, node.start, "Math.random is nobody's seed: take a generator from physics/random.ts"))
    }
    if (!isReference(node, parent)) return
    const name = node['name'] as string
    if (OF_THE_LANGUAGE.has(name) || (OF_THE_OUTSIDE.has(name) && !declared.has(name))) {
      problems.push(
        at(module, node.start, `"${name}" does not exist in a pure room: take what you need as an argument`),
      )
    }
  })
  return problems
}

/** Where the tick and the shared prediction begin; everything they import is reached. */
export const DETERMINISM_ROOTS = ['server/world/world.ts', 'physics/dead-reckoning.ts', 'maps/course.ts']

/** Correctly rounded by IEEE 754, or exact: the same bits in every engine. */
const SAME_EVERYWHERE = new Set('sqrt abs min max floor ceil round trunc sign imul fround'.split(' '))

export const determinism: Rule = {
  id: 'H3',
  title: 'the tick and the dead reckoning count the same everywhere',
  appliesTo: (path) => DETERMINISM_ROOTS.includes(path),
  check(paths, house) {
    const missing = DETERMINISM_ROOTS.filter((root) => !paths.includes(root)).map((path) => ({
      path,
      line: 0,
      sentence: 'the determinism scan begins here, and the file is not there: name the new one in test/house/purity.ts',
    }))
    const reached = modulesOf([...reachable(paths, house)], house)
    return [...missing, ...reached.flatMap(differences)]
  },
}

/** Everything that runs when these run: imports followed, but for types, which are erased. */
export function reachable(roots: readonly string[], house: House): Set<string> {
  const reached = new Set<string>()
  const waiting = [...roots]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const module = house.modules.get(path)
    if (module === undefined || reached.has(path)) continue
    reached.add(path)
    for (const one of module.imports) {
      const target = one.isType ? undefined : resolveImport(one, path, house.tree)
      if (target !== undefined && !isTest(target)) waiting.push(target)
    }
  }
  return reached
}

function differences(module: Module): Problem[] {
  const problems: Problem[] = []
  walk(module.program, (node, parent) => {
    const wrong = differs(node, parent)
    if (wrong !== undefined) problems.push(at(module, node.start, wrong))
  })
  return problems
}

function differs(node: Node, parent: Node | undefined): string | undefined {
  const operator = node['operator']
  if (operator === '**' || operator === '**=') return '"**" differs between engines: multiply'
  if (isReference(node, parent) && node['name'] === 'Math') {
    const property = parent?.type === 'MemberExpression' && parent['computed'] !== true ? parent['property'] : undefined
    const name = (property as { name?: string } | undefined)?.name
    if (name === undefined) return 'write Math.sqrt and so on in full, so that the scan can see which function it is'
    if (!SAME_EVERYWHERE.has(name)) {
      return `Math.${name} differs between engines: work it out once, outside of the tick, and store the number`
    }
  }
  if (isReference(node, parent) && ['Date', 'Intl'].includes(node['name'] as string)) {
    return `"${String(node['name'])}" in the tick: time is the tick number`
  }
  if (node.type === 'MemberExpression') {
    const name = (node['property'] as { name?: string } | undefined)?.name ?? ''
    if (name.startsWith('toLocale') || name === 'localeCompare') return `${name} depends on the machine's language`
  }
  return undefined
}

function isMath(node: Node, name: string): boolean {
  if (node.type !== 'MemberExpression') return false
  const object = node['object'] as Node
  const property = node['property'] as { name?: string; value?: unknown }
  return object['name'] === 'Math' && (property.name === name || property.value === name)
}
