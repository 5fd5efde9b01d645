import type { BridgeClock } from '#bridges/core/clock'
import { Recorder } from '#bridges/core/recording/recorder'
import { loadRecording, openRecording } from '#bridges/recording/files'
import { PlayedCarrier } from '#bridges/recording/played-carrier'
import type { RiderMemory } from '#bridges/rider-memory'
import { type Invocation, UsageError } from '../command.ts'

/** What `--record` writes; undefined: nothing is recorded. */
export function recorderOf(
  invocation: Invocation,
  clock: BridgeClock,
  say: (sentence: string) => void,
): { readonly recorder: Recorder; close(): Promise<void> } | undefined {
  const path = invocation.text('record')
  if (path === undefined) return undefined
  const file = openRecording(path, say)
  if (!file.ok) throw new UsageError(`--record: ${file.sentence}`)
  say(`what devices say and are told is kept in ${file.path}`)
  const recorder = new Recorder({ nowMs: () => clock.nowMs(), write: (line) => file.write(line) })
  return { recorder, close: () => Promise.resolve(file.close()) }
}

/** What `--play` brings in the place of devices; undefined: devices bring it. */
export function playedOf(
  invocation: Invocation,
  { pace, onEnd }: { readonly pace: BridgeClock; readonly onEnd: () => void },
): PlayedCarrier | undefined {
  const path = invocation.text('play')
  if (path === undefined) return undefined
  if (invocation.text('record') !== undefined) throw new UsageError('--record and --play are two things: choose one.')
  const got = loadRecording(path)
  if (!got.ok) throw new UsageError(`--play: ${got.sentence}`)
  const { records, damagedLines } = got.value
  if (records.length === 0) throw new UsageError(`--play: ${path} has nothing to play.`)
  if (damagedLines > 0) invocation.say(`${path}: ${damagedLines} damaged lines are left out`)
  return new PlayedCarrier({ records, pace, onEnd, speed: invocation.number('speed', { min: 0.1, max: 100 }) })
}

/** Devices of a recording are not this rider's: they are neither looked for nor remembered. */
export const withoutDevices = (memory: RiderMemory): RiderMemory => ({
  recall: (server) => memory.recall(server),
  remember: (server, secret) => memory.remember(server, secret),
  forget: (server) => memory.forget(server),
  devices: () => Promise.resolve([]),
  rememberDevice: () => Promise.resolve(),
  forgetDevice: () => Promise.resolve(),
})
