import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import type { LoadedWorld } from '#maps/load'
import { readyJson } from '#maps/ready'
import { mapSvg, profileSvg } from '#maps/world-map'
import type { Doors } from './doors.ts'

const MAP_FILES = new Set(['map.json', 'course.bin', 'picture.jpg'])
/** Made when first asked for: a world that a rider brought has them like any other. `profile.svg?route=ID` is a route's own. */
const MADE: Readonly<Record<string, (world: LoadedWorld, routeId: string | undefined) => string>> = {
  'map.svg': (world) => mapSvg(world),
  'profile.svg': profileSvg,
  // What the page rides by, so that it need not compile the map file a second time.
  'ready.json': readyJson,
}

/** Shown while the page is being built, on the first start after a change. It asks again by itself. */
const BUILDING = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="dark light"><meta http-equiv="refresh" content="1">
<title>Gruppetto</title></head><body><p>The page is being built; this takes a few seconds.</p></body></html>
`

/** The page and the roads. Names with a hash never change; everything else is asked about each time, and answered with 304. */
export async function addFiles(app: FastifyInstance, doors: Doors): Promise<void> {
  const { client, map } = doors.files
  // Only `sendFile` is wanted: which path leads to which file is decided here.
  await app.register(fastifyStatic, {
    serve: false,
    root: client,
    preCompressed: true,
    cacheControl: false,
    index: false,
  })

  app.get<{ Params: { id: string; file: string }; Querystring: { route?: string } }>(
    '/maps/:id/:file',
    async (request, reply) => {
      const { id, file } = request.params
      const make = MADE[file]
      if (make !== undefined && Object.hasOwn(MADE, file)) {
        const world = doors.worlds.get(id) ?? (await doors.shelf().world(id))
        if (world === undefined) return reply.callNotFound()
        const { route } = request.query
        const known = world.network.routes.some((one) => one.id === route) ? route : undefined
        const text = made(world, `${file} ${known ?? ''}`, () => make(world, known))
        const type = file.endsWith('.svg') ? 'image/svg+xml' : 'application/json'
        return await reply.header('cache-control', 'no-cache').type(`${type}; charset=utf-8`).send(text)
      }
      const folder = map(id)
      if (folder === undefined || !MAP_FILES.has(file) || !existsSync(join(folder, file))) return reply.callNotFound()
      return await reply.header('cache-control', 'no-cache').sendFile(file, folder)
    },
  )

  app.get('/assets/*', async (request, reply) => {
    const path = (request.params as { '*': string })['*']
    return await reply.header('cache-control', 'public, max-age=31536000, immutable').sendFile(`assets/${path}`, client)
  })

  app.get('/*', async (request, reply) => {
    const path = (request.params as { '*': string })['*']
    if (path.startsWith('api/') || path.includes('..')) return reply.callNotFound()
    void reply.header('cache-control', 'no-cache')
    if (path.includes('.')) return await reply.sendFile(path, client)
    if (!existsSync(join(client, 'index.html')))
      return await reply.code(503).type('text/html; charset=utf-8').send(BUILDING)
    // The page finds its own way: /organise, /events/…
    return await reply.sendFile('index.html', client)
  })
}

const KEPT = new WeakMap<LoadedWorld, Map<string, string>>()

/** Once for each world and route; a world that goes takes along what was made of it. */
function made(world: LoadedWorld, name: string, make: () => string): string {
  const kept = KEPT.get(world) ?? new Map<string, string>()
  KEPT.set(world, kept)
  const text = kept.get(name) ?? make()
  kept.set(name, text)
  return text
}
