import { describe, expect, it } from 'vitest'
import { GLSL_WORDS } from './lean-glsl-words.ts'
import { readNames, renamed, ShaderNames } from './lean-shader-names.ts'

const FILE = '/x/client/view/one-material.ts'

describe('short names in shader code', () => {
  const short = readNames().shortened()

  it('[V116] each name becomes one other, which nothing was called: no word of the language, no name that is kept', () => {
    expect(short.size).toBeGreaterThan(300)
    const after = [...short.values()]
    expect(new Set(after).size).toBe(after.length)
    expect(
      after.filter((name) => GLSL_WORDS.has(name) || short.has(name) || !/^[A-Za-z][A-Za-z0-9]*$/.test(name)),
    ).toEqual([])
    expect([...short.keys()].filter((name) => GLSL_WORDS.has(name) || name.startsWith('gl_'))).toEqual([])
    // Uniforms, attributes and definitions are said by code too.
    for (const name of [
      'airTimeS',
      'airWind',
      'instanceMatrix',
      'position',
      'USE_MAP',
      'NUM_DIR_LIGHTS',
      'wave',
      'seed',
    ])
      expect([name, short.has(name)]).toEqual([name, false])
  })

  it('[V116] what code asks for by name, a text names, or a text with gaps may be put together to, stays', () => {
    const names = new ShaderNames()
    const code = [
      'const a = `uniform float asked,hidden; float row1; float tail; float xyz; void main() {hidden=asked+row1+rgb;}`',
      "one.asked = 'hidden2'; const b = `float ${n}tail; float row${i}; float hidden2;`; line('hidden=1.;')",
    ].join('\n')
    names.read(FILE, code)
    const found = names.shortened()
    expect([...found.keys()]).toEqual(['hidden'])
    expect(renamed(FILE, code, found)).toBe(code.replaceAll(/hidden(?!2)/g, found.get('hidden')!))
  })

  it('[V116] parts of vectors, remarks and the code around are as they were', () => {
    const code = 'const color = `float tone; /* tone */ vec3 color1=vec3(tone).xyz*1.e3;` // tone\nconst tone = 1'
    expect(renamed(FILE, code, new Map([['tone', 'q']]))).toBe(
      'const color = `float q; /* q */ vec3 color1=vec3(q).xyz*1.e3;` // tone\nconst tone = 1',
    )
  })
})
