import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { createSealer } from '#bridges/aead'
import type { Grant } from '#bridges/server-door'
import { HeadlessClient } from '#client/net/headless'
import type { NetStats } from '#protocol/net-stats'
import { openChannel as openRtcChannel, type RawChannel } from './rtc-probe.ts'

/** A line to the server as a client has it, with nobody riding on it: what doctor and watch measure with. */
export interface Line {
  readonly client: HeadlessClient
  /** What the system said when a datagram came back refused, or the channel ended; '' when nothing. */
  readonly trouble: string
  close(): void
}

export type LineOpened = { readonly ok: true; readonly line: Line } | { readonly ok: false; readonly why: string }

const WORK_MS = 10

/** UDP: what bridges and native clients speak. Answers at once; the handshake goes on while `client.work` is called. */
export function openUdpLine(
  { token, keys, datagram }: Grant,
  nowMs: () => number,
  stats?: NetStats,
): Promise<LineOpened> {
  const socket = createSocket(datagram.host.includes(':') ? 'udp6' : 'udp4')
  let trouble = ''
  const { promise, resolve } = Promise.withResolvers<LineOpened>()
  socket.on('error', (error: NodeJS.ErrnoException) => {
    trouble = error.code ?? error.message
    resolve({ ok: false, why: trouble })
  })
  socket.connect(datagram.port, datagram.host, () => {
    const client = new HeadlessClient({
      ...{ token, path: 'udp', randomBytes, nowMs: nowMs(), stats },
      sealer: createSealer({ sealKey: keys.up, openKey: keys.down }),
      send: (bytes) => socket.send(bytes),
    })
    socket.on('message', (bytes) => void client.receive(bytes, nowMs()))
    const timer = setInterval(() => client.work(nowMs()), WORK_MS)
    client.work(nowMs())
    resolve({
      ok: true,
      line: {
        client,
        get trouble() {
          return trouble
        },
        close() {
          clearInterval(timer)
          client.close(nowMs())
          setTimeout(() => socket.close(), 20) // The goodbyes first.
        },
      },
    })
  })
  return promise
}

/** What a browser has where nothing better passes. */
export async function openSocketLine(
  { token }: Grant,
  server: URL,
  nowMs: () => number,
  stats?: NetStats,
): Promise<LineOpened> {
  const socket = new WebSocket(new URL('/datagrams', server.origin.replace(/^http/, 'ws')))
  socket.binaryType = 'arraybuffer'
  const opened = await new Promise<string>((resolve) => {
    socket.addEventListener('open', () => resolve(''), { once: true })
    socket.addEventListener('error', () => resolve('it was refused'), { once: true })
    setTimeout(() => resolve('no answer within 5 s'), 5000).unref()
  })
  if (opened !== '') {
    socket.close()
    return { ok: false, why: opened }
  }
  return channelLine(
    token,
    nowMs,
    {
      send: (bytes) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(bytes as Uint8Array<ArrayBuffer>)
      },
      listen: (onDatagram) =>
        socket.addEventListener('message', ({ data }) => onDatagram(new Uint8Array(data as ArrayBuffer))),
      close: () => socket.close(),
    },
    stats,
  )
}

/** What a browser has first. `ports`: those the server's answer named. */
export async function openRtcLine(
  { token }: Grant,
  server: URL,
  nowMs: () => number,
  stats?: NetStats,
): Promise<LineOpened & { readonly ports: readonly number[]; readonly isMissing?: boolean }> {
  const opened = await openRtcChannel(server)
  if (!opened.ok) return opened
  const line = channelLine(token, nowMs, opened.channel, stats)
  return { ...line, ports: opened.ports }
}

function channelLine(token: Uint8Array, nowMs: () => number, channel: RawChannel, stats?: NetStats): LineOpened {
  const client = new HeadlessClient({
    ...{ token, path: 'channel', randomBytes, nowMs: nowMs(), stats },
    send: (bytes) => channel.send(bytes),
  })
  channel.listen((bytes) => void client.receive(bytes, nowMs()))
  const timer = setInterval(() => client.work(nowMs()), WORK_MS)
  client.work(nowMs())
  const line: Line = {
    client,
    trouble: '',
    close() {
      clearInterval(timer)
      client.close(nowMs())
      setTimeout(() => channel.close(), 20)
    },
  }
  return { ok: true, line }
}

/** True when the welcome came; false when it did not within this time, or the session ended. */
export async function isWelcome(line: Line, withinMs: number): Promise<boolean> {
  const untilMs = performance.now() + withinMs
  while (performance.now() < untilMs) {
    if (line.client.session.state === 'connected') return true
    if (line.client.closed !== undefined) return false
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return false
}
