import { figure, report, UsageError, type Figure, type Invocation, type Report } from '../command.ts'
import { rideGroup } from './group.ts'
import { loadMap } from './load-map.ts'

/** The law of keep-together stays below this from first to last; docs/meet.md. */
const TOGETHER_MAX_M = 80

/** `sim --together`: one seed after another, kept together and not. */
export async function runGroup(invocation: Invocation, seed: number): Promise<Report> {
  const world = await loadMap(invocation.text('map'))
  const routeId = invocation.text('route') ?? world.network.routes[0]?.id ?? ''
  if (!world.network.routes.some(({ id }) => id === routeId)) throw new UsageError(`--route ${routeId}: no such route`)
  const seconds = invocation.number('seconds', { min: 61, max: 86_400, isWhole: true })!
  const riders = invocation.number('riders', { min: 2, max: 200, isWhole: true })!
  const spread = invocation.number('spread', { min: 0, max: 90 })! / 100
  const figures: Record<string, Figure> = {}
  for (const isTogether of [true, false]) {
    const name = isTogether ? 'together' : 'free'
    const { worstM, p99M, lastM, ratio, hash } = rideGroup({
      world,
      routeId,
      seed,
      seconds,
      riders,
      spread,
      isTogether,
    })
    figures[`${name}.worst`] = figure(Math.round(worstM), 'm', isTogether ? { atMost: TOGETHER_MAX_M } : {})
    figures[`${name}.p99`] = figure(Math.round(p99M), 'm')
    figures[`${name}.atTheEnd`] = figure(Math.round(lastM), 'm')
    figures[`${name}.hash`] = { value: hash, unit: '' }
    figures['strongestOverWeakest'] = figure(Number(ratio.toFixed(2)), '')
  }
  return report(figures)
}
