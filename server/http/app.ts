import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify'
import type { z } from 'zod'
import { AppError, type ErrorCode, type ErrorReason, sentence } from '../errors.ts'
import type { Log } from '../log.ts'
import type { ErrorAnswer } from './shapes.ts'

const BODY_BYTES_MAX = 64 * 1024

const STATUS: Readonly<Record<ErrorCode, number>> = {
  ERR_BAD_REQUEST: 400,
  ERR_CONFIG: 500,
  ERR_CODE_UNKNOWN: 404,
  ERR_EVENT_STATE: 409,
  ERR_EVENT_UNKNOWN: 404,
  ERR_FORBIDDEN: 403,
  ERR_INSECURE: 403,
  ERR_MAP_INVALID: 404,
  ERR_NAME_TAKEN: 409,
  ERR_MEET_UNKNOWN: 404,
  ERR_NOT_READY: 503,
  ERR_PROTOCOL_VERSION: 409,
  ERR_RIDE_UNKNOWN: 404,
  ERR_RIDER_UNKNOWN: 404,
  ERR_ROOM_FULL: 409,
  ERR_SEAT_UNKNOWN: 404,
  ERR_SIGN_IN: 401,
  ERR_TOO_MANY: 429,
  ERR_TRACK_INVALID: 422,
}

/** The HTTP doors without any room behind them: one way to refuse, whoever refuses. */
export function createApp(log: Log): FastifyInstance {
  const app = Fastify({
    ...{ bodyLimit: BODY_BYTES_MAX, logger: false, exposeHeadRoutes: true },
    // A path that cannot be decoded never reaches a route, nor the handlers below.
    frameworkErrors: (_error, request, reply: FastifyReply) => {
      void reply.code(400).send(refusal('ERR_BAD_REQUEST', `${shown(request.url)} is no path.`))
    },
  })
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(refusal('ERR_BAD_REQUEST', `There is nothing at ${request.method} ${shown(request.url)}.`)),
  )
  app.setErrorHandler((error: FastifyError | AppError, request, reply) => {
    if (error instanceof AppError)
      return reply.code(STATUS[error.code]).send(refusal(error.code, error.message, error.reason))
    const status = error.statusCode ?? 500
    if (status < 500) return reply.code(status).send(refusal('ERR_BAD_REQUEST', sentence(error.message)))
    if (isStoreAway(error)) {
      log.warn({ cause: error.message, method: request.method }, 'The database does not answer.')
      return reply
        .code(503)
        .send(refusal('ERR_NOT_READY', 'The database does not answer; rides go on. Try again in a moment.'))
    }
    log.error(
      { err: { message: error.message, stack: error.stack }, method: request.method, url: request.url },
      'A request failed.',
    )
    // What broke is for the log, not for the stranger.
    return reply.code(500).send(refusal('ERR_BAD_REQUEST', 'The server could not do that; its log says why.'))
  })
  return app
}

/** No connection, or it broke in the middle; PostgreSQL's classes 08 and 57P say the same of a server that stops or starts. */
function isStoreAway(error: FastifyError): boolean {
  const isRefused = /^(ECONN|EPIPE$|08|57P)/.test(error.code ?? '')
  return isRefused || /^Connection terminated|^timeout exceeded when trying to connect/.test(error.message)
}

/** The body as its shape says, or one sentence about the first thing that is wrong. */
export function parseBody<T extends z.ZodType>(shape: T, body: unknown): z.output<T> {
  const parsed = shape.safeParse(body ?? {})
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const where = issue === undefined || issue.path.length === 0 ? 'The body' : `"${issue.path.join('.')}"`
  throw new AppError('ERR_BAD_REQUEST', sentence(`${where}: ${issue?.message ?? 'not what was asked for'}`))
}

function refusal(error: ErrorCode, message: string, reason?: ErrorReason): ErrorAnswer {
  return { error, message, ...(reason === undefined ? {} : { reason }) }
}

function shown(url: string): string {
  return url.split('?', 1)[0]!.slice(0, 100)
}
