import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Names, openFiles } from './lean-names.ts'
import { ANYWHERE } from './view/landmarks/anywhere.ts'
import { CITY } from './view/landmarks/city.ts'
import { COAST } from './view/landmarks/coast.ts'
import { MOUNTAIN } from './view/landmarks/mountain.ts'
import { LOOKS } from './view/looks/looks.ts'
import { ROAD_STYLES } from './view/road-style.ts'

/** Every word of TypeScript's own account of browsers and of the language. */
function hostWords(): Set<string> {
  const from = createRequire(createRequire(import.meta.url).resolve('typescript/package.json'))
  const folder = join(
    dirname(from.resolve(`@typescript/typescript-${process.platform}-${process.arch}/package.json`)),
    'lib',
  )
  const words = new Set<string>()
  for (const file of readdirSync(folder)) {
    if (!/^lib\.(es|dom|webworker|decorators).*\.d\.ts$|^lib\.d\.ts$/.test(file)) continue
    const text = readFileSync(join(folder, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    for (const [word] of text.matchAll(/[A-Za-z_$][\w$]*/g)) words.add(word)
  }
  return words
}

const HERE = import.meta.dirname
const NEVER =
  /\/(nodes|loaders|helpers|animation|extras|audio)\/|\/renderers\/(common|webgpu|webxr)\/|\.test\.ts$|Nodes\.js$|WebGPU|\.TSL\./

/** What is read when the page is built, and more of three.js than that. */
function closedNames(): Names {
  const names = new Names()
  for (const [root, never] of [
    ['view', /\.test\.ts$/],
    ['audio', /\.test\.ts$/],
    ['../node_modules/three/src', NEVER],
  ] as const) {
    for (const file of readdirSync(join(HERE, root), { recursive: true, encoding: 'utf8' })) {
      const path = `${root}/${file}`
      if (/\.[jt]s$/.test(path) && !never.test(path)) names.read(path, readFileSync(join(HERE, path), 'utf8'), true)
    }
  }
  return names
}

describe('short names', () => {
  const closed = closedNames()

  it('[V112] no name of a browser becomes short: client/lean-host-names.ts has all that are among ours', () => {
    const words = hostWords()
    expect(words.size).toBeGreaterThan(8000)
    const short = closed.shortened()
    expect(Object.keys(short).length).toBeGreaterThan(1000)
    expect(Object.keys(short).filter((name) => words.has(name))).toEqual([])
  })

  it('[V112] what a map may ask for by name keeps it', () => {
    for (const file of openFiles()) closed.read(file, readFileSync(file, 'utf8'), false)
    const asked = Object.keys({ ...ANYWHERE, ...CITY, ...COAST, ...MOUNTAIN, ...LOOKS, ...ROAD_STYLES })
    expect(asked.length).toBeGreaterThan(20)
    expect(asked.filter((name) => closed.isOurs(name))).toEqual([])
  })

  it('[V112] what another room, a type, a text or an export names stays; the rest is short, each its own, and no name there is', () => {
    const names = new Names()
    names.read(
      'a.ts',
      'export const given = 1; one.inside.given; one.inside.said; one.told(`${x} said`); one.LOUD; one.x = { alike: 2 }',
      true,
    )
    names.read('b.tsx', 'interface Wire { readonly told: number } const v = <i alike={1} />', false)
    expect(names.shortened()).toEqual({ inside: 'a' })
    names.read('a.ts', 'class B { another() {} #own = 1; a = 2 }', true)
    expect(names.shortened()).toEqual({ inside: 'b', another: 'c' })
    expect(names.others(names.shortened())).toContain('told')
  })
})
