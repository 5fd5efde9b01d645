import type { BridgeState } from '#bridges/bridge-state'
import { plainText } from '#bridges/core/text'
import type { DeviceState, Level } from '#bridges/core/devices'
import { wrapLine } from '../wrap.ts'

/** What a running bridge shows in a terminal, as text: pure, so that a test can read it. One line per device, live. */
const MARKS: Readonly<Record<Level, string>> = { good: '●', working: '◌', bad: '✗' }
const CARRIERS = { bluetooth: 'Bluetooth', network: 'network', ant: 'ANT+', simulated: 'simulated' } as const
const NAME_MAX = 24
/** Watts, cadence and heart: so that words stand still when a value comes or goes. */
const LIVE_MIN = 24
/** Narrower, and words stand one below the other. */
const WORDS_MIN = 24

export function screenLines({ legs, server, riderName }: BridgeState, width: number): string[] {
  const rows: { level: Level; name: string; live: string; words: string }[] = []
  const row = (level: Level, name: string, live: string, words: string): void => {
    rows.push({ level, name: plainText(name).slice(0, NAME_MAX), live: plainText(live), words: plainText(words) })
  }
  for (const device of legs.devices) row(device.level, device.name, liveOf(device), wordsOf(device))
  if (legs.devices.length === 0)
    row(
      'working',
      'no device',
      '',
      'turn the pedals: sensors sleep until somebody moves them; if none comes, gruppetto doctor says why',
    )
  const { trainer, calibration } = legs
  if (trainer !== undefined) {
    const gear = trainer.gear === undefined ? '' : `gear ${trainer.gear}`
    row(trainer.level, 'trainer', gear, trainer.words)
  }
  if (calibration !== undefined) {
    const speed = calibration.speedKmh === undefined ? '' : `${calibration.speedKmh.toFixed(1)} km/h`
    row(calibration.level, 'calibration', speed, calibration.words)
  }
  row(server.level, 'server', riderName ?? '', server.words)
  const nameWidth = Math.max(6, ...rows.map(({ name }) => name.length))
  const liveWidth = Math.max(legs.devices.length === 0 ? 0 : LIVE_MIN, ...rows.map(({ live }) => live.length))
  return rows.flatMap(({ level, name, live, words }) => {
    const left = `${MARKS[level]} ${name.padEnd(nameWidth)}  ${liveWidth === 0 ? '' : `${live.padEnd(liveWidth)}  `}`
    return words === '' ? [left.trimEnd()] : wordsBeside(left, words, width)
  })
}

/** In a column of their own where it has room for words, else below, so that none is cut. */
function wordsBeside(left: string, words: string, width: number): string[] {
  const room = width - left.length
  if (room >= WORDS_MIN) {
    const [first = '', ...rest] = wrapLine(words, room)
    return [`${left}${first}`, ...rest.map((line) => `${' '.repeat(left.length)}${line}`)]
  }
  return [left.trimEnd().slice(0, width), ...wrapLine(words, width - 4).map((line) => `    ${line}`.slice(0, width))]
}

function wordsOf({ carrier, words, batteryPercent }: DeviceState): string {
  const battery = batteryPercent === undefined ? '' : `, battery ${batteryPercent} %`
  return `${CARRIERS[carrier]}: ${words}${battery}`
}

function liveOf({ powerW, cadenceRpm, heartRateBpm }: DeviceState): string {
  const cell = (value: number | undefined, unit: string): string =>
    value === undefined ? '' : `${String(Math.round(value)).padStart(3)} ${unit}`
  return [cell(powerW, 'W'), cell(cadenceRpm, 'rpm'), cell(heartRateBpm, 'bpm')]
    .filter((part) => part !== '')
    .join('  ')
}

/** In one line, for a log; '' when nobody rides. */
export function summaryLine({ legs }: BridgeState): string {
  const of = (quantity: 'powerW' | 'cadenceRpm' | 'heartRateBpm'): number | undefined => {
    const { deviceId } = legs.sources.find((source) => source.quantity === quantity) ?? {}
    return legs.devices.find(({ id }) => id === deviceId)?.[quantity]
  }
  const live = [
    [of('powerW'), 'W'],
    [of('cadenceRpm'), 'rpm'],
    [of('heartRateBpm'), 'bpm'],
  ].flatMap(([value, unit]) => (value === undefined ? [] : [`${Math.round(Number(value))} ${unit}`]))
  if (live.length === 0) return ''
  return [...live, ...(legs.trainer === undefined ? [] : [legs.trainer.words])].join(', ')
}
