import { readFileSync } from 'node:fs'
import { Mesh, PerspectiveCamera, type InstancedBufferGeometry } from 'three'
import { describe, expect, it } from 'vitest'
import { loadWorld } from '#maps/load'
import { createRandom } from '#physics/random'
import { borderPieces, hashOf } from './fields.ts'
import { createGrassSower } from './grass-sow.ts'
import { createLandMeshes } from './land-mesh.ts'
import type { GroundPart, GrowthPart, LandPart } from './land-part.ts'
import { LOOKS, lookOf } from './looks/looks.ts'
import { createAir } from './materials.ts'
import { createSpot, spotAt } from './path.ts'
import { CORNERS, TRIANGLES, VERTEX_NUMBERS } from './plant-kit.ts'
import { createPlantAtlas } from './plant-atlas.ts'
import { MODELS } from './plant-models.ts'
import { CLEAR_M, LOW_M, OFF_ROAD_M, plantAll, SIGHT_SLOPE, STAND_NUMBERS } from './plants.ts'
import type { SceneryPlan } from './scenery-plan.ts'
import { isInside } from './junctions.ts'
import { latticeOf, planTerrain } from './terrain.ts'
import type { Quality } from './view-types.ts'
import { createWater } from './water-plan.ts'
import { planWater } from './water.ts'
import { createCountry, THINNING, type WorldInput } from './world-build.ts'

function inputOf(id: string, quality: Quality): WorldInput {
  const file = (name: string): Buffer => readFileSync(new URL(`../../maps/worlds/${id}/${name}`, import.meta.url))
  const loaded = loadWorld(JSON.parse(file('map.json').toString('utf8')), file('course.bin'))
  if (!loaded.ok) throw new Error(loaded.error.join('; '))
  const { course, network, map } = loaded.value
  return { course: course.columns, network, map, quality, seed: map.scenery.seed }
}

/** The land's own parts, without what people built on it. */
function grownIn(input: WorldInput) {
  const country = createCountry(input)
  const { ways, plan, waters, land } = country
  const { quality, seed } = input
  const lattice = latticeOf(ways, land, quality)
  const facts = { look: land.look, iceFromM: land.snowLineM, seaLevelM: waters.find(({ isSea }) => isSea)?.levelM }
  const terrain = planTerrain(ways, land, lattice, quality)
  const ground: GroundPart = { kind: 'ground', name: 'ground', facts, terrain }
  const rules = { ways, land, lattice, grounds: plan.grounds, seed, thinning: THINNING[quality], isBuilt: () => false }
  const growth: GrowthPart = { kind: 'growth', name: 'plants', atlas: createPlantAtlas(seed), stands: plantAll(rules) }
  const water = planWater(waters, land)
  const wet: LandPart[] = water === undefined ? [] : [{ kind: 'water', name: 'water', facts, water }]
  return { country, parts: [ground, growth, ...wet], growth, ground, lattice }
}

// Every one of its borders, walls, rocks and trees near a road stands as in the finest picture.
const input = inputOf('gannetholm', 'high')
const { country, growth, ground, parts, lattice } = grownIn(input)
const { land, ways } = country
const { stands } = growth

describe('a look', () => {
  const plan = (over: Partial<SceneryPlan>): SceneryPlan => ({
    ...{ places: [], grounds: [], waters: [], country: 'alps', built: 'alps', look: undefined },
    ...{ treeLineM: undefined, snowLineM: undefined },
    ...over,
  })

  it('[V1] is what the map asks for by name; else country and rise choose one, and what nobody knows is no failure', () => {
    for (const [name, look] of Object.entries(LOOKS))
      expect([lookOf(plan({ look: name }), 0).name, look.name]).toEqual([name, name])
    const chosen = (over: Partial<SceneryPlan>, riseM: number) => lookOf(plan(over), riseM).name
    expect(chosen({ look: 'lunar' }, 900)).toBe('alpine')
    expect(chosen({ country: 'island' }, 900)).toBe('isle')
    expect(chosen({ country: 'plain' }, 900)).toBe('parkland')
    expect([chosen({ country: 'hills' }, 300), chosen({ country: 'hills' }, 900)]).toEqual(['hills', 'alpine'])
    expect([chosen({}, 40), chosen({}, 300)]).toEqual(['parkland', 'hills'])
  })

  it('[V1] is another for every world of the house', () => {
    const names = ['thrushford', 'gannetholm', 'high-gentian', 'sorrelmere'].map(
      (id) => createCountry(inputOf(id, 'test')).land.look.name,
    )
    expect(names).toEqual(['parkland', 'isle', 'alpine', 'lakeland'])
  })
})

describe('what grows', () => {
  it('[V2] comes from the seed alone: the same again, byte for byte, and another for another', () => {
    const small = inputOf('sorrelmere', 'test')
    const [one, two, other] = [grownIn(small), grownIn(small), grownIn({ ...small, seed: small.seed + 1 })]
    expect(two.growth.stands.numbers).toEqual(one.growth.stands.numbers)
    expect(two.ground.terrain.color).toEqual(one.ground.terrain.color)
    expect(other.growth.stands.numbers).not.toEqual(one.growth.stands.numbers)
    const sown = createGrassSower(one.country, 'test', small.seed).sow(40).rows
    expect(createGrassSower(two.country, 'test', small.seed).sow(40).rows).toEqual(sown)
    expect(sown.some((n) => n !== 0)).toBe(true)
  })

  it('[V3] no leaf over the asphalt, none in the sight of the helicopter right of the road', () => {
    expect(stands.count).toBeGreaterThan(20_000)
    let nearRoad = 0
    for (let i = 0; i < stands.count; i++) {
      const { x, z, name, wide, tall } = plant(i)
      const verge = land.vergeAt(x, z)
      if (verge > CLEAR_M + 8) continue
      nearRoad++
      const { tallM, wideM } = MODELS[name]
      expect([name, verge - wideM * wide >= OFF_ROAD_M - 1e-3]).toEqual([name, true])
      expect(land.deckAt(x, z)).toBeGreaterThan(wideM * wide)
      if (land.roadDistanceAt(x, z) > CLEAR_M || MODELS[name].size === 'small') continue
      expect(tallM * tall).toBeLessThan(Math.max(LOW_M, SIGHT_SLOPE * (verge - wideM * wide)) + 1e-3)
    }
    expect(nearRoad).toBeGreaterThan(3000)
  })

  it('[V4] nothing floats: each plant stands in the ground that is drawn, no deeper than its foot', () => {
    const [water] = land.waters
    for (let i = 0; i < stands.count; i += 7) {
      const { x, y, z, name } = plant(i)
      const isFar = land.roadDistanceAt(x, z) > 92
      const groundM = isFar ? lattice.heightAt(x, z) : land.heightAt(x, z)
      // Rocks out at sea stand in the water, not on its bed.
      if (name === 'rock' && land.shoreAt(x, z) < 3) expect(y).toBeLessThan(water!.levelM)
      else if (isFar || land.roadDistanceAt(x, z) < 70) {
        expect([name, groundM - y >= 0, groundM - y < 0.45]).toEqual([name, true, true])
      }
    }
  })

  it('[V16] the coast is drawn in small triangles, and what stands there stands on them', () => {
    let [looked, coarse] = [0, 0]
    for (let r = 0; r < lattice.rows; r++) {
      for (let c = 0; c < lattice.columns; c++) {
        const x = lattice.box.minX + (c + 0.5) * lattice.cellM
        const z = lattice.box.minZ + (r + 0.5) * lattice.cellM
        if (Math.abs(land.shoreAt(x, z)) > 30) continue
        looked++
        if (lattice.isFine[r * lattice.columns + c] !== 1 || lattice.heightAt(x, z) !== land.heightAt(x, z)) coarse++
      }
    }
    expect(looked).toBeGreaterThan(500)
    expect(coarse).toBe(0)
    expect(lattice.isFine.reduce((a, b) => a + b, 0)).toBeLessThan(lattice.isFine.length / 2)
  })

  it('[V100] the ground has no seam: along a tile’s rim what is seen from afar keeps every corner that a neighbour from nearby has', () => {
    const { position, index, tiles } = ground.terrain
    /** Edges of one triangle alone, along the rim of the tile: how long, m. */
    const rimOf = ([from, to]: readonly [number, number]): number[] => {
      const uses = new Map<number, number>()
      for (let t = from; t < to; t += 3)
        for (let k = 0; k < 3; k++) {
          const [a, b] = [index[t + k]!, index[t + ((k + 1) % 3)]!]
          const key = Math.min(a, b) * 1e7 + Math.max(a, b)
          uses.set(key, (uses.get(key) ?? 0) + 1)
        }
      return [...uses].flatMap(([key, n]) => {
        const [a, b] = [Math.floor(key / 1e7), key % 1e7]
        const dx = Math.abs(position[a * 3]! - position[b * 3]!)
        const dz = Math.abs(position[a * 3 + 2]! - position[b * 3 + 2]!)
        // The grid's run with the axes; the road's own strip lies over it.
        return n === 1 && Math.min(dx, dz) < 0.01 ? [dx + dz] : []
      })
    }
    let seen = 0
    for (const { near, far } of tiles) {
      const [fine, coarse] = [Math.max(...rimOf(near)), Math.max(...rimOf(far))]
      // Of the course's own grid: the mountains beyond it lie under its rim.
      if (near === far || fine > lattice.cellM * 1.01) continue
      seen++
      expect(coarse).toBeLessThan(lattice.cellM * 1.01)
    }
    expect(seen).toBeGreaterThan(20)
  })

  it('[V101] no flower on the asphalt of a crossing or of a place to turn; on the turf of its island there may be', () => {
    const isle = inputOf('gannetholm', 'high')
    const country = createCountry(isle)
    const sower = createGrassSower(country, 'high', isle.seed)
    const loop = country.junctions.find(({ node }) => node === 'light-end')!
    const { island, outline } = loop
    let onIsland = 0
    for (let tile = 3574; tile < 3657; tile++) {
      const { rows } = sower.sow(tile)
      for (let k = 0; k < rows.length; k += 9) {
        const [x, z] = [rows[k]!, rows[k + 2]!]
        if ((x === 0 && z === 0) || !isInside(outline, x, z)) continue
        expect(Math.sqrt((x - island!.x) ** 2 + (z - island!.z) ** 2)).toBeLessThan(island!.radiusM)
        onIsland++
      }
    }
    expect(onIsland).toBeGreaterThan(0)
  })

  it('[V9] trees end at the tree line, and above it dwarf pine, stones and grass are left', () => {
    const alps = grownIn(inputOf('high-gentian', 'test'))
    const { growth: grown, country: high } = alps
    const above = new Map<string, number>()
    let below = 0
    for (let i = 0; i < grown.stands.count; i++) {
      const name = grown.stands.names[grown.stands.kind[i]!]!
      if (high.land.levelOf(grown.stands.numbers[i * STAND_NUMBERS + 1]!) > 1.16)
        above.set(name, (above.get(name) ?? 0) + 1)
      else if (name === 'spruce' || name === 'larch') below++
    }
    expect(below).toBeGreaterThan(1000)
    expect([...above.keys()].filter((name) => !['mugo', 'rock', 'rose', 'fence', 'wall'].includes(name))).toEqual([])
  })

  function plant(i: number) {
    const [x, y, z, , wide, tall] = stands.numbers.subarray(
      i * STAND_NUMBERS,
      (i + 1) * STAND_NUMBERS,
    ) as unknown as number[]
    return { x: x!, y: y!, z: z!, wide: wide!, tall: tall!, name: stands.names[stands.kind[i]!]! }
  }
})

describe('shapes', () => {
  it('[V6] have as many triangles as their kind may, wherever an instance finds them; every species has each level it is drawn at', () => {
    const atlas = createPlantAtlas(5)
    const last = atlas.texels.length / 4
    for (const [name, { near, far, speck }] of Object.entries(atlas.plants)) {
      const { size } = MODELS[name as keyof typeof MODELS]
      expect([name, far >= 0, speck >= 0 || size === 'small']).toEqual([name, true, true])
      for (const start of near) expect(start + TRIANGLES[size] * 3 * (VERTEX_NUMBERS / 4)).toBeLessThanOrEqual(last)
    }
    expect(CORNERS).toHaveLength(6)
    // Two trees of a kind beside each other are not the same.
    expect(new Set(atlas.plants.spruce.near).size).toBe(3)
  })
})

describe('fields', () => {
  it('[V7] have their walls on their borders: the pattern of the shader, by the same whole numbers', () => {
    // Figures of the hash in GLSL: unsigned 32-bit, kept to 24 bits.
    expect(hashOf(3, 7)).toBeCloseTo(hashOf(3 + 2 ** 32, 7), 12)
    expect([hashOf(0, 0), hashOf(1, 0) === hashOf(0, 1), hashOf(-5, 12) >= 0]).toEqual([0, false, true])
    const { fields } = land.look
    let looked = 0
    const box = { minX: -900, maxX: 900, minZ: -900, maxZ: 900 }
    borderPieces(
      fields,
      box,
      3.2,
      () => true,
      ({ x, z }) => {
        looked++
        let [u, v] = [0.86 * x - 0.51 * z, 0.51 * x + 0.86 * z]
        ;[u, v] = [u + 15 * Math.sin(v * 0.0071), v + 15 * Math.sin(u * 0.0059)]
        const row = Math.floor(v / fields.deepM)
        const inner = (n: number, wide: number) =>
          Math.min(n - Math.floor(n / wide) * wide, Math.ceil(n / wide) * wide - n)
        const shifted = (r: number) => u + (r * 0.618 - Math.floor(r * 0.618)) * fields.wideM
        const rim = Math.min(
          inner(v, fields.deepM),
          inner(shifted(row), fields.wideM),
          inner(shifted(row - 1), fields.wideM),
        )
        expect(rim).toBeLessThan(0.6)
      },
    )
    expect(looked).toBeGreaterThan(5000)
  })
})

describe('water', () => {
  it('[V8] knows its shore everywhere as if it had looked at every side of it', () => {
    const outline: [number, number][] = [
      [0, 0],
      [420, 60],
      [520, 330],
      [260, 280],
      [200, 520],
      [-90, 300],
    ]
    const frame = { originX: 0, originZ: 0, bounds: { minX: 0, maxX: 1, minZ: 0, maxZ: 1 } }
    const random = createRandom(4)
    for (const isSea of [false, true]) {
      const water = createWater(frame, { outline, levelM: 0, isSea })
      for (let k = 0; k < 600; k++) {
        const [x, z] = [-400 + random.fraction() * 1200, -800 + random.fraction() * 1100]
        let nearest = Infinity
        let isInside = false
        for (let i = 0, j = water.x.length - 1; i < water.x.length; j = i++) {
          const [ax, az] = [water.x[j]!, water.z[j]!]
          const [ex, ez] = [water.x[i]! - ax, water.z[i]! - az]
          const t = Math.max(0, Math.min(1, ((x - ax) * ex + (z - az) * ez) / (ex * ex + ez * ez)))
          nearest = Math.min(nearest, (ax + t * ex - x) ** 2 + (az + t * ez - z) ** 2)
          if (az > z !== water.z[i]! > z && x < ax + (ex * (z - az)) / ez) isInside = !isInside
        }
        const away = Math.sqrt(nearest)
        const shore = water.shoreAt(x, z)
        if (away < 160) expect(shore).toBeCloseTo(isInside !== isSea ? -away : away, 6)
        else expect(shore > 0).toBe(isInside === isSea)
      }
    }
  })
})

describe('what is drawn', () => {
  const TRIANGLES_MAX = { high: 400_000, medium: 150_000, low: 70_000 } as const

  it.each(['high', 'medium', 'low'] as const)(
    '[V5] %s: within its triangles and 20 draws everywhere, shadows counted',
    (quality) => {
      const own = quality === 'high' ? parts : grownIn({ ...input, quality }).parts
      const air = createAir()
      const meshes = createLandMeshes({ ways, air, quality, ask: () => {} }, () => Promise.resolve())
      for (const part of own) meshes.add(part)
      const camera = new PerspectiveCamera(56, 16 / 9, 0.25, 16_000)
      const spot = createSpot()
      let most = 0
      for (let atM = 50; atM < ways.tape.lengthM; atM += 1400) {
        for (const upM of [2.2, 14]) {
          spotAt(ways.tape, atM, upM > 5 ? 14 : 0, spot)
          camera.position.set(spot.x, spot.y + upM, spot.z)
          camera.lookAt(spot.x + 40 * spot.dirX, spot.y, spot.z + 40 * spot.dirZ)
          camera.updateMatrixWorld()
          meshes.update(camera, atM)
          let triangles = 0
          let draws = 0
          meshes.group.traverseVisible((object) => {
            if (!(object instanceof Mesh)) return
            const geometry = object.geometry as InstancedBufferGeometry
            const passes = object.castShadow && quality !== 'low' ? 2 : 1
            const perInstance =
              geometry.index === null
                ? geometry.getAttribute('position').count
                : Math.min(geometry.drawRange.count, geometry.index.count)
            const instances = geometry.isInstancedBufferGeometry ? geometry.instanceCount : 1
            triangles += (passes * instances * perInstance) / 3
            draws += passes
          })
          most = Math.max(most, triangles)
          expect(draws).toBeLessThanOrEqual(20)
        }
      }
      expect(most).toBeGreaterThan(10_000)
      expect(most).toBeLessThanOrEqual(TRIANGLES_MAX[quality])
    },
  )

  it('[V10] the weather’s snow line is one number for ground and plants; ice stays where the land has it', () => {
    const air = createAir()
    const meshes = createLandMeshes({ ways, air, quality: 'high', ask: () => {} }, () => Promise.resolve())
    for (const part of parts) meshes.add(part)
    let looked = 0
    meshes.group.traverse((object) => {
      if (!(object instanceof Mesh) || object.name === 'water') return
      const shader = {
        uniforms: {} as Record<string, unknown>,
        vertexShader: '',
        fragmentShader: '#include <normal_fragment_maps>',
      }
      object.material.onBeforeCompile(shader, undefined)
      expect(shader.uniforms['airSnowLineM']).toBe(air.uniforms.airSnowLineM)
      expect(shader.fragmentShader).toContain('snowShare')
      looked++
    })
    expect(looked).toBeGreaterThan(4)
    expect(ground.facts.iceFromM).toBe(land.snowLineM)
  })
})
