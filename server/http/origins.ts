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
