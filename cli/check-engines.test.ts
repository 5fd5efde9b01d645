import { beforeAll, expect, test } from 'vitest'
import { toBase64 } from '#server/world/base64'
import { bundleScenario } from './engines/bundle.ts'
import { JAVASCRIPT_CORE, QUICKJS, V8, type Engine } from './engines/engines.ts'
import { Scenario, type ScenarioPlan } from './engines/scenario.ts'
import { loadMap } from './sim/load-map.ts'

const STOPS = [199, 200, 300, 420]
const never = new AbortController().signal
let script = ''
let plan: ScenarioPlan
let expected: readonly string[] = []

const rideHere = (other: Partial<ScenarioPlan> = {}): string[] => {
  const scenario = new Scenario({ ...plan, ...other })
  return STOPS.map((stop) => scenario.rideTo(stop))
}

const rideIn = (engine: Engine, other: Partial<ScenarioPlan> = {}) =>
  engine.ride({ script, plan: { ...plan, ...other }, stops: STOPS, signal: never, onHash: () => {} })

beforeAll(async () => {
  const { mapJson, courseBytes } = await loadMap('thrushford')
  plan = { mapJson, courseBase64: toBase64(courseBytes), seed: 8214, riders: 32 }
  script = await bundleScenario()
  expected = rideHere()
}, 60_000)

test.each([V8, JAVASCRIPT_CORE, QUICKJS])(
  '[P70] wind, gusts, turns, joins and leaves: $name has the same state, bit for bit',
  { timeout: 60_000 },
  async (engine) => {
    expect(await rideIn(engine)).toEqual(expected)
  },
)

test('[P70] an evening written down as JSON and put back into a new world goes on as if nothing had been', async () => {
  expect(rideHere({ restoreAtTick: 233 })).toEqual(expected)
  expect(await rideIn(JAVASCRIPT_CORE, { restoreAtTick: 233 })).toEqual(expected)
})

test('[P70] the hash sees a difference: another seed is another evening, and every stop has another state', () => {
  expect(rideHere({ seed: 8215 })[0]).not.toBe(expected[0])
  expect(new Set(expected).size).toBe(STOPS.length)
})
