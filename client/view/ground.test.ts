import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadWorld, type LoadedWorld } from '#maps/load'
import { createLand } from './land.ts'
import { createCarriageways } from './carriageways.ts'
import { createSpot, spotAt } from './path.ts'
import { readScenery } from './scenery-plan.ts'
import { createSites } from './sites.ts'
import { createWater } from './water-plan.ts'

function worldOf(id: string): LoadedWorld {
  const file = (name: string): Buffer => readFileSync(new URL(`../../maps/worlds/${id}/${name}`, import.meta.url))
  const loaded = loadWorld(JSON.parse(file('map.json').toString('utf8')), file('course.bin'))
  if (!loaded.ok) throw new Error(loaded.error.join('; '))
  return loaded.value
}

const { map, course, network } = worldOf('sorrelmere')
const ways = createCarriageways(course.columns, network)
const { tape: path } = ways
const plan = readScenery(map.scenery)
const land = createLand(
  ways,
  plan.waters.map((outline) => createWater(ways.frame, outline)),
  map.scenery.seed,
  plan,
)
const sites = createSites(ways, land, plan.places, plan.built, map.scenery.seed)
const spot = createSpot()

describe('the ground', () => {
  it('lies under the asphalt everywhere, and meets it at its edge', () => {
    let worstOver = -Infinity
    let worstUnder = -Infinity
    for (let s = 0; s < path.lengthM; s += 7) {
      const half = path.halfWidthM[s]!
      for (const share of [-1, -0.5, 0, 0.5, 1]) {
        spotAt(path, s, share * half, spot)
        const over = land.heightAt(spot.x, spot.z) - spot.y
        worstOver = Math.max(worstOver, over)
        worstUnder = Math.max(worstUnder, -over)
      }
    }
    expect(worstOver).toBeLessThan(0)
    expect(worstUnder).toBeLessThan(0.6)
  })

  it('is the same for the same seed and another for another', () => {
    const again = createLand(ways, land.waters, map.scenery.seed, plan)
    const other = createLand(ways, land.waters, map.scenery.seed + 1, plan)
    expect(again.heightAt(300, 120)).toBe(land.heightAt(300, 120))
    expect(other.heightAt(300, 120)).not.toBe(land.heightAt(300, 120))
  })

  it('lies under the water inside the shore, and the road is never wet', () => {
    const [water] = land.waters
    let wet = 0
    for (let x = -1000; x < 1000; x += 50) {
      for (let z = 200; z < 1100; z += 50) {
        if (land.shoreAt(x, z) > -25 || land.roadDistanceAt(x, z) < 30) continue
        wet++
        expect(land.heightAt(x, z)).toBeLessThan(water!.levelM)
      }
    }
    expect(wet).toBeGreaterThan(100)
    for (let s = 0; s < path.lengthM; s += 10) expect(path.y[s]!).toBeGreaterThan(water!.levelM)
  })

  it('scenery that is not understood is left alone', () => {
    const odd = {
      seed: 1,
      places: [{ kind: 3 }, null, 'x'],
      water: [{ levelM: 'deep' }],
      country: 'moon',
      look: 5,
      grounds: [
        { kind: 'moat', x: 1, y: 1, radiusM: 1 },
        { kind: 'lawn', x: 'here' },
      ],
      sea: 7,
      other: {},
    }
    expect(readScenery(odd)).toEqual({
      places: [],
      grounds: [],
      waters: [],
      country: 'alps',
      built: 'alps',
      look: undefined,
      treeLineM: undefined,
      snowLineM: undefined,
    })
  })
})

describe('a network', () => {
  it.each(['thrushford', 'gannetholm', 'high-gentian'])(
    '%s: riders stand on the asphalt that is drawn, and no ground comes through it',
    (id) => {
      const world = worldOf(id)
      const roads = createCarriageways(world.course.columns, world.network)
      const scenery = readScenery(world.map.scenery)
      const waters = scenery.waters.map((outline) => createWater(roads.frame, outline))
      const ground = createLand(roads, waters, world.map.scenery.seed, scenery)
      const located = { road: roads.roads[0]!, atM: 0, isReversed: false }
      const drawn = createSpot()
      let through = 0
      let looked = 0
      for (const way of world.network.ways) {
        for (let atM = 1; atM < way.endM - way.startM; atM += 23) {
          const placeM = way.startM + atM
          spotAt(roads.tape, placeM, 0, spot)
          const { road, atM: alongM } = roads.locate(placeM, located)
          spotAt(road.path, alongM, 0, drawn)
          const awayM = Math.sqrt((spot.x - drawn.x) ** 2 + (spot.z - drawn.z) ** 2)
          const half = road.path.halfWidthM[Math.min(road.path.count - 1, Math.floor(alongM))]!
          expect(awayM).toBeLessThan(half)
          expect(Math.abs(spot.y - drawn.y)).toBeLessThan(0.35)
          looked++
          if (ground.heightAt(spot.x, spot.z) > spot.y + 0.02) through++
        }
      }
      expect(looked).toBeGreaterThan(1000)
      expect(through).toBe(0)
    },
  )
})

describe('what stands on it', () => {
  it('no house stands on the road or in the lake', () => {
    expect(sites.list.length).toBeGreaterThan(30)
    for (const site of sites.list) {
      expect(land.roadDistanceAt(site.x, site.z)).toBeGreaterThan(8)
      expect(land.shoreAt(site.x, site.z)).toBeGreaterThan(5)
    }
  })
})
