import {
  Vector3,
  type Camera,
  type DirectionalLight,
  type HemisphereLight,
  type Vector4,
  type WebGLRenderer,
} from 'three'
import { FAIR_MORNING } from '../world/sky.ts'
import type { SkyNow } from '../world/sky-now.ts'
import { CLOUD_M } from './air-glsl.ts'
import type { Air } from './materials.ts'
import { createSkyLight, lightOf, type SkyLight } from './sky-light.ts'

/** Ticks a second, as physics/wind.ts has them; gusts come in these sizes, m along the wind. */
const TICK_S = 1 / 20
const LARGE_M = 96
const SMALL_M = 24
/** Clouds go so fast, m/s. */
const ALOFT_EAST_MPS = 9
const ALOFT_SOUTH_MPS = -3
/** The sun's light moves over the shadow map in steps of this, rad: edges stand still in between. */
const SHADOW_STEP_RAD = 0.004
/** Strength of the sun's lamp for an `airSunColor` of 1. */
export const SUN_INTENSITY = 3.7
/** Valley mist: height above the lowest ground, m, and how fast it thins, 1/m. */
const BANK_ABOVE_M = 6
const BANK_M = 16
/** In high mountains it fills the valleys: so much of how high the roads climb. */
const BANK_RELIEF = 0.05

export interface AirDriveOptions {
  readonly air: Air
  /** The middle of the picture in the axes of the map: m east, m south. */
  readonly originX: number
  readonly originZ: number
  /** The lowest ground of the picture, m: where mist lies. */
  readonly lowestM: number
  /** The highest road, m. */
  readonly highestM: number
  /** Leaves, clouds and gusts stand still. */
  readonly isStill: boolean
}

export interface AirDrive {
  readonly light: SkyLight
  readonly sky: SkyNow
  /** Takes the sky of this frame. Only numbers are copied; call it as often as you like. */
  set(sky: SkyNow): void
  /** Writes everything that shaders and lamps read. Before each frame. */
  apply(lamps: { sun: DirectionalLight; hemisphere: HemisphereLight; renderer: WebGLRenderer }): void
}

/** From the room's sky to the uniforms of the air. Allocates nothing after it is made. */
export function createAirDrive({ air, originX, originZ, lowestM, highestM, isStill }: AirDriveOptions): AirDrive {
  const light = createSkyLight()
  /** The sky whose light it is. */
  const lit: { -readonly [K in keyof SkyNow]: SkyNow[K] } = { ...FAIR_MORNING, hourH: NaN }
  const { uniforms } = air
  const drive = { light, sky: FAIR_MORNING, set, apply }
  uniforms.airBank.value.set(0, lowestM + BANK_ABOVE_M, 1 / (BANK_M + BANK_RELIEF * (highestM - lowestM)), 0)
  return drive

  function set(sky: SkyNow): void {
    drive.sky = sky
  }

  /** The light of most frames is that of the frame before. */
  function isOtherLight(sky: SkyNow): boolean {
    return (
      lit.cloudShare !== sky.cloudShare ||
      lit.hazeShare !== sky.hazeShare ||
      lit.rainShare !== sky.rainShare ||
      lit.wetShare !== sky.wetShare ||
      lit.snowLineM !== sky.snowLineM ||
      lit.hourH !== hourOf(sky)
    )
  }

  function apply({
    sun,
    hemisphere,
    renderer,
  }: {
    sun: DirectionalLight
    hemisphere: HemisphereLight
    renderer: WebGLRenderer
  }): void {
    const { sky } = drive
    if (isOtherLight(sky)) {
      Object.assign(lit, sky)
      // The sun goes in steps: between them the light is the same.
      lit.hourH = hourOf(sky)
      lightOf(lit, light)
    }
    air.sunDirection.set(stepped(light.key[0]!), light.key[1]!, stepped(light.key[2]!)).normalize()
    air.sunColor.copy(light.keyColor)
    air.skyColor.copy(light.ambientSky)
    sun.color.copy(light.keyColor)
    sun.intensity = SUN_INTENSITY
    hemisphere.color.copy(light.ambientSky)
    hemisphere.groundColor.copy(light.ambientGround)
    hemisphere.intensity = 1
    renderer.toneMappingExposure = light.exposure
    uniforms.airCool.value.copy(light.cool)
    uniforms.airWarm.value.copy(light.warm)
    uniforms.airZenith.value.copy(light.zenith)
    uniforms.airDensity.value = light.density
    uniforms.airBank.value.x = light.bankDensity
    uniforms.airNight.value = light.night
    uniforms.airWet.value = sky.wetShare
    uniforms.airRain.value = sky.rainShare
    uniforms.airSnowLineM.value = sky.snowLineM
    blow(sky)
  }

  /** Gusts where physics has them at this tick; whole cells apart from parts, for floats on the card are short. */
  function blow({ weather, tick, cloudShare }: SkyNow): void {
    const { windEastMps, windNorthMps, gustShare } = weather
    const meanMps = Math.sqrt(windEastMps * windEastMps + windNorthMps * windNorthMps)
    uniforms.airWind.value.set(windEastMps, -windNorthMps, meanMps, isStill ? 0 : gustShare)
    const moved = isStill ? 0 : tick * TICK_S
    if (meanMps > 0) {
      const east = windEastMps / meanMps
      const north = windNorthMps / meanMps
      const alongM = originX * east - originZ * north - meanMps * moved
      const acrossM = 2 * (-originZ * east - originX * north)
      part(alongM, acrossM)
    }
    // Clouds keep their own course: one that followed the room's wind would jump when that changes.
    const east = ALOFT_EAST_MPS * moved
    const south = ALOFT_SOUTH_MPS * moved
    const shadow = uniforms.airCloudShadow.value
    shadow.set((originX - east) / CLOUD_M, (originZ - south) / CLOUD_M, light.cloudShadow, clearing(cloudShare))
    shadow.x -= 4096 * Math.floor(shadow.x / 4096)
    shadow.y -= 4096 * Math.floor(shadow.y / 4096)
  }

  function part(alongM: number, acrossM: number): void {
    const cell: Vector4 = uniforms.airGustCell.value
    cell.set(
      Math.floor(alongM / LARGE_M),
      Math.floor(acrossM / LARGE_M),
      Math.floor(alongM / SMALL_M),
      Math.floor(acrossM / SMALL_M),
    )
    uniforms.airGustPart.value.set(
      alongM / LARGE_M - cell.x,
      acrossM / LARGE_M - cell.y,
      alongM / SMALL_M - cell.z,
      acrossM / SMALL_M - cell.w,
    )
  }
}

/** To the second. */
function hourOf({ hourH }: SkyNow): number {
  return Math.round(hourH * 3600) / 3600
}

/** How thick the field of clouds must be to be a cloud: what is left blue is 1 − cloudShare of the sky, about. */
export function clearing(cloudShare: number): number {
  return 0.66 - 0.46 * cloudShare
}

function stepped(x: number): number {
  return Math.round(x / SHADOW_STEP_RAD) * SHADOW_STEP_RAD
}

/** The own rider's lamp: where it is on the bicycle and where it points, in the axes of the camera. */
export function aimLamp(air: Air, camera: Camera, spot: LampSpot, share = 1): void {
  const { airLampAt, airLampTo, airLamp } = air.uniforms
  airLamp.value = air.uniforms.airNight.value * share
  if (airLamp.value === 0) return
  airLampAt.value
    .set(spot.x + 0.5 * spot.dirX, spot.y + 0.95, spot.z + 0.5 * spot.dirZ)
    .applyMatrix4(camera.matrixWorldInverse)
  airLampTo.value.set(spot.dirX, spot.slope - 0.055, spot.dirZ).transformDirection(camera.matrixWorldInverse)
}

interface LampSpot {
  readonly x: number
  readonly y: number
  readonly z: number
  readonly dirX: number
  readonly dirZ: number
  readonly slope: number
}

const right = new Vector3()
const upward = new Vector3()
const WORLD_UP = new Vector3(0, 1, 0)

/**
 * Puts the sun over a place so that the shadow map's pixels stay where they are on the ground while the place moves: the
 * middle goes in whole pixels, and no edge crawls.
 */
export function standSun(
  sun: DirectionalLight,
  air: Air,
  at: { x: number; y: number; z: number },
  awayM: number,
): void {
  const { camera, mapSize } = sun.shadow
  const pixelM = (camera.right - camera.left) / mapSize.x
  right.crossVectors(WORLD_UP, air.sunDirection).normalize()
  upward.crossVectors(air.sunDirection, right)
  const { position } = sun.target
  position.set(at.x, at.y, at.z)
  const across = position.dot(right)
  const along = position.dot(upward)
  position.addScaledVector(right, Math.round(across / pixelM) * pixelM - across)
  position.addScaledVector(upward, Math.round(along / pixelM) * pixelM - along)
  sun.position.copy(position).addScaledVector(air.sunDirection, awayM)
}
