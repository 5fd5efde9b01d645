import { AIR_DENSITY_KGPM3 } from '#physics/constants'
import { createRandom } from '#physics/random'
import { Zone } from '#physics/zone'
import { createZoneGround, ZONE_RIDERS_MAX } from '#physics/zone-ground'
import type { Figure, Measured } from './measured.ts'
import { spreadFigures } from './measured.ts'
import { measure, type Rounds } from './measure.ts'

const TICKS = 200
/** Issue 3, point 5. */
const TICK_TARGET_MS = 2

/** A full park, with its riders among the props; all that can be pushed at once is the most there can be to do. */
export async function benchZone(rounds: Rounds): Promise<Measured> {
  const riding = park()
  const wild = park()
  const random = createRandom(3)
  const cases = [
    { name: 'zone.riding', run: () => ticksMs(riding, () => {}) },
    {
      name: 'zone.wild',
      run: () =>
        ticksMs(wild, (tick) => {
          if (tick % 10 !== 0) return
          for (let i = 0; i < wild.props.length; i++) {
            const motion = { vx: 4 * random.fraction() - 2, vy: 4 * random.fraction() - 2, vz: 2 * random.fraction() }
            wild.knock(i, { ...motion, turnX: 2, turnY: 1, turnZ: 3 })
          }
        }),
    },
  ]
  const spreads = await measure(cases, rounds)
  const figures: Record<string, Figure> = {
    'zone.bodies': { value: riding.bodyCount, unit: '', atMost: 40, pass: riding.bodyCount <= 40 },
  }
  cases.forEach(({ name }, i) =>
    Object.assign(figures, spreadFigures(`${name}.tick`, spreads[i]!, 'ms', { atMost: TICK_TARGET_MS })),
  )
  const method =
    `A free-ride zone with ${ZONE_RIDERS_MAX} riders on the house's line, ${TICKS} ticks a round, three steps of the engine in each; ` +
    'wild: every prop is thrown twice a second as well.'
  return { method, figures }
}

function park(): Zone {
  const size = { lengthM: 60, widthM: 40, seed: 7, apronM: 6, roadHalfM: 3.5, entryM: 1, exitM: 60 }
  const zone = new Zone(createZoneGround({ ...size, roadHeightM: () => 0 }))
  return zone
}

/** Milliseconds of the mean tick; who rides out comes in again. */
function ticksMs(zone: Zone, before: (tick: number) => void): number {
  const from = performance.now()
  for (let tick = 0; tick < TICKS; tick++) {
    before(tick)
    for (const { key, end } of [...zone.visits]) if (end !== undefined) zone.leave(key)
    if (tick % 5 === 0) comeIn(zone)
    for (const { rider } of zone.visits) rider.powerW = 220
    zone.step()
  }
  return (performance.now() - from) / TICKS
}

let nextKey = 1

function comeIn(zone: Zone): void {
  for (let i = zone.visits.length; i < ZONE_RIDERS_MAX; i++) {
    const rider = { massKg: 80, dragAreaM2: 0.33, airDensityKgpm3: AIR_DENSITY_KGPM3 }
    // Spread over the park, so that it is full from the first tick on.
    zone.enter(nextKey++, {
      ...rider,
      u: 14 + 3 * i,
      v: i % 2 === 0 ? 8 : 32,
      headU: i % 2 === 0 ? 1 : -1,
      headV: 0,
      speedMps: 6,
    })
  }
}
