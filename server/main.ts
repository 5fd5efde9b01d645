import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemClock } from './clock.ts'
import type { Config } from './config.ts'
import { AppError } from './errors.ts'
import { openSigner } from './event-signing.ts'
import { Accounts } from './account/accounts.ts'
import { anchorOf } from './activity/anchor.ts'
import { Recorder, type RecordedRoom } from './activity/recorder.ts'
import { openRideThread } from './activity/ride-work.ts'
import { addAccount } from './http/account.ts'
import { addBench } from './http/bench.ts'
import { addApi } from './http/api.ts'
import { createApp } from './http/app.ts'
import { clientBuild, type ClientBuild } from './http/client-build.ts'
import type { Doors } from './http/doors.ts'
import { addEvents } from './http/events.ts'
import { addFiles } from './http/files.ts'
import { addLines } from './http/lines.ts'
import { createFront, listen } from './http/front.ts'
import { createHostCheck, createOriginCheck } from './http/origins.ts'
import { type Rate, RateLimit } from './http/rate-limit.ts'
import { addPublic } from './http/public.ts'
import { addRides } from './http/rides.ts'
import { addReplays } from './http/replays.ts'
import { addSocial } from './http/social.ts'
import { addMeets } from './http/meets.ts'
import { openCertificate } from './http/certificate.ts'
import { addWeather } from './http/weather.ts'
import { createLog } from './log.ts'
import { Metrics, TICK_BUCKETS_MS } from './metrics.ts'
import { addProcessMetrics, createTickMetrics } from './machine-metrics.ts'
import { chooseAead } from './net/choose-aead.ts'
import { Switchboard } from './net/switchboard.ts'
import { openUdp } from './net/udp.ts'
import { openWebRtc, type WebRtcCarrier } from './net/webrtc.ts'
import { DATAGRAMS_PATH, openWebSockets } from './net/websocket.ts'
import { MeetDesk } from './meet/meet-desk.ts'
import { TrackShop } from './meet/track-shop.ts'
import { WorldShelf } from './meet/world-shelf.ts'
import { openWorldThread } from './meet/world-thread.ts'
import { EventDesk } from './room/event-desk.ts'
import { openJournals } from './room/journal-file.ts'
import { LobbyRoom } from './room/lobby-room.ts'
import { overviewOf } from './room/overview.ts'
import { pacer } from './room/pacers.ts'
import { filmsOfEvents } from './replay/event-films.ts'
import { filmsOfRides } from './replay/ride-films.ts'
import { Replays } from './replay/replays.ts'
import { Places } from './room/places.ts'
import { RideDirectory } from './room/ride-directory.ts'
import { RideRoom, type RideRoomPlan } from './room/ride-room.ts'
import { Blocks } from './room/blocks.ts'
import { Reports } from './room/reports.ts'
import { Retention } from './retention.ts'
import type { Where } from './room/ride-options.ts'
import { isWetUnder, skyOf } from './room/sky.ts'
import { weatherOf } from './room/weather.ts'
import { createRoom, openRooms } from './room/seats.ts'
import { type HouseWorld, loadWorlds } from './room/worlds.ts'
import { holdDataFolder } from './store/data-folder.ts'
import { openStore } from './store/open.ts'
import type { Store } from './store/store.ts'

export interface House {
  /** Where the page is, for this machine and, if the house is open to it, for others. */
  readonly addresses: readonly string[]
  readonly port: number
  readonly udpPort: number
  readonly rides: RideDirectory
  /** Everything is written down, nothing is left running. */
  close(): Promise<void>
}

export interface HouseOptions {
  readonly config: Config
  readonly version: string
  /** Steps and addresses, for people. */
  readonly say: (line: string) => void
  /** Makes a new organiser token; the old one is worth nothing then. */
  readonly isNewToken?: boolean
  /** Builds the page when its sources changed; true unless said otherwise. */
  readonly hasPage?: boolean
  /** Another way to build it, for tests. */
  readonly build?: ClientBuild
  /** What one address may ask for; a load generator's own server lets all of its riders come from one. */
  readonly rates?: { readonly seats: Rate; readonly asks: Rate }
  /** Where newcomers of the permanent road begin, and who looks in there once a second: for a load generator's own server. */
  readonly whereToBegin?: RideRoomPlan['whereToBegin']
  readonly onSecond?: (room: RideRoom) => void
  /** The permanent road, by id. */
  readonly firstRoad?: string
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))
/** Seats one address may take: a household at once, then one every half second. */
const SEAT_RATE = { burst: 200, perS: 20 }

/** Puts the house together: doors first, so that the page draws, then what stands behind them. */
export async function openHouse(options: HouseOptions): Promise<House> {
  const { config, version, say, isNewToken, hasPage = true } = options
  const clock = systemClock
  const log = createLog(config.log)
  const metrics = new Metrics()
  const closers = new Closers((error) => log.error({ cause: String(error) }, 'Something did not close cleanly.'))
  try {
    const data = await holdDataFolder(config.dataDir)
    closers.add(async () => await data.release())
    const mapFolder = join(ROOT, 'maps', 'worlds')
    const worlds = await loadWorlds(mapFolder, (sentence) => log.warn(sentence))
    const tokenKey = randomBytes(32)
    const aead = await chooseAead(config.aead, clock)
    const switchboard = new Switchboard({ tokenKey, clock })
    const later: {
      store?: Store
      desk?: EventDesk
      recorder?: Recorder
      replays?: Replays
      meets?: MeetDesk
      udpPort?: number
      webrtc?: WebRtcCarrier
      tokenHash?: Buffer
    } = {}
    let waitingFor = 'the database'

    const certificate = await openCertificate(config, { clock, say: (sentence) => log.warn(sentence) })
    closers.add(async () => certificate?.close())
    const tracks = new TrackShop(clock)
    closers.add(async () => tracks.close())
    const opening = openWorldThread()
    closers.add(async () => await opening.close())
    const shelf = await WorldShelf.open({
      ...{ folder: join(data.path, 'tracks'), tracksMax: config.tracks, wallMs: () => clock.wallMs() },
      ...{ say: (sentence) => log.warn(sentence), openWorld: opening.open },
    })

    // 1. HTTP: the page, /health and /api/worlds answer from here on.
    const places = new Places(
      () => later.store,
      () => clock.wallMs(),
    )
    const rides = new RideDirectory({
      ...{ store: () => later.store, places },
      onSaveFailed: (error) => log.error({ cause: String(error) }, 'A rider could not be saved.'),
    })
    const page = options.build ?? clientBuild(ROOT)
    const reports = new Reports(() => later.store?.safety, clock)
    const ridingNow = (): string[] => rides.rooms.flatMap((room) => [...room.riding()].map(({ uuid }) => uuid))
    const blocks = new Blocks({
      ...{ store: () => later.store?.safety, clock, newId: randomUUID },
      accountsOf: async (uuids) => (await later.store?.people.accountsOf(uuids)) ?? new Map(),
      onError: (error) => log.error({ cause: String(error) }, 'Whom a rider avoids could not be read or kept.'),
      here: () => new Set(ridingNow()),
    })
    const doors: Doors = {
      ...{ reports, blocks },
      ...{ config, clock, log, metrics, version, worlds, rides },
      events: () => ready(later.desk),
      riderBySecret: async (secretHash) => await later.store?.riderBySecret(secretHash),
      meets: () => ready(later.meets),
      ...{ shelf: () => shelf, tracks },
      isOrganiser: (bearer) => later.tokenHash !== undefined && timingSafeEqual(sha256(bearer), later.tokenHash),
      ...(options.rates === undefined ? {} : { askRate: options.rates.asks }),
      udpPort: () => ready(later.udpPort),
      webrtc: () => ready(later.webrtc),
      waitingFor: () => waitingFor,
      files: { client: page.folder, map: (id) => (worlds.has(id) ? join(mapFolder, id) : shelf.folderOf(id)) },
    }
    const app = createApp(log)
    addApi(app, doors)
    const organise = addEvents(app, doors)
    addLines(app, doors, organise)
    addWeather(app, doors, organise)
    addPublic(app, doors)
    addSocial(app, doors, organise)
    addMeets(app, doors, organise)
    addBench(app, doors, organise)
    const people = () => ready(later.store).people
    const work = openRideThread()
    closers.add(async () => await work.close())
    const rideDoors = {
      work,
      ...{ people, safety: () => ready(later.store).safety, recorder: () => ready(later.recorder) },
      accounts: new Accounts({ store: people, clock, randomBytes }),
    }
    addRides(app, doors, rideDoors)
    addAccount(app, doors, rideDoors)
    addReplays(app, doors, rideDoors.accounts, () => ready(later.replays))
    await addFiles(app, doors)
    await app.ready()
    closers.add(async () => await app.close())
    const rooms = await openRooms({ ride: RideRoom, lobby: LobbyRoom }, log)
    const isOriginAllowed = createOriginCheck(config.origins)
    const { origins, host, advertisedHost = host } = config
    const isHostOurs = createHostCheck({ origins, names: [host, advertisedHost, hostname()] })
    const seats = new RateLimit(options.rates?.seats ?? SEAT_RATE, clock)
    const front = createFront({
      ...{ isOriginAllowed, isHostOurs },
      rooms: rooms.server,
      ...{ certificate, proxies: config.proxies },
      onRequest: (request, response) => app.routing(request, response),
      isForeignUpgrade: (path) => path === DATAGRAMS_PATH,
      maySit: (peer) => seats.take(peer),
      waitingFor: () => waitingFor,
    })
    const websockets = openWebSockets({
      ...{ server: front, sink: switchboard, clock },
      isOriginAllowed: (origin, name) => isHostOurs(name) && isOriginAllowed(origin, name),
    })
    const port = await listen(front, config)
    closers.add(async () => {
      front.closeAllConnections()
      await new Promise((resolve) => front.close(resolve))
    })
    closers.add(async () => await websockets.close())
    const addresses = addressesOf(config.host, port, certificate === undefined ? 'http' : 'https')
    say(`Listening on ${addresses[0]} …`)

    // 2. Side by side: the page if it changed, the database, the datagram carriers.
    const building = hasPage ? buildPage(page, say) : Promise.resolve()
    building.catch(() => {}) // Awaited below; a database that fails first must not leave it unheard.
    const udp = await openUdp({ host: config.host, port: config.udpPort ?? port, sink: switchboard }).catch(
      nameUdpSetting,
    )
    later.udpPort = udp.port
    closers.add(async () => await udp.close())
    const carrying = openWebRtc({
      ...{ host: config.host, port: config.webrtcPort, sink: switchboard, clock },
      ...{ advertisedHost: config.advertisedHost, advertisedPort: config.advertisedWebrtcPort },
      say: (sentence) => log.warn(sentence),
    })
    say('Opening the database …')
    const store = await openStore(config, data.path, (sentence) => log.warn(sentence))
    later.store = store
    closers.add(async () => await store.close())
    later.webrtc = await carrying
    closers.add(async () => await later.webrtc?.close())

    // One of its own: who looks at rides must not keep one from being kept.
    const keeping = openRideThread()
    closers.add(async () => await keeping.close())
    const recorder = await Recorder.open({
      ...{ folder: join(data.path, 'rides'), clock, say: (sentence) => log.warn(sentence) },
      sumUp: async (text) => await keeping.sumUp(text),
      keep: async (ride) => await store.people.keepRide(ride),
    })
    later.recorder = recorder
    closers.add(async () => await recorder.close())

    // 3. What stands on the database: the organiser's token, the events, the road that is always there.
    later.tokenHash = await organiserToken(store, { isNew: isNewToken ?? false, say })
    const signer = openSigner(data.path)
    const exportFolder = join(data.path, 'exports')
    await mkdir(exportFolder, { recursive: true, mode: 0o700 })
    const exportPath = (eventId: string) => join(exportFolder, `${eventId}.race.json`)
    const journalFolder = join(data.path, 'journals')
    const filmFolder = join(data.path, 'films')
    const openJournal = await openJournals(journalFolder, () => clock.wallMs(), {
      bytesMost: config.journalMb * 1e6,
      onError: (error) =>
        log.error(
          { cause: error.message },
          'A journal cannot be written any more: this ride goes on unrecorded. Make room for it, and start the server again for a new one.',
        ),
      onTrouble: (trouble) =>
        trouble === undefined
          ? log.info({}, 'A journal is written again, with nothing missing.')
          : log.error({ cause: trouble.message }, 'A journal waits in memory: make room in the data folder soon.'),
    })
    const tickMs = metrics.histogram('gruppetto_tick_longest_ms', 'The longest tick of each second.', TICK_BUCKETS_MS)
    const onTickOf = createTickMetrics(metrics)
    addMetrics(metrics, { rides, switchboard })
    metrics.gauge('gruppetto_rides_unwritten', 'Rides of which something is in memory alone.', () => recorder.unwritten)
    metrics.gauge('gruppetto_rides_waiting', 'Rides that have ended and wait for the store.', () => recorder.waiting)
    metrics.family('gruppetto_aead', 'Who seals.', 'name', () => ({ [aead.name]: 1 }))
    const measuring = addProcessMetrics(metrics, { udpPort: udp.port, sendErrors: () => udp.sendErrors })
    closers.add(async () => measuring.close())
    let isClosing = false
    const permanent = worlds.get(options.firstRoad ?? FIRST_ROAD) ?? worlds.values().next().value!

    const savePlaces = () => {
      places
        .save(rides.rooms)
        .catch((error: unknown) => log.error({ cause: String(error) }, 'Where riders are could not be saved.'))
      rides
        .saveAgain()
        .catch((error: unknown) => log.error({ cause: String(error) }, 'Riders who came could not be saved.'))
      Promise.all([reports.again(), blocks.again()]).catch((error: unknown) =>
        log.error({ cause: String(error) }, 'Reports and blocks could not be saved.'),
      )
    }
    const sky = skyOf(config)
    const openRide = async (
      world: HouseWorld,
      kind: RideRoomPlan['kind'],
      whereToBegin?: () => Where,
    ): Promise<RideRoom> => {
      const isPermanent = kind === 'free' && world === permanent
      const plan: RideRoomPlan = {
        ...{ kind, isPermanent, world, clock, randomBytes, tokenKey, aead, log, tickMs, openJournal, switchboard },
        ...{ reports, blocks },
        seed: randomBytes(4).readUInt32LE(),
        leaveAfterS: config.leaveAfterS,
        viewRiders: config.viewRiders,
        weather: weatherOf({ ...config, isWet: isWetUnder(sky) }),
        sky,
        changes: config.changes,
        whereToBegin: whereToBegin ?? (isPermanent ? options.whereToBegin : undefined),
        onTick: onTickOf(world.map.id),
        onSecond: (room, { tick }) => {
          if (isPermanent) options.onSecond?.(room)
          later.desk?.onSecond(room)
          recorder.second(recordedRoom(room))
          if (isPermanent && tick % PLACES_TICKS === 0) savePlaces()
        },
        onEffort: (room, riderId, id, ms) => {
          const person = room.bodyOf(riderId)
          const name = world.network.segments.find((segment) => segment.id === id)?.name ?? id
          if (person !== undefined) recorder.effort(person.uuid, { id, name, ms })
        },
        onEnded: (room) => {
          rides.remove(room)
          later.desk?.onRoomEnded(room)
          later.meets?.onRoomEnded(room)
          if (kind === 'free' && !isClosing)
            openFree(world).catch((error: unknown) =>
              log.fatal({ cause: String(error) }, 'The road could not be opened again.'),
            )
        },
      }
      const room = await createRoom<RideRoom>('ride', plan, randomBytes(16).toString('base64url'))
      rides.add(room)
      return room
    }
    const openFree = async (world: HouseWorld): Promise<void> => {
      const room = await openRide(world, 'free')
      for (let i = 0; i < config.pacers; i++) {
        room.ride.addBot(pacer(i), pacerPlace(room.plan.world, PACER_SPACING_M * i))
      }
    }
    later.desk = await EventDesk.open({
      ...{ store, clock, log },
      worldOf: (mapId) => worlds.get(mapId),
      openRoom: async (world) => await openRide(world, 'event'),
      personOf: async (secret) => await rides.personOf(secret),
      journal: async (name) => await readFile(join(journalFolder, name), 'utf8').catch(() => undefined),
      exports: {
        signer,
        keep: async (eventId, text) => await writeWhole(exportPath(eventId), text),
        read: async (eventId) => await readFile(exportPath(eventId), 'utf8').catch(() => undefined),
      },
    })
    later.replays = new Replays({
      journalFolder,
      shelfFolder: filmFolder,
      mapFolder: (mapId) => (worlds.has(mapId) ? join(mapFolder, mapId) : shelf.folderOf(mapId)),
      flush: () => rides.rooms.forEach(({ journal }) => journal.flush()),
      sources: [filmsOfEvents(later.desk, store), filmsOfRides(store.people, work)],
    })
    closers.add(async () => await later.replays?.close())
    later.meets = await MeetDesk.open({
      ...{ store, clock },
      worldOf: async (mapId) => worlds.get(mapId) ?? (await shelf.world(mapId)),
      openRoom: async (world, whereToBegin) => await openRide(world, 'meet', whereToBegin),
      onError: (error) => log.error({ cause: String(error) }, 'A meet-up could not be looked after.'),
    })
    later.meets.start()
    closers.add(async () => later.meets?.close())
    const retention = new Retention({
      ...{ store: store.retention, journalFolder, filmFolder, guestRidesDays: config.guestRidesDays, clock },
      openJournals: () => rides.rooms.map(({ journal }) => journal.name),
      riding: () => [...ridingNow(), ...recorder.riders],
      alike: [async () => await reports.sweep(), async () => await blocks.sweep()],
      onError: (error) => log.warn({ cause: String(error) }, 'What is kept no longer could not be taken away.'),
    })
    closers.add(async () => await retention.close())
    const sweepTracks = (): void => {
      shelf
        .sweep(later.meets!.mapsInUse())
        .catch((error: unknown) => log.warn({ cause: String(error) }, 'Roads nobody needs could not be taken away.'))
      cancelSweep = clock.after(SWEEP_MS, sweepTracks)
    }
    let cancelSweep = (): void => {}
    sweepTracks()
    closers.add(async () => cancelSweep())
    // Added last, run first: whoever asks while the house closes is told to wait.
    closers.add(async () => {
      isClosing = true
      // Pages that are sent away now ask at once for their rider: they shall hear "wait", not "unknown".
      waitingFor = 'it is being stopped'
      await places.save(rides.rooms)
      await Promise.all(rides.rooms.map(async (room) => await room.finish()))
      await rooms.close()
    })
    await openFree(permanent)
    for (const world of worlds.values()) if (world !== permanent) await openFree(world)
    retention.start()
    await createRoom(
      'lobby',
      { overview: () => overviewOf(rides, later.desk!, later.meets!) },
      randomBytes(16).toString('base64url'),
    )
    waitingFor = ''
    await building
    log.info(
      {
        store: store.kind,
        port,
        udpPort: udp.port,
        webrtc: later.webrtc.state,
        aead: aead.name,
        road: permanent.map.id,
        pacers: config.pacers,
        judgeKey: signer.publicKey,
      },
      'The house is open.',
    )
    say(`Open ${addresses.join(' or ')}`)
    const close = async (): Promise<void> => {
      // Whatever closes first: pages that are sent away now shall hear "wait", not "unknown".
      waitingFor = 'it is being stopped'
      await closers.close()
    }
    return { addresses, port, udpPort: udp.port, rides, close }
  } catch (error) {
    await closers.close()
    throw error
  }
}

/** A room as the recorder reads it. */
function recordedRoom(room: RideRoom): RecordedRoom {
  const { map, course, network, mapHash } = room.plan.world
  return {
    ...{
      roomId: room.roomId,
      journal: room.journal.name,
      mapId: map.id,
      mapName: map.name,
      mapHash,
      anchor: anchorOf(map),
    },
    ...{ eventId: room.state.eventId, eventTitle: room.state.eventTitle, world: room.ride.world, course, network },
    personOf: (riderId) => room.bodyOf(riderId),
  }
}

/** Pacers ride the first route of a map, where it has one. */
function pacerPlace({ network, spawnM }: HouseWorld, aheadM: number): Where {
  const [route] = network.routes
  return route === undefined ? { distanceM: spawnM + aheadM } : { routeId: route.id, distanceM: aheadM }
}

/** Whole or not at all: a disk that fills up must not cut the file that was there. */
async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 })
  await rename(`${path}.new`, path)
}

/** The road one rides who chooses none; where it is not installed, the first by name. */
const FIRST_ROAD = 'sorrelmere'
/** Where riders are is written down every ten seconds: a server that is killed puts them back near there. */
const PLACES_TICKS = 200
/** Roads that nobody needs any more are looked for so often. */
const SWEEP_MS = 3600_000
/** Pacers begin apart, so that nobody's first sight is a collision. */
const PACER_SPACING_M = 150

/** Last opened, first closed; one that fails does not keep the others open. */
class Closers {
  readonly #closers: (() => Promise<void>)[] = []
  readonly #onError: (error: unknown) => void

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  add(close: () => Promise<void>): void {
    this.#closers.push(close)
  }

  async close(): Promise<void> {
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      await close().catch(this.#onError)
    }
  }
}

async function buildPage(page: ClientBuild, say: (line: string) => void): Promise<void> {
  if (await page.isFresh()) return
  say('Building the page …')
  await page.build()
}

/** Made at the first start and printed once; the store keeps its hash. */
async function organiserToken(
  store: Store,
  { isNew, say }: { isNew: boolean; say: (line: string) => void },
): Promise<Buffer> {
  const key = 'organiser-token-sha256'
  const token = randomBytes(32).toString('base64url')
  const hash = sha256(token)
  if (isNew) await store.putSetting(key, hash.toString('hex'))
  if (isNew || (await store.putSettingOnce(key, hash.toString('hex')))) {
    say(`Organiser’s token, shown only now; keep it: ${token}`)
    return hash
  }
  return Buffer.from((await store.setting(key)) ?? '', 'hex')
}

function addMetrics(
  metrics: Metrics,
  { rides, switchboard }: { rides: RideDirectory; switchboard: Switchboard },
): void {
  metrics.gauge('gruppetto_rooms', 'Rides now.', () => rides.rooms.length)
  metrics.gauge('gruppetto_riders', 'Riders on all roads now.', () =>
    rides.rooms.reduce((sum, room) => sum + room.state.riders.size, 0),
  )
  metrics.family(
    'gruppetto_datagrams_total',
    'Datagrams at the door, by what became of them.',
    'what',
    () => switchboard.counts,
  )
  metrics.family('gruppetto_sessions_total', 'Sessions of all rides, by what was counted.', 'what', () => {
    const sum: Record<string, number> = {}
    for (const { ride } of rides.rooms) {
      for (const [what, count] of Object.entries(ride.sessions.counts)) sum[what] = (sum[what] ?? 0) + count
    }
    return sum
  })
}

function nameUdpSetting(cause: Error): never {
  throw new AppError('ERR_CONFIG', `${cause.message} Stop what uses it, or set GRUPPETTO_UDP_PORT to another one.`, {
    cause,
  })
}

function addressesOf(host: string, port: number, scheme: 'http' | 'https'): readonly string[] {
  if (host !== '0.0.0.0' && host !== '::') {
    const name = host === '127.0.0.1' || host === '::1' ? 'localhost' : host.includes(':') ? `[${host}]` : host
    return [`${scheme}://${name}:${port}`]
  }
  const others = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
  return ['localhost', ...others.map(({ address }) => address)].map((name) => `${scheme}://${name}:${port}`)
}

function ready<T>(value: T | undefined): T {
  if (value === undefined) throw new AppError('ERR_NOT_READY', 'The server is still starting; try again in a second.')
  return value
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
