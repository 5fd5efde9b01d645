import type { Plugin } from 'vite'

/**
 * three.js without what a ride never draws with. It is built from its sources, some of which are replaced here, by name:
 * headsets, environment maps, morphing, effects over the picture, materials and shader code of theirs. Whatever is left
 * out says so when somebody uses it: a class throws, shader code does not compile. When three.js itself changes, so that a
 * name here is none of its files any more or a part looks different, the build fails. docs/client.md [V87]
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
      for (const name of cut.met) met.add(name)
      return cut.code === code ? null : { code: cut.code, map: null }
    },
    buildEnd(error) {
      if (error !== undefined || !hasThree) return
      const missing = Object.keys(STUBS).filter((file) => !met.has(file))
      if (missing.length > 0)
        this.error(`client/lean-three.ts leaves out what three.js does not have: ${missing.join(', ')}`)
    },
  }
}

const REVISION = '187'

export type Cut = { readonly code: string; readonly met: readonly string[] } | { readonly problem: string }

/** A file of three/src as the client has it. */
export function leaner(file: string, code: string): Cut {
  const stub = STUBS[file]
  if (stub !== undefined) {
    if (!stub.names.every((name) => code.includes(name)))
      return { problem: `client/lean-three.ts: three/src/${file} no longer has ${stub.names.join(', ')}` }
    return { code: stub.code, met: [file] }
  }
  const chunk = /^renderers\/shaders\/(ShaderChunk|ShaderLib)\/(\w+)\.glsl\.js$/.exec(file)
  if (chunk !== null) return leanerShader(chunk[2]!, chunk[1] === 'ShaderLib', code)
  return { code: withoutMethods(code), met: [] }
}

interface Stub {
  /** What must be in the file that is replaced, or it is not what we think. */
  readonly names: readonly string[]
  readonly code: string
}

/** Things that three.js asks of a part on every frame, answered as when the part is not in use. */
const STUBS: Readonly<Record<string, Stub>> = {
  'renderers/webxr/WebXRManager.js': {
    names: ['class WebXRManager', 'isPresenting', 'setAnimationLoop', 'hasDepthSensing'],
    code: `import { EventDispatcher } from '../../core/EventDispatcher.js'
      export class WebXRManager extends EventDispatcher {
        enabled=false; isPresenting=false; cameraAutoUpdate=false
        setAnimationLoop(){} dispose(){} hasDepthSensing(){return false} getEnvironmentBlendMode(){}
      }`,
  },
  'renderers/webgl/WebGLEnvironments.js': {
    names: ['function WebGLEnvironments', 'get: get', 'dispose: dispose'],
    code: `export function WebGLEnvironments(){
      return { get(map){ if(map==null||!map.isTexture) return null; throw new Error('environment maps are left out: client/lean-three.ts') }, dispose(){} }
    }`,
  },
  'renderers/webgl/WebGLOutput.js': {
    names: ['WebGLOutput', 'setEffects', 'isCompositing'],
    code: `export class WebGLOutput { constructor(){ throw new Error('effects over the picture are left out: client/lean-three.ts') } }`,
  },
  'renderers/webgl/WebGLMorphtargets.js': {
    names: ['function WebGLMorphtargets', 'update: update'],
    code: `export function WebGLMorphtargets(){ return { update(){ throw new Error('morphing is left out: client/lean-three.ts') } } }`,
  },
  'renderers/webgl/WebGLUniformsGroups.js': {
    names: ['function WebGLUniformsGroups', 'bind: bind', 'update: update', 'dispose: dispose'],
    code: `const out=()=>{ throw new Error('groups of uniforms are left out: client/lean-three.ts') }
      export function WebGLUniformsGroups(){ return { bind: out, update: out, dispose(){} } }`,
  },
}

/** Programs of materials that nothing here has; `depth` and `distance` are for shadows. */
const LIBS_KEPT = new Set(['depth', 'distance', 'meshlambert', 'meshphysical', 'vsm'])

/** Shader code that no program of ours can reach. */
const CHUNKS_OUT = new Set([
  ...['lights_phong_pars_fragment', 'lights_phong_fragment', 'lights_toon_pars_fragment', 'lights_toon_fragment'],
  ...['gradientmap_pars_fragment', 'cube_uv_reflection_fragment'],
])

/** Shader code that is there for features nobody turns on: turned on, it does not compile. */
const FEATURES_OUT = [
  ...['alphahash', 'alphamap', 'aomap', 'bumpmap', 'clipping_planes', 'displacementmap', 'emissivemap'],
  ...['clearcoat', 'envmap', 'iridescence', 'lightmap', 'lightprobes', 'logdepthbuf', 'morph', 'normalmap', 'skin'],
  ...['specularmap', 'transmission'],
]

function leanerShader(name: string, isLib: boolean, code: string): Cut {
  if (isLib) {
    if (LIBS_KEPT.has(name)) return { code: smaller(code), met: [] }
    const source = '`#error three.js: ' + name + ' is left out, client/lean-three.ts`'
    const names = [...code.matchAll(/export const (\w+)/g)].map(([, one]) => one!)
    if (names.length === 0) return { problem: `client/lean-three.ts: the shader ${name} of three.js looks different` }
    return { code: names.map((one) => `export const ${one} = ${source}`).join('\n'), met: [] }
  }
  if (CHUNKS_OUT.has(name))
    return { code: `export default \`#error three.js: ${name} is left out, client/lean-three.ts\``, met: [] }
  if (!FEATURES_OUT.some((feature) => name.startsWith(feature))) return { code: smaller(code), met: [] }
  const glsl = /export default \/\* glsl \*\/`([^`]*)`/.exec(code)?.[1]
  const guards = glsl === undefined ? undefined : guardsOf(glsl)
  // Not under a condition as a whole: then it is code that every program needs.
  if (guards === undefined) return { code: smaller(code), met: [] }
  const left = guards.map((guard) => `${guard}\n#error three.js: ${name} is left out, client/lean-three.ts\n#endif`)
  return { code: `export default \`${left.join('\n')}\``, met: [] }
}

/** The conditions that all of a piece of shader code stands under; undefined: some of it stands under none. */
function guardsOf(glsl: string): string[] | undefined {
  const guards: string[] = []
  let depth = 0
  for (const raw of glsl.split('\n')) {
    const line = raw.trim()
    if (line === '' || line.startsWith('//')) continue
    if (line.startsWith('#if')) {
      if (depth++ === 0) guards.push(line)
    } else if (line.startsWith('#endif')) depth--
    else if (depth === 0 || (depth === 1 && /^#el(se|if)/.test(line))) return undefined
  }
  return guards.length === 0 ? undefined : guards
}

/** Shader code without indents, empty lines and remarks. */
function smaller(code: string): string {
  return code.replace(/`([^`]*)`/g, (_all, glsl: string) => {
    const lines = glsl
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .split('\n')
      .map((line) => line.replace(/\/\/.*$/, '').trim())
    return `\`${lines.filter((line) => line !== '').join('\n')}\n\``
  })
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
