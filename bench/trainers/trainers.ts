import type { Rounds } from '../measure.ts'
import type { Measured } from '../measured.ts'
import { measureLatency } from './latency.ts'
import { measureLoad } from './load.ts'
import { measureReconnection } from './reconnection.ts'

const LATENCY_S = 60
const KILLS = 24
const LOAD_S = 20

/** Issue 5, point 7: what lies between a trainer's word and the server, how it comes back, what it costs. */
export async function benchTrainers({ workShare = 1, onRound }: Rounds): Promise<Measured> {
  const latency = await measureLatency(LATENCY_S * workShare)
  onRound?.(1, 3, 'from notification to datagram')
  const load = await measureLoad(LOAD_S * workShare)
  onRound?.(2, 3, 'twelve sensors')
  const back = await measureReconnection(Math.ceil(KILLS * workShare))
  onRound?.(3, 3, 'killed and back')
  return {
    method:
      'Devices, bridge and server are three processes on loopback. Latency: four devices over DIRCON, four words a second each; ' +
      "from before the power meter's notification is made to the UDP datagram that first brings its watts, by the system's steady " +
      `clock, ${LATENCY_S} s. Load: five devices over DIRCON and seven ANT+ sensors through the carrier of the stick; CPU of the bridge's ` +
      `process, user and system, over ${LOAD_S} s. Reconnection: the trainer's process is killed ${KILLS} times and is away for ` +
      '0.05 to 3 s and as long as a process takes to start; from its listening again to its first reading, with up to 250 ms of waiting for its next word.',
    figures: { ...latency, ...load, ...back },
  }
}
