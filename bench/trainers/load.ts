import type { Figure } from '../measured.ts'
import { BridgeEnd, wait } from './bridge-end.ts'
import { startDevices } from './devices.ts'
import { limited } from './figures.ts'
import { startServer } from './server.ts'

const CORE_MAX_PCT = 5
/** For the compiler. */
const SETTLE_MS = 3000

/** What a bridge with twelve sensors takes of a core: five on the network, seven on a stick, samples to a server. */
export async function measureLoad(seconds: number): Promise<Record<string, Figure>> {
  const server = await startServer({ isTold: false })
  const speaks = [['trainer'], ['power'], ['heart'], ['cadence'], ['heart']] as const
  const devices = await startDevices({ speaks, marks: 'power', isTold: false, hasAnt: true })
  let readings = 0
  const { ports, antPort } = devices.listening
  const bridge = new BridgeEnd({ ports, antPort, grant: server.grant, onReading: () => void readings++ })
  try {
    await bridge.start()
    await bridge.found(12)
    await wait(SETTLE_MS)
    readings = 0
    const began = { cpu: process.cpuUsage(), ms: performance.now() }
    await wait(seconds * 1000)
    const { user, system } = process.cpuUsage(began.cpu)
    const tookMs = performance.now() - began.ms
    return {
      'sensors.count': { value: bridge.devices.size, unit: '', atLeast: 12, pass: bridge.devices.size >= 12 },
      'sensors.readings': { value: Math.round((readings * 1000) / tookMs), unit: '/s' },
      ...limited('sensors.cpu', (user + system) / 10 / tookMs, '% of a core', CORE_MAX_PCT),
    }
  } finally {
    await bridge.close()
    await Promise.all([devices.child.kill(), server.child.kill()])
  }
}
