import { batch, effect } from '@preact/signals'
import { render } from 'preact'
import { HudView } from './hud.tsx'
import './hud.css'
import { airFigures } from './figures.ts'
import { createHudRoad, createRoadAhead } from './hud-road.ts'
import type { Heading, Hud, HudOptions } from './hud-types.ts'
import { createLap, createOutline } from './lap.ts'
import { createHudModel, type HudFigures } from './model.ts'
import { createNearMap } from './near-map.ts'
import { segmentFigures } from './segment-figures.ts'
import { fitness, hudSettings } from './settings.ts'
import { createSignals, keep, NUMBERS, TEXTS, type HudSignals } from './signals.ts'
import type { SegmentWatch } from '../world/segment-watch.ts'

/** The HUD with what the ride's page needs of it. */
export interface MountedHud extends Hud {
  readonly signals: HudSignals
  /** What was shown last. */
  readonly figures: HudFigures | undefined
  showSegments(watch: SegmentWatch, nowS: number, toM: (placeM: number) => number): void
}

/** Puts the HUD into `root`, over the canvas; `sample` it four to ten times a second, never per frame. */
export function mountHud(root: HTMLElement, options: HudOptions): MountedHud {
  const { course, network, mapName, body, isFilm } = options
  const first = createHudRoad(course, network, network.routes[0]?.id ?? '')
  const model = createHudModel(first, course, network, body)
  const signals = createSignals(createLap(course.columns, first, network))
  const outline = createOutline(course.columns, network)
  const nearMap = createNearMap(course.columns, network)
  let figures: HudFigures | undefined
  root.classList.add('hud')
  render(<HudView signals={signals} outline={outline} mapName={mapName} isFilm={isFilm} />, root)
  const stop = effect(() => {
    const { isFar, criticalW, wPrimeJ, friends } = hudSettings.value
    const { ftpW, maxHeartRateBpm } = fitness.value
    root.classList.toggle('is-far', isFar)
    root.classList.toggle('is-bare', signals.isBare.value)
    model.setTold({
      ...{ criticalW, wPrimeJ, friends },
      ...{ ftpW: ftpW ?? undefined, heartMaxBpm: maxHeartRateBpm ?? undefined },
    })
  })

  let headed = ''
  const head = ({ routeId, leg, way, wayAhead }: Heading): void => {
    const route = network.routes.find(({ id }) => id === routeId)
    const { lapLeg = 0 } = route ?? {}
    const key = routeId === '' ? `${way} ${wayAhead}` : `${routeId} ${leg <= lapLeg}`
    if (key === headed) return
    headed = key
    const road =
      routeId === '' ? createRoadAhead(course, network, way, wayAhead) : createHudRoad(course, network, routeId, leg)
    model.setRoad(road)
    nearMap.setRoute(new Set(route?.legs.map((one) => one.way) ?? [way, wayAhead]))
    signals.road.value = createLap(course.columns, road, network)
  }
  /** Where roads part next: the end of my way, where more than one leads on. */
  const junctionPlaceM = (way: number): number => {
    const { exits, endM } = network.ways[way] ?? { exits: [], endM: Infinity }
    return exits.length > 1 && endM < Infinity ? endM - 0.01 : -1
  }

  return {
    signals,
    get figures() {
      return figures
    },
    sample: (sample) => {
      if (sample.heading !== undefined) head(sample.heading)
      const now = model.sample(sample.riders, sample.roster, sample.timeS, sample)
      figures = now
      batch(() => {
        for (const key of TEXTS) signals[key].value = now[key]
        for (const key of NUMBERS) signals[key].value = now[key]
        signals.isZoneEstimated.value = now.isZoneEstimated
        keep(signals.groups, now.groups)
        keep(signals.nearby, now.nearby)
        keep(signals.markers, now.markers)
        keep(signals.connection, sample.connection)
        keep(signals.trainer, sample.trainer)
        keep(signals.air, airFigures(sample.forces))
        keep(signals.chat, sample.chat ?? [])
        if (sample.race !== undefined) signals.lap.value = sample.race
        signals.pairingCode.value = sample.pairingCode ?? ''
        signals.banner.value = sample.banner ?? ''
        signals.cheer.value = sample.cheer ?? ''
        if (sample.riders.count > 0) showPlace(sample.riders.placeM[0]!, sample.heading?.way ?? -1)
      })
    },
    showSegments: (watch, nowS, toM) => keep(signals.segment, segmentFigures(watch.now(nowS, toM), watch)),
    setHidden: (isHidden) => {
      signals.isBare.value = isHidden
    },
    dispose: () => {
      stop()
      render(null, root)
      root.classList.remove('hud', 'is-far', 'is-bare')
    },
  }

  function showPlace(placeM: number, way: number): void {
    const { x, y } = outline.spotOf(placeM)
    const deg = Math.round(nearMap.headingDeg(placeM) * 2) / 2
    keep(signals.spot, { x, y, deg, junction: junctionPlaceM(way) })
    signals.near.value = nearMap.around(placeM)
  }
}
