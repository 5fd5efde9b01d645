import { answerOf, startChild, stopChildren } from './child.ts'
import type { LinkProfile } from './link.ts'
import type { Variant } from './trace.ts'

/** One place of the program, changed for one run: `from` stands exactly once in `file`, or the run is refused. */
export interface Edit {
  /** From the root. */
  readonly file: string
  readonly from: string
  readonly to: string
}

export interface EditedRun {
  readonly edits: readonly Edit[]
  readonly variant: Variant
  readonly seconds: number
  readonly link: LinkProfile
  readonly viewers: number
  readonly seed: number
  /** Riders each viewer wishes to see. */
  readonly inView: number
}

export interface EditedResult {
  readonly bits: number
  readonly wireKBps: number
  /** p99 and largest error against the server's now, m. */
  readonly along: number
  readonly alongMost: number
  readonly sideways: number
  readonly sidewaysMost: number
  readonly wattsAgeMs: number
}

const PATIENCE_S = 180

/** Ours with lines changed, on the trace: what an idea is worth shows when it is taken out of the program that ships. */
export async function runEdited(run: EditedRun): Promise<EditedResult> {
  const child = startChild(new URL('edited-process.ts', import.meta.url), run)
  try {
    return await answerOf<EditedResult>(child, PATIENCE_S)
  } finally {
    await stopChildren(child)
  }
}

/** As many at a time as there are cores. */
export async function inParallel<T>(jobs: readonly (() => Promise<T>)[], most: number): Promise<T[]> {
  const results: T[] = []
  let next = 0
  const work = async (): Promise<void> => {
    for (let i = next++; i < jobs.length; i = next++) results[i] = await jobs[i]!()
  }
  await Promise.all(Array.from({ length: Math.min(most, jobs.length) }, work))
  return results
}
