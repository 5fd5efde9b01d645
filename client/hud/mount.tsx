import { batch, signal } from '@preact/signals'
import { render } from 'preact'
import { HudView, type HudSignals } from './hud.tsx'
import './hud.css'
import { createHudRoad, createRoadAhead } from './hud-road.ts'
import type { Heading, Hud, HudOptions, HudState } from './hud-types.ts'
import { createLap, createOutline, type Lap } from './lap.ts'
import { airFigures, createHudModel, type HudFigures } from './model.ts'

/** Puts the HUD into `root`, over the canvas; `sample` it four to ten times a second, never per frame. `H` hides it. */
export function mountHud(root: HTMLElement, options: HudOptions): Hud {
  const { course, network, mapName } = options
  const first = createHudRoad(course, network, network.routes[0]?.id ?? '')
  const model = createHudModel(first)
  const signals = createSignals(createLap(course.columns, first))
  const outline = createOutline(course.columns, network)
  root.classList.add('hud')
  render(<HudView signals={signals} outline={outline} mapName={mapName} />, root)

  let headed = ''
  const head = ({ routeId, leg, way, wayAhead }: Heading): void => {
    const { lapLeg = 0 } = network.routes.find(({ id }) => id === routeId) ?? {}
    const key = routeId === '' ? `${way} ${wayAhead}` : `${routeId} ${leg <= lapLeg}`
    if (key === headed) return
    headed = key
    const road =
      routeId === '' ? createRoadAhead(course, network, way, wayAhead) : createHudRoad(course, network, routeId, leg)
    model.setRoad(road)
    signals.road.value = createLap(course.columns, road)
  }

  const onKey = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() !== 'h' || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [contenteditable]'))
      return
    root.hidden = !root.hidden
  }
  addEventListener('keydown', onKey)

  return {
    sample: (sample) => {
      if (sample.heading !== undefined) head(sample.heading)
      const figures = model.sample(sample.riders, sample.roster, sample.timeS, sample)
      batch(() => {
        for (const key of TEXTS) signals[key].value = figures[key]
        keep(signals.nearby, figures.nearby)
        keep(signals.markers, figures.markers)
        keep(signals.connection, sample.connection)
        keep(signals.trainer, sample.trainer)
        keep(signals.air, airFigures(sample.forces))
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

function createSignals(road: Lap): HudSignals {
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
    road: signal(road),
    air: signal(airFigures(undefined)),
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
