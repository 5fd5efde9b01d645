import {
  HemisphereLight,
  DirectionalLight,
  PerspectiveCamera,
  Vector3,
  type Color,
  type ShaderMaterial,
  type WebGLRenderer,
} from 'three'
import { expect, test } from 'vitest'
import { createRandom } from '#physics/random'
import { windOver } from '#physics/wind'
import { createSceneRiders } from '../world/scene-riders.ts'
import { FAIR_MORNING } from '../world/sky.ts'
import type { SkyNow } from '../world/sky-now.ts'
import { createAirDrive, standSun, SUN_INTENSITY } from './air-drive.ts'
import { CLOUD_GLSL, CLOUD_M, HAZE_GLSL, WIND_GLSL } from './air-glsl.ts'
import { planLamps } from './lamp-plan.ts'
import { createLamps } from './lamps.ts'
import { createAir } from './materials.ts'
import { createSpot, emptyPath } from './path.ts'
import { createPrecipitation } from './precipitation.ts'
import { createSky } from './sky.ts'
import { createSkyLight, lightOf } from './sky-light.ts'

const skyAt = (hourH: number, more: Partial<SkyNow> = {}): SkyNow => ({ ...FAIR_MORNING, hourH, ...more })
const light = (hourH: number, more: Partial<SkyNow> = {}) => lightOf(skyAt(hourH, more), createSkyLight())
const luminance = ({ r, g, b }: Color): number => 0.2126 * r + 0.7152 * g + 0.0722 * b
const WEATHERS: Partial<SkyNow>[] = [
  { cloudShare: 0 },
  { cloudShare: 0.5 },
  { cloudShare: 1 },
  { cloudShare: 1, rainShare: 1, wetShare: 1 },
  { hazeShare: 1 },
]

test('[V44] the sun comes from the east, stands in the south at noon and goes in the west; by night it is the moon that shines', () => {
  expect(light(6).sun[0]).toBeGreaterThan(0.9)
  expect(light(18).sun[0]).toBeLessThan(-0.9)
  const noon = light(12).sun
  expect(noon[0]).toBeCloseTo(0, 9)
  expect((Math.asin(noon[1]!) * 180) / Math.PI).toBeCloseTo(90 - 47 + 12, 6)
  expect(noon[2]).toBeGreaterThan(0.5)
  for (let hourH = 0; hourH < 24; hourH += 0.1) {
    const { key, sun, moon, keyColor } = light(hourH)
    for (const v of [key, sun, moon]) expect(Math.sqrt(v[0]! ** 2 + v[1]! ** 2 + v[2]! ** 2)).toBeCloseTo(1, 9)
    expect(key[1]).toBeGreaterThan(0.05)
    expect(Number.isFinite(luminance(keyColor))).toBe(true)
  }
  expect(luminance(light(0).keyColor)).toBeGreaterThan(0.05)
  expect(luminance(light(0).keyColor)).toBeLessThan(0.25 * luminance(light(12).keyColor))
})

test('[V44] no light jumps while the day runs: not at sunset, nor when the moon takes over', () => {
  for (const weather of WEATHERS) {
    let before = light(0, weather)
    for (let hourH = 0.01; hourH <= 24; hourH += 0.01) {
      const now = light(hourH, weather)
      for (const name of ['keyColor', 'zenith', 'cool', 'warm', 'ambientSky', 'cloudLit'] as const) {
        expect(Math.abs(luminance(now[name]) - luminance(before[name])), `${name} at ${hourH}`).toBeLessThan(0.02)
      }
      expect(Math.abs(now.exposure - before.exposure)).toBeLessThan(0.02)
      expect(Math.abs(now.night - before.night)).toBeLessThan(0.05)
      before = now
    }
  }
})

test('[V45] a road can be seen at every hour in every weather: no darker than an eighth of noon', () => {
  const seen = (hourH: number, weather: Partial<SkyNow>) => {
    const { ambientSky, keyColor, key, exposure } = light(hourH, weather)
    return exposure * (luminance(ambientSky) + 1.17 * luminance(keyColor) * key[1]!)
  }
  const noon = seen(12, {})
  for (const weather of WEATHERS) {
    for (let hourH = 0; hourH < 24; hourH += 0.25) expect(seen(hourH, weather)).toBeGreaterThan(noon / 8)
  }
  expect(seen(0, { cloudShare: 1 })).toBeLessThan(noon / 2.5)
})

test('[V46] clouds take the sun, single ones throw shadows, a deck throws none; mist hides a hill a kilometre away', () => {
  const clear = light(12, { cloudShare: 0 })
  const deck = light(12, { cloudShare: 1 })
  expect(luminance(deck.keyColor)).toBeLessThan(0.1 * luminance(clear.keyColor))
  expect([clear.cloudShadow, deck.cloudShadow]).toEqual([0, 0])
  expect(light(12, { cloudShare: 0.4 }).cloudShadow).toBeGreaterThan(0.5)
  expect(light(0, { cloudShare: 0.4 }).cloudShadow).toBe(0)
  expect(1 - Math.exp(-1000 * light(12, { hazeShare: 1 }).density)).toBeGreaterThan(0.97)
  expect(1 - Math.exp(-1000 * light(12, { hazeShare: 0 }).density)).toBeLessThan(0.06)
  expect(light(6, { hazeShare: 0.3 }).bankDensity).toBeGreaterThan(3 * light(14, { hazeShare: 0.3 }).bankDensity)
  expect(light(17, { rainShare: 0.3, cloudShare: 0.5 }).rainbow).toBeGreaterThan(0.2)
  expect(light(12, { rainShare: 0.3, cloudShare: 0.5 }).rainbow).toBe(0)
  expect([light(12).night, light(0).night, light(12).starlight]).toEqual([0, 1, 0])
})

const DAWN: Partial<SkyNow> = { cloudShare: 0.35, hazeShare: 0.2 }

test('[V50] a low sun is warm and strong on what faces it, its shade is cool, and the eye opens for it', () => {
  for (const hourH of [5.5, 6.1, 6.6, 17.6, 18.3]) {
    const { keyColor, ambientSky, exposure, cloudShadow } = light(hourH, DAWN)
    expect(keyColor.r, `${hourH} h`).toBeGreaterThan(1.8 * keyColor.b)
    expect(ambientSky.b).toBeGreaterThan(1.3 * ambientSky.r)
    expect(SUN_INTENSITY * luminance(keyColor)).toBeGreaterThan(1.4 * luminance(ambientSky))
    expect(exposure).toBeGreaterThan(1.25 * light(12, DAWN).exposure)
    // It shines in under the clouds.
    expect(cloudShadow).toBeLessThan(0.5 * light(12, DAWN).cloudShadow)
  }
})

test('[V51] haze glows towards a low sun, and is one colour all round at noon', () => {
  /** What `hazeColor` has along the ground towards the sun, by what it has the other way. */
  const towards = (hourH: number): number => {
    const { warm, cool, keyColor, sunUp } = light(hourH, DAWN)
    const s = Math.sqrt(1 - sunUp * sunUp)
    const share = 0.12 + 0.75 * s ** 3
    const away = 0.88 * luminance(cool) + 0.12 * luminance(warm)
    return ((1 - share) * luminance(cool) + share * luminance(warm) + 0.24 * luminance(keyColor) * s ** 12) / away
  }
  for (const hourH of [5.5, 6.1, 18]) expect(towards(hourH), `${hourH} h`).toBeGreaterThan(1.5)
  expect(towards(12)).toBeLessThan(1.2)
  expect(HAZE_GLSL).toContain('.12+.75*t)+airSunColor*.24*t*t*t*t')
})

test('[V52] rain falls from dark forms with light between, the sky is bright where they end, and windows are lit', () => {
  const rain = light(15, { cloudShare: 0.95, hazeShare: 0.15, rainShare: 0.7, wetShare: 1 })
  expect(luminance(rain.cool)).toBeGreaterThan(2 * luminance(rain.zenith))
  expect(luminance(rain.cloudLit)).toBeGreaterThan(3 * luminance(rain.cloudDark))
  expect(rain.night).toBeGreaterThan(0.1)
  // Without rain a deck is no evening.
  expect(light(15, { cloudShare: 0.95 }).night).toBe(0)
})

test('[V53] mist lies on a plain as high as a house, and fills the valleys of high mountains', () => {
  const deepM = (highestM: number): number => {
    const air = createAir()
    createAirDrive({ air, originX: 0, originZ: 0, lowestM: 0, highestM, isStill: false })
    return 1 / air.uniforms.airBank.value.z
  }
  expect(deepM(30)).toBeLessThan(20)
  expect(deepM(1800)).toBeGreaterThan(80)
})

test('[V54] the clouds that are seen are those that throw the shadows: one field for both', () => {
  const sky = createSky(createAir(), createSkyLight(), false).mesh.material as ShaderMaterial
  const shade = CLOUD_GLSL.slice(CLOUD_GLSL.indexOf('float cloudShade'))
  for (const glsl of [sky.fragmentShader.slice(sky.fragmentShader.indexOf('void main')), shade]) {
    expect(glsl).toContain('cloudBulk(p)')
  }
  expect(shade).toContain(`/${CLOUD_M}.+airCloudShadow.xy`)
})

/** The shader's `windAt`, in doubles, from the same uniforms. */
function gustsOf(air: ReturnType<typeof createAir>, x: number, z: number): [number, number] {
  const { airWind, airGustCell, airGustPart } = air.uniforms
  const [wx, wz, mean, share] = airWind.value.toArray() as [number, number, number, number]
  const [dx, dz] = [wx / mean, wz / mean]
  const q = [x * dx + z * dz, 2 * (x * dz - z * dx)] as const
  const corner = (ix: number, iy: number, seed: number): [number, number] => {
    let h = Math.imul(ix, 0x9e3779b1) ^ Math.imul(iy, 0x85ebca77) ^ seed
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
    h = Math.imul(h ^ (h >>> 12), 0x297a2d39)
    h = (h ^ (h >>> 15)) >>> 0
    return [h & 0xffff, h >>> 16]
  }
  const noise = (sizeM: number, part: [number, number], cell: [number, number], seed: number): [number, number] => {
    const p = [q[0] / sizeM + part[0], q[1] / sizeM + part[1]]
    const [ix, iy] = [Math.floor(p[0]!) + cell[0], Math.floor(p[1]!) + cell[1]]
    const [fx, fy] = [p[0]! - Math.floor(p[0]!), p[1]! - Math.floor(p[1]!)]
    const [sx, sy] = [fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)]
    return [0, 1].map((k) => {
      const at = (a: number, b: number) => corner(ix + a, iy + b, seed)[k]!
      const low = at(0, 0) + (at(1, 0) - at(0, 0)) * sx
      const high = at(0, 1) + (at(1, 1) - at(0, 1)) * sx
      return (low + (high - low) * sy) / 32767.5 - 1
    }) as [number, number]
  }
  const { x: cx, y: cy, z: cz, w: cw } = airGustCell.value
  const { x: px, y: py, z: pz, w: pw } = airGustPart.value
  const large = noise(96, [px, py], [cx, cy], 0x51ed270b)
  const small = noise(24, [pz, pw], [cz, cw], 0x2545f491)
  const along = 1 + share * (0.7 * large[0] + 0.3 * small[0])
  const across = share * 0.8 * (0.7 * large[1] + 0.3 * small[1])
  return [wx * along + wz * across, wz * along - wx * across]
}

const lamps = () => ({
  sun: new DirectionalLight(),
  hemisphere: new HemisphereLight(),
  renderer: { toneMappingExposure: 1 } as WebGLRenderer,
})

test('[V47] grass bends in the very gust that the rider feels', () => {
  for (const constant of [
    '96.',
    '24.',
    '.7*airGust',
    '.3*airGust',
    '0x51ed270bu',
    '0x2545f491u',
    '0x9e3779b1u',
    '0x85ebca77u',
  ]) {
    expect(WIND_GLSL).toContain(constant)
  }
  const random = createRandom(9)
  const air = createAir()
  const [originX, originZ] = [1234.5, -877.25]
  const drive = createAirDrive({ air, originX, originZ, lowestM: 0, highestM: 50, isStill: false })
  const out = { eastMps: 0, northMps: 0 }
  for (let n = 0; n < 60; n++) {
    const some = () => (random.fraction() - 0.5) * 12
    const weather = { windEastMps: some(), windNorthMps: some(), gustShare: 0.6, seaLevelC: 15, isWet: false }
    const tick = Math.floor(random.fraction() * 3e6)
    drive.set({ ...FAIR_MORNING, tick, weather })
    drive.apply(lamps())
    const [x, z] = [some() * 300, some() * 300]
    windOver(weather, tick, originX + x, -(originZ + z), out)
    const [east, south] = gustsOf(air, x, z)
    expect(east).toBeCloseTo(out.eastMps, 6)
    expect(south).toBeCloseTo(-out.northMps, 6)
  }
})

test('[V48] the shadow map moves over the ground in whole pixels, whatever way the rider goes', () => {
  const air = createAir()
  const sun = new DirectionalLight()
  sun.shadow.mapSize.set(2048, 2048)
  Object.assign(sun.shadow.camera, { left: -42, right: 42 })
  const pixelM = 84 / 2048
  const right = new Vector3().crossVectors(new Vector3(0, 1, 0), air.sunDirection).normalize()
  for (let i = 0; i < 40; i++) {
    const at = { x: i * 0.137, y: 0.01 * i, z: -i * 0.071 }
    standSun(sun, air, at, 150)
    const pixels = sun.target.position.dot(right) / pixelM
    expect(Math.abs(pixels - Math.round(pixels))).toBeLessThan(1e-6)
    expect(sun.target.position.distanceTo(new Vector3(at.x, at.y, at.z))).toBeLessThan(pixelM)
  }
})

function street() {
  const path = emptyPath(400, false)
  for (let i = 0; i < 400; i++) {
    path.x[i] = i
    path.dirX[i] = 1
    path.halfWidthM[i] = 4
  }
  const isRoofed = new Uint8Array(400).fill(1, 300, 340)
  return { path, roads: [{ path, isRoofed }] as never }
}

test('[V49] street lamps stand beside roads in towns, on either side by turns, and hang in galleries; nowhere else', () => {
  const { roads } = street()
  const lit = planLamps({ roads }, (x) => x < 200)
  const posts = lit.filter(({ isRoofed }) => !isRoofed)
  expect(posts.length).toBe(6)
  expect(
    posts.every(
      ({ x, z, inZ }, i) =>
        x < 200 && Math.abs(z) === 5.15 && Math.sign(inZ) === -Math.sign(z) && (i === 0 || z === -posts[i - 1]!.z),
    ),
  ).toBe(true)
  expect(lit.filter(({ isRoofed }) => isRoofed).map(({ x }) => x >= 300 && x < 340)).toEqual([true, true, true])
  expect(planLamps({ roads }, () => false).every(({ isRoofed }) => isRoofed)).toBe(true)
})

test('[V49] by day no lamp is drawn, in the dry no drop', () => {
  const { path, roads } = street()
  const air = createAir()
  const drive = createAirDrive({ air, originX: 0, originZ: 0, lowestM: 0, highestM: 50, isStill: false })
  const lights = createLamps(
    air,
    path,
    planLamps({ roads }, () => true),
  )
  const rain = createPrecipitation(air, path, 'low')
  const riders = createSceneRiders(2)
  riders.count = 2
  riders.speedMps.fill(10)
  const camera = new PerspectiveCamera()
  const drawn = (sky: SkyNow) => {
    drive.set(sky)
    drive.apply(lamps())
    lights.update(riders)
    rain.update(camera, riders, createSpot())
    return [lights.mesh.visible, rain.mesh.visible]
  }
  expect(drawn(skyAt(12))).toEqual([false, false])
  expect(drawn(skyAt(0))).toEqual([true, false])
  expect(drawn(skyAt(12, { rainShare: 0.5, wetShare: 1 }))).toEqual([false, true])
  // Spray after the rain; none off snow.
  expect(drawn(skyAt(12, { wetShare: 1 }))).toEqual([false, true])
  expect(drawn(skyAt(12, { wetShare: 1, snowLineM: -500 }))).toEqual([false, false])
})
