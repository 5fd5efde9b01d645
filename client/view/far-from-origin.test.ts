import { Matrix3, Matrix4, MeshLambertMaterial, PerspectiveCamera, Vector3 } from 'three'
import { describe, expect, it } from 'vitest'
import { airy, createAir, setEye } from './materials.ts'

const f = Math.fround

/** mat3 × vec3 as a graphics card does it: every step a float. */
function turn(m: readonly number[], [x, y, z]: readonly number[]): number[] {
  return [0, 1, 2].map((r) => f(f(f(f(m[r]!) * x!) + f(f(m[r + 3]!) * y!)) + f(f(m[r + 6]!) * z!)))
}

/** What a vertex of the world is in the axes of the camera: exactly, by `fromEye`, and by the plain product. */
function seen(place: readonly [number, number, number], camera: PerspectiveCamera, air: ReturnType<typeof createAir>) {
  const vertex = place.map(f)
  const view = camera.matrixWorldInverse
  const exact = new Vector3(vertex[0], vertex[1], vertex[2]).applyMatrix4(view).toArray()
  const rotation = new Matrix3().setFromMatrix4(view).toArray()
  const { airEyeHigh: high, airEyeLow: low } = air.uniforms
  const apart = [0, 1, 2].map((k) =>
    f(f(vertex[k]! + f(0 - f(high.value.getComponent(k)))) - f(low.value.getComponent(k))),
  )
  const t = view.elements
  const plain = turn(rotation, vertex).map((value, k) => f(value + f(t[12 + k]!)))
  const error = (got: readonly number[]): number => Math.max(...got.map((value, k) => Math.abs(value - exact[k]!)))
  return { ours: error(turn(rotation, apart)), plain: error(plain) }
}

describe('far from the middle of the map', () => {
  it('[V89] thirty kilometres out what is near is drawn to a hundredth of a millimetre; by the plain product it trembles', () => {
    const air = createAir()
    const camera = new PerspectiveCamera()
    let ours = 0
    let plain = 0
    for (let step = 0; step < 400; step++) {
      // A camera that rides on by millimetres and turns a little.
      const eye = [30_000.0007 + step * 0.0137, 812.3, -29_871.11 - step * 0.0071] as const
      camera.position.set(...eye)
      camera.lookAt(eye[0] + 10, eye[1] - 1, eye[2] + 7 + step * 0.01)
      camera.updateMatrixWorld()
      setEye(air, ...eye)
      for (const [dx, dy, dz] of [
        [1.2, -1.4, 0.3],
        [7, -2, 5],
        [-3, 0.5, 9],
      ] as const) {
        const error = seen([eye[0] + dx, eye[1] + dy, eye[2] + dz], camera, air)
        ours = Math.max(ours, error.ours)
        plain = Math.max(plain, error.plain)
      }
    }
    expect(ours).toBeLessThan(0.000_01)
    expect(plain).toBeGreaterThan(0.001)
  })

  it('[V89] every surface of the world is drawn that way, and what has an origin of its own too', () => {
    const material = airy(new MeshLambertMaterial(), createAir(), 'one', [
      { stage: 'vertex', chunk: 'project_vertex', code: 'mvPosition.x+=1.;' },
    ])
    const shader = {
      uniforms: {} as Record<string, unknown>,
      vertexShader: '#include <common>\n#include <project_vertex>',
      fragmentShader: '#include <common>',
    }
    material.onBeforeCompile(shader as never, undefined as never)
    expect(shader.vertexShader).toContain('mvPosition.xyz=fromEye(mat3(modelMatrix)*airAt.xyz,modelMatrix[3].xyz)')
    // Whoever moves a vertex on the screen does so after that.
    const at = (code: string): number => shader.vertexShader.indexOf(code)
    expect(at('mvPosition.xyz=fromEye')).toBeLessThan(at('mvPosition.x+=1.'))
    expect(at('mvPosition.x+=1.')).toBeLessThan(at('vFromEye=mvPosition'))
    expect(Object.keys(shader.uniforms)).toEqual(expect.arrayContaining(['airEyeHigh', 'airEyeLow']))
    // A group moved with the eye: near numbers stay near numbers.
    const moved = new Matrix4().makeTranslation(29_952, 768, -29_824)
    expect(moved.elements.slice(12, 15).map(f)).toEqual([29_952, 768, -29_824])
  })
})
