import * as three from 'three'
import { describe, expect, it } from 'vitest'
import { geometryOf } from './piece-mesh.ts'
import { Shape } from './shape.ts'
import { lathe } from './solids-round.ts'
import { ball, bar, box, cone, cylinder, linear, merged, painted, plane, standing } from './solids.ts'
import { triangulate } from './triangulate.ts'

/** Corners of all triangles in order, with their normals: how a graphics card sees a shape, however it is indexed. */
function corners(geometry: three.BufferGeometry): number[] {
  const flat = geometry.index === null ? geometry : geometry.toNonIndexed()
  const p = flat.getAttribute('position').array
  const n = flat.getAttribute('normal').array
  return [...p, ...n].map((value) => Math.round(value * 1e5) / 1e5 + 0)
}

describe('shapes', () => {
  const pairs: Record<string, readonly [Shape, three.BufferGeometry]> = {
    box: [box([1, 2, 3], [2, 4, 6]), new three.BoxGeometry(2, 4, 6).translate(1, 2, 3)],
    'box, cut': [box([0, 0, 0], [2, 4, 6], [2, 3, 1]), new three.BoxGeometry(2, 4, 6, 2, 3, 1)],
    ball: [ball([1, 2, 3], [1, 2, 0.5], 7, 5), new three.SphereGeometry(1, 7, 5).scale(1, 2, 0.5).translate(1, 2, 3)],
    cylinder: [cylinder(0.5, 0.8, 2, 9), new three.CylinderGeometry(0.5, 0.8, 2, 9)],
    'cylinder, open': [cylinder(0.5, 0.8, 2, 9, { isOpen: true }), new three.CylinderGeometry(0.5, 0.8, 2, 9, 1, true)],
    cone: [cone(0.7, 2, 6), new three.ConeGeometry(0.7, 2, 6)],
    plane: [plane(2, 3).rotateY(0.4).translate(1, 0, 2), new three.PlaneGeometry(2, 3).rotateY(0.4).translate(1, 0, 2)],
    lathe: [
      lathe(
        [
          [0.2, 0],
          [0.5, 0.4],
          [0.3, 1],
        ],
        8,
      ),
      new three.LatheGeometry([new three.Vector2(0.2, 0), new three.Vector2(0.5, 0.4), new three.Vector2(0.3, 1)], 8),
    ],
    'turned and stretched': [
      box([0, 0, 0], [1, 2, 3]).scale(1, 0.2, 3).rotateX(0.3).rotateZ(-0.7),
      new three.BoxGeometry(1, 2, 3).scale(1, 0.2, 3).rotateX(0.3).rotateZ(-0.7),
    ],
  }

  it.each(Object.entries(pairs))(
    '[V80] %s has the triangles and normals that three.js gives it',
    (_name, [ours, theirs]) => {
      const seen = corners(geometryOf(ours))
      expect(seen.length).toBeGreaterThan(30)
      expect(seen).toEqual(corners(theirs))
    },
  )

  it('[V80] a bar runs from point to point, also straight down', () => {
    for (const to of [
      [3, 1, -2],
      [0, -2, 0],
      [0, 2, 0],
    ] as const) {
      const p = bar([0, 0, 0], to, 0.1, 0.2, 6).position
      const middle = (from: number) =>
        [0, 1, 2].map((axis) => {
          let sum = 0
          for (let i = from; i < from + 6; i++) sum += p[i * 3 + axis]! / 6
          return Math.round(sum * 1e4) / 1e4 + 0
        })
      expect([middle(7), middle(0)]).toEqual([[0, 0, 0], [...to]])
    }
  })

  it('[V80] many become one, with the attributes named and no others; colours are linear light', () => {
    const part = (shape: Shape, number: number): Shape =>
      shape.set('part', new Float32Array(shape.count).fill(number), 1)
    const one = part(painted(box([0, 0, 0], [1, 1, 1]), 0x804020), 3)
    const all = merged([one, part(painted(plane(1, 1), 0xffffff), 4)], ['position', 'color', 'part'])
    expect(Object.keys(all.attributes)).toEqual(['position', 'color', 'part'])
    expect(all.count).toBe(36 + 6)
    expect([all.array('part')[35], all.array('part')[36]]).toEqual([3, 4])
    const color = new three.Color(0x804020)
    linear(0x804020).forEach((value, k) => expect(value).toBeCloseTo([color.r, color.g, color.b][k]!, 6))
    expect(() => plane(1, 1).array('colour')).toThrow('has no colour: it has position, normal')
  })

  it('[V80] a matrix that stands things up turns, stretches and moves them as three.js does', () => {
    const turn = new three.Quaternion().setFromAxisAngle(new three.Vector3(0, 1, 0), 0.7)
    const theirs = new three.Matrix4().compose(new three.Vector3(1, 2, 3), turn, new three.Vector3(2, 2, 2)).toArray()
    standing([1, 2, 3], 0.7, 2).forEach((value, k) => expect(value).toBeCloseTo(theirs[k]!, 6))
  })

  it('[V80] an outline with bays becomes triangles that face up and cover it once, whichever way it runs', () => {
    const outline = [0, 0, 10, 0, 10, 8, 6, 8, 6, 3, 4, 3, 4, 8, 0, 8]
    for (const points of [outline, reversed(outline)]) {
      const position: number[] = []
      for (let i = 0; i < points.length; i += 2) position.push(points[i]!, 5, points[i + 1]!)
      const index = triangulate(position)
      expect(index).toHaveLength((points.length / 2 - 2) * 3)
      const shape = new Shape(position, index).toFlat().computeNormals()
      let area = 0
      for (let i = 0; i < shape.count; i += 3) {
        expect(shape.normal[i * 3 + 1]).toBe(1)
        const p = shape.position.subarray(i * 3, i * 3 + 9)
        area += Math.abs((p[3]! - p[0]!) * (p[8]! - p[2]!) - (p[6]! - p[0]!) * (p[5]! - p[2]!)) / 2
      }
      expect(area).toBe(80 - 10)
    }
  })
})

function reversed(points: readonly number[]): number[] {
  const out: number[] = []
  for (let i = points.length - 2; i >= 0; i -= 2) out.push(points[i]!, points[i + 1]!)
  return out
}
