import { describe, expect, it } from 'vitest'
import { createPlantAtlas } from './plant-atlas.ts'
import { FIR, TRIANGLES, VERTEX_NUMBERS } from './plant-kit.ts'
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
