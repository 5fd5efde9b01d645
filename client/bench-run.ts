import { siteZones } from '#physics/zone-site'
import { breath } from './breath.ts'
import type { Answer } from './pages/api.ts'
import { fetchLoadedWorld } from './ride-opening.ts'
import { cardOf, RideView } from './ride-view.ts'
import type { ZoneScene } from './view/zone-types.ts'
import type { BenchResult, BenchTier } from './world/bench-result.ts'
import { TIERS, type Tier } from './world/frame-pace.ts'
import { zoneKit } from './zone-ride.ts'
import { createSceneRiders } from './world/scene-riders.ts'
import { arrangeBunch, rideOn, rosterOf } from './world/show-bunch.ts'

export interface BenchOptions {
  readonly canvas: HTMLCanvasElement
  readonly nowMs: () => number
  /** Shares of the whole, 0 … 1, and what is measured now. */
  readonly onProgress: (share: number, tier: Tier) => void
  readonly isOver: () => boolean
}

const WORLD = 'thrushford'
/** The same stretch of road for every tier, from here on, m; riders in sight of one another. */
const FROM_M = 150
const RIDERS = 100
/** Each of three tiers: a minute in all. */
const TIER_S = 20
/** What comes in first is not counted, s. */
const SETTLING_S = 2
const NOBODY: ZoneScene = { rider: () => undefined, fallen: () => [], props: () => [] }

/** A minute of one road, from tier to tier; undefined: it was broken off. */
export async function runBench(options: BenchOptions): Promise<Answer<BenchResult | undefined>> {
  const { canvas } = options
  const loaded = await fetchLoadedWorld(WORLD)
  if (!loaded.ok) return loaded
  const { map, course, network } = loaded.value
  const roster = rosterOf(RIDERS)
  const tiers: BenchTier[] = []
  for (const [k, tier] of TIERS.entries()) {
    options.onProgress(k / TIERS.length, tier)
    const picture = {
      ...{ course: course.columns, network, map, zones: zoneKit(siteZones(network.zones, course).sites) },
      isMotionReduced: false,
    }
    // The tier is fixed, the resolution is not: it goes where a ride's would go.
    const view = new RideView(canvas, picture, undefined, { tier, share: undefined })
    try {
      view.setRoster(roster)
      const riders = createSceneRiders(RIDERS)
      arrangeBunch(riders, course, roster, { atM: FROM_M, timeS: 0, seed: 7, isBunch: false })
      const measured = await measure(options, tier, k, (nowMs, dtS) => {
        rideOn(riders, dtS)
        view.frame(riders, nowMs, 'chase', NOBODY)
        return view
      })
      if (measured === undefined) return { ok: true, value: undefined }
      tiers.push(measured)
    } finally {
      view.dispose()
    }
    await breath()
  }
  const { width, height } = screen
  return {
    ok: true,
    value: {
      card: cardOf()
        .replaceAll(/[^\p{L}\p{N} .,;:()[\]/+@_®™-]/gu, ' ')
        .slice(0, 200),
      ...{ screenWidthPx: width, screenHeightPx: height, pixelRatio: devicePixelRatio, world: WORLD, tiers },
    },
  }
}

function measure(
  { nowMs, onProgress, isOver, canvas }: BenchOptions,
  tier: Tier,
  index: number,
  frame: (nowMs: number, dtS: number) => RideView,
): Promise<BenchTier | undefined> {
  const frameMs: number[] = []
  const scriptMs: number[] = []
  let [drawCalls, triangles] = [0, 0]
  let readyMs = NaN
  let lastMs = nowMs()
  return new Promise((resolve) => {
    const step = (): void => {
      if (isOver()) return resolve(undefined)
      const fromMs = nowMs()
      // The ride goes on by the clock, so that every computer sees the same road.
      const view = frame(fromMs, Number.isNaN(readyMs) ? 0 : Math.min(0.25, (fromMs - lastMs) / 1000))
      const tookMs = nowMs() - fromMs
      if (view.isReady && Number.isNaN(readyMs)) readyMs = fromMs
      const atS = (fromMs - readyMs) / 1000
      if (atS > SETTLING_S) {
        frameMs.push(fromMs - lastMs)
        scriptMs.push(tookMs)
        const info = view.info()
        drawCalls = Math.max(drawCalls, info.drawCalls)
        triangles = Math.max(triangles, info.triangles)
      }
      lastMs = fromMs
      if (atS > 0) onProgress((index + Math.min(1, atS / TIER_S)) / TIERS.length, tier)
      if (!(atS > TIER_S)) return void requestAnimationFrame(step)
      const at = (list: number[], share: number): number =>
        Math.round(10 * (list.toSorted((a, b) => a - b)[Math.floor((list.length - 1) * share)] ?? 0)) / 10
      resolve({
        ...{
          tier,
          frames: frameMs.length,
          p50Ms: at(frameMs, 0.5),
          p95Ms: at(frameMs, 0.95),
          p99Ms: at(frameMs, 0.99),
        },
        ...{ scriptP50Ms: at(scriptMs, 0.5), scriptP99Ms: at(scriptMs, 0.99), drawCalls, triangles },
        ...{ widthPx: canvas.width, heightPx: canvas.height, share: view.share },
      })
    }
    requestAnimationFrame(step)
  })
}
