import { POSE, POSES, type PoseName } from './poses.ts'
import type { SceneRiders } from './scene-riders.ts'

/** What `gruppetto picture --pose` can show: the poses, and what riders do in them. */
export const SHOWN_POSES = [
  ...POSES,
  ...(['drinking', 'bottle', 'looking', 'braking', 'bend', 'coasting'] as const),
] as const
export type ShownPose = (typeof SHOWN_POSES)[number]

const IN: Partial<Record<ShownPose, PoseName>> = {
  looking: 'hoods',
  bend: 'drops',
  coasting: 'hoods',
  braking: 'drops',
}
const LEVEL_RAD = Math.PI / 2

/** One row of a scene as a pose alone, for pictures. */
export function showPose(riders: SceneRiders, row: number, shown: ShownPose): void {
  const pose = POSE[IN[shown] ?? (shown as PoseName)] ?? 0
  for (let k = 0; k < POSES.length; k++) riders.pose[row * POSES.length + k] = k === pose ? 1 : 0
  riders.effort[row] = shown === 'sprint' ? 1.5 : shown === 'standing' ? 1.1 : 0.7
  if (shown === 'drinking') riders.drink[row] = 0.55
  if (shown === 'bottle') riders.drink[row] = 0.2
  if (shown === 'looking') riders.lookRight[row] = -1
  if (shown === 'bend') {
    riders.leanRad[row] = 0.42
    riders.kneeOut[row] = 1
    // The inside foot is up.
    riders.crankRad[row] = 0
  }
  if (['tuck', 'coasting', 'stop', 'cheer', 'braking'].includes(shown)) riders.crankRad[row] = LEVEL_RAD
  if (shown === 'stop') riders.speedMps[row] = 0
}
