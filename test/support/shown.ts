import type { RiderPage } from './rider-page.ts'

/** What a page shows of one rider's legs, and since when. */
export interface Shown {
  readonly atMs: number
  readonly powerW: number
  readonly cadenceRpm: number
  readonly heartRateBpm: number
}

export interface Place {
  readonly atMs: number
  readonly distanceM: number
}

interface Looker {
  readonly legs: Shown[]
  readonly places: Place[]
}

declare global {
  interface Window {
    __looker?: Looker
  }
}

/** Frames drawn in software may be a second apart on a busy machine; the model that they show is not. */
const LOOK_MS = 40

/** From now on, in the page itself: each change of the rider's legs, and where the rider is. */
export async function lookAt({ page }: RiderPage, riderId: number): Promise<void> {
  await page.evaluate(
    ([id, lookMs]) => {
      const looker: Looker = { legs: [], places: [] }
      window.__looker = looker
      const look = (): void => {
        const riders = (window.__gruppetto?.state()?.['riders'] ?? []) as readonly (Shown & Place & { id: number })[]
        const rider = riders.find((one) => one.id === id)
        if (rider === undefined) return
        const { powerW, cadenceRpm, heartRateBpm, distanceM } = rider
        const atMs = Date.now()
        looker.places.push({ atMs, distanceM })
        const last = looker.legs.at(-1)
        if (last?.powerW === powerW && last.cadenceRpm === cadenceRpm && last.heartRateBpm === heartRateBpm) return
        looker.legs.push({ atMs, powerW, cadenceRpm, heartRateBpm })
      }
      setInterval(look, lookMs)
    },
    [riderId, LOOK_MS] as const,
  )
}

export async function seenBy({ page }: RiderPage): Promise<Looker> {
  return page.evaluate(() => window.__looker ?? { legs: [], places: [] })
}
