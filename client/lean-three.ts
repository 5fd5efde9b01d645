import type { Plugin } from 'vite'
import {
  AMOUNTS_OUT,
  CHANGES,
  CHUNKS_EMPTY,
  CHUNKS_OUT,
  COUNTS_OUT,
  DEFINES_OUT,
  FUNCTIONS_OUT,
  GLSL_OUT,
  KINDS_OUT,
  LIBS_KEPT,
  MAPS_OUT,
  MEMBERS_OUT,
  OUT,
  PARAMETERS_OUT,
  STUBS,
  SWITCHES_OUT,
} from './lean-cuts.ts'
import { tight, withoutBranches, withoutFunctions } from './lean-glsl.ts'

/**
 * three.js without what a ride never draws with (client/lean-cuts.ts). It is built from its sources, in which questions
 * like "is this light a spotlight" are answered beforehand: the minifier then leaves out what follows from a yes. Whatever
 * is left out says so when somebody uses it. When three.js itself changes, so that something is none of its parts any
 * more, the build fails. docs/client.md [V87]
 */
export function leanThree(): Plugin {
  const met = new Set<string>()
  let hasThree = false
  return {
    name: 'lean-three',
    enforce: 'pre',
    config: () => ({ resolve: { alias: [{ find: /^three$/, replacement: 'three/src/Three.js' }] } }),
    buildStart: () => {
      met.clear()
      hasThree = false
    },
    transform(code, id) {
      const file = /\/three\/src\/(.+\.js)$/.exec(id)?.[1]
      if (file === undefined) return null
      hasThree = true
      if (file === 'constants.js' && !code.includes(`REVISION = '${REVISION}'`))
        return this.error(`client/lean-three.ts knows three.js r${REVISION} only. Look at every part it leaves out.`)
      const cut = leaner(file, code)
      if ('problem' in cut) return this.error(cut.problem)
      met.add(file)
      return cut.code === code ? null : { code: cut.code, map: null }
    },
    buildEnd(error) {
      if (error !== undefined || !hasThree) return
      const files = [STUBS, CHANGES, FUNCTIONS_OUT, MEMBERS_OUT].flatMap((table) => Object.keys(table))
      const missing = files.filter((file) => !met.has(file))
      if (missing.length > 0)
        this.error(`client/lean-cuts.ts leaves out what three.js does not have: ${missing.join(', ')}`)
    },
  }
}

const REVISION = '187'

export type Cut = { readonly code: string } | { readonly problem: string }

/** A file of three/src as the client has it. */
export function leaner(file: string, code: string): Cut {
  const stub = STUBS[file]
  if (stub !== undefined) {
    if (!stub.names.every((name) => code.includes(name)))
      return { problem: `client/lean-cuts.ts: three/src/${file} no longer has ${stub.names.join(', ')}` }
    return { code: stub.code }
  }
  const chunk = /^renderers\/shaders\/(ShaderChunk|ShaderLib)\/(\w+)\.glsl\.js$/.exec(file)
  if (chunk !== null) return leanerShader(chunk[2]!, chunk[1] === 'ShaderLib', code)
  if (file === 'renderers/shaders/ShaderChunk.js') return { code: withoutPieces(code) }
  const text: Text = { file, code, missing: [] }
  change(text)
  leaveFunctions(text)
  leaveMembers(text)
  if (file.startsWith('renderers/webgl/WebGLProgram')) leaveParameters(text)
  if (file.startsWith('renderers/')) leaveProperties(text)
  if (text.missing.length > 0)
    return { problem: `client/lean-cuts.ts: three/src/${file} no longer has ${text.missing.join(', ')}` }
  return { code: withoutMethods(answered(text.code)) }
}

/** A file on its way, and what it should have had. */
interface Text {
  readonly file: string
  code: string
  readonly missing: string[]
}

function replaced(text: Text, find: RegExp, put: string): void {
  const after = text.code.replace(find, put)
  if (after === text.code) text.missing.push(String(find))
  text.code = after
}

function change(text: Text): void {
  for (const [find, put] of CHANGES[text.file] ?? []) replaced(text, find, put)
}

const namesIn = (list: string | undefined): string[] => list?.trim().split(/\s+/) ?? []

/** A function goes from its word to the brace with as many tabs. */
function leaveFunctions(text: Text): void {
  for (const name of namesIn(FUNCTIONS_OUT[text.file]))
    replaced(
      text,
      new RegExp(`\\n(\\t*)function ${name}\\([\\s\\S]*?\\n\\1\\}`),
      `\nfunction ${name}() { throw new Error( '${name} ${OUT}' ) }`,
    )
}

/** A method of a class, one that a constructor gives its object, or one in the list that a function returns. */
function leaveMembers(text: Text): void {
  for (const name of namesIn(MEMBERS_OUT[text.file]))
    replaced(
      text,
      new RegExp(
        `\\n(\\t+)(?:(?:static |async |get |set )*${name}\\([^\\n]*\\{(?:\\}|[\\s\\S]*?\\n\\1\\}(?=\\n))|this\\.${name} = (?:async )?function[^\\n]*\\{[\\s\\S]*?\\n\\1\\};|this\\.${name} = ${name};|${name}: ${name}(?:,|(?=\\n)))`,
        'g',
      ),
      '',
    )
}

/** Parameters of programs that are never set: lines of lists about them go, elsewhere they are false. */
function leaveParameters(text: Text): void {
  const names = `(?:${PARAMETERS_OUT.join('|')})`
  text.code = text.code
    .replace(new RegExp(`\\n\\t+(?:\\(? ?parameters\\.${names} .*? '',|${names}: .*,)(?=\\n)`, 'g'), '')
    .replace(new RegExp(`\\n\\t+array\\.push\\( parameters\\.${names} \\);`, 'g'), '')
    .replace(
      new RegExp(`\\n\\t+if \\( parameters\\.${names} (?:> 0 )?\\)\\n\\t+_programLayers\\.enable\\( \\d+ \\);`, 'g'),
      '',
    )
    .replace(new RegExp(`\\bparameters\\.${names}\\b(?! = )`, 'g'), 'false')
}

function leaveProperties(text: Text): void {
  const asked = (names: readonly string[]): RegExp =>
    new RegExp(`\\b(?:material|materialProperties)\\.(?:${names.join('|')})\\b(?!\\s*=[^=])`, 'g')
  text.code = text.code
    .replace(asked(MAPS_OUT), 'null')
    .replace(asked(SWITCHES_OUT), 'false')
    .replace(asked(AMOUNTS_OUT), '0')
}

const ASKED = new RegExp(
  `(?<![\\w$.\\])])(?:[A-Za-z_$][\\w$]*(?:\\.[A-Za-z_$][\\w$]*|\\[ ?\\w+ ?\\])*)\\.(?:${KINDS_OUT.join('|')})\\b(?!\\s*=[^=])`,
  'g',
)
const MADE = new RegExp(`this\\.(${KINDS_OUT.join('|')}) = true;`, 'g')

/** Whether something is of a kind that there is none of: no. Who would be one is not made. */
function answered(code: string): string {
  return code.replace(MADE, `throw new Error( '$1 ${OUT}' );`).replace(ASKED, 'false')
}

const KNOWN = { isOff: (name: string) => DEFINES_OUT.has(name), isZero: (name: string) => COUNTS_OUT.has(name) }

/** The list of all pieces of shader code without those that nothing includes. */
function withoutPieces(code: string): string {
  const isOut = (name: string): boolean => CHUNKS_EMPTY.has(name) || CHUNKS_OUT.has(name)
  const isProgram = (name: string): boolean => /_(vert|frag)$/.test(name)
  const isProgramKept = (name: string): boolean => [...LIBS_KEPT].some((lib) => name.startsWith(`${lib}_`))
  return code
    .split('\n')
    .filter((line) => {
      const name = /^import (\w+) from|^\t(\w+): [\w.]+,?$/.exec(line)
      const piece = name?.[1] ?? name?.[2]
      if (piece !== undefined) return isProgram(piece) ? isProgramKept(piece) : !isOut(piece)
      const lib = /^import \* as \w+ from '\.\/ShaderLib\/(\w+)\.glsl/.exec(line)?.[1]
      return lib === undefined || LIBS_KEPT.has(lib)
    })
    .join('\n')
}

function leanerShader(name: string, isLib: boolean, code: string): Cut {
  if (isLib ? !LIBS_KEPT.has(name) : CHUNKS_OUT.has(name)) {
    if (!isLib) return { code: `export default '#error ${name} ${OUT}'` }
    const names = [...code.matchAll(/export const (\w+)/g)].map(([, one]) => one!)
    if (names.length === 0) return { problem: `client/lean-cuts.ts: the shader ${name} of three.js looks different` }
    return { code: names.map((one) => `export const ${one} = \`#error ${name} ${OUT}\``).join('\n') }
  }
  const cut = code.replace(/`([^`]*)`/g, (_all, glsl: string) => {
    const left = withoutBranches(glsl, KNOWN).replace(/[ \t]*#include <(\w+)>/g, (include, piece: string) =>
      CHUNKS_EMPTY.has(piece) || CHUNKS_OUT.has(piece) ? '' : include,
    )
    return `\`${tight(withoutFunctions(left, GLSL_OUT))}\n\``
  })
  if (CHUNKS_EMPTY.has(name) && !/`\s*`/.test(cut))
    return { problem: `client/lean-cuts.ts: something is left of three.js's ${name}: ${cut}` }
  return { code: cut }
}

/** Methods for saving, loading and picking with a mouse. */
const METHODS_OUT = new Set(['toJSON', 'fromJSON', 'raycast', 'serialize'])

/** Classes of three.js without the methods named: each begins with a tab and its name, and ends with a tab and a brace. */
function withoutMethods(code: string): string {
  if (!/\n\t(static )?(toJSON|fromJSON|raycast|serialize)\(/.test(code)) return code
  const out: string[] = []
  let isIn = false
  for (const line of code.split('\n')) {
    const name = /^\t(?:static )?(\w+)\(.*\{$/.exec(line)?.[1]
    if (!isIn && name !== undefined && METHODS_OUT.has(name)) isIn = true
    if (!isIn) out.push(line)
    else if (line === '\t}') isIn = false
  }
  return out.join('\n')
}
