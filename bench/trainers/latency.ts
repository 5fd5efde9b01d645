import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Figure } from '../measured.ts'
import { BridgeEnd, wait } from './bridge-end.ts'
import { startDevices } from './devices.ts'
import { limited, quantile } from './figures.ts'
import { startServer } from './server.ts'

const P50_MAX_MS = 1
const P99_MAX_MS = 5
/** For the session, and for the compiler. */
const SETTLE_MS = 1500

/** When numbered things were said, and how long each took to come. */
class Delays {
  readonly ms: number[] = []
  readonly #saidNs = new Map<number, bigint>()
  isCounting = false

  said(number: number, atNs: string): void {
    this.#saidNs.set(number, BigInt(atNs))
  }

  came(number: number, atNs: string): void {
    const saidNs = this.#saidNs.get(number)
    this.#saidNs.delete(number)
    if (saidNs !== undefined && this.isCounting) this.ms.push(Number(BigInt(atNs) - saidNs) / 1e6)
  }
}

/**
 * From a notification's leaving the trainer to the datagram's arrival at the server: four devices on the network. Beside it,
 * at other moments of the same seconds, a bare number by the same way, TCP to this process and UDP on, with nothing of ours:
 * what the machine itself takes.
 */
export async function measureLatency(seconds: number, settleMs = SETTLE_MS): Promise<Record<string, Figure>> {
  const ours = new Delays()
  const bare = new Delays()
  const server = await startServer({ isTold: true }, (word) => {
    if (word.word === 'came') ours.came(word.powerW, word.atNs)
    if (word.word === 'bare') bare.came(word.number, word.atNs)
  })
  const speaks = [['trainer'], ['power'], ['heart'], ['cadence']] as const
  const devices = await startDevices({ speaks, marks: 'power', isTold: true, hasAnt: false }, (word) => {
    if (word.word === 'said') ours.said(word.powerW, word.atNs)
    if (word.word === 'bare') bare.said(word.number, word.atNs)
  })
  const { ports, barePort } = devices.listening
  const bridge = new BridgeEnd({ ports, grant: server.grant })
  const stopPassing = await passOn(barePort, server)
  try {
    await bridge.start()
    await bridge.found(speaks.length)
    await wait(settleMs)
    for (const each of [ours, bare]) each.isCounting = true
    await wait(seconds * 1000)
    for (const each of [ours, bare]) each.isCounting = false
  } finally {
    stopPassing()
    await bridge.close()
    await Promise.all([devices.child.kill(), server.child.kill()])
  }
  return {
    'dircon.toDatagram.count': { value: ours.ms.length, unit: '' },
    ...limited('dircon.toDatagram.p50', quantile(ours.ms, 0.5), 'ms', P50_MAX_MS),
    ...limited('dircon.toDatagram.p99', quantile(ours.ms, 0.99), 'ms', P99_MAX_MS),
    'dircon.toDatagram.max': { value: quantile(ours.ms, 1), unit: 'ms' },
    'dircon.toDatagram.late': { value: latePct(ours.ms), unit: `% over ${P99_MAX_MS} ms` },
    'machine.toDatagram.late': { value: latePct(bare.ms), unit: `% over ${P99_MAX_MS} ms` },
    'machine.toDatagram.p50': { value: quantile(bare.ms, 0.5), unit: 'ms' },
    'machine.toDatagram.p99': { value: quantile(bare.ms, 0.99), unit: 'ms' },
    'machine.toDatagram.max': { value: quantile(bare.ms, 1), unit: 'ms' },
  }
}

const latePct = (delaysMs: readonly number[]): number =>
  Math.round((1000 * delaysMs.filter((ms) => ms > P99_MAX_MS).length) / Math.max(1, delaysMs.length)) / 10

/** What comes on that port goes on as a datagram each. */
async function passOn(port: number, to: { readonly host: string; readonly barePort: number }): Promise<() => void> {
  const out = createSocket('udp4')
  out.connect(to.barePort, to.host)
  await once(out, 'connect')
  const from = connect({ port, host: to.host, noDelay: true })
  from.on('data', (bytes) => out.send(bytes))
  from.on('error', () => from.destroy())
  await once(from, 'connect')
  return () => {
    from.destroy()
    out.close()
  }
}
