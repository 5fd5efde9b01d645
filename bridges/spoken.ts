import type { DeviceState, LegsCommand } from './core/devices.ts'

/** By their number, as physics counts them. */
const TURNS = [
  ['none', 'n'],
  ['left', 'l'],
  ['straight', 's'],
  ['right', 'r'],
  ['back', 'b'],
] as const

/** Words a rider types at the bridge, and what they do: for --help, and for `help`. */
export const SPOKEN: readonly (readonly [words: string, meaning: string])[] = [
  ['+ or -, +3', 'a harder or an easier gear; so many of them'],
  ['220', 'the trainer holds 220 W, whatever you pedal (erg: the watts of last time)'],
  ['road', 'the trainer follows the road again'],
  ['free', 'the trainer does nothing of its own'],
  ['resistance 40', 'a fixed resistance, in percent of what the trainer can'],
  ['difficulty 50', 'percent of a hill that you feel in the legs'],
  ['gears on, gears off', 'virtual gears'],
  ['left, straight, right, back, none', 'at the next junction (l, s, r, b, n)'],
  ['route ID, route', 'along a route of the map; along none'],
  ['calibrate NAME, stop', 'spin down the trainer; stop doing so'],
  ['forget NAME', 'let go of a device, and know it no more'],
  ['quit', 'set the trainer free and leave, as Ctrl-C does'],
]

export type Spoken =
  | { readonly kind: 'turn'; readonly turn: number }
  | { readonly kind: 'route'; readonly routeId: string }
  | { readonly kind: 'legs'; readonly commands: readonly LegsCommand[] }
  | { readonly kind: 'help' }
  | { readonly kind: 'quit' }
  | { readonly kind: 'complaint'; readonly sentence: string }

type Named = Pick<DeviceState, 'id' | 'name' | 'canCalibrate'>

/** A line typed at a bridge: what it asks, or why it asks nothing; undefined for an empty one. */
export function spoken(line: string, devices: readonly Named[]): Spoken | undefined {
  // "mode erg" as well as "erg".
  const text = line
    .trim()
    .toLowerCase()
    .replace(/^mode (?=erg|road|sim|free|resistance)/, '')
  if (text === '') return undefined
  const [word = '', ...rest] = text.split(/\s+/)
  if (rest.length === 0) {
    const turn = TURNS.findIndex((names) => names.some((name) => name === word))
    if (turn >= 0) return { kind: 'turn', turn }
    if (word === 'help' || word === '?') return { kind: 'help' }
    if (word === 'quit' || word === 'q' || word === 'exit') return { kind: 'quit' }
    if (word === 'harder') return legs({ ask: 'shift', by: 1 })
    if (word === 'easier') return legs({ ask: 'shift', by: -1 })
    if (word === 'erg') return legs({ ask: 'mode', mode: 'erg' })
    if (word === 'road' || word === 'sim') return legs({ ask: 'mode', mode: 'sim' })
    if (word === 'free') return legs({ ask: 'mode', mode: 'free' })
    if (word === 'stop') return legs({ ask: 'stop-calibrating' })
  }
  const shift = /^(?:shift )?([+-])(\d{0,2})$/.exec(text)
  if (shift !== null) return legs({ ask: 'shift', by: Number(`${shift[1]}${shift[2] === '' ? '1' : shift[2]}`) })
  const watts = /^(?:watts |erg |target )?(\d{1,4})(?: ?w)?$/.exec(text)
  if (watts !== null) return legs({ ask: 'mode', mode: 'erg' }, { ask: 'target', targetW: Number(watts[1]) })
  const share = /^(difficulty|resistance) (\d{1,3})(?: ?%)?$/.exec(text)
  if (share !== null) {
    const part = Number(share[2]) / 100
    if (share[1] === 'difficulty') return legs({ ask: 'difficulty', share: part })
    return legs({ ask: 'mode', mode: 'resistance' }, { ask: 'resistance', share: part })
  }
  if (text === 'gears on' || text === 'gears off') return legs({ ask: 'gears', isOn: text === 'gears on' })
  if (word === 'route' && rest.length <= 1) {
    // Ids of routes are as the map has them, great and small.
    const routeId = line.trim().split(/\s+/)[1] ?? ''
    if (/^[\x21-\x7e]{0,64}$/.test(routeId)) return { kind: 'route', routeId }
  }
  if (word === 'calibrate')
    return withDevice(
      'calibrate',
      rest.join(' '),
      devices.filter((each) => each.canCalibrate),
    )
  if (word === 'forget') return withDevice('forget', rest.join(' '), devices)
  return no(`"${line.trim().slice(0, 40)}" is no command; help says which there are`)
}

/** One of them by a part of its name; without a name the only one there is. */
function withDevice(ask: 'calibrate' | 'forget', name: string, devices: readonly Named[]): Spoken {
  const alike = devices.filter((each) => each.name.toLowerCase().includes(name))
  const [device] = alike
  if (device !== undefined && alike.length === 1) return legs({ ask, deviceId: device.id })
  const names = devices.map((each) => each.name).join(', ')
  if (devices.length === 0) return no(`nothing is here to ${ask}`)
  return no(`${ask} which one? there are ${names}`)
}

const legs = (...commands: readonly LegsCommand[]): Spoken => ({ kind: 'legs', commands })
const no = (sentence: string): Spoken => ({ kind: 'complaint', sentence })
