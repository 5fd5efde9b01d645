import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { resultsCsv } from '../event/csv.ts'
import type { Result, ResultStatus } from '../event/model.ts'
import { limit, refuseUntilReady } from './api.ts'
import { parseBody } from './app.ts'
import type { Doors } from './doors.ts'
import { RateLimit } from './rate-limit.ts'
import {
  decisionBody,
  entryBody,
  eventBody,
  openBody,
  type ResultRow,
  type ResultsAnswer,
  startBody,
} from './shapes.ts'

type EventRequest = FastifyRequest<{ Params: { id: string } }>

const ASK_RATE = { burst: 200, perS: 20 }
/** Tokens of 256 bits are not guessed; who tries is slowed down all the same. */
const WRONG_RATE = { burst: 10, perS: 0.2 }

/** Refuses whoever does not hold the organiser's token. */
export type OrganiserCheck = (request: FastifyRequest) => void

/** Races: anybody may look, riders sign up with their secret, the organiser holds the token. Answers the check of that token. */
export function addEvents(app: FastifyInstance, doors: Doors): OrganiserCheck {
  const asks = new RateLimit(ASK_RATE, doors.clock)
  const wrongs = new RateLimit(WRONG_RATE, doors.clock)
  const open = (request: FastifyRequest): void => {
    limit(asks, request)
    refuseUntilReady(doors)
  }
  const organise = (request: FastifyRequest): void => {
    open(request)
    const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (bearer !== undefined && doors.isOrganiser(bearer)) return
    if (bearer !== undefined) limit(wrongs, request) // Without a token there is no guess, only a sentence.
    throw new AppError(
      'ERR_FORBIDDEN',
      'Only the organiser may do this: with the token that the first start printed, or one that `serve --new-token` makes.',
    )
  }

  app.get('/api/events', async (request) => {
    open(request)
    return { events: doors.events().list() }
  })
  app.post('/api/events', async (request, reply) => {
    organise(request)
    return await reply.code(201).send(await doors.events().create(parseBody(eventBody, request.body)))
  })
  app.get('/api/events/:id', async (request: EventRequest) => {
    open(request)
    return doors.events().get(request.params.id)
  })
  app.post('/api/events/:id/open', async (request: EventRequest) => {
    organise(request)
    const { weather } = parseBody(openBody, request.body)
    return await doors.events().openEvent(request.params.id, weather)
  })
  app.post('/api/events/:id/start', async (request: EventRequest) => {
    organise(request)
    return await doors.events().start(request.params.id, parseBody(startBody, request.body).inS)
  })
  app.post('/api/events/:id/close', async (request: EventRequest) => {
    organise(request)
    return await doors.events().closeEvent(request.params.id)
  })
  app.post('/api/events/:id/decisions', async (request: EventRequest) => {
    organise(request)
    return await doors.events().decide(request.params.id, parseBody(decisionBody, request.body))
  })
  app.post('/api/events/:id/entries', async (request: EventRequest, reply) => {
    open(request)
    const body = parseBody(entryBody, request.body)
    if ('secret' in body) return await reply.code(201).send(await doors.events().enter(request.params.id, body.secret))
    organise(request)
    return await reply.code(201).send(await doors.events().addBots(request.params.id, body.bots))
  })
  app.get('/api/events/:id/board', async (request: EventRequest) => {
    open(request)
    return doors.events().board(request.params.id)
  })
  app.get('/api/events/:id/results', async (request: EventRequest): Promise<ResultsAnswer> => {
    open(request)
    const { event, phase, revision, rows } = await doors.events().results(request.params.id)
    return {
      ...{ eventId: event.id, title: event.title, isProvisional: phase !== 'closed', revision },
      ...{ mapHash: event.mapHash, laps: event.laps, rows: rows.map(resultRow) },
    }
  })
  app.get('/api/events/:id/results.csv', async (request: EventRequest, reply) => {
    open(request)
    const { event, rows } = await doors.events().results(request.params.id)
    return await attach(reply, `${fileName(event.title)}.csv`, 'text/csv; charset=utf-8').send(resultsCsv(rows))
  })
  // Everybody's inputs, heartbeats among them, are in it: for the organiser and the judge.
  app.get('/api/events/:id/export', async (request: EventRequest, reply) => {
    organise(request)
    const { title } = doors.events().get(request.params.id)
    const file = await doors.events().exportFile(request.params.id)
    return await attach(reply, `${fileName(title)}.race.json`, 'application/json').send(file)
  })
  return organise
}

const STATUS: Readonly<Record<ResultStatus, ResultRow['status']>> = {
  finished: 'FIN',
  dnf: 'DNF',
  dns: 'DNS',
  dq: 'DSQ',
}

function resultRow({ place, status, riderId, bib, name, isBot, timeMs, gapMs, penaltyMs }: Result): ResultRow {
  return { place, status: STATUS[status], riderId, bib, name, isBot, timeMs, gapMs, penaltyMs }
}

function attach(reply: FastifyReply, name: string, type: string): FastifyReply {
  return reply.type(type).header('content-disposition', `attachment; filename="${name}"`)
}

/** Letters and digits only: a title goes into a header here, and onto somebody's disk. */
function fileName(title: string): string {
  return (
    title
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60)
      .toLowerCase() || 'race'
  )
}
