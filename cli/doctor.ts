import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { join, resolve } from 'node:path'
import { type Config, readConfig } from '#server/config'
import { findEngine } from '#server/store/embedded'
import { type Command, type Figure, UsageError } from './command.ts'
import { type Check, checkLines, none, runChecks } from './doctor/check.ts'
import {
  checkAnt,
  checkBle,
  checkDatabase,
  checkDataFolder,
  checkNode,
  checkPackages,
  checkPorts,
  readRadio,
  readUsb,
} from './doctor/machine.ts'
import {
  askGrant,
  askReach,
  checkAdvertised,
  checkClock,
  checkHttp,
  checkIpv6,
  checkOrigins,
  checkProtocol,
  checkTls,
  checkUdp,
  checkWebRtc,
  checkWebSocket,
  isLoopback,
  type Remote,
} from './doctor/remote.ts'

type Named = readonly [name: string, run: () => Promise<Check | readonly Check[]>]

const OPTIONAL = [
  ['node-datachannel', 'WebRTC for browsers'],
  ['sodium-native', 'faster seals for many riders'],
  ['@stoprocent/noble', 'Bluetooth in gruppetto bridge'],
  ['ant-plus', 'ANT+ in gruppetto bridge'],
] as const

export const command: Command = {
  name: 'doctor',
  summary: 'say what reaches what, and what to do about the rest',
  positionals: ['URL?'],
  options: [
    { name: 'no-machine', summary: 'only the way to the server, nothing about this machine' },
    { name: 'no-server', summary: 'only this machine' },
  ],
  details: [
    'Without a URL the server of this machine is meant (GRUPPETTO_PORT, 8214). Run it where riders are, not beside the server:',
    'from there it sees what they see. Nothing is changed; for two seconds it looks on from a pacer’s wheel.',
    'Marks: ✓ good, ! works but could be better, ✗ broken, · nothing to look at. Exit code 1 when anything is broken.',
    'Examples:',
    '  gruppetto doctor',
    '  gruppetto doctor https://club.example --no-machine',
  ].join('\n'),

  async run({ positionals, flag, say, isJson }) {
    const config = readConfig()
    const server = serverOf(positionals[0], config)
    const checks: Check[] = []
    const tell = (check: Check): void => {
      checks.push(check)
      for (const line of checkLines(check)) say(line)
    }
    let isServing = false
    if (!flag('no-server')) {
      say(`The way to ${server.origin}`)
      isServing = await lookAtServer(
        { server, version: versionHere(), nowMs: () => performance.now(), wallMs: () => Date.now() },
        tell,
      )
    }
    if (!flag('no-machine')) {
      say(flag('no-server') ? 'This machine' : '\nThis machine')
      await runChecks(machineChecks(config, isServing && isLoopback(server.hostname)), tell)
    }
    const broken = checks.filter(({ level }) => level === 'bad')
    const failures = broken.map(({ words, remedy }) => `${words} ${remedy}`)
    if (!isJson) {
      say(`\n${summary(checks)}`)
      return broken.length > 0 ? 1 : 0
    }
    const figures: Record<string, Figure> = {}
    for (const { name, level, words, remedy } of checks)
      figures[name] = { value: remedy === '' ? words : `${words} ${remedy}`, unit: level }
    return { ok: broken.length === 0, figures, failures }
  },
}

/** Answers whether a server of ours is there. */
export async function lookAtServer(remote: Remote, tell: (check: Check) => void): Promise<boolean> {
  const { check, health } = await checkHttp(remote)
  tell(check)
  if (health === undefined) {
    await runChecks([['ipv6', () => checkIpv6(remote)]], tell)
    return false
  }
  const protocol = checkProtocol(remote, health)
  for (const each of protocol) tell(each)
  await runChecks(
    [
      ['tls', async () => checkTls(remote)],
      ['origins', () => checkOrigins(remote)],
      ['ipv6', () => checkIpv6(remote)],
    ],
    tell,
  )
  if (protocol.some(({ level }) => level === 'bad')) return true // Nothing behind this door speaks our language.
  const askedMs = remote.wallMs()
  const reach = await askReach(remote)
  const answeredMs = remote.wallMs()
  if (reach === undefined) {
    tell(none('reach', 'The server is not ready to say what there is to reach.'))
    return true
  }
  tell(checkClock(reach, askedMs, answeredMs))
  tell(checkAdvertised(remote, reach))
  const lines: Named[] = [
    ['udp', () => withGrant(remote, (grant) => checkUdp(remote, grant))],
    ['webrtc', () => withGrant(remote, (grant) => checkWebRtc(remote, grant, reach))],
    ['websocket', () => withGrant(remote, (grant) => checkWebSocket(remote, grant))],
  ]
  await runChecks(lines, tell)
  return true
}

type Grants = Awaited<ReturnType<typeof askGrant>>

/** A token opens one session: each line asks for its own. */
async function withGrant(remote: Remote, use: (grant: NonNullable<Grants['grant']>) => Promise<Check>): Promise<Check> {
  const { check, grant } = await askGrant(remote)
  return grant === undefined ? check : await use(grant)
}

function machineChecks(config: Config, isServing: boolean): readonly Named[] {
  const require = createRequire(import.meta.url)
  const has = (name: string): boolean => {
    try {
      require.resolve(name)
      return true
    } catch {
      return false
    }
  }
  const dataDir = resolve(config.dataDir)
  return [
    ['node', async () => checkNode(process.versions.node, process.features.typescript !== false)],
    ['packages', async () => checkPackages(OPTIONAL.map(([name, gives]) => ({ name, gives, isThere: has(name) })))],
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
    ['bluetooth', async () => checkBle(await readRadio(process.platform), has('@stoprocent/noble'))],
    [
      'ant',
      async () =>
        checkAnt(await readUsb(process.platform), has('ant-plus'), (process.env['GRUPPETTO_ANT_KEY'] ?? '') !== ''),
    ],
  ]
}

async function databaseOf({ databaseUrl, store }: Config, dataDir: string) {
  if (databaseUrl !== undefined) {
    const { hostname, port } = new URL(databaseUrl)
    return { kind: 'own', url: databaseUrl, canConnect: await canConnect(hostname, Number(port) || 5432) } as const
  }
  if (store === 'pglite') return { kind: 'embedded', why: 'GRUPPETTO_STORE asks for PGlite' } as const
  const engine = await findEngine(join(dataDir, 'postgres'))
  return { kind: 'embedded', why: engine.ok ? '' : engine.why } as const
}

function canConnect(host: string, port: number): Promise<boolean> {
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

export function serverOf(text: string | undefined, { port }: Pick<Config, 'port'>): URL {
  if (text === undefined) return new URL(`http://localhost:${port}`)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new UsageError(`"${text}" is not an address like https://club.example or http://192.168.1.20:8214`)
  return url
}

function versionHere(): string {
  return (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version
}

function summary(checks: readonly Check[]): string {
  const count = (level: Check['level']): number => checks.filter((check) => check.level === level).length
  const [broken, better] = [count('bad'), count('warning')]
  if (broken > 0) return `${broken === 1 ? 'One thing is' : `${broken} things are`} broken; the arrows say what to do.`
  if (better > 0) return `It works; ${better === 1 ? 'one thing' : `${better} things`} could be better.`
  return 'All is well.'
}
