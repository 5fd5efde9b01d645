/**
 * A recorded ride as bytes of a trainer, and back: reads a FIT file, says what an FTMS trainer would have sent, decodes it
 * again and adds up the work. No network, no server; the whole way of a watt as far as the bridge.
 *     npx node examples/replay-fit.ts ride.fit
 */
import { readFileSync } from 'node:fs'
import { toHex } from '#bridges/core/bytes'
import { decodeIndoorBikeData, encodeIndoorBikeData } from '#bridges/core/profiles/indoor-bike-data'
import { Sampler } from '#bridges/core/sample'
import { readFit } from '#server/import/fit'

const file = process.argv[2]
if (file === undefined) {
  console.error('usage: node examples/replay-fit.ts FILE.fit')
  process.exit(2)
}
const ride = readFit(readFileSync(file), file)
if (!ride.ok) {
  console.error(ride.error)
  process.exit(1)
}

const { records, startMs } = ride.value
const sampler = new Sampler()
const samples = []
let shown = 0
for (const { atS, powerW, cadenceRpm, heartRateBpm, speedMps = 0 } of records) {
  // 1. What the trainer puts on the wire …
  const quantities = { powerW: powerW ?? 0, ...(cadenceRpm === undefined ? {} : { cadenceRpm }) }
  const bytes = encodeIndoorBikeData({ speedKmh: speedMps * 3.6, ...quantities })
  // 2. … what a bridge reads from it …
  const reading = decodeIndoorBikeData(bytes)
  if (!reading.ok) throw new Error(`${toHex(bytes)}: ${reading.error}`)
  sampler.offer({ source: 'strap', heartRateBpm }, atS * 1000)
  sampler.offer({ source: 'trainer', ...reading.value }, atS * 1000)
  // 3. … and the sample that goes to the server.
  const sample = sampler.take(atS * 1000)
  if (sample !== undefined) samples.push(sample)
  if (quantities.powerW > 0 && shown++ < 3) console.log(`${atS} s  ${toHex(bytes)}  ${JSON.stringify(sample)}`)
}

// Each sample's watts hold until the next stamp, but no longer than the server would hold them; the last for a second.
const HOLD_S = 3
let workJ = 0
for (const [i, { powerW, atMs }] of samples.entries()) {
  const untilMs = samples[i + 1]?.atMs ?? atMs + 1000
  workJ += powerW * Math.min((untilMs - atMs) / 1000, HOLD_S)
}
const recordedJ = records.reduce((sum, record) => sum + (record.powerW ?? 0), 0)
console.log(`${new Date(startMs).toISOString()}: ${records.length} records, ${samples.length} samples`)
console.log(
  `work ${(workJ / 1000).toFixed(1)} kJ; one second of each record's watts ${(recordedJ / 1000).toFixed(1)} kJ`,
)
