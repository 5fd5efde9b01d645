import { expect, test } from 'vitest'
import type { ZoneSite } from '#physics/zone-site'
import { ZonePassage, type OnRoad } from './zone-passage.ts'
import type { ZoneRiderPose, ZoneScene } from './zone-types.ts'

const SELF = 7
const SPEED_MPS = 6
const site = {
  ...{ entryPlaceM: 100, exitPlaceM: 160, side: 1, tapePerU: 1 },
  ground: { entryM: 0, lengthM: 60, apronM: 5, roadHeightM: () => 20 },
} as unknown as ZoneSite

const onRoad = (placeM: number): OnRoad => ({ placeM, lateralM: 1, speedMps: SPEED_MPS, heightM: 20 })
const pose = (u: number, v: number): ZoneRiderPose => ({
  ...{ zone: 0, u, v, z: 20, headU: 1, headV: 0, slope: 0, lean: 0, speedMps: SPEED_MPS, isDown: false },
})

test('[P89] through the gates one’s own rider goes without a stop and without a jump', () => {
  let nowS = 0
  const inner: ZoneScene = {
    // The park's first word comes 0.4 s after the gate (2 s), and it tells of a quarter of a second ago.
    rider: (id) => (id === SELF && nowS > 2.4 && nowS < 12 ? pose((nowS - 2.25) * SPEED_MPS, -3.9) : undefined),
    fallen: () => [],
    props: () => [],
  }
  const passage = new ZonePassage([site], inner, SELF)
  let beforeU = NaN
  let seen = 0
  for (; nowS < 16; nowS += 1 / 60) {
    const isInside = nowS >= 2 && nowS < 12
    const placeM = nowS < 2 ? 100 - (2 - nowS) * SPEED_MPS : isInside ? 100 : 160 + (nowS - 12) * SPEED_MPS
    passage.frame(nowS, isInside, onRoad(placeM))
    const shown = passage.rider(SELF)
    const u = shown?.u ?? placeM - 100
    if (Number.isFinite(beforeU)) {
      const stepM = u - beforeU
      expect(stepM, `at ${nowS} s`).toBeGreaterThan((0.45 * SPEED_MPS) / 60)
      expect(stepM, `at ${nowS} s`).toBeLessThan((1.7 * SPEED_MPS) / 60)
    }
    beforeU = u
    if (shown !== undefined) seen++
  }
  expect(seen).toBeGreaterThan(600)
  expect(passage.rider(SELF)).toBeUndefined()
})

test('[P89] who is set down far from where they were is there at once', () => {
  const inner: ZoneScene = { rider: () => pose(10, 20), fallen: () => [], props: () => [] }
  const passage = new ZonePassage([site], inner, SELF)
  for (let k = 0; k < 120; k++) passage.frame(k / 60, k > 10, onRoad(100))
  passage.frame(2, false, onRoad(160))
  expect(passage.rider(SELF)).toBeUndefined()
})
