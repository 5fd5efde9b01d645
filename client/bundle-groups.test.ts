import { parseSync } from 'vite'
import { describe, expect, it } from 'vitest'
import { groupOf } from './bundle-groups.ts'
import { tightTemplates } from './lean-shaders.ts'

/** Who imports whom; with `~`: asked for by name. */
const IMPORTERS: Readonly<Record<string, readonly string[]>> = {
  '/client/main.ts': [],
  '/client/pages/parts.tsx': ['/client/main.ts', '/client/pages/ride.tsx'],
  '/client/pages/ride.tsx': ['~/client/main.ts'],
  '/client/ride.ts': ['~/client/pages/ride.tsx'],
  '/client/pages/companion.tsx': ['~/client/main.ts'],
  '/client/view/scene.ts': ['/client/ride.ts'],
  '/client/view/shape.ts': ['/client/view/scene.ts', '/client/view/world-worker.ts'],
  '/client/view/signs.ts': ['/client/view/world-worker.ts'],
  '/client/view/world-worker.ts': [],
  '/maps/course.ts': ['/client/ride.ts', '/client/view/world-worker.ts', '/client/pages/companion.tsx'],
  '/maps/parse.ts': ['/client/ride.ts', '/client/pages/companion.tsx'],
  '/protocol/writer.ts': ['/client/ride.ts', '/client/pages/companion.tsx'],
  '/client/hud/settings.ts': ['/client/ride.ts', '/client/pages/companion.tsx'],
}

const GRAPH = {
  getModuleInfo: (id: string) => {
    const all = IMPORTERS[id]!
    const [dynamic, plain] = [true, false].map((is) => all.filter((one) => one.startsWith('~') === is))
    return { isEntry: all.length === 0, importers: plain!, dynamicImporters: dynamic!.map((one) => one.slice(1)) }
  },
}

describe('the files of the page', () => {
  it('[V88] what only a ride needs is in a file that no other page asks for, and what its worker runs in no file of pages', () => {
    const groups = Object.fromEntries(Object.keys(IMPORTERS).map((id) => [id, groupOf(id, GRAPH)]))
    expect(groups).toEqual({
      '/client/main.ts': 'base',
      '/client/pages/parts.tsx': 'base',
      '/client/pages/ride.tsx': 'ride',
      '/client/ride.ts': 'ride',
      '/client/pages/companion.tsx': null,
      '/client/view/scene.ts': 'ride',
      '/client/view/shape.ts': 'world',
      '/client/view/signs.ts': null,
      '/client/view/world-worker.ts': null,
      '/maps/course.ts': 'course',
      '/maps/parse.ts': 'roads',
      '/protocol/writer.ts': 'line',
      '/client/hud/settings.ts': 'shared',
    })
  })

  it('[V87] shader code in templates is made tight, other texts are left alone', () => {
    const code = 'const a = `\n  float x = 1.0; // one\n  ${b} y;\n`\nconst c = `two  spaces\n  ${a} ; here`'
    expect(tightTemplates(code, parseSync('a.ts', code).program)).toBe(
      'const a = `\nfloat x=1.;\n${b} y;\n`\nconst c = `two  spaces\n  ${a} ; here`',
    )
  })
})
