import type { BridgeClock } from '../core/clock.ts'
import { fromHex } from '../core/bytes.ts'
import type { ControlLoop } from '../core/control-loop.ts'
import type { Reading } from '../core/sample.ts'
import { TrainerChannel } from './channel.ts'
import { openStick, type StickOpened } from './stick.ts'

const ANT_KEY_VARIABLE = 'GRUPPETTO_ANT_KEY'
const KEY_BYTES = 8

export interface AntOptions {
  readonly clock: BridgeClock
  readonly loop: ControlLoop
  readonly onReading: (reading: Reading, atMs: number) => void
  readonly onState: (sentence: string) => void
}

/** A bridge's ANT+ half: to be started, and closed. */
export interface AntLegs {
  start(): void
  close(): Promise<void>
}

export type AntOpened =
  | { readonly ok: true; make(options: AntOptions): AntLegs }
  | { readonly ok: false; readonly sentence: string }

/** The stick, and the key from the environment; without either one sentence that says what to do. */
export function openAnt(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  open: () => StickOpened = openStick,
): AntOpened {
  const given = environment[ANT_KEY_VARIABLE]
  if (given === undefined || given === '') {
    const sentence = `ANT+ needs its network key in ${ANT_KEY_VARIABLE} (16 hex digits); it is free for members of thisisant.com and not ours to give away.`
    return { ok: false, sentence }
  }
  const networkKey = fromHex(given)
  if (networkKey === undefined || networkKey.length !== KEY_BYTES)
    return { ok: false, sentence: `${ANT_KEY_VARIABLE} must be 16 hex digits; it has ${given.length} characters.` }
  const opened = open()
  if (!opened.ok) return opened
  return {
    ok: true,
    make(options) {
      const channel = new TrainerChannel({ ...options, stick: opened.stick, networkKey })
      return {
        start: () => channel.start(),
        async close() {
          channel.close()
          await opened.stick.close()
        },
      }
    },
  }
}
