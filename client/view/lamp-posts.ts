import type { StreetLamp } from './lamp-plan.ts'
import { pieceOfMany, type Model, type Part } from './piece.ts'
import { bar, box, merged, painted, standing } from './solids.ts'

const STEEL = 0x3d4347
const GLASS = 0xcfc8b4
/** Farther off their light is seen, and they are not. */
const FAR_M = 900

/** The posts of street lamps, one draw; their light is made in `lamps.ts`. The model's arm points to +z. */
export function* buildLampPosts(lamps: readonly StreetLamp[]): Generator<Part> {
  const own = lamps.filter(({ isRoofed }) => !isRoofed)
  if (own.length === 0) return
  const { upM, armM } = own[0]!
  const shape = merged(
    [
      painted(bar([0, -0.4, 0], [0, 0.9, 0], 0.09, 0.08, 6), STEEL),
      painted(bar([0, 0.9, 0], [0, upM - 0.5, 0], 0.055, 0.042, 6), STEEL),
      painted(bar([0, upM - 0.5, 0], [0, upM, armM * 0.55], 0.04, 0.035, 5), STEEL),
      painted(bar([0, upM, armM * 0.5], [0, upM + 0.03, armM + 0.2], 0.035, 0.03, 5), STEEL),
      painted(box([0, upM + 0.03, armM], [0.2, 0.09, 0.62]), STEEL),
      painted(box([0, upM - 0.04, armM], [0.15, 0.06, 0.5]), GLASS),
    ],
    ['position', 'normal', 'color'],
  )
  const model: Model = { kind: 'model', name: 'lamp post', shape }
  const matrices = new Float32Array(own.length * 16)
  own.forEach(({ x, y, z, inX, inZ }, i) => matrices.set(standing([x, y, z], Math.atan2(inX, inZ), 1), i * 16))
  yield model
  yield pieceOfMany('lamp posts', 'painted', model, { count: own.length, matrices }, { hasShadow: true, farM: FAR_M })
}
