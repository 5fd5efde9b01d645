/** One thing to measure. `run` does the work of a round and answers the number that was measured in it. */
export interface Case {
  readonly name: string
  readonly run: () => number | Promise<number>
}

export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
  readonly rounds: number
}

export interface Rounds {
  readonly rounds: number
  /** Done first and thrown away: the compiler and the caches get warm in them. */
  readonly warmUps: number
  /** Of the work of a round: a test that only wants to see figures does less. */
  readonly workShare?: number
  readonly onRound?: (done: number, total: number, name: string) => void
}

/**
 * Takes the cases in turn, round after round, so that whatever slows the machine for a while slows all of them. Medians do
 * not care for the odd stall; smallest and largest show how much to trust them.
 */
export async function measure(cases: readonly Case[], { rounds, warmUps, onRound }: Rounds): Promise<Spread[]> {
  const values = cases.map((): number[] => [])
  for (let round = -warmUps; round < rounds; round++) {
    for (const [i, one] of cases.entries()) {
      const value = await one.run()
      if (round >= 0) values[i]!.push(value)
      onRound?.((round + warmUps) * cases.length + i + 1, (rounds + warmUps) * cases.length, one.name)
    }
  }
  return values.map(spread)
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const median = (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
  return { median, min: sorted[0]!, max: sorted.at(-1)!, rounds: sorted.length }
}
