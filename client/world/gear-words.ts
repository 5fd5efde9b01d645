import type { OwnGear } from '#protocol/own'
import { SOURCES, type SourceName, TRAINER_MODES } from '#protocol/rider-wish'

const DEVICES: Readonly<Record<SourceName, string>> = {
  none: '',
  'power-meter': 'a power meter',
  'cadence-sensor': 'a cadence sensor',
  strap: 'a strap',
  trainer: 'the trainer',
  controls: 'controls',
}

/** What the end that gives the legs does, for who looks on; it may have said nothing yet. In 64 characters, for the picture cuts. */
export function gearWords({ trainerMode, targetW, powerSource, heartRateSource }: OwnGear): string {
  const power = DEVICES[SOURCES[powerSource] ?? 'none']
  const heart = DEVICES[SOURCES[heartRateSource] ?? 'none']
  const watts = power === '' ? 'Watts come from your bridge' : `Bridge: watts of ${power}`
  const mode = TRAINER_MODES[trainerMode]
  const drives = mode === 'road' ? ', the road' : mode === 'target' ? `, holding ${targetW} W` : ''
  return `${watts}${heart === '' || heart === power ? '' : `, heart of ${heart}`}${drives}`
}
