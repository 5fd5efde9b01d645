import { homedir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { openAnt } from '#bridges/ant/main'
import { BleCarrier } from '#bridges/ble/carrier'
import { openRadio, thisHost } from '#bridges/ble/main'
import { DirconClient } from '#bridges/dircon/client'
import { findTrainers } from '#bridges/dircon/discovery'
import type { GattCarrier } from '#bridges/core/gatt'
import { type CarrierEvents, RideBridge } from '#bridges/ride-bridge'
import { FileMemory } from '#bridges/rider-memory'
import { ServerDoor } from '#bridges/server-door'
import { spokenWish } from '#bridges/spoken'
import { Uplink } from '#bridges/uplink'
import { systemClock } from '#server/clock'
import { type Command, type Invocation, UsageError } from './command.ts'

const FIND_MS = 3000
const DIRCON_PORT = 36_866

type MakeCarrier = (events: CarrierEvents) => GattCarrier

export const command: Command = {
  name: 'bridge',
  summary: 'your legs: connects to a trainer, sends its watts to the server, brings the road back into the pedals',
  options: [
    {
      name: 'dircon',
      value: 'HOST:PORT',
      summary: 'a trainer on the network, port 36866 unless given; `find` asks for one by mDNS',
    },
    { name: 'ble', summary: 'trainers and sensors by Bluetooth (optional package)' },
    { name: 'ant', summary: 'a trainer by ANT+ stick (optional package, key in GRUPPETTO_ANT_KEY)' },
    { name: 'device', value: 'TEXT', summary: 'with --ble: only devices whose name contains this' },
    { name: 'server', value: 'URL', summary: 'where to ride', default: 'http://localhost:8214' },
    { name: 'name', value: 'NAME', summary: 'name of a new rider' },
    { name: 'mass', value: 'KG', summary: 'body mass of a new rider' },
    { name: 'height', value: 'M', summary: 'body height of a new rider' },
    { name: 'code', value: 'CODE', summary: 'be the legs of a rider who is there: six characters from the page' },
    { name: 'route', value: 'ID', summary: 'a route of the map to ride along, from where the rider is' },
    { name: 'difficulty', value: 'SHARE', summary: "share of the road's grade in the pedals, 0 to 1", default: '1' },
    { name: 'state', value: 'FILE', summary: 'remembers the rider, to resume; ~/.gruppetto/bridge.json by default' },
  ],
  details: [
    'Killed and started again, it resumes the same rider, whose secret per server is in the --state file. It opens no port.',
    'It prints an address at which you see yourself ride. Ctrl-C sets the trainer to the flat and leaves.',
    'While it runs, a line typed is a wish: left, straight, right, back (or l, s, r, b), none, route ID.',
    'Examples:',
    '  gruppetto bridge --dircon 192.168.1.40:36866 --name Ada --mass 62 --height 1.71',
    '  gruppetto bridge --ble --code K7RM2P',
  ].join('\n'),

  async run(invocation) {
    const { signal } = invocation
    const carriers = await carriersOf(invocation)
    if (carriers.length === 0) throw new UsageError('bridge needs a trainer: --dircon HOST:PORT, --ble or --ant.')
    const over = Promise.withResolvers<void>()
    signal.addEventListener('abort', () => over.resolve(), { once: true })
    if (signal.aborted) over.resolve()
    const bridge = new RideBridge({
      clock: systemClock,
      door: new ServerDoor(serverOf(invocation)),
      memory: new FileMemory(invocation.text('state') ?? join(homedir(), '.gruppetto', 'bridge.json')),
      newcomer: {
        name: invocation.text('name'),
        massKg: invocation.number('mass', { min: 30, max: 200 }),
        heightM: invocation.number('height', { min: 1, max: 2.5 }),
      },
      code: invocation.text('code'),
      difficulty: invocation.number('difficulty', { min: 0, max: 1 }) ?? 1,
      makeCarriers: (events) => carriers.map((make) => make(events)),
      makeUplink: (events) => new Uplink(events),
      onOver: () => over.resolve(),
      say: (sentence) => invocation.say(sentence),
    })
    const routeId = invocation.text('route')
    if (routeId !== undefined) wishOf(`route ${routeId}`, bridge, invocation)
    const stopListening = listen((line) => wishOf(line, bridge, invocation))
    bridge.start()
    await over.promise
    stopListening()
    await bridge.stop()
    return signal.aborted ? 0 : 1
  },
}

/** Lines typed, one by one; nothing is read where nobody types. */
function listen(onLine: (line: string) => void): () => void {
  if (!process.stdin.isTTY) return () => {}
  const lines = createInterface({ input: process.stdin })
  lines.on('line', onLine)
  return () => lines.close()
}

function wishOf(line: string, bridge: RideBridge, invocation: Invocation): void {
  const wish = spokenWish(line)
  if (wish === undefined) return
  if ('complaint' in wish) invocation.say(wish.complaint)
  else bridge.wish(wish)
}

function serverOf(invocation: Invocation): URL {
  const text = invocation.text('server') ?? 'http://localhost:8214'
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new UsageError(`--server ${text} is not an address like http://localhost:8214.`)
  return url
}

async function carriersOf(invocation: Invocation): Promise<readonly MakeCarrier[]> {
  const makers: MakeCarrier[] = []
  const dircon = invocation.text('dircon')
  if (dircon !== undefined) {
    const { host, port } = dircon === 'find' ? await found(invocation) : addressOf(dircon)
    makers.push((events) => new DirconClient({ ...events, host, port, clock: systemClock }))
  }
  if (invocation.flag('ble')) {
    const radio = await openRadio()
    if (!radio.ok) throw new UsageError(radio.sentence)
    const name = invocation.text('device')
    makers.push((events) => new BleCarrier({ ...events, adapter: radio.adapter, clock: systemClock, host: thisHost(), name }))
  }
  if (invocation.flag('ant')) {
    const ant = openAnt()
    if (!ant.ok) throw new UsageError(ant.sentence)
    makers.push((events) => ant.make({ ...events, clock: systemClock }))
  }
  return makers
}

/** `HOST`, `HOST:PORT`, `[IPv6]:PORT`. */
function addressOf(text: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:\s]+))(?::(\d{1,5}))?$/.exec(text)
  const port = Number(match?.[3] ?? DIRCON_PORT)
  if (match === null || port < 1 || port > 65_535)
    throw new UsageError(`--dircon ${text} is not HOST:PORT, as in 192.168.1.40:36866.`)
  return { host: match[1] ?? match[2]!, port }
}

async function found(invocation: Invocation): Promise<{ host: string; port: number }> {
  invocation.say('asking the local network for trainers')
  const trainers = await findTrainers(systemClock, FIND_MS)
  for (const trainer of trainers) invocation.say(`found ${trainer.name} at ${trainer.host}:${trainer.port}`)
  const first = trainers[0]
  if (first === undefined)
    throw new UsageError('no trainer answered on the local network; give its address as --dircon HOST:PORT.')
  return first
}
