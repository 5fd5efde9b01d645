import type { Playback } from './playback.ts'

/** As ours: 64 shown, and one who is shown stays until eight others are nearer; looked at anew four times a second. */
const IN_VIEW = 64
const KEEP = 72
export const VIEW_TICKS = 5

/** Whom the peers' clients see: the nearest as the crow flies, which needs nothing of ours. */
export class Views {
  readonly #playback: Playback
  readonly #shown: Set<number>[]
  readonly #inView: number

  constructor(playback: Playback, viewers: number, inView = IN_VIEW) {
    this.#playback = playback
    this.#inView = inView
    this.#shown = Array.from({ length: viewers }, () => new Set<number>())
  }

  look(viewer: number, row: number): readonly number[] {
    const { riders, course } = this.#playback
    const shown = this.#shown[viewer]!
    const at = (other: number): [number, number] => {
      const placeM = riders.distanceM[other]! + riders.offsetM[other]!
      return [course.xAt(placeM), course.yAt(placeM)]
    }
    const [x, y] = at(row)
    const near = Array.from({ length: riders.count }, (_, other) => {
      const [otherX, otherY] = at(other)
      return { other, d2: (otherX - x) * (otherX - x) + (otherY - y) * (otherY - y) }
    })
      .filter(({ other }) => other !== row)
      .toSorted((a, b) => a.d2 - b.d2)
      .slice(0, this.#inView + KEEP - IN_VIEW)
      .map(({ other }, place) => ({ other, score: place - (shown.has(other) ? KEEP - IN_VIEW : 0) }))
      .toSorted((a, b) => a.score - b.score)
      .slice(0, this.#inView)
      .map(({ other }) => other)
    this.#shown[viewer] = new Set(near)
    return near
  }
}
