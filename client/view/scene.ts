import {
  DirectionalLight,
  HemisphereLight,
  Mesh,
  PCFShadowMap,
  Scene,
  WebGLRenderer,
  type Material,
  type Object3D,
} from 'three'
import { aimLamp, createAirDrive, standSun, SUN_INTENSITY } from './air-drive.ts'
import { createCameraRig } from './camera.ts'
import { createCarriageways } from './carriageways.ts'
import { createHeightMap } from './heights.ts'
import { createAir, setEye } from './materials.ts'
import { planLamps } from './lamp-plan.ts'
import { createSpot } from './path.ts'
import { createRidersLayer } from './riders.ts'
import { createSky } from './sky.ts'
import { readScenery } from './scenery-plan.ts'
import { createRooftops } from './rooftops.ts'
import { drawInOurTones } from './tones.ts'
import { createTowns } from './towns.ts'
import { createSurfaces } from './surfaces.ts'
import type { Onlooking } from './rider-rows.ts'
import type { CameraMode, Quality, View, ViewOptions } from './view-types.ts'
import { createWeather } from './weather.ts'
import { createWorldLayer } from './world-layer.ts'
import { WorldSource } from './world-source.ts'

/** Half the side of the square around the rider that has shadows, m, and its map, px. */
const SHADOW_M: Record<Quality, number> = { test: 0, low: 0, medium: 42, high: 62 }
const SHADOW_PX: Record<Quality, number> = { test: 0, low: 0, medium: 2048, high: 4096 }
const SUN_AWAY_M = 150

/** The world on a canvas. Time, riders and chance come in as arguments; nothing else does. */
export function createView(canvas: HTMLCanvasElement, options: ViewOptions): View {
  const { quality } = options
  const hasShadows = SHADOW_M[quality] > 0
  const seed = options.seed ?? options.map.scenery.seed
  // First of all: while this page makes what it draws with, the worker builds what is drawn.
  const source = new WorldSource(
    { course: options.course, network: options.network, map: options.map, quality, seed },
    { sown: (tile) => world.take(tile), heights: (tile) => heights.take(tile) },
  )
  const renderer = new WebGLRenderer({
    canvas,
    antialias: quality === 'medium' || quality === 'high',
    powerPreference: 'high-performance',
    preserveDrawingBuffer: options.isPreserved ?? false,
  })
  drawInOurTones(renderer)
  renderer.info.autoReset = false
  // To ask for a shader's errors is to wait for it: only pictures and tests do.
  renderer.debug.checkShaderErrors = options.isPreserved ?? false
  renderer.shadowMap.enabled = hasShadows
  renderer.shadowMap.type = PCFShadowMap

  const scene = new Scene()
  const air = createAir()
  const ways = createCarriageways(options.course, options.network)
  const drive = createAirDrive({
    air,
    originX: ways.frame.originX,
    originZ: ways.frame.originZ,
    lowestM: ways.tape.y.reduce((least, y) => Math.min(least, y), Infinity),
    highestM: ways.tape.y.reduce((most, y) => Math.max(most, y), -Infinity),
    isStill: options.isMotionReduced === true,
  })
  const parks = options.zones?.createLayer(ways.frame, air, quality)
  const heights = createHeightMap((tileX, tileZ) => source.heights(tileX, tileZ))
  const { places } = readScenery(options.map.scenery)
  const rig = createCameraRig(
    ways,
    heights,
    options.isMotionReduced ?? false,
    finishPlaces(options.network),
    createRooftops(places, ways.frame),
  )
  const sky = createSky(air, drive.light, quality === 'test')
  const isTown = createTowns(places, ways.frame)
  const riders = createRidersLayer(ways.tape, air, quality, 64, roofPlaces(options.network))
  const looking: Partial<Record<CameraMode, Onlooking>> = {
    first: options.isMotionReduced === true ? 'calm' : 'own',
    chase: 'behind',
  }
  const world = createWorldLayer({
    ...{ source, surfaces: createSurfaces(air, quality) },
    ...{ renderer, scene, camera: rig.camera },
    ...{ land: { ways, air, quality } },
  })
  const street = planLamps(ways, isTown)
  const weather = createWeather({ air, tape: ways.tape, quality, street }, world.prepareLate)
  const sun = createSun(quality)
  const hemisphere = new HemisphereLight()
  const lamps = { sun, hemisphere, renderer }
  const lit = [sky.mesh, sun, sun.target, hemisphere]
  scene.add(world.group, riders.group, weather.group, ...lit)
  if (parks !== undefined) scene.add(parks.group)
  world.prepare(scene)
  riders.setRoster(options.roster)
  const spot = createSpot()
  const ownSpot = createSpot()
  const sizePx = { width: NaN, height: NaN, ratio: NaN }

  return {
    frame: (table, timeS, mode, inZones) => {
      parks?.update(inZones, timeS)
      const self = parks?.place(inZones, table.id[0] ?? 0, ownSpot) ?? NaN
      rig.place(table, timeS, mode, Number.isNaN(self) ? undefined : ownSpot, self)
      drive.apply(lamps)
      const { x, y, z } = rig.camera.position
      setEye(air, x, y, z)
      air.uniforms.airTimeS.value = options.isMotionReduced === true ? 0 : timeS
      air.uniforms.airSunView.value.copy(air.sunDirection).transformDirection(rig.camera.matrixWorldInverse)
      world.pour()
      world.update(rig.camera, table.placeM[0] ?? 0)
      sky.update(rig.camera, drive.sky)
      riders.update(table, rig.camera, looking[mode] ?? 'others', (id, at) => parks?.place(inZones, id, at) ?? NaN)
      const isOnRoad = Number.isNaN(self)
      if (isOnRoad) ways.spotOnward(table.placeM[0] ?? 0, 0, table.lateralM[0] ?? 0, spot)
      // Out of one's own eyes the lit road fills half the picture: eyes get used to it.
      aimLamp(air, rig.camera, isOnRoad ? spot : ownSpot, mode === 'first' ? 0.55 : 1)
      weather.update(rig.camera, table, isOnRoad ? spot : ownSpot, (id, at) => parks?.place(inZones, id, at) ?? NaN)
      // Also without shadows: this is what turns its light.
      if (isOnRoad) ways.spotOnward(table.placeM[0] ?? 0, SHADOW_M[quality] * 0.55, 0, spot)
      standSun(sun, air, isOnRoad ? spot : ownSpot, SUN_AWAY_M)
      if (!world.isReady) return
      renderer.info.reset()
      renderer.render(scene, rig.camera)
    },
    resize: (widthPx, heightPx, pixelRatio) => {
      // The canvas is made anew by each of these words: once is enough.
      if (widthPx === sizePx.width && heightPx === sizePx.height && pixelRatio === sizePx.ratio) return
      Object.assign(sizePx, { width: widthPx, height: heightPx, ratio: pixelRatio })
      renderer.setDrawingBufferSize(widthPx, heightPx, pixelRatio)
      rig.aspect(widthPx, heightPx)
    },
    pour: world.pour,
    get isReady() {
      return world.isReady
    },
    get isWhole() {
      return world.isSettled && weather.isSettled
    },
    settle: async () => {
      if (world.isSettled && weather.isSettled) return false
      while (!world.source.isIdle) {
        world.pour()
        if (!world.source.isIdle) await world.source.heard()
      }
      await weather.settled()
      await world.compiled()
      return true
    },
    setRoster: riders.setRoster,
    setSky: drive.set,
    loadFalls: async () => await parks?.loadFalls(),
    info: () => ({
      drawCalls: renderer.info.render.calls,
      triangles: renderer.info.render.triangles,
      programs: renderer.info.programs?.length ?? 0,
      geometries: renderer.info.memory.geometries,
      textures: renderer.info.memory.textures,
    }),
    dispose: () => {
      world.source.close()
      riders.dispose()
      scene.traverse(free)
      sun.dispose()
      // Another view may be drawn on the same canvas: it finds the graphics card as the first one did.
      renderer.resetState()
      renderer.dispose()
    },
  }
}

function createSun(quality: Quality): DirectionalLight {
  const sun = new DirectionalLight(0xffffff, SUN_INTENSITY)
  const reachM = SHADOW_M[quality]
  if (reachM === 0) return sun
  sun.castShadow = true
  sun.shadow.mapSize.set(SHADOW_PX[quality], SHADOW_PX[quality])
  Object.assign(sun.shadow.camera, { left: -reachM, right: reachM, top: reachM, bottom: -reachM, near: 1, far: 340 })
  // 3 cm of the light's reach: wheels stand in their shadows. Slopes are kept clean by the other one.
  sun.shadow.bias = -0.0001
  sun.shadow.normalBias = 0.05
  return sun
}

function free(object: Object3D): void {
  if (!(object instanceof Mesh)) return
  object.geometry.dispose()
  const materials: Material[] = Array.isArray(object.material) ? object.material : [object.material]
  for (const material of materials) {
    const map = (material as Material & { map?: { dispose(): void } | null }).map
    map?.dispose()
    material.dispose()
  }
}

/** From where to where on the tape there is a roof over the road. */
function roofPlaces({ ways }: ViewOptions['network']): (readonly [number, number])[] {
  return ways.flatMap(({ startM, spans }) =>
    spans.filter(({ kind }) => kind === 'tunnel').map(({ fromM, toM }) => [startM + fromM, startM + toM] as const),
  )
}

/** Where on the tape routes end. */
function finishPlaces({ routes, lines, ways }: ViewOptions['network']): number[] {
  const ids = new Set(routes.map(({ finishLineId }) => finishLineId))
  return lines.filter(({ id }) => ids.has(id)).map(({ way, atM }) => ways[way]!.startM + atM)
}
