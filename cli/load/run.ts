import { setTimeout as pause } from 'node:timers/promises'
import type { LinkProfile } from '#bench/sync/link'
import type { FieldShape, FleetCounts } from './messages.ts'
import { FleetProcess, FloodProcess, ServerProcess } from './processes.ts'
import { type Scrape, scrape, Span } from './scrape.ts'

export interface LoadOptions {
  readonly riders: number
  readonly seconds: number
  /** Between the last to join and the first that counts. */
  readonly settleS: number
  readonly joinsPerS: number
  readonly generators: number
  /** GRUPPETTO_AEAD of all processes. */
  readonly aead: string
  readonly carryEvery: number
  readonly viewRiders: number
  readonly seed: number
  readonly map: string
  readonly routeId: string
  readonly roadM: number
  readonly field: FieldShape
  readonly link: LinkProfile | undefined
  /** Forged datagrams a second. */
  readonly floodPerS: number
  /** Somebody else's server; without it one of our own. */
  readonly server: string | undefined
  readonly serverFlags: readonly string[]
  readonly generatorFlags: readonly string[]
  readonly onProgress: (done: number, total: number, label: string) => void
  readonly signal: AbortSignal
}

/** What a run has measured, from `settleS` after the last join to the end. */
export interface LoadRun {
  readonly options: LoadOptions
  readonly joinS: number
  readonly span: Span
  readonly spanS: number
  readonly before: Scrape
  readonly fleets: readonly FleetCounts[]
  readonly flood: { readonly sent: number; readonly cpuS: number } | undefined
  readonly failures: readonly string[]
}

const LOOK_MS = 250

/** One load run: server, riders, and the numbers of both. */
export async function runLoad(options: LoadOptions): Promise<LoadRun> {
  const { riders, seconds, settleS, generators, aead, onProgress, signal } = options
  const failures: string[] = []
  const server =
    options.server === undefined
      ? await ServerProcess.start(options, { nodeFlags: options.serverFlags, aead })
      : undefined
  const url = options.server ?? server!.url
  const fleets: FleetProcess[] = []
  let flood: FloodProcess | undefined
  const look = (): void => {
    const failed = server?.ended ?? fleets.find(({ failed: why }) => why !== undefined)?.failed
    if (failed !== undefined) throw new Error(failed)
    signal.throwIfAborted()
  }
  try {
    const before = await scrape(url)
    const fromMs = performance.now()
    for (let i = 0; i < generators; i++) {
      const from = Math.floor((riders * i) / generators)
      const count = Math.floor((riders * (i + 1)) / generators) - from
      const { seed, map, link, carryEvery, viewRiders } = options
      const order = { ...{ kind: 'ride' as const, url, from, riders: count, seed, map, link, carryEvery, viewRiders } }
      fleets.push(
        new FleetProcess(
          { ...order, joinsPerS: options.joinsPerS / generators },
          { nodeFlags: options.generatorFlags, aead },
        ),
      )
    }
    if (server !== undefined) {
      server.onTruth = (truth) => {
        for (const fleet of fleets) fleet.say({ kind: 'truth', ...truth })
      }
    }
    const joined = (): number => fleets.reduce((sum, fleet) => sum + fleet.joined, 0)
    while (joined() < riders) {
      look()
      onProgress(joined(), riders, `${joined()} of ${riders} riders are on the road`)
      await pause(LOOK_MS)
    }
    const joinS = (performance.now() - fromMs) / 1000
    await waitFor(settleS, (leftS) => {
      look()
      onProgress(settleS - leftS, settleS + seconds, 'settling')
    })
    if (options.floodPerS > 0) {
      flood = new FloodProcess(await udpPortOf(url), options.floodPerS)
      await pause(500)
    }
    for (const fleet of fleets) fleet.say({ kind: 'measure' })
    const floodBefore = flood?.counts ?? { sent: 0, cpuS: 0 }
    const from = await scrape(url)
    const measuredMs = performance.now()
    await waitFor(seconds, (leftS) => {
      look()
      onProgress(settleS + seconds - leftS, settleS + seconds, `${riders} riders`)
    })
    const to = await scrape(url)
    const flooded = flood && { sent: flood.counts.sent - floodBefore.sent, cpuS: flood.counts.cpuS - floodBefore.cpuS }
    const spanS = (performance.now() - measuredMs) / 1000
    const counts = await Promise.all(fleets.map(async (fleet) => await fleet.counts()))
    return { options, joinS, span: new Span(from, to), spanS, before, fleets: counts, flood: flooded, failures }
  } finally {
    flood?.stop()
    await Promise.all(fleets.map(async (fleet) => await fleet.stop()))
    await server?.stop()
  }
}

/** As a client would learn it, but without a seat: the server's own numbers say it. */
async function udpPortOf(url: string): Promise<number> {
  const port = (await scrape(url)).get('gruppetto_udp_port')
  if (port === undefined) throw new Error('this server does not say which UDP port it has')
  return port
}

async function waitFor(seconds: number, onLook: (leftS: number) => void): Promise<void> {
  const untilMs = performance.now() + seconds * 1000
  for (let leftMs = seconds * 1000; leftMs > 0; leftMs = untilMs - performance.now()) {
    onLook(leftMs / 1000)
    await pause(Math.min(LOOK_MS, leftMs))
  }
}
