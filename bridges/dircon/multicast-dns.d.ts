/** The part of multicast-dns that is used here; the package brings no types. */
declare module 'multicast-dns' {
  export interface MulticastRecord {
    readonly name: string
    readonly type: 'PTR' | 'SRV' | 'TXT' | 'A' | 'AAAA'
    readonly ttl?: number
    readonly data: unknown
  }
  export interface MulticastPacket {
    readonly questions?: readonly { readonly name: string; readonly type: string }[]
    readonly answers?: readonly MulticastRecord[]
    readonly additionals?: readonly MulticastRecord[]
  }
  export interface Multicast {
    on(event: 'query' | 'response', listener: (packet: MulticastPacket) => void): void
    on(event: 'error' | 'warning', listener: (error: Error) => void): void
    query(packet: MulticastPacket): void
    respond(packet: MulticastPacket): void
    destroy(done?: () => void): void
  }
  export default function multicastDns(options?: { interface?: string; bind?: string; loopback?: boolean }): Multicast
}
