import { AntFramer } from '#bridges/core/ant-framer'
import { decodeAntPage } from '#bridges/core/ant-page'
import { fromHex } from '#bridges/core/bytes'
import { BICYCLE_POWER_TYPE, decodeBicyclePower } from '#bridges/core/pages/bicycle-power'
import { decodeSpeedCadencePage, SPEED_CADENCE_TYPE } from '#bridges/core/pages/speed-cadence'
import { decodeSpeedCadence } from '#bridges/core/profiles/speed-cadence'
import { AccumulatedPower, CRANK_OPTIONS, Revolutions, WHEEL_OPTIONS } from '#bridges/core/revolutions'
import { COUNTERS, failure, type Named, renamed } from './trainer-words.ts'

/** A few notifications in a row, `reconnect` between them where the link was lost. One second apart. */
export function cscSequence(text: string, wheelCircumferenceM: number): readonly Named[] {
  const wheel = new Revolutions(WHEEL_OPTIONS)
  const crank = new Revolutions(CRANK_OPTIONS)
  const steps: Record<string, unknown>[] = []
  let atMs = 0
  for (const part of text.split(',')) {
    if (part === 'reconnect') {
      wheel.reset()
      crank.reset()
      continue
    }
    const got = decodeSpeedCadence(fromHex(part) ?? new Uint8Array(0))
    if (!got.ok) return [...steps, failure(got.error)]
    const v = got.value
    const wheelRate =
      v.wheelRevolutions === undefined ? undefined : wheel.offer(v.wheelRevolutions, v.wheelTime1024!, atMs)
    const crankRate =
      v.crankRevolutions === undefined ? undefined : crank.offer(v.crankRevolutions, v.crankTime1024!, atMs)
    steps.push({
      speed_kmh: wheelRate === undefined ? null : wheelRate * wheelCircumferenceM * 3.6,
      cadence_rpm: crankRate === undefined ? null : crankRate * 60,
    })
    atMs += 1000
  }
  return steps
}

/** A whole capture of a power meter and its speed sensor: what was counted, roll-overs included. */
export function captureTotals(bytes: Uint8Array): Named {
  const framer = new AntFramer()
  const frames = framer.push(bytes)
  const power = new AccumulatedPower()
  const totals = { crank_revs: 0, crank_time_1024: 0, wheel_revs: 0, wheel_time_1024: 0 }
  let before: Record<string, number> | undefined
  let powerFrames = 0
  let range: [number, number] = [Infinity, -Infinity]
  let cadence: [number, number] = [Infinity, -Infinity]
  for (const frame of frames) {
    const got = decodeAntPage(frame)
    if (!got.ok) continue
    const type = got.value.sender?.deviceType
    const pwr = decodeBicyclePower(got.value.page)
    if (type === BICYCLE_POWER_TYPE && pwr.ok && pwr.value.page === 0x10) {
      powerFrames++
      power.offer(pwr.value.accumulatedPowerW!, pwr.value.eventCount!)
      range = widen(range, pwr.value.powerW)
      cadence = widen(cadence, pwr.value.cadenceRpm)
    } else if (type === SPEED_CADENCE_TYPE) {
      const bsc = decodeSpeedCadencePage(got.value.page)
      if (!bsc.ok) continue
      const now = renamed(bsc.value, COUNTERS) as Record<keyof typeof totals, number>
      if (before !== undefined)
        for (const name of Object.keys(totals) as (keyof typeof totals)[])
          totals[name] += (now[name] - before[name]!) & 0xffff
      before = now
    }
  }
  return {
    frames: frames.length,
    bad_checksums: framer.badChecksums,
    pwr_page16_frames: powerFrames,
    pwr_events: power.totalEvents,
    accumulated_w: power.totalW,
    mean_w: Number((power.totalW / power.totalEvents).toFixed(2)),
    power_w_range: range,
    cadence_rpm_range: cadence,
    ...totals,
  }
}

const widen = ([min, max]: [number, number], value: number | undefined): [number, number] =>
  value === undefined ? [min, max] : [Math.min(min, value), Math.max(max, value)]
