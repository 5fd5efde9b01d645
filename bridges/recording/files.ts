import { closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { join, parse } from 'node:path'
import { readRecording, type RecordingRead } from '../core/recording/record.ts'
import { recordsOfCapture } from './capture.ts'

/** A file that gets one line after the other. Each is the system's before the next byte is read: a crash of ours loses none. */
export type RecordingOpened =
  | { readonly ok: true; readonly path: string; write(line: string): void; close(): void }
  | { readonly ok: false; readonly sentence: string }

/** Readable by its owner only: a recording says who was near and how their heart beat. */
const OWNER_ONLY = 0o600
/** More than the recorder ever writes. */
const BYTES_MAX = 512 * 1024 * 1024
const ANT_SYNC = 0xa4
const BESIDE_MAX = 100

/** A ride that was killed and goes on, or another one: beside what is there, never over it. */
export function openRecording(wanted: string, onTrouble: (sentence: string) => void): RecordingOpened {
  let file: number | undefined
  let path = wanted
  for (let number = 2; file === undefined; number++) {
    try {
      file = openSync(path, 'wx', OWNER_ONLY)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code !== 'EEXIST' || number > BESIDE_MAX)
        return { ok: false, sentence: `${path} cannot be recorded to: ${message}.` }
      const { dir, name, ext } = parse(wanted)
      path = join(dir, `${name}-${number}${ext}`)
    }
  }
  const close = (): void => {
    if (file !== undefined) closeSync(file)
    file = undefined
  }
  return {
    ok: true,
    path,
    write(line) {
      if (file === undefined) return
      try {
        writeSync(file, `${line}\n`)
      } catch (error) {
        // A full disk ends the recording, not the ride.
        close()
        onTrouble(`the recording ends here: ${error instanceof Error ? error.message : 'it cannot be written'}`)
      }
    },
    close,
  }
}

/** A recording of ours, or the raw stream of an ANT+ stick. */
export function loadRecording(path: string): RecordingRead {
  let bytes: Buffer
  try {
    const { size } = statSync(path)
    if (size > BYTES_MAX) return { ok: false, sentence: `${path} is too long: ${size} bytes.` }
    bytes = readFileSync(path)
  } catch (error) {
    return {
      ok: false,
      sentence: `${path} cannot be read: ${error instanceof Error ? error.message : 'no reason given'}.`,
    }
  }
  if (bytes[0] === ANT_SYNC)
    return { ok: true, value: { records: recordsOfCapture(new Uint8Array(bytes)), damagedLines: 0 } }
  const got = readRecording(bytes.toString('utf8'))
  return got.ok ? got : { ok: false, sentence: `${path} is no recording: ${got.sentence}` }
}
