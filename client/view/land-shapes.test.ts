import { PerspectiveCamera, type InstancedBufferGeometry, type InterleavedBufferAttribute, type Mesh } from 'three'
import { describe, expect, it } from 'vitest'
import { createAir } from './materials.ts'
import { createPlantAtlas } from './plant-atlas.ts'
import { FIR, TRIANGLES, VERTEX_NUMBERS } from './plant-kit.ts'
import { plantUniforms, THIN_SHARES } from './plant-material.ts'
import { createPlants } from './plant-mesh.ts'
import { PLANT_ROW, STAND_NUMBERS } from './plants.ts'
import { parcelGlsl } from './fields.ts'
import { LOOKS } from './looks/looks.ts'
import { addNormals, Shape } from './shape.ts'

describe('conifers from afar', () => {
  const atlas = createPlantAtlas(5)

  /** The vertices of a shape, VERTEX_NUMBERS each. */
  const vertices = (start: number, triangles: number): Float32Array[] =>
    Array.from({ length: triangles * 3 }, (_, i) =>
      atlas.texels.subarray(start * 4 + i * VERTEX_NUMBERS, start * 4 + (i + 1) * VERTEX_NUMBERS),
    )

  it.each(['spruce', 'larch'] as const)(
    '[V13] a %s is one card that turns to the eye, as high and as wide as the tree',
    (name) => {
      const { near, far, speck } = atlas.plants[name]
      const whole = near.flatMap((start) => vertices(start, TRIANGLES.tree))
      const topM = Math.max(...whole.map((v) => v[1]!))
      const reachM = Math.max(...whole.map((v) => Math.hypot(v[0]!, v[2]!)))
      for (const [start, triangles] of [
        [far, TRIANGLES.far],
        [speck, TRIANGLES.speck],
      ] as const) {
        const card = vertices(start, triangles).filter((v) => v[3] === FIR)
        expect(card).toHaveLength(6)
        const [, upM, , , wideM, highM] = card[0]!
        expect(upM! + highM!).toBeGreaterThan(0.93 * topM)
        expect(upM! + highM!).toBeLessThan(1.07 * topM)
        expect(wideM! / reachM).toBeGreaterThan(0.7)
        expect(wideM! / reachM).toBeLessThan(1.2)
      }
    },
  )

  it('[V13] two vertices of a card in the same corner of it are the same place, so that no seam opens', () => {
    const card = vertices(atlas.plants.spruce.speck, TRIANGLES.speck).filter((v) => v[3] === FIR)
    expect(new Set(card.map((v) => v.join()))).toHaveLength(1)
  })
})

describe('distant trees', () => {
  it('[V17] thin out by fading: one that is left out from some distance on is drawn until nothing of it is seen', () => {
    const atlas = createPlantAtlas(5)
    const count = 8000
    const numbers = new Float32Array(count * STAND_NUMBERS)
    for (let i = 0; i < count; i++) numbers.set([0, 0, -0.48 * i, 0, 1, 1, 0, 0], i * STAND_NUMBERS)
    const stands = { count, names: ['spruce'] as const, isSmall: [false], kind: new Uint8Array(count), numbers }
    const { group, update } = createPlants(stands, atlas, createAir(), plantUniforms(atlas), 'high')
    const camera = new PerspectiveCamera()
    camera.updateMatrixWorld()
    update(camera)
    const [, , , speck] = group.children as Mesh<InstancedBufferGeometry>[]
    const geometry = speck!.geometry
    const rows = (geometry.getAttribute('standAt') as InterleavedBufferAttribute).data.array
    const farthest = { 0: 0, 0.5: 0, 0.75: 0 } as Record<number, number>
    for (let k = 0; k < geometry.instanceCount; k++) {
      const part = rows[k * PLANT_ROW + STAND_NUMBERS]! % 1
      farthest[part] = Math.max(farthest[part]!, -rows[k * PLANT_ROW + 2]!)
    }
    const lastM = 3600
    for (const [part, share] of [
      [0.5, THIN_SHARES[0]],
      [0.75, THIN_SHARES[1]],
      [0, 1],
    ] as const) {
      expect(farthest[part]).toBeGreaterThan(share * lastM + 60)
      expect(farthest[part]).toBeLessThan(share * lastM + 110)
    }
  })
})

describe('the patchwork', () => {
  it('[V14] the shader darkens the very borders on which hedges and walls stand: one share, the same two hashes', () => {
    for (const { fields } of Object.values(LOOKS)) {
      expect(parcelGlsl(fields)).toContain(
        `step(${fields.borderShare.toFixed(2)},vec2(hash2(cell+vec2(0,57)),hash2(cell+vec2(31,0))))`,
      )
    }
  })
})

describe('normals', () => {
  it('[V15] have one sum: bodies that lie behind one another in one list have those they have alone', () => {
    const one = [0, 0, 0, 0, 1, 2, 3, 0, 1, 3, 2, 4]
    const two = [5, 0, 0, 5, 0, 3, 8, 1, 0]
    const indexOne = [0, 1, 2, 2, 1, 3]
    const both = new Float32Array([...one, ...two])
    const normal = new Float32Array(both.length)
    addNormals(normal, both, indexOne, 0)
    addNormals(normal, both, [0, 1, 2], one.length / 3)
    const alone = [new Shape(one, indexOne).computeNormals(), new Shape(two, [0, 1, 2]).computeNormals()]
    const expected = alone.flatMap((shape) => [...shape.normal])
    for (let k = 0; k < normal.length; k += 3) {
      const length = Math.hypot(normal[k]!, normal[k + 1]!, normal[k + 2]!)
      for (let n = 0; n < 3; n++) expect(normal[k + n]! / length).toBeCloseTo(expected[k + n]!, 6)
    }
    expect(normal[1]! > 0 && normal[10]! > 0).toBe(true)
  })
})
