import { createGrassSower, type GrassSower, type SownTile } from './grass-sow.ts'
import { heightTile, type HeightTile } from './heights.ts'
import { buffersOf, type Part } from './piece.ts'
import type { WorldKit } from './world-kit.ts'
import { buildWorld, createCountry, type Country, type WorldInput } from './world-build.ts'

/** What is asked of the worker that builds the world, and what it answers. Nothing here knows that it is one. */
export type WorldAsk =
  | { readonly kind: 'build'; readonly input: WorldInput }
  /** Grass and flowers of one tile along the road. */
  | { readonly kind: 'sow'; readonly tile: number }
  | { readonly kind: 'heights'; readonly tileX: number; readonly tileZ: number }

export type WorldAnswer =
  | { readonly kind: 'part'; readonly part: Part }
  | { readonly kind: 'sown'; readonly sown: SownTile }
  | { readonly kind: 'heights'; readonly tile: HeightTile }
  /** Everything has been told. */
  | { readonly kind: 'built'; readonly parts: number }

export type Tell = (answer: WorldAnswer, give: ArrayBuffer[]) => void

export interface WorldJob {
  /** `kit`: of the world that is to be built. */
  ask(wish: WorldAsk, kit?: WorldKit): void
  /** One piece of work: a part of the world, or what was asked meanwhile; false when there is none. */
  step(): boolean
}

export function createWorldJob(tell: Tell): WorldJob {
  let parts: Generator<Part> | undefined
  let country: Country | undefined
  let sower: GrassSower | undefined
  let count = 0
  const waiting: Exclude<WorldAsk, { kind: 'build' }>[] = []

  /** What the rider is about to ride through goes before what stands on the horizon. */
  const answer = (wish: Exclude<WorldAsk, { kind: 'build' }>): void => {
    if (wish.kind === 'sow') {
      const sown = sower!.sow(wish.tile)
      tell({ kind: 'sown', sown }, [sown.rows.buffer])
    } else {
      const tile = heightTile(country!.land, wish.tileX, wish.tileZ)
      tell({ kind: 'heights', tile }, [tile.heights.buffer])
    }
  }
  return {
    ask: (wish, kit) => {
      if (wish.kind !== 'build') return void waiting.push(wish)
      country = createCountry(wish.input, kit)
      sower = createGrassSower(country, wish.input.quality, wish.input.seed)
      parts = buildWorld(wish.input, country)
    },
    step: () => {
      const wish = country === undefined ? undefined : waiting.shift()
      if (wish !== undefined) {
        answer(wish)
        return true
      }
      const next = parts?.next()
      if (next === undefined) return false
      if (next.done === true) {
        parts = undefined
        tell({ kind: 'built', parts: count }, [])
        return false
      }
      count++
      tell({ kind: 'part', part: next.value }, buffersOf(next.value))
      return true
    },
  }
}
