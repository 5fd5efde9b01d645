/** What the server and its WebRTC gateway say to each other over the channel between parent and child. */
export type ToGateway =
  | { readonly kind: 'open'; readonly host: string; readonly port: number }
  | { readonly kind: 'offer'; readonly id: number; readonly sdp: string }
  | { readonly kind: 'send'; readonly peer: number; readonly datagram: Uint8Array }
  | { readonly kind: 'close'; readonly peer: number }

export type FromGateway =
  | { readonly kind: 'ready' }
  | { readonly kind: 'missing'; readonly reason: string }
  /** `sdp` undefined: the offer was refused. */
  | { readonly kind: 'answer'; readonly id: number; readonly sdp: string | undefined }
  | { readonly kind: 'datagram'; readonly peer: number; readonly datagram: Uint8Array }
  | { readonly kind: 'gone'; readonly peer: number }
  | { readonly kind: 'load'; readonly load: GatewayLoad }

/** How busy the gateway is, once a second. */
export interface GatewayLoad {
  readonly peers: number
  /** Share of one core in the last second. */
  readonly cpuShare: number
  readonly memoryBytes: number
  /** Datagrams dropped because a browser read too slowly, and peers sent away because the gateway had too much to do. */
  readonly dropped: number
  readonly shed: number
}
