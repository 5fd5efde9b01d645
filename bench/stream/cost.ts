import { TICK_HZ } from '#protocol/limits'
import { BitWriter } from '#protocol/writer'
import { Interest } from '#server/world/interest'
import { Viewer } from '#server/world/packets'
import { RiderStream } from '#server/world/stream'
import { HardRide } from './hard-ride.ts'

/** What the stream costs the server: `node bench/stream/cost.ts`. Every rider is a viewer; packets are acked at once. */

const WARM_UP_TICKS = 600
const MEASURED_TICKS = 400
const ROUND_TRIP_TICKS = 4

/** CPU of this process, ms: what others do on the machine meanwhile does not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

export interface Cost {
  readonly riders: number
  readonly inView: number
  /** ms a tick: records of everybody; who is near whom; looking around; packets. */
  readonly streamMs: number
  readonly interestMs: number
  readonly lookMs: number
  readonly writeMs: number
  readonly slots: number
}

export function cost(riders: number, inView: number): Cost {
  const ride = new HardRide({ worldId: 'sorrelmere', routes: ['round-the-mere'], riders, seed: 8214 })
  const { world } = ride
  const stream = new RiderStream(world)
  const interest = new Interest(world)
  const viewers = Array.from({ length: riders }, () => new Viewer(stream, { viewRiders: inView }))
  const numbers = new Float64Array(riders)
  const w = new BitWriter()
  const ms = { streamMs: 0, interestMs: 0, lookMs: 0, writeMs: 0 }
  let slots = 0
  for (let i = 0; i < WARM_UP_TICKS + MEASURED_TICKS; i++) {
    ride.step()
    const { tick, riders: table } = world
    const at0 = cpuMs()
    stream.step(tick)
    const at1 = cpuMs()
    interest.update()
    const at2 = cpuMs()
    for (let n = 0; n < riders; n++) {
      if ((tick + n) % 5 === 0 || viewers[n]!.shown === 0) viewers[n]!.look(interest, n, table.id)
      else viewers[n]!.prune(table.id)
    }
    const at3 = cpuMs()
    for (let n = 0; n < riders; n++) {
      const viewer = viewers[n]!
      if (!viewer.isDue(tick)) continue
      w.reset()
      const number = numbers[n]!++
      viewer.write(w, number, 9000)
      if (number >= ROUND_TRIP_TICKS) viewer.acked(number - ROUND_TRIP_TICKS, 0xffffffff)
    }
    const at4 = cpuMs()
    if (i < WARM_UP_TICKS) continue
    ms.streamMs += (at1 - at0) / MEASURED_TICKS
    ms.interestMs += (at2 - at1) / MEASURED_TICKS
    ms.lookMs += (at3 - at2) / MEASURED_TICKS
    ms.writeMs += (at4 - at3) / MEASURED_TICKS
    for (const viewer of viewers) slots += viewer.shown / MEASURED_TICKS
  }
  return { riders, inView, ...ms, slots }
}

if (import.meta.main) {
  for (const [riders, inView] of [
    [125, 64],
    [250, 64],
    [500, 64],
    [1000, 64],
    [500, 16],
    [500, 100],
    [500, 300],
  ] as const) {
    const { streamMs, interestMs, lookMs, writeMs, slots } = cost(riders, inView)
    const ns = (value: number): string => ((value * 1e6) / slots).toFixed(1)
    const all = streamMs + interestMs + lookMs + writeMs
    process.stdout.write(
      `${riders} riders, ${inView} in view: ${all.toFixed(2)} ms a tick of ${1000 / TICK_HZ}; ns a slot: ${ns(all)} ` +
        `(records ${ns(streamMs)}, order ${ns(interestMs)}, look ${ns(lookMs)}, packets ${ns(writeMs)})\n`,
    )
  }
}
