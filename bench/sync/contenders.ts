import { arePeersInstalled, loadGeckosInterpolation, loadPeer } from './peer-codecs.ts'
import { OURS } from './ours.ts'
import { peerContender, type PeerOptions } from './peers.ts'
import type { Contender } from './rig.ts'

/** IP and TCP. Time stamps, which most TCP connections carry, would be 12 more. */
const TCP_BYTES = 40
/** A data channel: IP and UDP 28, DTLS 1.2 with AES-GCM 37 (RFC 5288), SCTP header and DATA chunk 28 (RFC 9260). */
const DATA_CHANNEL_BYTES = 93
/** The commercial world: IP and UDP 28, its header 7, its tag 4. */
const RELAY_BYTES = 39

export interface Entrant {
  /** As figures are named: no dots. */
  readonly key: string
  readonly contender: Contender
  /** Slow packages are looked at through fewer eyes; bits for each rider do not change by it. */
  readonly viewers: number
  /** Messages a second. */
  readonly hz: number
  readonly note: string
}

const VIEWERS = 6

export const OUR_ENTRANT: Entrant = {
  key: 'gruppetto',
  contender: OURS,
  viewers: VIEWERS,
  hz: 20,
  note: 'sealed UDP, the real client’s picture of the server’s now',
}

/** The others, each as well as it can be set; undefined where their packages are not installed. */
export async function peerEntrants(): Promise<readonly Entrant[] | undefined> {
  if (!arePeersInstalled()) return undefined
  const [schema, nengi, geckos, protobuf, json, ownInterpolation] = await Promise.all([
    loadPeer('schema'),
    loadPeer('nengi'),
    loadPeer('geckos'),
    loadPeer('protobuf'),
    loadPeer('json'),
    loadGeckosInterpolation(),
  ])
  const entrant = (key: string, note: string, options: Omit<PeerOptions, 'name'>, viewers = VIEWERS): Entrant => {
    const hz = 20 / (options.everyTicks ?? 1)
    return { key, note, viewers, hz, contender: peerContender({ ...options, name: options.module.version }) }
  }
  const ofStream = { carrier: 'stream', headerBytes: TCP_BYTES, picture: 'between' } as const
  const ofColyseus = { ...ofStream, module: schema }
  const relay = { module: protobuf, carrier: 'datagrams', headerBytes: RELAY_BYTES, everyTicks: 20 } as const
  return [
    entrant('colyseus', 'views, whole numbers in the smallest types, only real changes; WebSocket', ofColyseus),
    entrant('colyseusWide', 'the same in whole centimetres, as one writes it', { ...ofColyseus, isWide: true }),
    entrant('colyseusNow', 'the same as colyseus, drawn at the server’s now by speed', {
      ...ofColyseus,
      picture: 'now',
    }),
    entrant('nengi', 'its core: bit-packed differences; WebSocket', { ...ofStream, module: nengi }),
    entrant(
      'geckos',
      'typed-array snapshots and its own interpolation; data channel',
      {
        module: geckos,
        carrier: 'datagrams',
        headerBytes: DATA_CHANNEL_BYTES,
        picture: { own: ownInterpolation },
      },
      2,
    ),
    entrant('protobuf', 'each rider whole once a second, drawn at now by speed; UDP', { ...relay, picture: 'now' }),
    entrant('json', 'only what changed, as text; WebSocket', { ...ofStream, module: json }, 3),
    ...[2, 4, 10, 20].map((everyTicks) =>
      entrant(`colyseus${20 / everyTicks}Hz`, 'fewer patches a second, drawn later', { ...ofColyseus, everyTicks }),
    ),
    ...[4, 10].map((everyTicks) =>
      entrant(`colyseusNow${20 / everyTicks}Hz`, 'fewer patches a second, drawn at now by speed', {
        ...ofColyseus,
        everyTicks,
        picture: 'now',
      }),
    ),
  ]
}
