import type { BridgeState } from '#bridges/bridge-state'
import type { DeviceState, Level } from '#bridges/core/devices'

/** What a running bridge shows in a terminal, as text: pure, so that a test can read it. One line per device, live. */
const MARKS: Readonly<Record<Level, string>> = { good: '●', working: '◌', bad: '✗' }
const CARRIERS = { bluetooth: 'Bluetooth', network: 'network', ant: 'ANT+', simulated: 'simulated' } as const
const NAME_MAX = 24

export function screenLines({ legs, server, riderName }: BridgeState, width: number): string[] {
  const lines: string[] = []
  const nameWidth = Math.max(6, ...legs.devices.map(({ name }) => Math.min(name.length, NAME_MAX)))
  const row = (level: Level, name: string, live: string, words: string): void => {
    lines.push(
      `${MARKS[level]} ${name.slice(0, NAME_MAX).padEnd(nameWidth)}  ${live.padEnd(24)}  ${words}`
        .slice(0, width)
        .trimEnd(),
    )
  }
  for (const device of legs.devices) row(device.level, device.name, liveOf(device), wordsOf(device))
  if (legs.devices.length === 0)
    row('working', 'no device', '', 'turn the pedals: sensors sleep until somebody moves them')
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
  return lines
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
