/** Time for the page; made in main.ts, the client's only reader of a clock. */
export interface ClientClock {
  /** Steady, ms; only differences mean anything. */
  nowMs(): number
  /** Calendar time, ms since 1970, for countdowns; never for motion. */
  wallMs(): number
}
