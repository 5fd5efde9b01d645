import { fileURLToPath } from 'node:url'
import { InstancedMesh } from 'three'
import { expect, test } from 'vitest'
import { buildHouse, resolveImport } from '#test/house/house'
import { readTree } from '#test/house/tree'
import { createFalls, type Fall } from './falls.ts'
import { createAir } from './materials.ts'
import { createSpot } from './path.ts'

const fall: Fall = { riderId: 7, atS: 10, x: 120, y: 34, z: -50, dirX: 0.6, dirZ: 0.8, speedMps: 6 }
const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

function seenAt(falls: ReturnType<typeof createFalls>, timeS: number) {
  falls.update(timeS)
  const spot = createSpot()
  const lean = falls.place(7, spot)
  const debris = falls.group.children.flatMap((mesh) => [...(mesh as InstancedMesh).instanceMatrix.array])
  return { lean, spot, debris }
}

test('[P88] a fall is a function of its beginning and the time: the same frame in any order, and with any frames between', () => {
  const once = createFalls(createAir())
  once.begin(fall)
  const direct = seenAt(once, 11.3)
  const often = createFalls(createAir())
  often.begin(fall)
  for (let timeS = 10; timeS < 11.29; timeS += 0.017) often.update(timeS)
  expect(seenAt(often, 11.3)).toEqual(direct)
  seenAt(often, 12.5)
  expect(seenAt(often, 11.3)).toEqual(direct)
})

test('[P88] a rider tips over, slides on with the speed there was, ends on the side and on the ground, and is let go', () => {
  const falls = createFalls(createAir())
  falls.begin(fall)
  expect(Math.abs(seenAt(falls, 10).lean)).toBeLessThan(0.1)
  const lying = seenAt(falls, 13)
  expect(Math.abs(lying.lean)).toBeGreaterThan(1.2)
  expect(lying.spot.y).toBeGreaterThanOrEqual(fall.y)
  expect(lying.spot.y).toBeLessThan(fall.y + 0.6)
  const slidM = (lying.spot.x - fall.x) * fall.dirX + (lying.spot.z - fall.z) * fall.dirZ
  expect(slidM).toBeGreaterThan(0.5)
  expect(slidM).toBeLessThan(15)
  expect(falls.place(8, createSpot())).toBeNaN()
  expect(seenAt(falls, 17).lean).toBeNaN()
  expect((falls.group.children[0] as InstancedMesh).count).toBe(0)
})

test('[P88] who opens the page loads no rigid bodies: only a fall does', () => {
  const house = buildHouse(readTree(root))
  const reached = new Set<string>()
  const lazily = new Set<string>()
  const waiting = ['client/main.ts', 'client/ride.ts']
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue
    reached.add(path)
    for (const one of house.modules.get(path)?.imports ?? []) {
      const target = one.isType ? undefined : resolveImport(one, path, house.tree)
      if (target === undefined) continue
      if (one.isDynamic && path === 'client/view/zone-layer.ts') lazily.add(target)
      else waiting.push(target)
    }
  }
  expect(reached.has('client/view/zone-layer.ts')).toBe(true)
  expect([...lazily]).toEqual(['client/view/falls.ts'])
  expect(reached.has('client/view/falls.ts') || reached.has('physics/bodies.ts')).toBe(false)
})
