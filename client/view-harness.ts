import type { BakedCourse } from '#maps/course'
import { loadWorld, type LoadedWorld } from '#maps/load'
import { siteZones, type ZoneSite } from '#physics/zone-site'
import { CALM } from '#physics/weather'
import { mountHud } from './hud/mount.tsx'
import { setFitness } from './hud/settings.ts'
import { createView } from './view/scene.ts'
import { ridersOnLine } from './view/zone-show.ts'
import type { ZoneScene } from './view/zone-types.ts'
import { CAMERA_MODES, type CameraMode, type Quality, type ViewInfo } from './view/view-types.ts'
import { arrangeBunch, rideOn, rosterOf } from './world/show-bunch.ts'
import { SHOWN_POSES, showPose } from './world/pose-show.ts'
import { SegmentWatch, TRACE_POINTS } from './world/segment-watch.ts'
import { createSceneRiders, type RosterEntry, type SceneRiders } from './world/scene-riders.ts'
import { Stances } from './world/stance.ts'
import { FAIR_MORNING } from './world/sky.ts'
import type { SkyNow } from './world/sky-now.ts'

/** For `gruppetto bench client`: many frames of a ride that goes on, and views that come and go. */
interface HarnessBench {
  /** Milliseconds that each of so many frames took, `stepS` of ride apart. */
  ride(frames: number, stepS: number): number[]
  /** A second view on a canvas of its own, drawn and thrown away: what it left behind. */
  joinAndLeave(): Promise<{ readonly geometries: number; readonly textures: number }>
  /** Milliseconds per reading of the instruments, over so many. */
  hud(samples: number): number
}

/**
 * One picture of one moment, for tests and for `gruppetto picture`: everything it draws follows from its address, so the
 * same address is the same picture. Not part of the ride.
 */
declare global {
  interface Window {
    harness?:
      | {
          readonly info: unknown
          readonly buildMs: number
          draw(timeS: number): void
          sit(pose: number): string
          /** Another view of the same world in the same tier: what a page of this address shows. */
          show(query: string): Promise<ViewInfo>
          readonly bench: HarnessBench
        }
      | { readonly error: string }
  }
}

let wanted = new URL(location.href).searchParams
const number = (name: string, fallback: number) => Number(wanted.get(name) ?? fallback)
const oneOf = <T extends string>(name: string, list: readonly T[], fallback: T): T =>
  list.find((entry) => entry === wanted.get(name)) ?? fallback

async function start(): Promise<void> {
  const folder = `/maps/${wanted.get('world') ?? 'sorrelmere'}`
  const mapJson: unknown = await (await fetch(`${folder}/map.json`)).json()
  const loaded = loadWorld(mapJson, new Uint8Array(await (await fetch(`${folder}/course.bin`)).arrayBuffer()))
  if (!loaded.ok) throw new Error(loaded.error.join('; '))
  const { map, course, network } = loaded.value

  const { sites } = siteZones(network.zones, course)
  const count = number('riders', 24)
  const timeS = number('t', 3)
  const roster = rosterOf(count, number('numbers', 0))
  const riders = createSceneRiders(Math.max(1, count))
  const arrange = (atM: number): void =>
    arrangeBunch(riders, course, roster, { atM, timeS, seed: number('seed', 7), isBunch: wanted.has('bunch') })
  arrange(number('at', 400))
  sit(riders, course, roster)
  if (wanted.has('pose')) pose(riders, wanted.get('pose')!)

  const canvas = document.querySelector('canvas')!
  const before = performance.now()
  const options = {
    ...{ course: course.columns, network, map, roster, isPreserved: true, zones: sites },
    quality: oneOf<Quality>('quality', ['test', 'low', 'medium', 'high'], 'high'),
    isMotionReduced: wanted.has('still'),
  }
  const view = createView(canvas, options)
  const parks = wanted.has('zone') ? park(sites, roster) : undefined
  if (wanted.has('fall')) await view.loadFalls()
  const camera = oneOf<CameraMode>('camera', CAMERA_MODES, 'chase')
  const sampleHud = wanted.has('bare') ? undefined : showHud(loaded.value, riders, roster, timeS, camera)
  const buildMs = performance.now() - before
  view.resize(innerWidth, innerHeight, number('dpr', 1))
  view.setSky(skyOf(timeS))
  const draw = async (atS: number): Promise<void> => {
    do view.frame(riders, atS, camera, parks)
    while (await view.settle())
  }
  await draw(timeS)
  // A fall begins with the frame that first has it, and is looked at a little later.
  if (wanted.has('fall')) view.frame(riders, timeS + number('fall', 0.5), camera, parks)
  window.harness = {
    info: view.info(),
    buildMs,
    draw: (t) => (view.setSky(skyOf(t)), view.frame(riders, t, camera, parks)),
    // For a sheet of poses: the one of this number, each by somebody else; '' beyond the last.
    sit: (index) => {
      const name = SHOWN_POSES[index]
      if (name === undefined) return ''
      riders.count = 1
      riders.id[0] = index + 1
      riders.leanRad[0] = 0
      riders.drink[0] = riders.lookRight[0] = riders.kneeOut[0] = 0
      riders.crankRad[0] = 0.4
      showPose(riders, 0, name)
      view.frame(riders, timeS, camera, parks)
      return name
    },
    show: async (query) => {
      wanted = new URLSearchParams(query)
      const people = rosterOf(number('riders', 24), number('numbers', 0))
      const table = createSceneRiders(Math.max(1, people.length))
      const [atM, atS, seed] = [number('at', 400), number('t', 3), number('seed', 7)]
      arrangeBunch(table, course, people, { atM, timeS: atS, seed, isBunch: wanted.has('bunch') })
      sit(table, course, people)
      if (wanted.has('pose')) pose(table, wanted.get('pose')!)
      view.setRoster(people)
      view.setSky(skyOf(atS))
      do view.frame(table, atS, oneOf<CameraMode>('camera', CAMERA_MODES, 'chase'))
      while (await view.settle())
      return view.info()
    },
    bench: {
      ride: (frames, stepS) => {
        const tookMs: number[] = Array.from({ length: frames }, () => 0)
        for (let k = 0; k < frames; k++) {
          rideOn(riders, stepS)
          const fromMs = performance.now()
          view.frame(riders, timeS + k * stepS, camera, parks)
          tookMs[k] = performance.now() - fromMs
        }
        return tookMs
      },
      joinAndLeave: async () => {
        const other = createView(document.createElement('canvas'), options)
        other.resize(160, 90, 1)
        do other.frame(riders, timeS, camera, parks)
        while (await other.settle())
        other.dispose()
        const { geometries, textures } = other.info()
        return { geometries, textures }
      },
      hud: (samples) => {
        const fromMs = performance.now()
        for (let k = 0; k < samples; k++) {
          rideOn(riders, 0.1)
          sampleHud?.(timeS + k / 10)
        }
        return (performance.now() - fromMs) / samples
      },
    },
  }
}

/** `hour=6.2&cloud=0.8&haze=0.1&rain=0.5&snow=900&wind=6&from=240&wet=1`: the sky of the picture; a fair morning without. */
function skyOf(timeS: number): SkyNow {
  const rainShare = number('rain', 0)
  const windMps = number('wind', 2.5)
  const from = (number('from', 240) * Math.PI) / 180
  return {
    tick: 20 * timeS,
    hourH: number('hour', FAIR_MORNING.hourH),
    cloudShare: number('cloud', rainShare > 0 ? 0.9 : FAIR_MORNING.cloudShare),
    hazeShare: number('haze', FAIR_MORNING.hazeShare),
    rainShare,
    wetShare: number('wet', Math.min(1, 2 * rainShare)),
    snowLineM: number('snow', FAIR_MORNING.snowLineM),
    weather: {
      ...CALM,
      windEastMps: -windMps * Math.sin(from),
      windNorthMps: -windMps * Math.cos(from),
      gustShare: 0.6,
      isWet: rainShare > 0,
    },
  }
}

/** As they would sit after a while of riding like this. */
function sit(riders: SceneRiders, course: BakedCourse, roster: readonly RosterEntry[]): void {
  const stances = new Stances(riders.count)
  stances.setRoster(roster)
  const crankRad = riders.crankRad.slice()
  for (let step = 0; step < 50; step++) {
    riders.crankRad.set(crankRad)
    for (let row = 0; row < riders.count; row++) stances.fill(riders, row, row, course, 0.1)
  }
}

/** `pose=sprint`: so sits the first rider. `crank=1.2`: the first one's cranks, rad. */
function pose(riders: SceneRiders, name: string): void {
  const shown = SHOWN_POSES.find((one) => one === name)
  if (shown === undefined) throw new Error(`there is no pose ${name}; there are ${SHOWN_POSES.join(', ')}`)
  showPose(riders, 0, shown)
  if (wanted.has('crank')) riders.crankRad[0] = number('crank', 0)
}

/** `zone=0.3`: riders on the line through the map's first zone, the first of them so far round; `fall=0.5`: the second is down. */
function park(sites: readonly ZoneSite[], roster: readonly RosterEntry[]): ZoneScene {
  const [site] = sites
  if (site === undefined) throw new Error('this map has no free-ride zone')
  const riderIds = roster.slice(0, 12).map(({ id }) => id)
  const down = wanted.has('fall') ? riderIds.slice(1, 2) : []
  return ridersOnLine(0, site, { riderIds, from: number('zone', 0), gap: number('gap', 13), down })
}

function showHud(
  { course, network, map }: LoadedWorld,
  riders: SceneRiders,
  roster: readonly RosterEntry[],
  timeS: number,
  camera: CameraMode,
): (atS: number) => void {
  const hud = mountHud(document.querySelector<HTMLElement>('#hud')!, {
    ...{ course, network, mapName: map.name, body: { massKg: 71.5, cdaM2: 0.32, riderKg: 62 } },
  })
  setFitness({ ftpW: 235 })
  const [ownM, speedMps] = [riders.distanceM[0]!, riders.speedMps[0]!]
  const sample = (atS: number, agoS = 0): void =>
    hud.sample({
      ...{ riders, roster, timeS: atS, camera, riddenM: ownM, workJ: 212 * (60 + ownM / 8) },
      ...(wanted.has('route') ? { heading: { routeId: wanted.get('route')!, leg: 0, way: 0, wayAhead: -1 } } : {}),
      elapsedS: 60 + ownM / 8 - agoS,
      forces: { headMps: speedMps * 0.3, crossMps: 1, savedW: 31, savedShare: 0.36, brakeW: 0, contactW: 0 },
      connection: { level: 'good', text: 'Connected, 24 ms' },
      trainer: { level: 'good', text: 'Trainer: Sim 2100' },
      chat: [{ name: 'A. Lindqvist', text: 'Easy to the boathouse?' }],
      ...(wanted.has('code') ? { pairingCode: wanted.get('code')! } : {}),
      ...(wanted.has('banner') ? { banner: wanted.get('banner')! } : {}),
    })
  const places = riders.placeM.slice()
  const segments = new SegmentWatch(course, network, (index) => evenTrace(network.segments[index]!.lengthM))
  for (const { id, lengthM } of network.segments) {
    segments.setOwn(id, evenTrace(lengthM))
    segments.effort(id, { riderId: 5, name: 'J. Okafor', ms: Math.round(lengthM * 118) })
  }
  // Five minutes until this moment, so that gaps have been seen and what is averaged has come to rest.
  for (let agoS = HISTORY_S; agoS > -0.1; agoS -= 0.4) {
    for (let row = 0; row < riders.count; row++) {
      riders.placeM[row] = places[row]! - riders.speedMps[row]! * agoS
      riders.distanceM[row] = riders.placeM[row]!
    }
    segments.ride(riders.placeM[0]!, timeS - agoS)
    sample(timeS - agoS, agoS)
  }
  hud.showSegments(segments, timeS, () => NaN)
  return (atS) => sample(atS)
}

const HISTORY_S = 300
const evenTrace = (lengthM: number): number[] =>
  Array.from({ length: TRACE_POINTS }, (_, k) => ((k + 1) / TRACE_POINTS) * lengthM * 0.155)

start().catch((error: unknown) => {
  window.harness = { error: String(error) }
})
