import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { type Grant, ServerDoor } from '#bridges/server-door'
import { PROTOCOL_VERSION } from '#protocol/limits'
import { NetWindow } from '#protocol/net-stats'
import { isWelcome, type Line, openRtcLine, openSocketLine, openUdpLine } from '../line-probe.ts'
import { bad, type Check, good, none, warning } from './check.ts'
import { canConnect } from './server-machine.ts'

/** What reaches a server from here, in the order in which one thing rests on another. */
export interface Remote {
  readonly server: URL
  readonly version: string
  readonly nowMs: () => number
  readonly wallMs: () => number
  /** Packets a line is listened to. */
  readonly probes?: number
  /** How long a welcome is waited for. */
  readonly welcomeMs?: number
}

export interface Health {
  readonly isReady: boolean
  readonly version: string
  readonly protocol: number
  readonly waitingFor: string
}

interface Reach {
  readonly wallMs: number
  readonly you: string
  readonly datagram: { readonly host: string; readonly port: number; readonly isSet: boolean }
  readonly webrtc: { readonly state: string; readonly reason: string; readonly port: number }
}

const ANSWER_MS = 5000
const WELCOME_MS = 3000
const PROBES = 20
const PACKET_MS = 50
const CLOCK_WARN_MS = 5000

/** The server answers over HTTP: the rest rests on it. */
export async function checkHttp({ server }: Remote): Promise<{ readonly check: Check; readonly health?: Health }> {
  const name = 'http'
  let response: Response
  try {
    response = await fetch(new URL('/health', server), { redirect: 'manual', signal: AbortSignal.timeout(ANSWER_MS) })
  } catch (error) {
    return { check: unreachable(server, error) }
  }
  const text = await response.text().catch(() => '')
  const answer = parsed(text)
  if (response.status === 421)
    return {
      check: bad(name, `The server does not go by the name ${server.host}.`, 'Add it to GRUPPETTO_ORIGINS there.'),
    }
  if (response.status >= 300 && response.status < 400) {
    const to = response.headers.get('location') ?? 'elsewhere'
    return { check: bad(name, `${server.origin} sends on to ${to}.`, 'Give that address instead.') }
  }
  if (response.status === 502 || response.status === 504)
    return {
      check: bad(
        name,
        `A proxy answers at ${server.origin}, but not the server behind it (${response.status}).`,
        'Start the server, and look where the proxy passes requests on to.',
      ),
    }
  const health = answer as Partial<Health> | undefined
  if (typeof health?.protocol !== 'number' || typeof health.isReady !== 'boolean')
    return {
      check: bad(
        name,
        `Something answers at ${server.origin}, but it is no Gruppetto (${response.status}).`,
        'Look what listens on that port, or give another address.',
      ),
    }
  return {
    check: good(name, `${server.origin} answers, Gruppetto ${health.version ?? '?'}.`),
    health: health as Health,
  }
}

function unreachable({ origin, hostname, port, protocol }: URL, error: unknown): Check {
  const code = codeOf(error)
  const at = `port ${port || (protocol === 'https:' ? '443' : '80')}`
  if (code === 'ECONNREFUSED')
    return bad(
      'http',
      `Nothing listens at ${origin}.`,
      'Start the server there (npm start), or give its address: gruppetto doctor URL.',
    )
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return bad(
      'http',
      `The name ${hostname} leads nowhere.`,
      'Look at its spelling and at your DNS, or give an address.',
    )
  if (/CERT|SELF_SIGNED|TLS|SSL|ALTNAME/.test(code))
    return bad(
      'http',
      `The certificate of ${hostname} does not hold (${code}).`,
      'Renew it, or let it name this host; browsers refuse it too.',
    )
  if (code === 'TimeoutError' || /TIMEOUT|EHOSTUNREACH|ENETUNREACH/.test(code))
    return bad(
      'http',
      `${origin} does not answer within ${ANSWER_MS / 1000} s.`,
      `A firewall swallows TCP ${at}, or the machine is off: open the port there, or look at the address.`,
    )
  return bad('http', `${origin} cannot be reached (${code}).`, 'Look at the address and at the network.')
}

export function checkProtocol({ version }: Remote, health: Health): Check[] {
  const name = 'version'
  const ready = health.isReady
    ? []
    : [
        warning(
          'ready',
          `The server is not ready yet: ${health.waitingFor}.`,
          'Wait a second and ask again; if it stays so, its log says why.',
        ),
      ]
  if (health.protocol !== PROTOCOL_VERSION) {
    const older = health.protocol > PROTOCOL_VERSION ? 'this program' : 'the server'
    return [
      ...ready,
      bad(name, `The server speaks protocol ${health.protocol}, this program ${PROTOCOL_VERSION}.`, `Update ${older}.`),
    ]
  }
  if (health.version !== version)
    return [
      ...ready,
      warning(
        name,
        `Same protocol (${PROTOCOL_VERSION}), but version ${health.version} there and ${version} here.`,
        'It works; update the older one when you can.',
      ),
    ]
  return [...ready, good(name, `Protocol ${PROTOCOL_VERSION} and version ${version} on both sides.`)]
}

export async function askReach({ server }: Remote): Promise<Reach | undefined> {
  const answer = await fetch(new URL('/api/reach', server), { signal: AbortSignal.timeout(ANSWER_MS) }).catch(
    () => undefined,
  )
  return answer?.ok === true ? (parsed(await answer.text()) as Reach) : undefined
}

export function checkClock(reach: Reach, askedMs: number, answeredMs: number): Check {
  const offMs = reach.wallMs - (askedMs + answeredMs) / 2
  const words = `The server's clock is ${(Math.abs(offMs) / 1000).toFixed(1)} s ${offMs < 0 ? 'behind' : 'ahead of'} this one`
  if (Math.abs(offMs) <= CLOCK_WARN_MS) return good('clock', `${words}.`)
  return warning(
    'clock',
    `${words}: races that start at a time start then by the server's.`,
    'Turn on time synchronisation on the machine that is wrong. Riding itself does not mind.',
  )
}

export function checkTls({ server }: Remote): Check {
  if (server.protocol === 'https:') return good('tls', 'The page comes over HTTPS: browsers give it Bluetooth.')
  if (isLoopback(server.hostname))
    return good('tls', 'The page comes from this machine: browsers trust it without HTTPS.')
  return warning(
    'tls',
    'The page comes over plain HTTP: browsers on other machines give it no Bluetooth.',
    'Put a reverse proxy with a certificate before it (docs/operations.md), or ride with gruppetto bridge.',
  )
}

/** A page from elsewhere must not use the server; ours must. */
export async function checkOrigins({ server }: Remote): Promise<Check> {
  const ask = async (origin: string): Promise<number> =>
    (
      await fetch(new URL('/api/worlds', server), {
        headers: { origin },
        signal: AbortSignal.timeout(ANSWER_MS),
      }).catch(() => ({ status: 0 }))
    ).status
  const [stranger, own] = [await ask('https://stranger.invalid'), await ask(server.origin)]
  if (stranger === 200)
    return bad(
      'origins',
      'A page from anywhere may use this server.',
      'Something before it drops or changes the Origin header: let the proxy pass it on as it is.',
    )
  if (own !== 200)
    return bad(
      'origins',
      `The server's own page at ${server.origin} is refused (${own}).`,
      `Set GRUPPETTO_ORIGINS=${server.origin} there, and let the proxy keep the Host header.`,
    )
  return good('origins', 'Its own page is let in, a page from elsewhere is refused.')
}

/** A grant to look on from a pacer's wheel. */
export async function askGrant({ server }: Remote): Promise<{ readonly check: Check; readonly grant?: Grant }> {
  const answer = await new ServerDoor(server).token({ lookOn: '' })
  if (answer.ok) return { check: good('token', 'The server lets this program look on.'), grant: answer.value }
  return {
    check: bad('token', `No token was given: ${answer.sentence}`, 'Without one no line can be tried; mend this first.'),
  }
}

/** The address that riders are told must be one they can reach. */
export function checkAdvertised({ server }: Remote, { datagram }: Reach): Check {
  const at = `${datagram.host}:${datagram.port}`
  const isFromElsewhere = !isLoopback(server.hostname)
  if (datagram.host === '')
    return bad('address', 'The server names no address for datagrams.', 'Set GRUPPETTO_ADVERTISED_HOST.')
  if (isFromElsewhere && isLoopback(datagram.host))
    return bad(
      'address',
      `Riders are sent to ${at}, which is each rider's own machine.`,
      'Set GRUPPETTO_ADVERTISED_HOST to the name or address under which this server is reached.',
    )
  if (isFromElsewhere && isPrivate(datagram.host) && !isPrivate(server.hostname))
    return bad(
      'address',
      `Riders are sent to ${at}, a private address, though you asked at ${server.hostname}.`,
      `Set GRUPPETTO_ADVERTISED_HOST=${server.hostname} (behind NAT or in a container the outer one).`,
    )
  return good('address', `Riders are sent to ${at}${datagram.isSet ? ', as GRUPPETTO_ADVERTISED_HOST says' : ''}.`)
}

export async function checkUdp(remote: Remote, grant: Grant): Promise<Check> {
  const { host, port } = grant.datagram
  const at = `${host}:${port}`
  const opened = await openUdpLine(grant, remote.nowMs)
  if (!opened.ok)
    return bad(
      'udp',
      `${at} cannot be sent to (${opened.why}).`,
      opened.why === 'ENOTFOUND'
        ? 'The name leads nowhere from here: set GRUPPETTO_ADVERTISED_HOST.'
        : "Look at this machine's network and firewall.",
    )
  const { line } = opened
  try {
    if (await isWelcome(line, remote.welcomeMs ?? WELCOME_MS)) {
      const heard = await listenTo(line, remote)
      return heard.lossShare > LOSSY
        ? warning('udp', `UDP ${at} ${heard.words}`, LOSS_REMEDY)
        : good('udp', `UDP ${at} ${heard.words}`)
    }
    const { datagramsIn } = countsOf(line)
    if (line.trouble === 'ECONNREFUSED')
      return bad(
        'udp',
        `Nothing listens on UDP ${at}.`,
        "Is it the server's port? Look at GRUPPETTO_UDP_PORT and GRUPPETTO_ADVERTISED_PORT, and at the mapping of router or container.",
      )
    if (datagramsIn > 0)
      return bad(
        'udp',
        `UDP ${at} answers, but does not let us in (${JSON.stringify(line.client.stats.refusals)}).`,
        'Another server may listen there, or a proxy changes addresses between datagrams.',
      )
    return bad(
      'udp',
      `UDP ${at} swallows datagrams of 1200 bytes: none came back within ${WELCOME_MS / 1000} s.`,
      `Open UDP ${port} in the firewall and pass it on in router or container (-p ${port}:${port}/udp). Browsers ride over WebSocket meanwhile; bridges cannot.`,
    )
  } finally {
    line.close()
  }
}

export async function checkWebSocket(remote: Remote, grant: Grant): Promise<Check> {
  const opened = await openSocketLine(grant, remote.server, remote.nowMs)
  if (!opened.ok)
    return bad(
      'websocket',
      `The WebSocket at /datagrams does not open: ${opened.why}.`,
      'A proxy before the server must pass upgrades on (Upgrade and Connection headers).',
    )
  const { line } = opened
  try {
    if (!(await isWelcome(line, remote.welcomeMs ?? WELCOME_MS)))
      return bad(
        'websocket',
        'The WebSocket opens, but no welcome comes through it.',
        'Something between reads WebSockets and holds binary messages back: look at the proxy.',
      )
    const heard = await listenTo(line, remote)
    return good('websocket', `The WebSocket ${heard.words}`)
  } finally {
    line.close()
  }
}

export async function checkWebRtc(remote: Remote, grant: Grant, { webrtc }: Reach): Promise<Check> {
  const name = 'webrtc'
  if (webrtc.state !== 'ready')
    return warning(
      name,
      `The server has no WebRTC: it is ${webrtc.state}${webrtc.reason === '' ? '' : ` (${webrtc.reason})`}.`,
      'Install node-datachannel there (npm install); browsers ride over WebSocket meanwhile.',
    )
  const opened = await openRtcLine(grant, remote.server, remote.nowMs)
  if (!opened.ok) {
    if (opened.isMissing === true)
      return none(
        name,
        `The server offers WebRTC on UDP ${webrtc.port}; node-datachannel is not installed here, so that it was not tried.`,
      )
    return bad(
      name,
      `WebRTC does not get through on UDP ${opened.ports.join(', ') || webrtc.port}: ${opened.why}.`,
      `Open UDP ${webrtc.port} and pass it on (GRUPPETTO_WEBRTC_PORT; outside a router GRUPPETTO_ADVERTISED_HOST). Browsers ride over WebSocket meanwhile.`,
    )
  }
  const { line, ports } = opened
  try {
    if (!(await isWelcome(line, remote.welcomeMs ?? WELCOME_MS)))
      return bad(
        name,
        'A data channel opens, but no welcome comes through it.',
        "Look at the server's log for its WebRTC gateway.",
      )
    const heard = await listenTo(line, remote)
    const words = `WebRTC on UDP port ${ports.join(', ')} ${heard.words}`
    return heard.lossShare > LOSSY ? warning(name, words, LOSS_REMEDY) : good(name, words)
  } finally {
    line.close()
  }
}

/** A name with an IPv6 address where nothing listens makes some riders wait, and bridges fail. */
export async function checkIpv6({ server }: Remote): Promise<Check> {
  const host = server.hostname.replace(/^\[|\]$/g, '')
  const port = Number(server.port) || (server.protocol === 'https:' ? 443 : 80)
  if (isIP(host) === 4) return none('ipv6', 'You asked at an IPv4 address.')
  const addresses =
    isIP(host) === 6 ? [{ address: host, family: 6 }] : await lookup(host, { all: true }).catch(() => [])
  const six = addresses.filter(({ family }) => family === 6)
  if (six.length === 0) return none('ipv6', `${host} has no IPv6 address; IPv4 is enough.`)
  const hasFour = addresses.some(({ family }) => family === 4)
  for (const { address } of six) {
    if (await canConnect(address, port)) continue
    const words = `${host} has the IPv6 address ${address}, but nothing answers there.`
    // `localhost` is both everywhere, and everybody tries both.
    if (isLoopback(host) && hasFour) return none('ipv6', `${words} That harms nobody on this machine.`)
    return warning('ipv6', words, 'Let the server listen there (GRUPPETTO_HOST=::), or take the AAAA record away.')
  }
  return good('ipv6', `${host} answers over IPv6, too.`)
}

const LOSSY = 0.02
const LOSS_REMEDY = 'The line loses packets: use a cable or another network; /net shows when and how many.'

/** Listens to so many packets, and says how the line is. */
async function listenTo(line: Line, { probes = PROBES }: Remote): Promise<{ words: string; lossShare: number }> {
  const { stats } = line.client
  const before = stats.snapshot()
  const untilMs = performance.now() + probes * PACKET_MS * 2
  const window = (): NetWindow => new NetWindow(stats.snapshot(), before)
  while (performance.now() < untilMs && window().count('packets') < probes)
    await new Promise((resolve) => setTimeout(resolve, PACKET_MS))
  const heard = window()
  const { lossShare } = heard
  const lost = heard.count('lost')
  const words = `answers: ${line.client.session.rttMs.toFixed(1)} ms there and back, ${Math.max(0, lost)} of ${heard.count('packets')} packets lost.`
  return { words, lossShare }
}

function countsOf({ client }: Line): { datagramsIn: number } {
  return { datagramsIn: client.stats.count('datagramsIn') }
}

export function isLoopback(host: string): boolean {
  return /^(localhost|127\.|\[?::1\]?$)/.test(host)
}

/** RFC 1918, link-local, carrier-grade NAT, unique local: of no use to who is elsewhere. */
export function isPrivate(host: string): boolean {
  return (
    /^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|\[?f[cd][0-9a-f]{2}:|\[?fe80:)|\.(local|lan)$/i.test(
      host,
    ) || isLoopback(host)
  )
}

function codeOf(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: string; message?: string }; name?: string }
  return cause?.code ?? (name === 'TimeoutError' ? name : (cause?.message ?? String(error)))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // Not JSON: the caller says so.
  }
}
