import type { Report } from '../command.ts'

/** What `cli/plots/NAME.ts` exports as `plot`: it draws pictures and says, as a report, what they show. */
export interface Plot {
  /** Of what: the name of a world, where a plot is of one. */
  draw(subject?: string): Promise<Drawn>
}

export interface Drawn {
  /** SVG by file name without folder: `drafting-lines.svg`. */
  readonly pictures: ReadonlyMap<string, string>
  readonly report: Report
}
