import type { Measured } from '../measured.ts'
import { runColyseus, runOurs, type Live } from './live.ts'
import { arePeersInstalled, PEERS_REMEDY } from './peer-codecs.ts'
import { Rows, type Suite } from './suite.ts'

const SHARE = 1
const MEASURE_S = 5

/** Issue 4, point 5: real sockets, the server's processor time alone. */
export async function benchLive(suite: Suite): Promise<Measured> {
  const { rounds, progress } = suite.options
  const hasPeers = arePeersInstalled()
  const kinds = ['node', 'accelerated', ...(hasPeers ? (['colyseus'] as const) : [])] as const
  const results: Record<string, Live[]> = {}
  for (let round = 0; round < rounds; round++) {
    for (const [i, kind] of kinds.entries()) {
      const options = { share: SHARE, measureS: MEASURE_S }
      const live =
        kind === 'colyseus'
          ? await runColyseus(options)
          : await runOurs({ ...options, isAccelerated: kind === 'accelerated' })
      progress(round * kinds.length + i + 1, rounds * kinds.length, `live: ${kind}`)
      if (live !== undefined) (results[kind] ??= []).push(live)
    }
  }
  const rows = new Rows()
  const all = (kind: string, of: (live: Live) => number): number[] => (results[kind] ?? []).map(of)
  rows.add('live.clients', results['node']![0]!.clients, '')
  rows.add(
    'live.perClientTick',
    all('node', ({ usPerClientTick }) => usPerClientTick),
    'µs',
    { atMost: 22 },
  )
  if (results['accelerated'] === undefined) rows.note('live.accelerated', 'the package sodium-native is not here')
  else
    rows.add(
      'live.accelerated.perClientTick',
      all('accelerated', ({ usPerClientTick }) => usPerClientTick),
      'µs',
      { atMost: 12 },
    )
  rows.add(
    'live.wire',
    all('node', ({ wireKBps }) => wireKBps),
    'kB/s',
    { atMost: 2 },
  )
  if (!hasPeers) rows.note('live.peers', `not installed; ${PEERS_REMEDY}`)
  else {
    rows.add(
      'live.colyseus.perClientTick',
      all('colyseus', ({ usPerClientTick }) => usPerClientTick),
      'µs',
    )
    rows.add(
      'live.colyseus.wire',
      all('colyseus', ({ wireKBps }) => wireKBps),
      'kB/s',
    )
    const over = (of: (live: Live) => number): number[] =>
      all('colyseus', of).map((one, i) => one / of(results['node']![i]!))
    rows.add(
      'live.colyseus.over.perClientTick',
      over(({ usPerClientTick }) => usPerClientTick),
      '×',
    )
    rows.add(
      'live.colyseus.over.wire',
      over(({ wireKBps }) => wireKBps),
      '×',
    )
  }
  return {
    method:
      `Server and clients in two processes over the loopback, ${MEASURE_S} s after everybody has settled, 64 in view, a client for each rider; ` +
      'processor time of the server’s process less what moves the riders, for each client and tick. Ours: UDP, sealed, samples four times a ' +
      'second and acks from every client opened too. Colyseus: WebSocket in the clear, and its clients say nothing.',
    figures: rows.figures,
  }
}
