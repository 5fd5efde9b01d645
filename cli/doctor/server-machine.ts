import { connect } from 'node:net'
import { join, resolve } from 'node:path'
import type { Config } from '#server/config'
import { findEngine } from '#server/store/embedded'
import { type Check, none } from './check.ts'
import { checkDatabase, checkDataFolder, checkPorts, type Database } from './machine.ts'

type Named = readonly [name: string, run: () => Promise<Check | readonly Check[]>]

/** What only who runs a server wants to know: a rider's package does not hold this file. */
export function serverChecks(config: Config, isServing: boolean): readonly Named[] {
  const dataDir = resolve(config.dataDir)
  return [
    ['data', () => checkDataFolder(dataDir)],
    ['database', async () => checkDatabase(await databaseOf(config, dataDir))],
    [
      'ports',
      async () =>
        isServing
          ? none('ports', 'A server is running here and holds its ports.')
          : await checkPorts({
              ...{ host: config.host, tcp: config.port, udp: config.udpPort ?? config.port, webrtc: config.webrtcPort },
            }),
    ],
  ]
}

async function databaseOf({ databaseUrl, store }: Config, dataDir: string): Promise<Database> {
  if (databaseUrl !== undefined) {
    const { hostname, port } = new URL(databaseUrl)
    return { kind: 'own', url: databaseUrl, canConnect: await canConnect(hostname, Number(port) || 5432) }
  }
  if (store === 'pglite') return { kind: 'embedded', why: 'GRUPPETTO_STORE asks for PGlite' }
  const engine = await findEngine(join(dataDir, 'postgres'))
  return { kind: 'embedded', why: engine.ok ? '' : engine.why }
}

export function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host, port, timeout: 3000 })
    const end = (isThere: boolean) => (): void => {
      socket.destroy()
      done(isThere)
    }
    socket.once('connect', end(true))
    socket.once('error', end(false))
    socket.once('timeout', end(false))
  })
}
