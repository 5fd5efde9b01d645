/** What goes by itself. Part of the store; one suite holds every kind to it. */
export interface RetentionStore {
  /** Rides of nobody's account that began before then, some at a time; answers how many went. [A56] */
  dropGuestRides(beforeMs: number, most: number): Promise<number>
  /** Riders of nobody's account who came before then, and of whom nothing is kept; `except` stay, their rides are still to come. */
  dropGuests(beforeMs: number, most: number, except: readonly string[]): Promise<number>
  /** Journals that a race or a ride that is kept refers to. Undefined from when on a ride does not say in which it is. */
  journalsInUse(): Promise<{ readonly names: ReadonlySet<string>; readonly unknownFromMs: number | undefined }>
}
