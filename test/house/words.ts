import { isSource, isTest, modulesOf, type Problem, type Rule } from './house.ts'
import { isNode, lineOf, walk, type Module, type Node } from './syntax.ts'

/** Pages whose words have not moved to client/words yet. The list only becomes shorter. */
export const WORDS_TO_DO: ReadonlySet<string> = new Set()

/** What is the same in every language. */
const NAMES = new Set(['Gruppetto', 'km', 'kg', 'ms', 'kJ', 'UDP'])
/** Attributes that are read, or read aloud. */
const READ = new Set(['aria-label', 'aria-description', 'aria-valuetext', 'title', 'placeholder', 'alt', 'label'])
/** What stands in these is typed, not read. */
const TYPED = new Set(['code', 'kbd', 'style', 'script'])

/** A page without words of its own: whoever adds a language finds all of them in one folder. */
export const noBareWords: Rule = {
  id: 'H10',
  title: 'no bare words in pages and instruments',
  appliesTo: (path) => /^client\/(pages|hud)\/.*\.tsx$/.test(path) && isSource(path) && !isTest(path),
  check: (paths, house) =>
    modulesOf(paths, house)
      .filter(({ path }) => !WORDS_TO_DO.has(path))
      .flatMap(bareWords),
}

/** Tools that make the page, and what only its makers see. */
const FOR_MAKERS =
  /^client\/(vite\.|lean-|host-names|small-gzip|bundle-groups|world-worker-plugin|shell\/shell-plugin|test-hook)|-harness\.ts$/
/** What a rider reads is not made where it happens: codes and facts travel, words stand in one place for each language. */
const SPEAKS =
  /^(client\/(?!words\/|view\/|audio\/).*|bridges\/core\/(legs|trainer-driver|spin-down|sample|arbiter))\.ts$/
/** The English of what more than pages says; their other languages are typed by it. */
const ENGLISH = /^client\/net\/\w+-english\.ts$/

export const noProse: Rule = {
  id: 'H10',
  title: 'no sentences where things happen',
  appliesTo: (path) =>
    SPEAKS.test(path) && isSource(path) && !isTest(path) && !ENGLISH.test(path) && !FOR_MAKERS.test(path),
  check: (paths, house) => modulesOf(paths, house).flatMap(prose),
}

/** Three words on end are prose, but where broken code is told (a throw, an assertion) and in styles and addresses. */
function prose(module: Module): Problem[] {
  const found: Problem[] = []
  const told = new Set<Node>()
  walk(module.program, (node, parent) => {
    if (parent !== undefined && told.has(parent)) told.add(node)
    else if (node.type === 'ThrowStatement' || isAssertion(node) || node.type.startsWith('TS')) told.add(node)
    if (told.has(node)) return
    const text = node.type === 'Literal' ? node['value'] : node.type === 'TemplateElement' ? cooked(node) : undefined
    if (typeof text !== 'string' || !PROSE.test(text)) return
    found.push({
      path: module.path,
      line: lineOf(module.text, node.start),
      sentence: `"${text.trim().slice(0, 40)}" is a sentence: let a code and its facts travel, and say it in client/words, in every language`,
    })
  })
  return found
}

const PROSE = /(^|[^\p{L}\d.#:_-])\p{L}{2,}[,;:]? \p{L}+[,;:]? \p{L}{2,}/u
const cooked = (piece: Node): string => (piece['value'] as { cooked?: string }).cooked ?? ''

function isAssertion(node: Node): boolean {
  const callee = node['callee']
  if (node.type === 'NewExpression') return isNode(callee) && nameOf(callee).endsWith('Error')
  return node.type === 'CallExpression' && isNode(callee) && nameOf(callee) === 'assert'
}

function bareWords(module: Module): Problem[] {
  const found: Problem[] = []
  const refuse = (node: Node, text: string): void => {
    found.push({
      path: module.path,
      line: lineOf(module.text, node.start),
      sentence: `"${text.trim().slice(0, 40)}" stands bare: words that a person reads live in client/words, in every language`,
    })
  }
  walk(module.program, (node, parent) => {
    if (node.type === 'JSXText' && !isTyped(parent) && hasWords(node['value'])) refuse(node, String(node['value']))
    if (node.type === 'JSXExpressionContainer' && parent?.type === 'JSXElement' && !isTyped(parent)) {
      for (const literal of literalsOf(node['expression']))
        if (hasWords(literal['value'])) refuse(literal, String(literal['value']))
    }
    if (node.type === 'JSXAttribute' && READ.has(nameOf(node['name']))) {
      const value = node['value']
      const inside = isNode(value) && value.type === 'JSXExpressionContainer' ? value['expression'] : value
      for (const literal of literalsOf(inside))
        if (hasWords(literal['value'])) refuse(literal, String(literal['value']))
    }
  })
  return found
}

/** Strings that an expression may come out as: itself, either branch of a choice, the pieces of a template. */
function literalsOf(expression: unknown): readonly Node[] {
  if (!isNode(expression)) return []
  if (expression.type === 'Literal') return [expression]
  if (expression.type === 'ConditionalExpression')
    return [...literalsOf(expression['consequent']), ...literalsOf(expression['alternate'])]
  if (expression.type === 'LogicalExpression') return literalsOf(expression['right'])
  if (expression.type !== 'TemplateLiteral') return []
  const pieces = expression['quasis'] as readonly Node[]
  return pieces.map((piece) => ({ ...piece, value: (piece['value'] as { cooked?: string }).cooked ?? '' }))
}

function hasWords(value: unknown): boolean {
  // Part of an address.
  if (typeof value === 'string' && /^[?&/#]/.test(value)) return false
  const words = typeof value === 'string' ? (value.match(/\p{L}{2,}/gu) ?? []) : []
  return words.some((word) => !NAMES.has(word))
}

function isTyped(element: Node | undefined): boolean {
  const opening = element?.['openingElement']
  return isNode(opening) && TYPED.has(nameOf(opening['name']))
}

const nameOf = (name: unknown): string => (isNode(name) && typeof name['name'] === 'string' ? name['name'] : '')
