import { World } from '#server/world/world'
import { measure, spread, type Rounds } from './measure.ts'
import { spreadFigures, type Figure, type Measured } from './measured.ts'
import { Bunch } from './bunch.ts'
import { benchRoad } from './road.ts'

const SIZES = [100, 1000, 5000]
/** Rider-ticks in a round, the same for every size. */
const WORK = 1_000_000
/** Issue 2, point 11: a tenth of the 50 ms that a tick has, so that one core carries a full room and everything around it. */
const TICK_AT_MOST_MS = 5

/** What a rider costs in a tick, at three sizes of bunch. */
export async function benchWorld(rounds: Rounds): Promise<Measured> {
  const { course } = benchRoad()
  const slowestMs = SIZES.map((): number[] => [])
  const cases = SIZES.map((riderCount, size) => {
    const world = new World({ course, riderCapacity: riderCount })
    const bunch = new Bunch(world, riderCount)
    return {
      name: `${riderCount} riders`,
      run: () => {
        const ticks = Math.ceil((WORK * (rounds.workShare ?? 1)) / riderCount)
        let slowest = 0
        const startedMs = performance.now()
        for (let i = 0, fromMs = startedMs; i < ticks; i++) {
          bunch.step()
          const nowMs = performance.now()
          slowest = Math.max(slowest, nowMs - fromMs)
          fromMs = nowMs
        }
        slowestMs[size]!.push(slowest)
        return (performance.now() - startedMs) / ticks
      },
    }
  })
  const perTickMs = await measure(cases, rounds)
  const figures: Record<string, Figure> = {}
  for (const [size, riderCount] of SIZES.entries()) {
    const { median, min, max, rounds: count } = perTickMs[size]!
    const ns = 1e6 / riderCount
    const perRiderNs = { median: median * ns, min: min * ns, max: max * ns, rounds: count }
    Object.assign(figures, spreadFigures(`world.${riderCount}.perRiderTick`, perRiderNs, 'ns'))
    if (riderCount !== 1000) continue
    Object.assign(
      figures,
      spreadFigures(`world.${riderCount}.tick`, perTickMs[size]!, 'ms', { atMost: TICK_AT_MOST_MS }),
    )
    const worst = spread(slowestMs[size]!.slice(rounds.warmUps))
    figures[`world.${riderCount}.tick.slowest`] = { value: worst.max, unit: 'ms' }
  }
  return {
    method:
      'World.step() on the shipped road with everything on (inbox, ledger of power, shelter, lines, contact, bends), in calm air; a fifth of the riders post ' +
      `a sample before each tick (4 Hz); journal records are made and dropped. ${WORK.toLocaleString('en-US')} rider-ticks a round.`,
    figures,
  }
}
