export const REPORT_REASONS = ['rude', 'spam', 'riding', 'name', 'other'] as const
export type ReportReason = (typeof REPORT_REASONS)[number]

/** What the organiser reads. */
export interface Report {
  /** UUID. */
  readonly id: string
  readonly wallMs: number
  readonly room: string
  readonly by: { readonly riderId: number; readonly name: string }
  readonly about: { readonly riderId: number; readonly name: string }
  readonly reason: ReportReason
  readonly words: string
  /** The last lines of whom it is about. */
  readonly lines: readonly { readonly wallMs: number; readonly text: string }[]
}
