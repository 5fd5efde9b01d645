import { expect, test } from 'vitest'
import type { BridgeState } from '#bridges/bridge-state'
import type { DeviceState } from '#bridges/core/devices'
import { plainText } from '#bridges/core/text'
import { LiveBlock } from './live-block.ts'
import { screenLines } from './screen.ts'

const TRAINER: DeviceState = {
  ...{ id: 'dircon:a', name: 'Trainer One', carrier: 'network', source: 'trainer', level: 'good' },
  ...{ words: 'power, cadence, resistance', isTrainer: true, canCalibrate: true, powerW: 219.6, cadenceRpm: 90 },
}
const STRAP: DeviceState = {
  ...{ id: 'ble:b', name: 'Heart strap', carrier: 'bluetooth', source: 'strap', level: 'working' },
  ...{ words: 'heart rate', isTrainer: false, canCalibrate: false, batteryPercent: 80, heartRateBpm: 141 },
}
const STATE: BridgeState = {
  legs: {
    devices: [TRAINER, STRAP],
    sources: [],
    trainer: { mode: 'sim', words: 'the road, 4.2 %', level: 'good', difficulty: 1, gear: 12 },
  },
  riderName: 'Ada',
  server: { level: 'good', words: 'Connected to the server.' },
  said: [],
}

test('[B119] the terminal shows one line per device with its live values, its carrier and its battery', () => {
  expect(screenLines(STATE, 120)).toEqual([
    '● Trainer One  220 W   90 rpm            network: power, cadence, resistance',
    '◌ Heart strap  141 bpm                   Bluetooth: heart rate, battery 80 %',
    '● trainer      gear 12                   the road, 4.2 %',
    '● server       Ada                       Connected to the server.',
  ])
  expect(screenLines({ ...STATE, legs: { devices: [], sources: [] } }, 60)[0]).toMatch(/^◌ no device .*turn the/)
  for (const line of screenLines(STATE, 40)) expect(line.length).toBeLessThanOrEqual(40)
})

test('[B153] words that have no room in their line go on in the next; none is cut', () => {
  expect(screenLines(STATE, 70).slice(0, 2)).toEqual([
    '● Trainer One  220 W   90 rpm            network: power, cadence,',
    '                                         resistance',
  ])
  for (const width of [40, 60, 79]) {
    const read = screenLines(STATE, width).join(' ').replaceAll(/ +/g, ' ')
    expect(read).toContain('network: power, cadence, resistance')
    expect(read).toContain('Bluetooth: heart rate, battery 80 %')
  }
  const nothing = screenLines({ ...STATE, legs: { devices: [], sources: [] } }, 79)
  expect(nothing.join(' ').replaceAll(/ +/g, ' ')).toMatch(/moves them; if none comes, gruppetto doctor says why/)
})

/** What a person would see: a terminal that knows lines, up, and erasing below. */
class Terminal {
  readonly columns = 80
  readonly rows = 24
  lines: string[] = ['']
  row = 0
  written = 0

  write(text: string): void {
    this.written++
    const visible = text.replaceAll('\u001b', '␛')
    for (const [part] of visible.matchAll(/␛\[(\d+)([AJ])|\r|\n|[^␛\r\n]+/g)) {
      if (part === '\n') {
        this.row++
        this.lines[this.row] ??= ''
      } else if (part === '\r') continue
      else if (part.startsWith('␛') && part.endsWith('A')) this.row -= Number.parseInt(part.slice(2), 10)
      else if (part.startsWith('␛')) this.lines.splice(this.row, this.lines.length, '')
      else this.lines[this.row] = part
    }
  }
}

test('[B119] the block is drawn in place, sentences go by above it, and the line that is typed stays below', () => {
  const terminal = new Terminal()
  const typed = { text: '> ' }
  const block = new LiveBlock(terminal, { redraw: () => terminal.write(`\r${typed.text}`) })
  block.show(['a 1', 'b 1'])
  block.say('found a')
  typed.text = '> rou'
  block.show(['a 2', 'b 1', 'c 1'])
  expect(terminal.lines).toEqual(['found a', 'a 2', 'b 1', 'c 1', '> rou'])
  const { written } = terminal
  block.show(['a 2', 'b 1', 'c 1'])
  expect(terminal.written).toBe(written)
  // Enter: the terminal goes on to the next line by itself.
  terminal.write('\n')
  typed.text = '> '
  block.entered()
  expect(terminal.lines).toEqual(['found a', 'a 2', 'b 1', 'c 1', '> '])
  block.clear()
  expect(terminal.lines).toEqual(['found a', ''])
})

test('[B145] words of devices and servers are words: nothing of them moves the cursor, ends a line or turns the writing round', () => {
  const evil = 'A\u001b]0;evil\u0007\u009b2J\nserver: fine\u202e'
  const lines = screenLines(
    {
      ...STATE,
      legs: { ...STATE.legs, devices: [{ ...TRAINER, name: evil }] },
      riderName: evil,
      server: { level: 'good', words: evil },
    },
    200,
  )
  expect(lines).toHaveLength(3)
  expect(lines.join('')).not.toMatch(/[\p{Cc}\u202e]/u)
  expect(plainText(evil)).toBe('A ]0;evil 2J server: fine')
})
