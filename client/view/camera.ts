import { PerspectiveCamera, Vector3 } from 'three'
import type { SceneRiders } from '../world/scene-riders.ts'
import type { HeightMap } from './heights.ts'
import type { Carriageways } from './carriageways.ts'
import { createSpot, halfWidthAt, spotAt, type Spot } from './path.ts'
import type { CameraMode } from './view-types.ts'

interface Shot {
  /** Where the eye stands: m ahead of the rider, m right of him, m above the road. */
  readonly aheadM: number
  readonly rightM: number
  readonly upM: number
  /** What it looks at, the same way. */
  readonly atAheadM: number
  readonly atRightM: number
  readonly atUpM: number
  readonly fovDeg: number
  /** Lateral places count from the middle of the road instead of from the rider. */
  readonly isRoadBound?: boolean
}

const SHOTS: Record<CameraMode, Shot> = {
  chase: { aheadM: -4.9, rightM: -0.45, upM: 2.15, atAheadM: 8, atRightM: 0, atUpM: 0.5, fovDeg: 56 },
  first: { aheadM: -0.2, rightM: 0, upM: 1.58, atAheadM: 16, atRightM: 0, atUpM: -0.9, fovDeg: 70 },
  side: { aheadM: 1.6, rightM: -4.6, upM: 1.05, atAheadM: -0.2, atRightM: 0, atUpM: 0.95, fovDeg: 48 },
  // Looks so near before the rider that profile and film bar do not lie on them.
  helicopter: { aheadM: -24, rightM: 14, upM: 14, atAheadM: 18, atRightM: 0, atUpM: 0, fovDeg: 52, isRoadBound: true },
  // These two stand; where, says `post`. Between posts the finish rides ahead, as the lead car does.
  roadside: { aheadM: 0, rightM: 0, upM: 2.1, atAheadM: 0, atRightM: 0, atUpM: 0.95, fovDeg: 30, isRoadBound: true },
  finish: { aheadM: 11, rightM: -1.2, upM: 2, atAheadM: 0, atRightM: 0, atUpM: 1.05, fovDeg: 34 },
  portrait: { aheadM: 0.55, rightM: -2.75, upM: 1.1, atAheadM: 0.08, atRightM: 0, atUpM: 0.86, fovDeg: 42 },
  front: { aheadM: 7.5, rightM: 1.4, upM: 1.5, atAheadM: 0, atRightM: 0, atUpM: 1.05, fovDeg: 40 },
  back: { aheadM: -5.2, rightM: 0.5, upM: 1.5, atAheadM: 0, atRightM: 0, atUpM: 0.95, fovDeg: 24 },
  close: { aheadM: 2.1, rightM: -1.9, upM: 1.45, atAheadM: 0.1, atRightM: 0, atUpM: 1.12, fovDeg: 34 },
}

/** The helicopter between houses. */
const STREET_EYE = { rightM: 0.6, upM: 19 } as const
const CLEAR_OF_GROUND_M = 1.1
/** Of the road's slope, what the eye behind the rider does not follow. */
const LEVELLING = 0.4
/** Of the bicycle's lean, what a head follows, and what the picture seen from it does: more makes sick. */
const HEAD_LEANS = 0.85
const ROLLS = 0.35
/** Somebody stands beside the road so often, this far from its edge: before rails, barriers and whoever leans on them, m. */
const POST_EVERY_M = 60
const POST_ASIDE_M = 0.2
/** Half of what is in the picture of a rider who passes, m. */
const PASSING_M = 1.5
/** Beyond the line, and seen from there as soon as the rider is so near, m. */
const BEYOND_LINE_M = 9
const LINE_SIGHT_M = 160

export interface CameraRig {
  readonly camera: PerspectiveCamera
  aspect(widthPx: number, heightPx: number): void
  /** `offRoad`: where the rider is instead, in a free-ride zone. A function of rider, place and time alone: no memory, so every frame can be drawn again. */
  place(riders: SceneRiders, timeS: number, mode: CameraMode, offRoad?: Spot, offRoadLeanRad?: number): void
}

export function createCameraRig(
  { tape, spotOnward }: Pick<Carriageways, 'tape' | 'spotOnward'>,
  ground: Pick<HeightMap, 'heightAt'>,
  isStill: boolean,
  /** Places of finish lines. */
  linesM: readonly number[] = [],
  /** How much of a town is around a place, 0 … 1: between houses the helicopter flies over the street. */
  roofsAt: (x: number, z: number) => number = () => 0,
): CameraRig {
  const camera = new PerspectiveCamera(58, 16 / 9, 0.25, 16_000)
  const spot = createSpot()
  const eye = new Vector3()
  const target = new Vector3()
  let aside: Spot | undefined
  let portraitGain = 1
  let aspect = 16 / 9

  return {
    camera,
    aspect: (widthPx, heightPx) => {
      aspect = widthPx / Math.max(1, heightPx)
      camera.aspect = aspect
      // On a tall screen the same vertical angle would show a slit of road.
      portraitGain = aspect < 1 ? 1.22 : 1
    },
    place: (riders, timeS, mode, offRoad, offRoadLeanRad) => {
      const shot = SHOTS[mode]
      aside = offRoad
      const hasRider = riders.count > 0
      const placeM = hasRider ? riders.placeM[0]! : 0
      const lateralM = hasRider && offRoad === undefined && shot.isRoadBound !== true ? riders.lateralM[0]! : 0
      const speedMps = hasRider ? riders.speedMps[0]! : 0
      camera.fov = shot.fovDeg * portraitGain
      // The eye rides along the bend, half-way between the road behind and the chord, which calms hairpins.
      const postM = offRoad === undefined ? post(mode, placeM) : NaN
      const roofs =
        mode === 'helicopter' && offRoad === undefined ? roofsAt(spotAt(tape, placeM, 0, spot).x, spot.z) : 0
      const rightM = shot.rightM + (STREET_EYE.rightM - shot.rightM) * roofs
      if (Number.isNaN(postM)) aheadOf(placeM, shot.aheadM, lateralM + rightM, eye)
      else {
        // On the left: riders keep right, and all of them fits into the picture.
        spotOnward(placeM, postM, -halfWidthAt(tape, placeM + postM) - POST_ASIDE_M, spot)
        eye.set(spot.x, spot.y, spot.z)
      }
      eye.y += shot.upM + (STREET_EYE.upM - shot.upM) * roofs
      const aimM = mode === 'roadside' && hasRider && offRoad === undefined ? riders.lateralM[0]! : lateralM
      aheadOf(placeM, shot.atAheadM, aimM * (shot.atAheadM > 4 ? 0.5 : 1) + shot.atRightM, target)
      // On a tall screen the panels stand over the road: the rider moves up.
      target.y += shot.atUpM - (aspect < 1 && mode === 'chase' ? 1.3 : 0)
      // The eye tilts with only a part of the slope: a wall stands up before the rider, a descent falls away.
      if (offRoad === undefined && (mode === 'chase' || mode === 'first'))
        target.y -= LEVELLING * (shot.atAheadM - shot.aheadM) * spotAt(tape, placeM, 0, spot).slope
      if (!isStill && mode === 'helicopter') {
        eye.x += 1.4 * Math.sin(timeS * 0.21)
        eye.y += 0.9 * Math.sin(timeS * 0.17 + 1)
        eye.z += 1.4 * Math.sin(timeS * 0.19 + 2)
      }
      camera.up.set(0, 1, 0)
      if (mode === 'first' && hasRider) ownEyes(placeM, shot.upM, offRoadLeanRad ?? NaN, riders.leanRad[0]!)
      if (!isStill && mode === 'chase') eye.y += Math.min(0.12, speedMps * 0.006)
      eye.y = Math.max(eye.y, ground.heightAt(eye.x, eye.z) + CLEAR_OF_GROUND_M)
      // Who stands at the road opens the lens for those who pass: from wheel to helmet.
      if (!Number.isNaN(postM)) {
        const whole = (2 * Math.atan(PASSING_M / eye.distanceTo(target)) * 180) / Math.PI
        camera.fov = Math.max(shot.fovDeg, whole) * portraitGain
      }
      camera.position.copy(eye)
      camera.lookAt(target)
      camera.updateProjectionMatrix()
      camera.updateMatrixWorld()
    },
  }

  /** The head goes with the bicycle: over into the bend, back on a climb; the picture rolls with a part of it. */
  function ownEyes(placeM: number, upM: number, offRoadLeanRad: number, roadLeanRad: number): void {
    const { dirX, dirZ, slope } = aside ?? spotAt(tape, placeM, 0, spot)
    const leanRad = Number.isNaN(offRoadLeanRad) ? roadLeanRad : offRoadLeanRad
    const rightM = Math.sin(leanRad) * upM * HEAD_LEANS
    eye.x -= dirZ * rightM + dirX * slope * upM
    eye.z += dirX * rightM - dirZ * slope * upM
    eye.y -= (1 - Math.cos(leanRad)) * upM
    target.x -= dirZ * rightM
    target.z += dirX * rightM
    const roll = isStill ? 0 : ROLLS * leanRad
    camera.up.set(-dirZ * Math.sin(roll), Math.cos(roll), dirX * Math.sin(roll))
  }

  /** Metres ahead of the rider where the eye stands; NaN: it rides along. A function of the place alone. */
  function post(mode: CameraMode, placeM: number): number {
    if (mode === 'roadside') return POST_EVERY_M * (Math.floor(placeM / POST_EVERY_M) + 0.5) - placeM
    if (mode !== 'finish') return NaN
    for (const lineM of linesM) {
      const aheadM = lineM - placeM
      if (aheadM > -BEYOND_LINE_M + 2 && aheadM < LINE_SIGHT_M) return aheadM + BEYOND_LINE_M
    }
    return NaN
  }

  function aheadOf(placeM: number, aheadM: number, lateralM: number, out: Vector3): void {
    if (aside !== undefined) {
      // Along the bicycle itself; the place across the road means nothing here.
      const { x, y, z, dirX, dirZ } = aside
      out.set(x + dirX * aheadM - dirZ * lateralM, y, z + dirZ * aheadM + dirX * lateralM)
      return
    }
    spotOnward(placeM, aheadM, lateralM, spot)
    out.set(spot.x, spot.y, spot.z)
    if (Math.abs(aheadM) < 1) return
    const { dirX, dirZ } = spotAt(tape, placeM, lateralM, spot)
    out.x += (spot.x + dirX * aheadM - out.x) * 0.35
    out.z += (spot.z + dirZ * aheadM - out.z) * 0.35
  }
}
