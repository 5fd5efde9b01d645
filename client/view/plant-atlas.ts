import { createRandom } from '#physics/random'
import { TRIANGLES, VERTEX_NUMBERS, type Soup, type Model } from './plant-kit.ts'
import { COVERS, MODELS, type CoverName, type PlantName } from './plant-models.ts'

/** All shapes of all plants in one texture of floats, two texels a vertex; who draws one says at which texel it begins. */
export interface PlantAtlas {
  readonly widthPx: number
  readonly heightPx: number
  readonly texels: Float32Array
  readonly plants: Readonly<
    Record<PlantName, { readonly near: readonly number[]; readonly far: number; readonly speck: number }>
  >
  readonly covers: Readonly<Record<CoverName, readonly number[]>>
}

const WIDTH_PX = 1024
const COVER_SHAPES = 3

export function createPlantAtlas(seed: number): PlantAtlas {
  const random = createRandom(seed ^ 0x7ee5)
  const numbers: number[] = []
  const put = (soup: Soup | undefined, trianglesMax: number): number => {
    if (soup === undefined) return -1
    if (soup.triangles > trianglesMax)
      throw new Error(`a shape of ${soup.triangles} triangles, where ${trianglesMax} are all it may have`)
    const start = numbers.length / 4
    for (const n of soup.numbers) numbers.push(n)
    // What is missing are triangles without area, far under the ground.
    const missing = (trianglesMax - soup.triangles) * 3 * VERTEX_NUMBERS
    for (let i = 0; i < missing; i++) numbers.push(i % VERTEX_NUMBERS === 1 ? -1 : 0)
    return start
  }
  const plants = {} as Record<PlantName, PlantAtlas['plants'][PlantName]>
  for (const name of Object.keys(MODELS) as PlantName[]) {
    const { size, make } = MODELS[name]
    const model: Model = make(random)
    plants[name] = {
      near: model.near.map((soup) => put(soup, TRIANGLES[size])),
      far: put(model.far, TRIANGLES.far),
      speck: put(model.speck, TRIANGLES.speck),
    }
  }
  const covers = {} as Record<CoverName, readonly number[]>
  for (const name of Object.keys(COVERS) as CoverName[]) {
    covers[name] = Array.from({ length: COVER_SHAPES }, () => put(COVERS[name](random), TRIANGLES.cover))
  }
  const heightPx = Math.ceil(numbers.length / 4 / WIDTH_PX)
  const texels = new Float32Array(heightPx * WIDTH_PX * 4)
  texels.set(numbers)
  return { widthPx: WIDTH_PX, heightPx, texels, plants, covers }
}
