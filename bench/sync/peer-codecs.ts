import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What a module of bench/peers makes: one server's state and the states of its clients, by the package's own code. */
export interface PeerCodec<Message = unknown> {
  /** The riders as whole numbers, PEER_FIELDS each, at this tick. */
  update(values: Int32Array, tick: number): void
  show(viewer: number, rows: readonly number[]): void
  beginTick(): void
  /** undefined: nothing to say. */
  encode(viewer: number): Message | undefined
  endTick(): void
  /** Frames of the carrier included, headers of IP and below not. */
  wireBytes(message: Message): number
  payloadBytes(message: Message): number
  /** Puts what the message says into the viewer's values. `isPartial`: it speaks of `rows` only, not of everybody in view. */
  decode(
    viewer: number,
    message: Message,
    values: Int32Array,
  ): { readonly tick: number; readonly rows: readonly number[]; readonly isPartial?: boolean }
}

export interface PeerModule {
  readonly version: string
  /** Tells riders one by one, each in a tick of its own. */
  readonly isRelay?: boolean
  create(options: {
    readonly count: number
    readonly viewers: number
    readonly everyTicks?: number
    readonly isWide?: boolean
  }): PeerCodec
}

/** Only geckos brings its own. */
export interface PeerInterpolation {
  add(nowMs: number, snapshotMs: number, entities: readonly { id: string; distance: number; lateral: number }[]): void
  draw(
    nowMs: number,
    fields: string,
  ): {
    readonly shownMs: number
    readonly entities: readonly { id: string; distance: number; lateral: number }[] | undefined
  }
}

export const PEER_FIELDS = 7

/** Steps of the whole numbers that peers tell. */
export interface PeerGrid {
  readonly distanceM: number
  /** Distances are told modulo so many steps. */
  readonly wrap: number
  readonly lateralM: number
  readonly speedMps: number
}
/** Every bit counted: bench/peers/fields.mjs. */
export const PACKED: PeerGrid = { distanceM: 0.05, wrap: 0x10000, lateralM: 0.05, speedMps: 0.1 }
/** Whole centimetres. */
export const WIDE: PeerGrid = { distanceM: 0.01, wrap: 0x100000000, lateralM: 0.01, speedMps: 0.01 }

const FOLDER = new URL('../peers/', import.meta.url)

export type PeerName = 'schema' | 'nengi' | 'geckos' | 'protobuf' | 'json'

/** How the packages of the peers come here; users of Gruppetto never install them. */
export const PEERS_REMEDY = 'npm install --prefix bench/peers --ignore-scripts'

export function arePeersInstalled(): boolean {
  return existsSync(fileURLToPath(new URL('node_modules/@colyseus/schema/package.json', FOLDER)))
}

export const peerPath = (file: string): string => fileURLToPath(new URL(file, FOLDER))

export async function loadPeer(name: PeerName): Promise<PeerModule> {
  return (await import(new URL(`${name}.mjs`, FOLDER).href)) as PeerModule
}

export async function loadGeckosInterpolation(): Promise<() => PeerInterpolation> {
  const geckos = (await import(new URL('geckos.mjs', FOLDER).href)) as { createInterpolation: () => PeerInterpolation }
  return geckos.createInterpolation
}
