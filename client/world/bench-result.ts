import type { Tier } from './frame-pace.ts'

/** What one tier of detail took on this computer. */
export interface BenchTier {
  readonly tier: Tier
  readonly frames: number
  /** From frame to frame, ms: what the eye sees. */
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** Of it our own work, ms. */
  readonly scriptP50Ms: number
  readonly scriptP99Ms: number
  /** The most of any frame. */
  readonly drawCalls: number
  readonly triangles: number
  /** What was drawn at the end, px, and each side as a share of the screen's. */
  readonly widthPx: number
  readonly heightPx: number
  readonly share: number
}

export interface BenchResult {
  readonly card: string
  readonly screenWidthPx: number
  readonly screenHeightPx: number
  readonly pixelRatio: number
  readonly world: string
  readonly tiers: readonly BenchTier[]
}
