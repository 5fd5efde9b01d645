import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { applyRule, buildHouse } from './house/house.ts'
import { reachable } from './house/purity.ts'
import { houseRules } from './house/rules.ts'
import { readTree } from './house/tree.ts'
import { VIOLATIONS } from './house/violations.ts'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')
const registry = process.env['npm_config_registry'] ?? ''
const machine = {
  hostName: hostname(),
  rootFolder: `${dirname(root)}/`,
  registryHost: URL.canParse(registry) ? new URL(registry).hostname : '',
}
const rules = houseRules(machine)
const planted = houseRules({
  hostName: 'build-box-17.internal',
  rootFolder: '/elsewhere/clones/',
  registryHost: 'registry.example',
})

describe('this tree', () => {
  const house = buildHouse(readTree(root))

  it.each(rules)('[$id] $title', (rule) => {
    expect(applyRule(rule, house).map(({ path, line, sentence }) => `${path}:${line} ${sentence}`)).toEqual([])
  })

  it('[P83] the tick never reaches the engine: nothing World imports leads to physics/bodies.ts', () => {
    const reached = reachable(['server/world/world.ts', 'server/world/replay.ts'], house)
    expect(reached.has('physics/step.ts')).toBe(true)
    expect([...reached].filter((path) => path.includes('bodies') || path.startsWith('physics/zone'))).toEqual([])
  })
})

/** A sound little house; each violation below changes or adds one file. */
const SOUND = {
  'package.json':
    '{ "dependencies": { "three": "1" }, "devDependencies": { "vitest": "1", "@types/web-bluetooth": "1" } }',
  'package-lock.json': '{ "packages": {} }',
  'protocol/limits.ts': 'export const TICK_HZ = 20\n',
  'physics/tsconfig.json': '{ "references": [] }',
  'physics/step.ts': "import { G } from './constants.ts'\nexport const step = (v: number) => Math.sqrt(v * v) + G\n",
  'physics/constants.ts': 'export const G = 9.8\n',
  'physics/dead-reckoning.ts': "import { step } from './step.ts'\nexport const carry = (v: number) => step(v)\n",
  'maps/course.ts': 'export const heightAt = (s: number) => s * 0.01\n',
  'server/world/world.ts': "import { step } from '#physics/step'\nexport class World { step() { return step(1) } }\n",
  'server/config.ts': 'export const port = process.env.PORT\n',
  'server/world/world.test.ts': "import { it } from 'vitest'\nit('[W1] steps', () => { setTimeout(() => {}, 1) })\n",
  'client/pages/page.tsx': 'export const page = (text: string) => <p title={text}>{text} km</p>\n',
  'client/input/x-legs.ts': "export const legs = (name: string) => ({ says: 'gone', name })\n",
  'client/view/scene.ts': "import { Scene } from 'three'\nexport const scene = new Scene()\n",
}

describe('each rule', () => {
  it('[H0] finds nothing in a sound house', () => {
    const house = buildHouse(new Map(Object.entries(SOUND)))
    expect(planted.flatMap((rule) => applyRule(rule, house).map(({ sentence }) => sentence))).toEqual([])
  })

  it.each(VIOLATIONS)('[$id] refuses $what ($path)', ({ id, path, text, says }) => {
    const house = buildHouse(new Map(Object.entries({ ...SOUND, [path]: text })))
    const said = planted.filter((rule) => rule.id === id).flatMap((rule) => applyRule(rule, house))
    expect(said.map((problem) => `${problem.path}: ${problem.sentence}`).join('\n')).toContain(says)
  })

  it('[H0] has a planted violation that only it finds', () => {
    const unseen = new Set(planted.map((rule) => `[${rule.id}] ${rule.title}`))
    for (const { path, text } of VIOLATIONS) {
      const house = buildHouse(new Map(Object.entries({ ...SOUND, [path]: text })))
      for (const rule of planted) if (applyRule(rule, house).length > 0) unseen.delete(`[${rule.id}] ${rule.title}`)
    }
    expect([...unseen]).toEqual([])
  })

  it.each(planted)('[$id] fails when it has read no file: $title', (rule) => {
    const problems = applyRule(rule, buildHouse(new Map()))
    expect(problems.map(({ sentence }) => sentence).join()).toContain('has read no file')
  })

  it('[H3] fails when the file where the scan begins has gone', () => {
    const { 'maps/course.ts': _gone, ...rest } = SOUND
    const problems = planted.flatMap((rule) => applyRule(rule, buildHouse(new Map(Object.entries(rest)))))
    expect(problems.map(({ path, sentence }) => `${path} ${sentence}`).join()).toContain(
      'maps/course.ts the determinism',
    )
  })

  it('[H5] lets words stand in comments and strings', () => {
    const text = '/** Not Date.now(), not process.env. */\nexport const help = "set process.env, see setTimeout"\n'
    const house = buildHouse(new Map(Object.entries({ ...SOUND, 'server/room/x.ts': text, 'physics/x.ts': text })))
    expect(planted.flatMap((rule) => applyRule(rule, house))).toEqual([])
  })
})

describe('the compiler', () => {
  const tsc = join(root, 'node_modules', '.bin', 'tsc')
  const compile = (folder: string) => {
    const { status, stdout } = spawnSync(tsc, ['-b', '--pretty', 'false'], { cwd: folder, encoding: 'utf8' })
    return { status, stdout }
  }

  it('[H1] [H2] builds this tree, every room with the rooms it lists', { timeout: 120_000 }, () => {
    expect(compile(root)).toEqual({ status: 0, stdout: '' })
  })

  /** The real tsconfig files over files of our own. */
  function smallTree(files: Readonly<Record<string, string>>): string {
    const folder = mkdtempSync(join(tmpdir(), 'gruppetto-house-'))
    for (const file of ['package.json', 'tsconfig.base.json']) cpSync(join(root, file), join(folder, file))
    for (const room of ['protocol', 'physics', 'maps']) {
      mkdirSync(join(folder, room))
      cpSync(join(root, room, 'tsconfig.json'), join(folder, room, 'tsconfig.json'))
      writeFileSync(join(folder, room, 'sound.ts'), 'export const sound = 1\n')
    }
    const references = ['protocol', 'physics', 'maps'].map((path) => ({ path }))
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ files: [], references }))
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text)
    return folder
  }

  const PLANTS = [
    {
      id: 'H1',
      what: 'an import from a room that is not listed',
      file: 'physics/maps-user.ts',
      text: "export { sound } from '#maps/sound'\n",
      says: 'TS6307',
    },
    {
      id: 'H2',
      what: 'Node in a pure room',
      file: 'physics/node-user.ts',
      text: 'export const p = process.pid\n',
      says: "'process'",
    },
    {
      id: 'H2',
      what: 'the browser in a pure room',
      file: 'physics/page-user.ts',
      text: 'export const d = document\n',
      says: "'document'",
    },
    {
      id: 'H2',
      what: 'an enum, which cannot be stripped',
      file: 'physics/enum.ts',
      text: 'export enum E { a }\n',
      says: 'TS1294',
    },
  ]
  let refusal = { status: null as number | null, stdout: '' }
  beforeAll(() => {
    const folder = smallTree(Object.fromEntries(PLANTS.map(({ file, text }) => [file, text])))
    refusal = compile(folder)
    rmSync(folder, { recursive: true })
  }, 60_000)

  it.each(PLANTS)('[$id] refuses $what', ({ file, says }) => {
    expect(refusal.status).not.toBe(0)
    const said = refusal.stdout.split('\n').filter((line) => line.startsWith(file))
    expect(said.join('\n'), refusal.stdout).toContain(says)
  })

  it('[H1] builds the same rooms without the violation', { timeout: 60_000 }, () => {
    const folder = smallTree({ 'physics/plant.ts': "export { sound } from './sound.ts'\n" })
    const answer = compile(folder)
    rmSync(folder, { recursive: true })
    expect(answer).toEqual({ status: 0, stdout: '' })
  })
})
