import { writeFile } from 'node:fs/promises'
import type { DeviceLink } from '#bridges/core/devices'
import { DualRecording, dualSentence } from '#bridges/core/dual'
import { gattDevice } from '#bridges/core/gatt-rider'
import { Legs } from '#bridges/core/legs'
import type { RawRecord } from '#bridges/core/recording/record'
import type { Sample } from '#bridges/core/sample'
import { loadRecording } from '#bridges/recording/files'
import { PlayedCarrier } from '#bridges/recording/played-carrier'
import { heldWorkJ } from '#physics/hold'
import { POWER_DECAY_MS, POWER_HOLD_MS } from '#protocol/limits'
import { figure, report, UsageError, type Command, type Figure } from './command.ts'

const HOLD = { holdMs: POWER_HOLD_MS, decayMs: POWER_DECAY_MS }
/** The last sample counts so long; its later hold and fall do not. */
const LAST_MS = 1000

export const command: Command = {
  name: 'recording',
  summary: 'play a recording of devices at once: what it has, the samples it gives, trainer against power meter',
  positionals: ['FILE'],
  options: [
    { name: 'samples', value: 'FILE', summary: 'write the samples there, one JSON object a line' },
    { name: 'csv', value: 'FILE', summary: 'write every reading of trainer and power meter there' },
  ],
  details: `FILE is what \`bridge --record\` wrote, or the raw stream of an ANT+ stick (.cap). It goes through the decoders, the
carriers and the legs that a ride goes through, by its own clock, so the same file gives the same samples everywhere.
Where a trainer and a power meter spoke at once, it says by how much they differ and which is later.`,
  async run(invocation) {
    const path = invocation.positionals[0]!
    const got = loadRecording(path)
    if (!got.ok) throw new UsageError(got.sentence)
    const { records, damagedLines } = got.value
    const { samples, devices, dual, said } = await played(records)
    for (const device of devices) invocation.say(`${device.name} (${device.id}): ${device.brings?.join(', ') ?? ''}`)
    for (const sentence of said) invocation.say(sentence)
    const samplesPath = invocation.text('samples')
    if (samplesPath !== undefined)
      await writeFile(samplesPath, samples.map((sample) => `${JSON.stringify(sample)}\n`).join(''))
    const csvPath = invocation.text('csv')
    if (csvPath !== undefined) await writeFile(csvPath, dual.csv())
    const estimate = dual.estimate()
    if (estimate !== undefined) invocation.say(dualSentence(estimate))
    else if (dual.isDual) invocation.say('trainer and power meter spoke at once for too short a time to compare them')
    const figures: Record<string, Figure> = {
      devices: figure(new Set(devices.map(({ id }) => id)).size, ''),
      records: figure(records.length, ''),
      damagedLines: figure(damagedLines, ''),
      lasts: figure(Math.round(((records.at(-1)?.ms ?? 0) - (records[0]?.ms ?? 0)) / 1000), 's'),
      samples: figure(samples.length, ''),
      samplesHash: { value: hashOf(samples), unit: '' },
      work: figure(Math.round(workOf(samples)), 'J'),
      longestGap: figure(longestGapMs(samples) / 1000, 's'),
    }
    if (estimate !== undefined) {
      figures['dual.bias'] = figure(round(estimate.biasPct), '%')
      figures['dual.biasUncertainty'] = figure(round(estimate.biasUncertaintyPct), '%')
      if (estimate.lagS !== undefined) figures['dual.lag'] = figure(round(estimate.lagS), 's')
      figures['dual.compared'] = figure(estimate.usedS, 's')
    }
    return report(figures, samples.length === 0 ? [`${path}: nothing in it made a sample.`] : [])
  },
}

async function played(records: readonly RawRecord[]) {
  const samples: Sample[] = []
  const devices: DeviceLink[] = []
  const said: string[] = []
  const dual = new DualRecording()
  const carrier = new PlayedCarrier({ records })
  const { clock } = carrier
  const legs: Legs = new Legs({
    onReading: (reading, atMs) => {
      dual.offer(reading, atMs)
      for (let sample = legs.take(atMs); sample !== undefined; sample = legs.take(atMs)) samples.push(sample)
    },
  })
  const onDevice = (device: DeviceLink): void => {
    devices.push(device)
    legs.add(device, clock.nowMs())
  }
  carrier.hear({
    onDevice,
    onLink: (link) => void gattDevice(link, clock).then(onDevice),
    onState: (sentence) => said.push(sentence),
  })
  carrier.start()
  await carrier.ended()
  return { samples, devices, said, dual }
}

/** By stamps, as the server credits them. */
function workOf(samples: readonly Sample[]): number {
  return samples.reduce((sum, { powerW, atMs }, i) => {
    const next = samples[i + 1]
    return sum + heldWorkJ(powerW, 0, next === undefined ? LAST_MS : next.atMs - atMs, HOLD)
  }, 0)
}

const longestGapMs = (samples: readonly Sample[]): number =>
  samples.reduce((longest, { atMs }, i) => Math.max(longest, atMs - (samples[i - 1]?.atMs ?? atMs)), 0)

/** FNV-1a over what the wire would carry of each. */
function hashOf(samples: readonly Sample[]): string {
  let hash = 0x811c9dc5
  for (const { sequence, atMs, powerW, cadenceHalfRpm, heartRateBpm, steer } of samples)
    for (const value of [sequence, atMs, powerW, cadenceHalfRpm, heartRateBpm, steer])
      for (let shift = 0; shift < 32; shift += 8) hash = Math.imul(hash ^ ((value >>> shift) & 0xff), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}

const round = (value: number): number => Math.round(value * 100) / 100
