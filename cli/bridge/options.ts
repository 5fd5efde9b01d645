import { homedir } from 'node:os'
import { join } from 'node:path'
import { type Invocation, type Option, UsageError } from '../command.ts'

/** What `bridge` and `ride` both take. */
export const LEGS_OPTIONS: readonly Option[] = [
  {
    name: 'dircon',
    value: 'HOST:PORT',
    summary: 'only a trainer on the network, port 36866 unless given; `find` asks for one by mDNS',
  },
  { name: 'ble', summary: 'only trainers and sensors by Bluetooth (optional package)' },
  { name: 'ant', summary: 'only trainers and sensors by ANT+ stick (optional package, key in GRUPPETTO_ANT_KEY)' },
  {
    name: 'ant-device',
    value: 'NUMBER',
    summary: 'with ANT+: this one of its kind; 34211 is a trainer or power meter, 120.77 a strap',
    repeated: true,
  },
  { name: 'ant-stick', value: 'PLACE', summary: 'with ANT+: only this stick, by its place (1-2.3) or product (1009)' },
  {
    name: 'buttons',
    value: 'HOST:PORT',
    summary: 'levers on the network that speak OpenBikeControl; `find` takes the first that answers by mDNS',
  },
  { name: 'device', value: 'TEXT', summary: 'only devices whose name contains this' },
  { name: 'new', summary: 'take new devices, too, beside those of other days' },
  {
    name: 'forget',
    value: 'NAME',
    summary: 'know a device of other days no more (`all` for all), and end',
    repeated: true,
  },
  { name: 'name', value: 'NAME', summary: 'name of a new rider' },
  { name: 'mass', value: 'KG', summary: 'body mass of a new rider' },
  { name: 'height', value: 'M', summary: 'body height of a new rider' },
  { name: 'route', value: 'ID', summary: 'a route of the map to ride along, from where the rider is' },
  { name: 'difficulty', value: 'SHARE', summary: "share of the road's grade in the pedals, 0 to 1", default: '1' },
  { name: 'workout', value: 'FILE', summary: 'ride a workout: JSON, docs/trainers.md says how it is written' },
  { name: 'state', value: 'FILE', summary: 'remembers rider and devices; ~/.gruppetto/bridge.json by default' },
  { name: 'record', value: 'FILE', summary: 'keep every byte that devices say and are told, for a bug report' },
  {
    name: 'play',
    value: 'FILE',
    summary: 'in the place of devices: such a file, or the raw stream of an ANT+ stick (.cap)',
  },
  { name: 'speed', value: 'N', summary: 'with --play: so many times as fast', default: '1' },
  { name: 'page-port', value: 'N', summary: "where the bridge's own page is, on 127.0.0.1", default: '8215' },
  { name: 'no-page', summary: 'no page of its own: open no port' },
]

export function stateFileOf(invocation: Invocation): string {
  return invocation.text('state') ?? join(homedir(), '.gruppetto', 'bridge.json')
}

export function webAddress(text: string, what: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new UsageError(`${what} ${text} is not an address like http://localhost:8214.`)
  return url
}
