import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CHANGES, FUNCTIONS_OUT, KINDS_OUT, LIBS_KEPT, MEMBERS_OUT, STUBS } from './lean-cuts.ts'
import { tight, withoutBranches, withoutFunctions } from './lean-glsl.ts'
import { leaner, leanThree } from './lean-three.ts'

const SRC = join(dirname(createRequire(import.meta.url).resolve('three')), '../src')
const VIEW = new URL('./view/', import.meta.url)
const read = (file: string): string => readFileSync(join(SRC, file), 'utf8')
const codeOf = (file: string, code = read(file)): string => {
  const cut = leaner(file, code)
  if ('problem' in cut) throw new Error(cut.problem)
  return cut.code
}

describe('three.js as the page has it', () => {
  it('[V87] headsets, environment maps, effects, clipping and morphing are left out, and say so when used', () => {
    for (const file of ['webxr/WebXRManager.js', 'webgl/WebGLEnvironments.js', 'webgl/WebGLOutput.js']) {
      const code = codeOf(`renderers/${file}`)
      expect(code.length).toBeLessThan(0.2 * read(`renderers/${file}`).length)
    }
    for (const what of ['Morphtargets', 'Clipping', 'Background', 'UniformsGroups'])
      expect(codeOf(`renderers/webgl/WebGL${what}.js`)).toContain('is left out: client/lean-cuts.ts')
  })

  it('[V87] a light, material or texture of a kind that is left out is refused when it is made', () => {
    expect(codeOf('lights/PointLight.js')).toContain("throw new Error( 'isPointLight is left out")
    expect(codeOf('materials/MeshBasicMaterial.js')).toContain("throw new Error( 'isMeshBasicMaterial is left out")
    expect(codeOf('lights/DirectionalLight.js')).toContain('this.isDirectionalLight = true;')
    // Each is a kind that three.js asks for.
    const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'))
    const all = files.map((name) => read(name)).join('\n')
    for (const kind of KINDS_OUT) expect([kind, all.includes(`.${kind}`)]).toEqual([kind, true])
    expect(codeOf('renderers/webgl/WebGLLights.js')).not.toMatch(/light\.is(Point|Spot|RectArea)Light/)
    const programs = codeOf('renderers/webgl/WebGLPrograms.js')
    expect(programs).toContain('for ( const name of OUT ) if ( material[ name ] ) throw')
    expect(programs).not.toContain('clearcoatMapUv')
  })

  it('[V87] every part that is cut is found in three.js, and what is left is still a module', () => {
    const files = [STUBS, CHANGES, FUNCTIONS_OUT, MEMBERS_OUT].flatMap((table) => Object.keys(table))
    expect(files.length).toBeGreaterThan(15)
    for (const file of new Set(files)) {
      const code = codeOf(file)
      const count = (text: string, sign: string): number => text.split(sign).length
      expect([file, count(code, '{')]).toEqual([file, count(code, '}')])
      expect(code).toContain('export ')
    }
    expect(leaner('renderers/webgl/WebGLShadowMap.js', 'nothing of it')).toEqual({
      problem: expect.stringContaining('WebGLShadowMap.js no longer has') as string,
    })
  })

  it('[V87] shader code of other materials does not compile; of ours, what stands under no known condition is whole', () => {
    expect(codeOf('renderers/shaders/ShaderLib/meshtoon.glsl.js')).toContain('#error meshtoon is left out')
    expect(codeOf('renderers/shaders/ShaderChunk/envmap_fragment.glsl.js')).not.toContain('envColor')
    for (const name of readdirSync(join(SRC, 'renderers/shaders/ShaderChunk'))) {
      const code = codeOf(`renderers/shaders/ShaderChunk/${name}`)
      expect([name, code.match(/#if/g)?.length]).toEqual([name, code.match(/#endif/g)?.length])
    }
    const bare = (text: string): string => text.replace(/\/\/.*|\/\*[\s\S]*?\*\/|\s/g, '')
    const whole = 'renderers/shaders/ShaderChunk/colorspace_fragment.glsl.js'
    expect(bare(codeOf(whole))).toBe(bare(read(whole)))
  })

  it('[V115] pieces of shader code of which nothing is left are not asked for; one of which something is left fails the build', () => {
    const kept = codeOf('renderers/shaders/ShaderChunk.js')
    const imported = [...kept.matchAll(/from '\.\/ShaderChunk\/(\w+)\.glsl/g)].map(([, name]) => name!)
    expect(imported.length).toBeGreaterThan(20)
    for (const name of imported) expect([name, kept.includes(`\t${name}: ${name}`)]).toEqual([name, true])
    const programs = [...LIBS_KEPT].map((name) => codeOf(`renderers/shaders/ShaderLib/${name}.glsl.js`))
    const pieces = imported.map((name) => codeOf(`renderers/shaders/ShaderChunk/${name}.glsl.js`))
    for (const [, name] of [...programs, ...pieces].join('\n').matchAll(/#include <(\w+)>/g))
      expect([name, imported.includes(name!)]).toEqual([name, true])
    // Edits put code after a piece: it must be there.
    const edited: string[] = []
    for (const file of readdirSync(VIEW).filter((name) => /(?<!test)\.ts$/.test(name)))
      for (const [, name] of readFileSync(new URL(file, VIEW), 'utf8').matchAll(/chunk: '(\w+)'|#include <(\w+)>/g))
        edited.push(name ?? '')
    expect(edited.length).toBeGreaterThan(30)
    expect(edited.filter((name) => name !== '' && !imported.includes(name))).toEqual([])
    expect(leaner('renderers/shaders/ShaderChunk/fog_fragment.glsl.js', 'export default `float left;`')).toEqual({
      problem: expect.stringContaining('something is left of three.js') as string,
    })
  })

  it('[V87] conditions are worked out as far as they are known', () => {
    const known = { isOff: (name: string) => name.startsWith('OFF'), isZero: (name: string) => name === 'NONE' }
    const left = (...lines: string[]): string => withoutBranches(lines.join('\n'), known)
    expect(left('#ifdef OFF', 'a', '#else', 'b', '#endif')).toBe('b')
    expect(left('#ifdef ON', 'a', '#elif defined( OFF )', 'b', '#else', 'c', '#endif')).toBe(
      '#ifdef ON\na\n#else\nc\n#endif',
    )
    expect(left('#if defined( OFF ) || defined( ON )', 'a', '#endif')).toBe('#if defined(ON)\na\n#endif')
    expect(left('#if ( NONE > 0 ) && defined( ON )', 'a', '#endif')).toBe('')
    expect(left('#if NONE > 0', 'a', '#elif defined( ON )', 'b', '#endif')).toBe('#if defined(ON)\nb\n#endif')
    expect(left('#ifndef OFF', '#ifdef ON', 'a', '#endif', 'b', '#endif')).toBe('#ifdef ON\na\n#endif\nb')
    expect(left('#ifdef OFF', '#ifdef ON', 'a', '#else', 'b', '#endif', '#endif', 'c')).toBe('c')
    expect(left('#if LIGHTS > 2', 'a', '#endif')).toBe('#if LIGHTS>2\na\n#endif')
    expect(() => left('#ifdef ON')).toThrow('never ends')
  })

  it('[V87] shader code loses remarks, spaces and functions nobody calls, and means the same', () => {
    expect(tight('\tfloat a = 0.50 - - 1.0; // one\n\n\t/* two */ b = a ++ + 10.0e3;')).toBe(
      'float a=.50 - - 1.;\nb=a ++ + 10.0e3;',
    )
    expect(tight('#define saturate( a )  clamp( a, 0.0, 1.0 )')).toBe('#define saturate( a ) clamp( a, 0.0, 1.0 )')
    expect(tight('void main() {\n}')).toBe('void main() {\n}')
    expect(
      withoutFunctions(
        'float f( float x ) {\n if(x>0.){return x;}\n return 1.;\n}\nfloat g(){ return 2.; }',
        new Set(['f']),
      ),
    ).toBe('\nfloat g(){ return 2.; }')
  })

  it('[V87] methods for saving and picking are gone, the others of the class are there', () => {
    const mesh = codeOf('objects/Mesh.js')
    expect(/\n\traycast\(/.test(mesh)).toBe(false)
    expect(mesh).toContain('class Mesh extends Object3D')
    expect(mesh.match(/\{/g)!.length).toBe(mesh.match(/\}/g)!.length)
  })

  it('[V87] nobody who draws calls a method that is left out', () => {
    const names = Object.values(MEMBERS_OUT).flatMap((list) => list.trim().split(/\s+/))
    expect(names.length).toBeGreaterThan(200)
    const called = new RegExp(`\\.(${names.join('|')})\\(`, 'g')
    for (const file of readdirSync(VIEW)) {
      if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue
      const code = readFileSync(new URL(file, VIEW), 'utf8')
      if (/from 'three'/.test(code)) expect([file, code.match(called) ?? []]).toEqual([file, []])
    }
  })

  it('[V87] another three.js fails the build with a sentence', () => {
    expect(leaner('renderers/webgl/WebGLOutput.js', 'class Other {}')).toEqual({
      problem: expect.stringContaining('WebGLOutput.js no longer has WebGLOutput') as string,
    })
    const { transform } = leanThree()
    if (typeof transform !== 'function') throw new Error('The plugin has no transform.')
    const said: unknown[] = []
    const self = { error: (words: unknown) => void said.push(words) } as never
    const code = read('constants.js').replace(/REVISION = '\d+'/, "REVISION = '188'")
    void transform.call(self, code, '/x/three/src/constants.js', {} as never)
    expect(said[0]).toContain('knows three.js r187 only')
  })
})
