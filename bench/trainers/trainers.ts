import type { Rounds } from '../measure.ts'
import type { Figure, Measured } from '../measured.ts'
import { type CodecRow, codecRows } from './codecs.ts'
import { measureLatency } from './latency.ts'
import { measureLoad } from './load.ts'
import { measureReconnection } from './reconnection.ts'

const LATENCY_S = 60
const KILLS = 24
const LOAD_S = 20
const PARTS = 5

/**
 * What lies between a trainer's word and the server, how it comes back, what it costs; codecs beside peers'. A browser with
 * an emulated radio is the command's to start: its rows come from there.
 */
export async function benchTrainers(
  rounds: Rounds,
  chromiumRows: (drops: number) => Promise<readonly CodecRow[]>,
): Promise<Measured> {
  const { workShare = 1, onRound } = rounds
  const latency = await measureLatency(LATENCY_S * workShare)
  onRound?.(1, PARTS, 'from notification to datagram')
  const load = await measureLoad(LOAD_S * workShare)
  onRound?.(2, PARTS, 'twelve sensors')
  const back = await measureReconnection(Math.ceil(KILLS * workShare))
  onRound?.(3, PARTS, 'killed and back')
  const chromium = figuresOf('chromium', await chromiumRows(Math.ceil(KILLS * workShare)))
  onRound?.(4, PARTS, 'in Chromium')
  const codecs = figuresOf('codec', await codecRows({ ...rounds, onRound: () => {} }))
  onRound?.(PARTS, PARTS, 'codecs')
  return {
    method:
      'Devices, bridge and server are three processes on loopback. Latency: four devices over DIRCON, four words a second each; ' +
      "from before the power meter's notification is made to the UDP datagram that first brings its watts, by the system's steady " +
      `clock, ${LATENCY_S} s; "machine" is a bare number by the same way without anything of ours, at other moments of the same seconds. ` +
      'Load: five devices over DIRCON and seven ANT+ sensors through the carrier of the stick; CPU of the whole process of the ' +
      `bridge, user and system, over ${LOAD_S} s. Reconnection: the trainer's process is killed ${KILLS} times and is away for 0.05 to 3 s ` +
      'and as long as a process takes to start; from its listening again to its first watts, with up to 250 ms of waiting for its ' +
      'next word; in Chromium the same of an emulated peripheral whose link breaks, from the link being back. Codecs: every library decodes the same bytes in the same process, in turns.',
    figures: { ...latency, ...load, ...back, ...chromium, ...codecs },
  }
}

const figuresOf = (part: string, rows: readonly CodecRow[]): Record<string, Figure> =>
  Object.fromEntries(rows.map(({ name, ...figure }) => [`${part}: ${name}`, figure]))
