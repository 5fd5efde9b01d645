export interface RawChannel {
  send(bytes: Uint8Array): void
  listen(onDatagram: (bytes: Uint8Array) => void): void
  close(): void
}

/** A data channel to a server, as a browser opens it. The package is optional and may not be there. */
export type ChannelOpened =
  | { readonly ok: true; readonly channel: RawChannel; readonly ports: readonly number[] }
  | { readonly ok: false; readonly why: string; readonly ports: readonly number[]; readonly isMissing?: boolean }

const OPEN_MS = 4000

export async function openChannel(server: URL): Promise<ChannelOpened> {
  let library: typeof import('node-datachannel')
  try {
    library = await import('node-datachannel')
  } catch {
    return { ok: false, why: 'node-datachannel is not installed here', ports: [], isMissing: true }
  }
  const connection = new library.PeerConnection('probe', { iceServers: [] })
  const channel = connection.createDataChannel('gruppetto', { unordered: true, maxRetransmits: 0 })
  const close = (): void => {
    // Not from inside one of its own callbacks: it would wait for itself.
    setImmediate(() => connection.close())
  }
  const isOpen = new Promise<boolean>((resolve) => {
    channel.onOpen(() => resolve(true))
    setTimeout(() => resolve(false), OPEN_MS).unref()
  })
  const offer = await new Promise<string>((resolve) => {
    const look = (): void => {
      const sdp = connection.localDescription()?.sdp
      if (sdp !== undefined && connection.gatheringState() === 'complete') resolve(sdp)
      else setTimeout(look, 10)
    }
    look()
  })
  const response = await fetch(new URL('/api/webrtc', server), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sdp: offer }),
    signal: AbortSignal.timeout(6000),
  }).catch(() => undefined)
  if (response === undefined || !response.ok) {
    const said = (await response?.json().catch(() => undefined)) as { message?: string } | undefined
    close()
    return { ok: false, why: said?.message ?? 'the server did not answer the offer', ports: [] }
  }
  const { sdp } = (await response.json()) as { sdp: string }
  const named = [...sdp.matchAll(/^a=candidate:\S+ 1 UDP \d+ \S+ (\d+) typ/gim)].map((match) => Number(match[1]))
  const ports = [...new Set(named)]
  connection.setRemoteDescription(sdp, 'answer')
  if (!(await isOpen)) {
    close()
    return { ok: false, why: `nothing came through within ${OPEN_MS / 1000} s`, ports }
  }
  return {
    ok: true,
    ports,
    channel: {
      send: (bytes) => {
        if (channel.isOpen()) channel.sendMessageBinary(Buffer.from(bytes))
      },
      listen: (onDatagram) =>
        channel.onMessage((message) => {
          if (typeof message !== 'string') onDatagram(new Uint8Array(message))
        }),
      close,
    },
  }
}
