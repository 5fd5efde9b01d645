import type { IncomingMessage } from 'node:http'

/** Connections of proxies on other machines that the settings name. */
const believed = new WeakSet<object>()

/** What comes over this connection is asked for others, and says for whom. */
export function believe(socket: object): void {
  believed.add(socket)
}

/**
 * Whom a limit counts: the address of the other end. A reverse proxy on this machine speaks for many and names whom in
 * the last entry of X-Forwarded-For, and so do those in GRUPPETTO_PROXIES; nobody else is believed. IPv6 gives a household 2⁶⁴ addresses: the network counts.
 */
export function peerAddress({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): string {
  const direct = socket.remoteAddress ?? ''
  const forwarded = isLoopback(direct) || believed.has(socket) ? forwardedFor(headers['x-forwarded-for']) : undefined
  return networkOf(forwarded ?? direct)
}

/** The address itself, for telling who asks how they are seen. */
export function senderAddress({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): string {
  const direct = socket.remoteAddress ?? ''
  const forwarded = isLoopback(direct) || believed.has(socket) ? forwardedFor(headers['x-forwarded-for']) : undefined
  return (forwarded ?? direct).replace(/^::ffff:(?=\d+\.)/i, '')
}

/** The other end may speak for others: on this machine, or named in the settings. */
export function isBelieved({ socket }: Pick<IncomingMessage, 'socket'>): boolean {
  return isLoopback(socket.remoteAddress) || believed.has(socket)
}

const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via']

/** Said by this machine itself, and not by a proxy for somebody else. */
export function isOwnMachine({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): boolean {
  const isProxied = PROXY_HEADERS.some((name) => headers[name] !== undefined)
  return isLoopback(socket.localAddress) && isLoopback(socket.remoteAddress) && !isProxied
}

function forwardedFor(header: string | string[] | undefined): string | undefined {
  const last = String(header ?? '')
    .split(',')
    .at(-1)!
    .trim()
  return /^[0-9A-Fa-f.:]{2,45}$/.test(last) ? last : undefined
}

function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (!plain.includes(':')) return plain
  const url = `http://[${plain}]`
  if (!URL.canParse(url)) return plain
  const [head = '', tail] = new URL(url).hostname.slice(1, -1).split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups = [...first, ...Array<string>(8 - first.length - last.length).fill('0'), ...last]
  return `${groups.slice(0, 4).join(':')}::/64`
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::1$|(::ffff:)?127\.)/.test(address)
}
