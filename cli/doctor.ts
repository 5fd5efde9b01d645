import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { FileMemory } from '#bridges/rider-memory'
import { type Config, readConfig } from '#server/config'
import { stateFileOf } from './bridge/options.ts'
import { type Command, type Figure, UsageError } from './command.ts'
import { type Check, checkLines, none, runChecks } from './doctor/check.ts'
import { deviceChecks } from './doctor/devices.ts'
import { checkNode, checkPackages } from './doctor/machine.ts'
import { lookAtDevices } from './doctor/probes.ts'
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

const FOR_RIDERS = [
  ['@stoprocent/noble', 'Bluetooth in gruppetto bridge'],
  ['ant-plus', 'ANT+ in gruppetto bridge'],
] as const
const FOR_SERVERS = [
  ['node-datachannel', 'WebRTC for browsers'],
  ['sodium-native', 'faster seals for many riders'],
] as const

/** Of a clone alone: a rider's package has no server whose machine this could be. */
const SERVER_CHECKS = new URL('./doctor/server-machine.ts', import.meta.url)
const isClone = existsSync(SERVER_CHECKS)

export const command: Command = {
  name: 'doctor',
  summary: 'say what reaches what, and what to do about the rest',
  positionals: ['URL?'],
  options: [
    { name: 'no-machine', summary: 'only the way to the server, nothing about this machine' },
    { name: 'no-server', summary: 'only this machine and its devices' },
    { name: 'no-devices', summary: 'nothing about trainers and sensors' },
    { name: 'state', value: 'FILE', summary: "the bridge's memory of devices; ~/.gruppetto/bridge.json by default" },
  ],
  details: [
    'Without a URL the server of this machine is meant (GRUPPETTO_PORT, 8214). Run it where riders are, not beside the server:',
    'from there it sees what they see. Nothing is changed; for two seconds it looks on from a pacer’s wheel.',
    'Marks: ✓ good, ! works but could be better, ✗ broken, · nothing to look at. Exit code 1 when anything is broken.',
    'Examples:',
    '  gruppetto doctor',
    '  gruppetto doctor https://club.example --no-machine',
  ].join('\n'),

  async run(invocation) {
    const { positionals, flag, say, isJson } = invocation
    const config = readConfig()
    const last = isClone ? undefined : await new FileMemory(stateFileOf(invocation)).lastServer()
    const named = positionals[0] ?? last
    const server = serverOf(named, config)
    const checks: Check[] = []
    const tell = (check: Check): void => {
      checks.push(check)
      for (const line of checkLines(check)) say(line)
    }
    let isServing = false
    // A rider's package has no server of its own that could be meant.
    if (!flag('no-server') && !isClone && named === undefined)
      tell(none('http', 'No server was named: gruppetto doctor URL looks at the way there, too.'))
    else if (!flag('no-server')) {
      say(`The way to ${server.origin}`)
      isServing = await lookAtServer(
        { server, version: versionHere(), nowMs: () => performance.now(), wallMs: () => Date.now() },
        tell,
      )
    }
    if (!flag('no-machine')) {
      say(flag('no-server') ? 'This machine' : '\nThis machine')
      await runChecks(await machineChecks(config, isServing && isLoopback(server.hostname)), tell)
    }
    if (!flag('no-machine') && !flag('no-devices')) {
      say('\nYour devices')
      // Where no server is there or meant, nobody says which page a browser shall trust.
      const pageOrigin = isServing || named !== undefined ? server.origin : undefined
      const look = lookAtDevices({ stateFile: stateFileOf(invocation), pageOrigin })
      await runChecks([['devices', async () => deviceChecks(await look)]], tell)
    }
    const broken = checks.filter(({ level }) => level === 'bad')
    const failures = broken.map(({ words, remedy }) => `${words} ${remedy}`)
    if (!isJson) {
      say(`\n${summary(checks)}`)
      return broken.length > 0 ? 1 : 0
    }
    const figures: Record<string, Figure> = {}
    for (const [key, { level, words, remedy }] of keysOf(checks))
      figures[key] = { value: remedy === '' ? words : `${words} ${remedy}`, unit: level }
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

async function machineChecks(config: Config, isServing: boolean): Promise<readonly Named[]> {
  const require = createRequire(import.meta.url)
  const has = (name: string): boolean => {
    try {
      require.resolve(name)
      return true
    } catch {
      return false
    }
  }
  const optional = isClone ? [...FOR_SERVERS, ...FOR_RIDERS] : FOR_RIDERS
  const ofServers = isClone
    ? ((await import(SERVER_CHECKS.href)) as typeof import('./doctor/server-machine.ts'))
    : undefined
  return [
    ['node', async () => checkNode(process.versions.node, !isClone || process.features.typescript !== false)],
    ['packages', async () => checkPackages(optional.map(([name, gives]) => ({ name, gives, isThere: has(name) })))],
    ...(ofServers?.serverChecks(config, isServing) ?? []),
  ]
}

export function serverOf(text: string | undefined, { port }: Pick<Config, 'port'>): URL {
  if (text === undefined) return new URL(`http://localhost:${port}`)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new UsageError(`"${text}" is not an address like https://club.example or http://192.168.1.20:8214`)
  return url
}

/** In `--json` a line's name is its key; of two with one name the second and later are numbered. */
function keysOf(checks: readonly Check[]): readonly (readonly [key: string, check: Check])[] {
  const seen = new Map<string, number>()
  return checks.map((check) => {
    const count = (seen.get(check.name) ?? 0) + 1
    seen.set(check.name, count)
    return [count === 1 ? check.name : `${check.name}${count}`, check]
  })
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
