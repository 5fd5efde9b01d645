import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '#server/clock'
import type { Peer } from '#server/net/peers'
import { openWebRtc } from '#server/net/webrtc'
import type { GatewayLoad } from '#server/net/webrtc-messages'
import { figure, report, UsageError, type Command, type Report } from './command.ts'
import { openChannel } from './rtc-probe.ts'

const TICK_MS = 50
/** Every second tick a browser speaks. */
const UP_EVERY = 2
const SETTLE_MS = 2000

/** Called by `gruppetto bench gateway`. */
export const command: Command = {
  name: 'bench-gateway',
  summary: 'what a browser on WebRTC costs the gateway, in CPU and memory',
  options: [
    { name: 'peers', value: 'N', summary: 'data channels at once', default: '24' },
    { name: 'seconds', value: 'S', summary: 'measured', default: '8' },
    { name: 'bytes', value: 'N', summary: 'of each packet down, twenty a second', default: '110' },
  ],
  details: `Opens the gateway in its own process and data channels to it from this one; each gets a packet every tick and sends ten a
second, as a riding page does. CPU and memory are the gateway's own, as it tells the server.`,
  async run(invocation): Promise<Report> {
    const peers = invocation.number('peers', { min: 1, max: 400, isWhole: true })!
    const seconds = invocation.number('seconds', { min: 2, max: 600 })!
    const bytes = invocation.number('bytes', { min: 8, max: 1200, isWhole: true })!
    const known = new Map<string, Peer>()
    let heard = 0
    const carrier = await openWebRtc({
      ...{ host: '127.0.0.1', port: 0, clock: systemClock, say: (sentence: string) => invocation.say(sentence) },
      sink: {
        receive(peer) {
          known.set(peer.key, peer)
          heard++
        },
        gone: (peer) => void known.delete(peer.key),
      },
    })
    if (carrier.state !== 'ready')
      throw new UsageError(`bench gateway needs node-datachannel: ${carrier.reason ?? carrier.state}`)
    const door = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += String(chunk)))
      request.on(
        'end',
        () =>
          void carrier
            .answer((JSON.parse(body) as { sdp: string }).sdp)
            .then((sdp) => response.end(JSON.stringify({ sdp }))),
      )
    })
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
    const url = new URL(`http://127.0.0.1:${(door.address() as AddressInfo).port}`)
    const channels: Extract<Awaited<ReturnType<typeof openChannel>>, { ok: true }>['channel'][] = []
    try {
      await pause(SETTLE_MS)
      const empty = loadOf(carrier.load)
      let received = 0
      for (let i = 0; i < peers; i++) {
        invocation.progress(i, peers, 'opening channels')
        const opened = await openChannel(url) // One after the other: offers are not what is measured.
        if (!opened.ok) throw new UsageError(`a channel did not open: ${opened.why}`)
        opened.channel.listen(() => received++)
        opened.channel.send(new Uint8Array(40))
        channels.push(opened.channel)
      }
      const datagram = new Uint8Array(bytes)
      const loads: GatewayLoad[] = []
      let sent = 0
      const beganMs = performance.now()
      for (let tick = 0; performance.now() - beganMs < seconds * 1000; tick++) {
        for (const peer of known.values()) {
          peer.send(datagram)
          sent++
        }
        if (tick % UP_EVERY === 0) for (const channel of channels) channel.send(new Uint8Array(40))
        const { load } = carrier
        if (load !== undefined && load !== loads.at(-1)) loads.push(load)
        invocation.progress(tick, (seconds * 1000) / TICK_MS, 'riding')
        await pause(Math.max(0, beganMs + (tick + 1) * TICK_MS - performance.now()))
      }
      await pause(200)
      // The first second holds what the handshakes cost.
      const steady = loads.slice(2)
      const cpuShare = median(steady.map((load) => load.cpuShare))
      const memoryBytes = loadOf(carrier.load).memoryBytes
      return report({
        'gateway.peers': figure(known.size, ''),
        'gateway.cpu': figure(cpuShare * 100, '% of a core'),
        'gateway.cpu.perPeer': figure((cpuShare * 1e6) / peers, 'µs/s'),
        'gateway.cpu.perPacket': figure((cpuShare * 1e6) / (peers * (20 + 10)), 'µs'),
        'gateway.memory.empty': figure(empty.memoryBytes / 2 ** 20, 'MiB'),
        'gateway.memory.perPeer': figure((memoryBytes - empty.memoryBytes) / 1024 / peers, 'KiB'),
        'gateway.received': figure((received / sent) * 100, '%', { atLeast: 99 }),
        'gateway.heard': figure(heard, 'packets'),
        'gateway.dropped': figure(loadOf(carrier.load).dropped, 'packets'),
      })
    } finally {
      for (const channel of channels) channel.close()
      await carrier.close()
      door.closeAllConnections()
      await new Promise((resolve) => door.close(resolve))
    }
  },
}

const loadOf = (load: GatewayLoad | undefined): GatewayLoad =>
  load ?? { peers: 0, cpuShare: 0, memoryBytes: 0, dropped: 0, shed: 0 }

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
