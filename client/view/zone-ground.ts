import { createZoneLine } from '#physics/zone-line'
import type { Noise } from './noise.ts'
import { mix, smoothstep } from './noise.ts'
import { Shape } from './shape.ts'
import type { Quality } from './view-types.ts'
import { xOf, zOf, type ZoneFrame } from './zone-frame.ts'

const CELL_M: Record<Quality, number> = { test: 1, low: 0.75, medium: 0.5, high: 0.35 }
/** Linear light, as in ground-color.ts. */
const GRAVEL = [0.42, 0.355, 0.255] as const
const WORN = [0.31, 0.255, 0.18] as const
const CLAY = [0.33, 0.205, 0.115] as const
const TURF = [0.135, 0.2, 0.05] as const
/** The skirt goes this far down, so that no light shines through between park and meadow. */
const SKIRT_M = 0.9
/** … after the turf around the fence has gone under the country's own. */
const SINK_M = 0.4
/** Beyond the fence the gravel ends in turf. */
const RIM_M = 4.5

/** The ground of the park, to the edge of the asphalt: gravel, worn where it is ridden, clay on the ramps, turf in the corners. */
export function zoneGround(frame: ZoneFrame, noise: Noise, quality: Quality): Shape {
  const { ground } = frame.site
  const cellM = CELL_M[quality]
  const fromU = -RIM_M
  const toU = ground.lengthM + RIM_M
  const fromV = -(ground.apronM - ground.roadHalfM) + 0.1
  const toV = ground.widthM + RIM_M
  const columns = Math.ceil((toU - fromU) / cellM) + 1
  const rows = Math.ceil((toV - fromV) / cellM) + 1
  const position = new Float32Array(columns * rows * 3)
  const color = new Float32Array(columns * rows * 3)
  const uv = new Float32Array(columns * rows * 2)
  const line = createZoneLine(ground)
  const lineAwayM = (u: number, v: number): number => {
    let best = 400
    for (let i = 0; i < line.count; i += 2) {
      const du = line.u[i]! - u
      const dv = line.v[i]! - v
      best = Math.min(best, du * du + dv * dv)
    }
    return Math.sqrt(best)
  }
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j < rows; j++) {
      const k = i * rows + j
      const isRim = i === 0 || i === columns - 1 || j === rows - 1
      const u = Math.min(toU, fromU + i * cellM)
      const v = Math.min(toV, fromV + j * cellM)
      // Under the asphalt's edge the gravel dives, so that the two never fight for the same pixel.
      const dipM = v < 0 ? 0.05 * smoothstep(0, fromV, v) : 0
      const edgeU = Math.min(ground.lengthM, Math.max(0, u))
      const edgeV = Math.min(ground.widthM, v)
      // Outside of the fence what is banked runs out to the height of the country.
      const runOut = smoothstep(0.4, RIM_M - cellM, Math.max(u - edgeU, edgeU - u, v - edgeV))
      const edgeM = mix(ground.heightAt(edgeU, edgeV), ground.roadHeightM(edgeU), runOut)
      const y = edgeM - dipM - SINK_M * runOut * runOut - (isRim ? SKIRT_M : 0)
      position.set([xOf(frame, u, v), y, zOf(frame, u, v)], k * 3)
      uv.set([u, v], k * 2)
      const reliefM = ground.heightAt(edgeU, edgeV) - ground.roadHeightM(edgeU)
      const away = lineAwayM(u, v)
      const broad = noise.fractal(u / 7 + 11, v / 7, 3)
      const built = smoothstep(0.1, 0.3, reliefM)
      const outsideM = Math.max(-u, u - ground.lengthM, v - ground.widthM)
      const corner = smoothstep(3.6, 8, away) * smoothstep(0.34, 0.66, broad) * (v > 1 ? 1 : 0)
      const turf = Math.max(
        smoothstep(-0.6, 0.5, outsideM),
        corner * (1 - 0.8 * built),
        smoothstep(5, 9, away) * built * 0.9,
      )
      const worn = smoothstep(1.7, 0.3, away + (broad - 0.5) * 1.2)
      for (let c = 0; c < 3; c++) {
        let value = mix(GRAVEL[c]!, CLAY[c]!, built)
        value = mix(value, WORN[c]!, worn * (1 - 0.45 * built))
        color[k * 3 + c] = mix(value, TURF[c]!, turf) * (0.84 + 0.34 * noise.fractal(u / 1.9, v / 1.9 + 40, 2))
      }
    }
  }
  const index = new Uint32Array((columns - 1) * (rows - 1) * 6)
  let q = 0
  for (let i = 0; i + 1 < columns; i++) {
    for (let j = 0; j + 1 < rows; j++) {
      const a = i * rows + j
      const b = a + rows
      // Triangles face up: which way round depends on whether the axes are a mirror image.
      if (frame.mirror > 0) index.set([a, b, a + 1, b, b + 1, a + 1], q)
      else index.set([a, a + 1, b, b, a + 1, b + 1], q)
      q += 6
    }
  }
  return new Shape(position, index).set('color', color, 3).set('uv', uv, 2).computeNormals()
}
