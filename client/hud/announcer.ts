/** A sentence at most every so often, s: ears have other things to do. */
const EVERY_S = 5
const WAITING_MAX = 3

/** What is said aloud for who does not look: laps, segments, junctions, the line. The newest of a kind counts. */
export class Announcer {
  readonly #say: (sentence: string) => void
  #waiting: { readonly kind: string; readonly sentence: string }[] = []
  #saidS = -Infinity

  constructor(say: (sentence: string) => void) {
    this.#say = say
  }

  add(kind: string, sentence: string): void {
    this.#waiting = [...this.#waiting.filter((one) => one.kind !== kind), { kind, sentence }].slice(-WAITING_MAX)
  }

  work(nowS: number): void {
    if (nowS - this.#saidS < EVERY_S) return
    const next = this.#waiting.shift()
    if (next === undefined) return
    this.#saidS = nowS
    this.#say(next.sentence)
  }
}
