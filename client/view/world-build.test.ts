import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadWorld } from '#maps/load'
import { buffersOf, STREWN_ROW, type Part } from './piece.ts'
import { buildWorld, createCountry, type WorldInput } from './world-build.ts'
import { kitFor } from './world-kit.ts'
import * as anywhere from './landmarks/anywhere.ts'
import * as city from './landmarks/city.ts'
import * as coast from './landmarks/coast.ts'
import * as mountain from './landmarks/mountain.ts'
import { readScenery } from './scenery-plan.ts'

const TREE = fileURLToPath(new URL('../..', import.meta.url))

function inputOf(id: string): WorldInput {
  const file = (name: string): Buffer => readFileSync(join(TREE, 'maps/worlds', id, name))
  const loaded = loadWorld(JSON.parse(file('map.json').toString('utf8')), file('course.bin'))
  if (!loaded.ok) throw new Error(loaded.error.join('; '))
  const { course, network, map } = loaded.value
  return { course: course.columns, network, map, quality: 'test', seed: map.scenery.seed }
}

describe('the world', async () => {
  it('[V81] is built without three.js and without a page: no file that its builders reach imports either', () => {
    const files = reach(join(TREE, 'client/view/world-worker.ts'))
    const names = [...files.keys()].map((file) => relative(TREE, file))
    expect(names).toEqual(expect.arrayContaining(['client/view/terrain.ts', 'client/view/solids.ts', 'maps/course.ts']))
    for (const [file, { text, packages }] of files) {
      expect([relative(TREE, file), packages]).toEqual([relative(TREE, file), []])
      expect([relative(TREE, file), /\b(document|window)\./.exec(text)?.[0]]).toEqual([relative(TREE, file), undefined])
    }
  })

  // Thrushford has a town, bridges, a park and water.
  const input = inputOf('thrushford')
  const kit = await kitFor(input)
  const built = (from: WorldInput) => buildWorld(from, createCountry(from, kit))
  const parts = [...built(structuredClone(input))]
  const again = [...built(input)]

  it('[V114] each world has the builders of all its landmarks, fetched for it alone, and parks where it has any', async () => {
    const kits = await Promise.all(
      ['thrushford', 'gannetholm', 'high-gentian', 'sorrelmere'].map(async (id) => {
        const { map, network } = inputOf(id)
        const { landmarks, createZoneWorks } = await kitFor({ map, network })
        const kinds = readScenery(map.scenery).places.map(({ kind }) => kind)
        // What is no building: grounds, and places that only have houses.
        const bare = kinds.filter((kind) => landmarks[kind] === undefined)
        return [id, [...new Set(bare)].toSorted().join(' '), 'townhall' in landmarks, createZoneWorks !== undefined]
      }),
    )
    expect(kits).toEqual([
      ['thrushford', 'park town', true, true],
      ['gannetholm', 'farm village', false, false],
      ['high-gentian', 'dam farm pass village', false, false],
      ['sorrelmere', 'pass quarry village', false, false],
    ])
    for (const { ANYWHERE, CITY, COAST, MOUNTAIN } of [{ ...anywhere, ...city, ...coast, ...mountain }])
      for (const kind of Object.keys({ ...ANYWHERE, ...CITY, ...COAST, ...MOUNTAIN }))
        expect([kind, Object.keys((await kitFor(placed(kind))).landmarks).includes(kind)]).toEqual([kind, true])
  })

  it('[V82] from plain data that survives being sent comes the same world, byte for byte', () => {
    expect(parts.length).toBeGreaterThan(20)
    expect(again.map(digest)).toEqual(parts.map(digest))
    const other = built({ ...input, seed: input.seed + 1 })
    const first = parts.find(({ name }) => name === 'ground')!
    for (const part of other) {
      if (part.name !== first.name) continue
      expect(digest(part)).not.toBe(digest(first))
      break
    }
  })

  it('[V82] every part can be given away by itself: no buffer belongs to two', () => {
    const owners = new Map<ArrayBuffer, number>()
    parts.forEach((part, i) => {
      const buffers = buffersOf(part)
      expect([part.name, buffers.length > 0]).toEqual([part.name, part.kind !== 'mark' && part.kind !== 'batch'])
      for (const buffer of buffers) {
        expect([owners.get(buffer), part.name]).toEqual([undefined, part.name])
        owners.set(buffer, i)
      }
    })
    const [first] = parts as [Part]
    const sent = structuredClone(first, { transfer: buffersOf(first) })
    expect(sent.name).toBe(first.name)
    expect(buffersOf(first).every((buffer) => buffer.byteLength === 0)).toBe(true)
  })

  it('[V82] models and sheets come before the pieces that name them, and every number is one', () => {
    const known = new Set<string>()
    for (const part of again) {
      if (part.kind === 'model' || part.kind === 'sheet') known.add(part.name)
      if (part.kind === 'strewn') expect(part.table).toHaveLength(part.count * STREWN_ROW)
      if (part.kind !== 'piece') continue
      if (typeof part.shape === 'string') expect(known).toContain(part.shape)
      else expect(part.shape.attributes['position']!.array.every(Number.isFinite)).toBe(true)
      if (part.sheet !== undefined) expect(known).toContain(part.sheet)
      expect(Object.values(part.bounds).every(Number.isFinite)).toBe(true)
    }
  })
})

/** A map with one place of a kind. */
const placed = (kind: string) => ({ map: { scenery: { seed: 1, places: [{ kind }] } }, network: { zones: [] } })

/** A part as text: names, and the sum of every array by place. */
function digest(part: Part): string {
  return JSON.stringify(part, (_key, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return value
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    let hash = 0
    for (let i = 0; i < bytes.length; i += 1) hash = (Math.imul(hash, 31) + bytes[i]!) | 0
    return `${bytes.length}:${hash}`
  })
}

/** Every file that is loaded when `from` is, with the packages it imports; types alone load nothing. */
function reach(from: string): Map<string, { text: string; packages: string[] }> {
  const found = new Map<string, { text: string; packages: string[] }>()
  const todo = [from]
  for (let file = todo.pop(); file !== undefined; file = todo.pop()) {
    if (found.has(file)) continue
    const text = readFileSync(file, 'utf8')
    const packages: string[] = []
    found.set(file, { text, packages })
    for (const [, names, target] of text.matchAll(/^(?:import|export)\s+([^'"]*?)\s*from\s+'([^']+)'/gm)) {
      if (/^type\b/.test(names!)) continue
      const path = target!.startsWith('#')
        ? join(TREE, `${target!.slice(1)}.ts`)
        : target!.startsWith('.')
          ? join(dirname(file), target!)
          : undefined
      if (path === undefined) packages.push(target!)
      else {
        expect([file, target, existsSync(path)]).toEqual([file, target, true])
        todo.push(path)
      }
    }
  }
  return found
}
