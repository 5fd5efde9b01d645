import type { Layer, Yard } from './mason.ts'
import { createSpot, spotAt, type Path } from './path.ts'

/** One outline across a road: metres right of its middle, metres above it; walls face left of the way it is drawn. */
export type Outline = readonly (readonly [lateralM: number, upM: number])[]

export interface Extrusion {
  readonly path: Path
  readonly fromM: number
  readonly toM: number
  readonly everyM: number
  readonly color: number
  readonly style: number
  readonly layer?: Layer
  outlineAt(atM: number): Outline
}

/** An outline drawn along a road; seen from the side that lies to the left of the outline as one rides. */
export function extrude(
  yard: Yard,
  { path, fromM, toM, everyM, color, style, layer = 'mass', outlineAt }: Extrusion,
): void {
  const spot = createSpot()
  const ring = (atM: number): (readonly [number, number, number])[] =>
    outlineAt(atM).map(([lateralM, upM]) => {
      spotAt(path, atM, lateralM, spot)
      return [spot.x, spot.y + upM, spot.z] as const
    })
  const steps = Math.max(1, Math.round((toM - fromM) / everyM))
  let before = ring(fromM)
  for (let k = 1; k <= steps; k++) {
    const atM = fromM + ((toM - fromM) * k) / steps
    const after = ring(atM)
    const mason = yard.at(layer, after[0]![0], after[0]![2]).at(0, 0, 0).ink(color, style)
    const uA = atM - (toM - fromM) / steps
    for (let j = 0; j + 1 < before.length; j++) {
      const [a, b, c, d] = [before[j]!, before[j + 1]!, after[j + 1]!, after[j]!]
      mason.flat([a, b, c, d], [uA, a[1], uA, b[1], atM, c[1], atM, d[1]])
    }
    before = after
  }
}
