import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * What holds for every server of ours that only this machine may use. It listens on 127.0.0.1 and is still one click away
 * from every page the rider's browser has open: such a page can make the browser send requests here, and can make its own
 * name lead here (DNS rebinding). So each request must go to one of our names and come from our own page or from none.
 */
export const LOOPBACK = '127.0.0.1'

export type Refusal = { readonly status: number; readonly sentence: string }

/** undefined: it may be answered. */
export function refusalOf({ method, headers }: IncomingMessage, port: number): Refusal | undefined {
  const own = [`${LOOPBACK}:${port}`, `localhost:${port}`]
  const host = headers.host?.toLowerCase()
  if (host === undefined || !own.includes(host))
    return { status: 421, sentence: `This is only http://${LOOPBACK}:${port}; it goes by no other name.` }
  const { origin } = headers
  if (origin !== undefined && origin !== `http://${host}`)
    return { status: 403, sentence: 'Another page may not use this one.' }
  // Browsers name no origin where a page only shows or loads; these headers they send always, and no page can change them.
  const site = headers['sec-fetch-site']
  const isFromElsewhere = site !== undefined && site !== 'same-origin' && site !== 'none'
  if (isFromElsewhere && !isOpening(method, headers))
    return { status: 403, sentence: 'Another page may not use this one; open the address yourself.' }
  return undefined
}

/** A person follows a link to here: a page of its own, into which the other one cannot look. */
const isOpening = (method: string | undefined, headers: IncomingMessage['headers']): boolean =>
  method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'

/** `Authorization: Bearer …`; a page from elsewhere cannot send that without being asked first, and is never told yes. */
export function hasToken({ headers }: IncomingMessage, token: string): boolean {
  const given = Buffer.from(headers.authorization ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

/** On this machine alone; on `port`, else on any that is free. */
export async function listenOnLoopback(server: Server, port: number): Promise<number> {
  const listen = (wanted: number): Promise<number> =>
    new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(wanted, LOOPBACK, () => {
        server.removeListener('error', reject)
        resolve((server.address() as AddressInfo).port)
      })
    })
  try {
    return await listen(port)
  } catch {
    return await listen(0) // Somebody else's port, or another bridge's: the address is printed anyway.
  }
}
