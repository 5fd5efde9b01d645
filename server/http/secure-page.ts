import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { isBelieved, isOwnMachine } from './peer-address.ts'

type Asked = Pick<IncomingMessage, 'socket' | 'headers'>

/** The page came over HTTPS: to us, or to a reverse proxy that is believed and says so. */
export function isHttps({ socket, headers }: Asked): boolean {
  if ((socket as Partial<TLSSocket>).encrypted === true) return true
  return (
    isBelieved({ socket }) &&
    String(headers['x-forwarded-proto'] ?? '')
      .split(',')
      .at(-1)!
      .trim() === 'https'
  )
}

/** Nobody between page and server can read what is typed: HTTPS, or both are this machine. */
export function isPageSecure(asked: Asked): boolean {
  return isHttps(asked) || isOwnMachine(asked)
}
