import type { Figure } from '../measured.ts'
import { BridgeEnd, wait } from './bridge-end.ts'
import { startDevices } from './devices.ts'
import { limited, quantile } from './figures.ts'

const P95_MAX_MS = 1000
/** Long enough that retries have grown apart, if they do. */
const AWAY_MS = [50, 3000] as const
const PATIENCE_MS = 15_000

/** From a killed trainer's listening again to its first reading. */
export async function measureReconnection(kills: number): Promise<Record<string, Figure>> {
  const order = { speaks: [['trainer']], marks: 'trainer', isTold: false, hasAnt: false } as const
  let devices = await startDevices(order)
  const { ports } = devices.listening
  let onPower: ((atNs: bigint) => void) | undefined
  const bridge = new BridgeEnd({
    ports,
    onReading: ({ powerW }) => {
      if (powerW !== undefined) onPower?.(process.hrtime.bigint())
    },
  })
  const nextPower = (): Promise<bigint> =>
    new Promise((resolve, reject) => {
      const giveUp = setTimeout(() => reject(new Error('the trainer was not heard again')), PATIENCE_MS)
      onPower = (atNs) => {
        clearTimeout(giveUp)
        onPower = undefined
        resolve(atNs)
      }
    })
  const backMs: number[] = []
  try {
    await bridge.start()
    await nextPower()
    for (let kill = 0; kill < kills; kill++) {
      await devices.child.kill()
      // Spread evenly, in no order: the golden section.
      await wait(AWAY_MS[0] + (AWAY_MS[1] - AWAY_MS[0]) * ((kill * 0.618_034) % 1))
      const heard = nextPower()
      devices = await startDevices({ ...order, ports })
      backMs.push(Number((await heard) - BigInt(devices.listening.atNs)) / 1e6)
    }
  } finally {
    await bridge.close()
    await devices.child.kill()
  }
  return {
    'dircon.back.kills': { value: backMs.length, unit: '' },
    'dircon.back.p50': { value: quantile(backMs, 0.5), unit: 'ms' },
    ...limited('dircon.back.p95', quantile(backMs, 0.95), 'ms', P95_MAX_MS),
    'dircon.back.max': { value: quantile(backMs, 1), unit: 'ms' },
  }
}
