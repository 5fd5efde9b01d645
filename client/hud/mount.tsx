import { batch, signal } from '@preact/signals'
import { render } from 'preact'
import { HudView, type HudSignals } from './hud.tsx'
import './hud.css'
import { createHudRoad } from './hud-road.ts'
import type { Hud, HudOptions, HudState } from './hud-types.ts'
import { createLap } from './lap.ts'
import { createHudModel, type HudFigures } from './model.ts'

/** Puts the HUD into `root`, over the canvas; `sample` it four to ten times a second, never per frame. `H` hides it. */
export function mountHud(root: HTMLElement, options: HudOptions): Hud {
  const { course, network, routeId, mapName } = options
  const road = createHudRoad(course, network, routeId)
  const model = createHudModel(road)
  const signals = createSignals()
  root.classList.add('hud')
  render(<HudView signals={signals} lap={createLap(course.columns, network, road)} mapName={mapName} />, root)

  const onKey = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() !== 'h' || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [contenteditable]'))
      return
    root.hidden = !root.hidden
  }
  addEventListener('keydown', onKey)

  return {
    sample: (sample) => {
      const figures = model.sample(sample.riders, sample.roster, sample.timeS, sample)
      batch(() => {
        for (const key of TEXTS) signals[key].value = figures[key]
        keep(signals.nearby, figures.nearby)
        keep(signals.markers, figures.markers)
        keep(signals.connection, sample.connection)
        keep(signals.trainer, sample.trainer)
        keep(signals.chat, sample.chat ?? [])
        if (sample.race !== undefined) signals.lap.value = sample.race
        signals.camera.value = sample.camera
        signals.pairingCode.value = sample.pairingCode ?? ''
        signals.banner.value = sample.banner ?? ''
      })
    },
    setHidden: (isHidden) => {
      root.hidden = isHidden
    },
    dispose: () => {
      removeEventListener('keydown', onKey)
      render(null, root)
      root.classList.remove('hud')
    },
  }
}

const TEXTS = [
  'powerW',
  'power3sW',
  'wattsPerKg',
  'cadenceRpm',
  'heartRateBpm',
  'speedKmh',
  'gradePercent',
  'distanceKm',
  'elapsed',
  'climbedM',
  'lap',
] as const satisfies readonly (keyof HudFigures)[]

/** A list or a record that says the same as before is not a change. */
function keep<T>(target: { value: T }, next: T): void {
  if (JSON.stringify(target.value) !== JSON.stringify(next)) target.value = next
}

function text() {
  return signal('')
}

function state() {
  return signal<HudState>({ level: 'working', text: '' })
}

function createSignals(): HudSignals {
  return {
    powerW: text(),
    power3sW: text(),
    wattsPerKg: text(),
    cadenceRpm: text(),
    heartRateBpm: text(),
    speedKmh: text(),
    gradePercent: text(),
    distanceKm: text(),
    elapsed: text(),
    climbedM: text(),
    lap: text(),
    nearby: signal([]),
    markers: signal([]),
    connection: state(),
    trainer: state(),
    camera: text(),
    chat: signal([]),
    pairingCode: text(),
    banner: text(),
  }
}
