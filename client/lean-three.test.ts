import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { leaner, leanThree } from './lean-three.ts'

const SRC = join(dirname(createRequire(import.meta.url).resolve('three')), '../src')
const read = (file: string): string => readFileSync(join(SRC, file), 'utf8')
const codeOf = (file: string, code = read(file)): string => {
  const cut = leaner(file, code)
  if ('problem' in cut) throw new Error(cut.problem)
  return cut.code
}

describe('three.js as the page has it', () => {
  it('[V87] headsets, environment maps, effects and morphing are left out, and say so when used', () => {
    for (const file of ['webxr/WebXRManager.js', 'webgl/WebGLEnvironments.js', 'webgl/WebGLOutput.js']) {
      const code = codeOf(`renderers/${file}`)
      expect(code.length).toBeLessThan(0.2 * read(`renderers/${file}`).length)
    }
    expect(codeOf('renderers/webgl/WebGLMorphtargets.js')).toContain('morphing is left out')
  })

  it('[V87] shader code of features nobody turns on does not compile when somebody does; the rest is whole', () => {
    expect(codeOf('renderers/shaders/ShaderLib/meshtoon.glsl.js')).toContain('#error three.js: meshtoon is left out')
    const envmap = codeOf('renderers/shaders/ShaderChunk/envmap_fragment.glsl.js')
    expect(envmap).toMatch(/#ifdef USE_ENVMAP\n#error .*\n#endif/)
    const lights = codeOf('renderers/shaders/ShaderChunk/lights_fragment_begin.glsl.js')
    const words = (text: string): string[] => text.replace(/\/\/.*|\/\*[\s\S]*?\*\/|`/g, '').match(/\S+/g)!
    expect(words(lights)).toEqual(words(read('renderers/shaders/ShaderChunk/lights_fragment_begin.glsl.js')))
    expect(lights.length).toBeLessThan(read('renderers/shaders/ShaderChunk/lights_fragment_begin.glsl.js').length)
    // Every piece that stands under conditions only has them all in its place.
    let left = 0
    for (const name of readdirSync(join(SRC, 'renderers/shaders/ShaderChunk'))) {
      const code = codeOf(`renderers/shaders/ShaderChunk/${name}`)
      if (code.includes('#if') && code.includes('#error')) {
        left++
        expect([name, code.match(/#if/g)!.length]).toEqual([name, code.match(/#endif/g)!.length])
      }
    }
    expect(left).toBeGreaterThan(25)
  })

  it('[V87] methods for saving and picking are gone, the others of the class are there', () => {
    const mesh = codeOf('objects/Mesh.js')
    expect(/\n\traycast\(/.test(mesh)).toBe(false)
    expect(mesh).toContain('\tupdateMorphTargets() {')
    expect(mesh.match(/\{/g)!.length).toBe(mesh.match(/\}/g)!.length)
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
