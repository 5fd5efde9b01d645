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
import { createBridges } from './bridges.ts'
import { createCameraRig } from './camera.ts'
import { createLand } from './land.ts'
import { createGrass } from './grass.ts'
import { createHouses } from './houses.ts'
import { createAir } from './materials.ts'
import { createPlantAtlas } from './plant-atlas.ts'
import { plantAll } from './plant-plan.ts'
import { createPlants } from './plants.ts'
import { plantUniforms } from './plants-material.ts'
import { createCarriageways, type Carriageways } from './carriageways.ts'
import { createSpot } from './path.ts'
import { createRidersLayer } from './riders.ts'
import { createRoads } from './road.ts'
import { createSites } from './sites.ts'
import { createSky } from './sky.ts'
import { createTerrain } from './terrain.ts'
import { landUniforms } from './terrain-material.ts'
import { latticeOf, planTerrain } from './terrain-plan.ts'
import type { SceneLine } from './scene-line.ts'
import { createScenery } from './scenery.ts'
import { readScenery } from './scenery-plan.ts'
import { createWaterMesh, planWater } from './water.ts'
import { createWater } from './water-plan.ts'
import type { Quality, View, ViewOptions } from './view-types.ts'
import { createZonePads, createZonesLayer } from './zone-layer.ts'

/** Half the side of the square around the rider that has shadows, m, and its map, px. */
const SHADOW_M: Record<Quality, number> = { test: 0, low: 0, medium: 42, high: 62 }
const SHADOW_PX: Record<Quality, number> = { test: 0, low: 0, medium: 2048, high: 4096 }
const SUN_AWAY_M = 150
/** Of the places where a plant may stand, as many as a card draws. */
const THINNING: Record<Quality, number> = { test: 3.4, low: 1.7, medium: 1.25, high: 1 }

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
  const parks = createZonesLayer(zones, ways.frame, air, quality)
  const lines = sceneLines(ways, options.network)
  const rig = createCameraRig(ways, land, options.isMotionReduced ?? false)
  const sky = createSky(air, quality === 'test')
  const riders = createRidersLayer(ways.tape, air, quality, 64)
  const sites = createSites(ways, land, plan.places, seed)
  const scenery = createScenery(ways, land, sites, options.map.name, lines, plan.places, air, quality, seed)
  const isTaken = (x: number, z: number): boolean => sites.isBuilt(x, z) || parks.isPark(x, z)
  const lattice = latticeOf(ways, land, quality)
  const ground = landUniforms(land)
  const terrain = createTerrain(planTerrain(ways, land, lattice, quality), land, air, quality)
  const atlas = createPlantAtlas(seed)
  const leaves = plantUniforms(atlas)
  const thinning = THINNING[quality]
  const stands = plantAll({ ways, land, lattice, grounds: plan.grounds, seed, thinning, isBuilt: isTaken })
  const plants = createPlants(stands, atlas, air, ground, leaves, quality)
  const grass = createGrass(ways, land, atlas, air, ground, leaves, quality, seed)
  const sun = createSun(quality, air.sunColor.getHex())
  scene.add(
    terrain.group,
    createRoads(ways, air, quality, lines, land),
    createHouses(sites, air),
    scenery.group,
    parks.group,
    plants.group,
    grass.group,
    riders.group,
    sky,
    sun,
    sun.target,
    new HemisphereLight(air.skyColor, 0x6d6a42, 1.5),
  )
  const bridges = createBridges(ways.roads, land, air)
  if (bridges !== undefined) scene.add(bridges)
  const water = createWaterMesh(planWater(waters, land), land, air)
  if (water !== undefined) scene.add(water)
  riders.setRoster(options.roster)
  const spot = createSpot()
  const ownSpot = createSpot()

  return {
    frame: (table, timeS, mode, inZones) => {
      parks.update(inZones, timeS)
      const self = parks.place(inZones, table.id[0] ?? 0, ownSpot)
      rig.place(table, timeS, mode, Number.isNaN(self) ? undefined : ownSpot)
      air.uniforms.airTimeS.value = options.isMotionReduced === true ? 0 : timeS
      air.uniforms.airSunView.value.copy(air.sunDirection).transformDirection(rig.camera.matrixWorldInverse)
      sky.position.copy(rig.camera.position)
      terrain.update(rig.camera)
      plants.update(rig.camera)
      scenery.update(rig.camera)
      grass.update(table.placeM[0] ?? 0)
      riders.update(table, rig.camera, mode === 'first', (id, at) => parks.place(inZones, id, at))
      if (hasShadows) {
        if (Number.isNaN(self)) ways.spotOnward(table.placeM[0] ?? 0, SHADOW_M[quality] * 0.55, 0, spot)
        else Object.assign(spot, ownSpot)
        sun.target.position.set(spot.x, spot.y, spot.z)
        sun.position.copy(sun.target.position).addScaledVector(air.sunDirection, SUN_AWAY_M)
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
    return { name, path: road.path, atM: alongM, isReversed, isStart: id === 'start' || finishes.has(id) }
  })
}

function createSun(quality: Quality, color: number): DirectionalLight {
  const sun = new DirectionalLight(color, 3.7)
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
