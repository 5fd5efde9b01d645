import type { LineWords } from './line-english.ts'

/** A way for datagrams between the page and the server, once it is open. */
export interface Channel {
  readonly carrier: 'webrtc' | 'websocket'
  send(datagram: Uint8Array): void
  close(): void
}

export interface ChannelEvents {
  onDatagram(datagram: Uint8Array): void
  /** It closed by itself. */
  onGone(): void
}

/** The server has no WebRTC just now; whether the way is open nobody knows. */
export class NotOffered extends Error {}

const GATHER_LOOK_MS = 10

/** Opens a data channel: unordered, never retransmitted. Rejects with the reason when it is not open in time. */
export async function openDataChannel(
  origin: string,
  events: ChannelEvents,
  withinMs: number,
  words: LineWords,
): Promise<Channel> {
  if (typeof RTCPeerConnection === 'undefined') throw new Error(words.notInBrowser)
  const connection = new RTCPeerConnection()
  const channel = connection.createDataChannel('gruppetto', { ordered: false, maxRetransmits: 0 })
  channel.binaryType = 'arraybuffer'
  const giveUp = new AbortController()
  const timer = setTimeout(() => giveUp.abort(new Error(words.notThrough(withinMs / 1000))), withinMs)
  try {
    await connection.setLocalDescription()
    await gathered(connection, withinMs / 4)
    const response = await fetch(`${origin}/api/webrtc`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sdp: connection.localDescription?.sdp ?? '' }),
      signal: giveUp.signal,
    })
    if (!response.ok) throw new NotOffered(words.notOffered(response.status))
    const { sdp } = (await response.json()) as { sdp: string }
    await connection.setRemoteDescription({ type: 'answer', sdp })
    await opened(channel, giveUp.signal)
  } catch (error) {
    connection.close()
    throw error
  } finally {
    clearTimeout(timer)
  }
  let isOver = false
  const end = (): void => {
    if (isOver) return
    isOver = true
    connection.close()
    events.onGone()
  }
  channel.addEventListener('message', ({ data }) => events.onDatagram(new Uint8Array(data as ArrayBuffer)))
  channel.addEventListener('close', end)
  connection.addEventListener('connectionstatechange', () => {
    if (connection.connectionState === 'failed') end()
  })
  return {
    carrier: 'webrtc',
    send(datagram) {
      if (channel.readyState === 'open') channel.send(datagram as Uint8Array<ArrayBuffer>)
    },
    close() {
      isOver = true
      connection.close()
    },
  }
}

export async function openWebSocket(
  origin: string,
  events: ChannelEvents,
  withinMs: number,
  words: LineWords,
): Promise<Channel> {
  const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/datagrams`)
  socket.binaryType = 'arraybuffer'
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.close()
      reject(new Error(words.notInTime))
    }, withinMs)
    socket.addEventListener('open', () => {
      clearTimeout(timer)
      resolve()
    })
    socket.addEventListener('error', () => {
      clearTimeout(timer)
      reject(new Error(words.notReached))
    })
  })
  socket.addEventListener('message', ({ data }) => events.onDatagram(new Uint8Array(data as ArrayBuffer)))
  let isClosing = false
  socket.addEventListener('close', () => {
    if (!isClosing) events.onGone()
  })
  return {
    carrier: 'websocket',
    send(datagram) {
      if (socket.readyState === WebSocket.OPEN) socket.send(datagram as Uint8Array<ArrayBuffer>)
    },
    close() {
      isClosing = true
      socket.close()
    },
  }
}

/** Candidates come at once on a plain machine; we do not wait longer for the rest of them. */
async function gathered(connection: RTCPeerConnection, mostMs: number): Promise<void> {
  const isDone = (): boolean => connection.iceGatheringState === 'complete' && Boolean(connection.localDescription?.sdp)
  for (let waitedMs = 0; !isDone() && waitedMs < mostMs; waitedMs += GATHER_LOOK_MS)
    await new Promise((resolve) => setTimeout(resolve, GATHER_LOOK_MS))
}

async function opened(channel: RTCDataChannel, signal: AbortSignal): Promise<void> {
  if (channel.readyState === 'open') return
  await new Promise<void>((resolve, reject) => {
    channel.addEventListener('open', () => resolve(), { once: true })
    const refuse = (): void => reject(signal.reason as Error)
    if (signal.aborted) refuse()
    signal.addEventListener('abort', refuse, { once: true })
  })
}
