/**
 * Which pages may use this server: its own (the page came from the host it now speaks to), and those in GRUPPETTO_ORIGINS.
 * Programs send no Origin and are nobody's puppet; `null` (a sandboxed frame, a local file) is a page that hides where it is from.
 */
export function createOriginCheck(allowed: readonly string[]): OriginCheck {
  const list = new Set(allowed)
  return (origin, host) => {
    if (origin === undefined) return true
    if (list.has(origin)) return true
    return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase()
  }
}
export type OriginCheck = (origin: string | undefined, host: string | undefined) => boolean

/** What a browser of an allowed origin needs to be told. Never a wildcard, never credentials: there are no cookies here. */
export function corsHeaders(
  origin: string | undefined,
  host: string | undefined,
  isAllowed: OriginCheck,
): Record<string, string> {
  if (origin === undefined || !isAllowed(origin, host)) return { vary: 'Origin' }
  return { 'access-control-allow-origin': origin, vary: 'Origin' }
}

/** Names that no public name server answers for: nobody outside can make one of them lead here. */
const PRIVATE_NAME = /(^|\.)(localhost|local|lan|internal|home\.arpa)$/

export interface OwnNames {
  readonly origins: readonly string[]
  /** GRUPPETTO_HOST and GRUPPETTO_ADVERTISED_HOST, and what the machine calls itself. */
  readonly names: readonly string[]
}

/**
 * Under which names this server may be spoken to. A page of evil.example can make its own name lead to 127.0.0.1 (DNS
 * rebinding); its Origin and Host agree then, and only the name itself gives it away. Addresses and private names
 * cannot be bent so. No Host at all is no browser.
 */
export function createHostCheck({ origins, names }: OwnNames): (host: string | undefined) => boolean {
  const own = new Set([
    ...origins.map((origin) => new URL(origin).hostname),
    ...names.map((name) => name.toLowerCase()),
  ])
  return (host) => {
    if (host === undefined) return true
    if (!URL.canParse(`http://${host}`)) return false
    const name = new URL(`http://${host}`).hostname.replace(/\.$/, '')
    const isAddress = name.startsWith('[') || /^[\d.]+$/.test(name)
    return isAddress || !name.includes('.') || PRIVATE_NAME.test(name) || own.has(name)
  }
}
