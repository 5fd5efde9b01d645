import type { FastifyReply, FastifyRequest } from 'fastify'
import { isHttps } from './secure-page.ts'

/** Over HTTPS the name itself promises Secure, Path=/ and no Domain (RFC 6265bis §4.1.3.2). */
const SECURE_NAME = '__Host-gruppetto'
const PLAIN_NAME = 'gruppetto'
const TOKEN = /^[A-Za-z0-9_-]{43}$/
const MAX_AGE_S = 60 * 86_400

/** The session's token; undefined without one. A plain cookie counts for nothing over HTTPS: anybody on the line could have set it. */
export function sessionToken(request: FastifyRequest): string | undefined {
  const wanted = isHttps(request.raw) ? SECURE_NAME : PLAIN_NAME
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [name = '', value = ''] = part.split('=', 2)
    if (name.trim() === wanted && TOKEN.test(value.trim())) return value.trim()
  }
  return undefined
}

/** Undefined: signed out. */
export function setSession(request: FastifyRequest, reply: FastifyReply, token: string | undefined): void {
  const isSecure = isHttps(request.raw)
  const value = `${isSecure ? SECURE_NAME : PLAIN_NAME}=${token ?? ''}`
  const age = `Max-Age=${token === undefined ? 0 : MAX_AGE_S}`
  const parts = [value, 'Path=/', 'HttpOnly', 'SameSite=Strict', age, ...(isSecure ? ['Secure'] : [])]
  void reply.header('set-cookie', parts.join('; '))
}
