import {
  CustomToneMapping,
  DirectionalLight,
  HemisphereLight,
  Mesh,
  PCFShadowMap,
  Scene,
  ShaderChunk,
  WebGLRenderer,
  type Material,
  type Object3D,
} from 'three'
import type { Network } from '#maps/network'
import { aimLamp, createAirDrive, standSun, SUN_INTENSITY } from './air-drive.ts'
import { createCameraRig } from './camera.ts'
import { createLand } from './land.ts'
import { createGrass } from './grass.ts'
import { createAir } from './materials.ts'
import { createPlants } from './plants.ts'
import { createCarriageways, type Carriageways } from './carriageways.ts'
import { createSpot } from './path.ts'
import { createRidersLayer } from './riders.ts'
import { createSites } from './sites.ts'
import { createSky } from './sky.ts'
import { createTerrain } from './terrain.ts'
import { createTownMeshes } from './town-mesh.ts'
import { buildTown } from './town.ts'
import type { SceneLine } from './scene-line.ts'
import { readScenery } from './scenery-plan.ts'
import { createWaterMesh } from './water.ts'
import { createWater } from './water-plan.ts'
import type { Quality, View, ViewOptions } from './view-types.ts'
import { createZonePads, createZonesLayer } from './zone-layer.ts'

/** Half the side of the square around the rider that has shadows, m, and its map, px. */
const SHADOW_M: Record<Quality, number> = { test: 0, low: 0, medium: 42, high: 62 }
const SHADOW_PX: Record<Quality, number> = { test: 0, low: 0, medium: 2048, high: 4096 }
const SUN_AWAY_M = 150

/** AgX keeps highlights from burning but greys the meadows: its colours are drawn apart again. */
const PLAIN_TONES = 'vec3 CustomToneMapping( vec3 color ) { return color; }'
const OUR_TONES = `vec3 CustomToneMapping(vec3 color){
  vec3 c=AgXToneMapping(color); float grey=dot(c,vec3(.2126,.7152,.0722));
  c=mix(vec3(grey),c,1.32); return clamp(mix(c,c*c*(3.-2.*c),.22),0.,1.);}`

/** The world on a canvas. Time, riders and chance come in as arguments; nothing else does. */
export function createView(canvas: HTMLCanvasElement, options: ViewOptions): View {
  const { quality } = options
  const hasShadows = SHADOW_M[quality] > 0
  const renderer = new WebGLRenderer({
    canvas,
    antialias: quality === 'medium' || quality === 'high',
    powerPreference: 'high-performance',
    preserveDrawingBuffer: options.isPreserved ?? false,
  })
  ShaderChunk.tonemapping_pars_fragment = ShaderChunk.tonemapping_pars_fragment.replace(PLAIN_TONES, OUR_TONES)
  renderer.toneMapping = CustomToneMapping
  renderer.toneMappingExposure = 1.28
  renderer.info.autoReset = false
  renderer.shadowMap.enabled = hasShadows
  renderer.shadowMap.type = PCFShadowMap

  const seed = options.seed ?? options.map.scenery.seed
  const scene = new Scene()
  const air = createAir()
  const ways = createCarriageways(options.course, options.network)
  const plan = readScenery(options.map.scenery)
  const waters = plan.waters.map((outline) => createWater(ways.frame, outline))
  const zones = options.zones ?? []
  const land = createLand(ways, waters, seed, plan, createZonePads(zones, ways.frame))
  const drive = createAirDrive({
    air,
    originX: ways.frame.originX,
    originZ: ways.frame.originZ,
    lowestM: ways.tape.y.reduce((least, y) => Math.min(least, y), Infinity),
    isStill: options.isMotionReduced === true,
  })
  const parks = createZonesLayer(zones, ways.frame, air, quality)
  const lines = sceneLines(ways, options.network)
  const rig = createCameraRig(ways, land, options.isMotionReduced ?? false)
  const sky = createSky(air, drive.light, quality === 'test')
  const riders = createRidersLayer(ways.tape, air, quality, 64)
  const sites = createSites(ways, land, plan.places, plan.country, seed)
  const town = createTownMeshes(
    buildTown({ ways, network: options.network, land, sites, plan, mapName: options.map.name, lines, quality, seed }),
    air,
    quality,
  )
  const isTaken = (x: number, z: number): boolean => sites.isBuilt(x, z) || parks.isPark(x, z)
  const plants = createPlants(ways, land, air, quality, seed, isTaken)
  const grass = createGrass(ways, land, air, quality, seed)
  const sun = createSun(quality)
  const hemisphere = new HemisphereLight()
  const lamps = { sun, hemisphere, renderer }
  scene.add(
    createTerrain(ways, land, air, quality),
    town.group,
    parks.group,
    plants.group,
    grass.group,
    riders.group,
    sky.mesh,
    sun,
    sun.target,
    hemisphere,
  )
  const water = createWaterMesh(waters, air)
  if (water !== undefined) scene.add(water)
  riders.setRoster(options.roster)
  const spot = createSpot()
  const ownSpot = createSpot()

  return {
    frame: (table, timeS, mode, inZones) => {
      parks.update(inZones, timeS)
      const self = parks.place(inZones, table.id[0] ?? 0, ownSpot)
      rig.place(table, timeS, mode, Number.isNaN(self) ? undefined : ownSpot)
      drive.apply(lamps)
      air.uniforms.airTimeS.value = options.isMotionReduced === true ? 0 : timeS
      air.uniforms.airSunView.value.copy(air.sunDirection).transformDirection(rig.camera.matrixWorldInverse)
      sky.update(rig.camera, drive.sky)
      plants.update(rig.camera)
      town.update(rig.camera)
      grass.update(table.placeM[0] ?? 0)
      riders.update(table, rig.camera, mode === 'first', (id, at) => parks.place(inZones, id, at))
      const isOnRoad = Number.isNaN(self)
      if (isOnRoad) ways.spotOnward(table.placeM[0] ?? 0, 0, table.lateralM[0] ?? 0, spot)
      aimLamp(air, rig.camera, isOnRoad ? spot : ownSpot)
      if (hasShadows) {
        if (isOnRoad) ways.spotOnward(table.placeM[0] ?? 0, SHADOW_M[quality] * 0.55, 0, spot)
        standSun(sun, air, isOnRoad ? spot : ownSpot, SUN_AWAY_M)
      }
      renderer.info.reset()
      renderer.render(scene, rig.camera)
    },
    resize: (widthPx, heightPx, pixelRatio) => {
      renderer.setPixelRatio(pixelRatio)
      renderer.setSize(widthPx, heightPx, false)
      rig.aspect(widthPx, heightPx)
    },
    setRoster: riders.setRoster,
    setSky: drive.set,
    loadFalls: parks.loadFalls,
    info: () => ({
      drawCalls: renderer.info.render.calls,
      triangles: renderer.info.render.triangles,
      programs: renderer.info.programs?.length ?? 0,
      geometries: renderer.info.memory.geometries,
      textures: renderer.info.memory.textures,
    }),
    dispose: () => {
      riders.dispose()
      scene.traverse(free)
      sun.dispose()
      renderer.dispose()
    },
  }
}

/** Every named line where it lies on its carriageway; lines that end a route, and the map's own start, have the arch. */
function sceneLines(ways: Carriageways, network: Network): SceneLine[] {
  const finishes = new Set(network.routes.map((route) => route.finishLineId))
  return network.lines.map(({ id, name, way, atM }) => {
    const {
      road,
      atM: alongM,
      isReversed,
    } = ways.locate(network.ways[way]!.startM + atM, {
      road: ways.roads[0]!,
      atM: 0,
      isReversed: false,
    })
    return { id, name, path: road.path, atM: alongM, isReversed, isStart: id === 'start' || finishes.has(id) }
  })
}

function createSun(quality: Quality): DirectionalLight {
  const sun = new DirectionalLight(0xffffff, SUN_INTENSITY)
  const reachM = SHADOW_M[quality]
  if (reachM === 0) return sun
  sun.castShadow = true
  sun.shadow.mapSize.set(SHADOW_PX[quality], SHADOW_PX[quality])
  Object.assign(sun.shadow.camera, { left: -reachM, right: reachM, top: reachM, bottom: -reachM, near: 1, far: 340 })
  sun.shadow.bias = -0.0004
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
