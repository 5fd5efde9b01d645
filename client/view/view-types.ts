import type { BakedColumns, MapFile } from '#maps/format'
import type { Network } from '#maps/network'
import type { ZoneSite } from '#physics/zone-site'
import type { RosterEntry, SceneRiders } from '../world/scene-riders.ts'
import type { SkyNow } from '../world/sky-now.ts'

import type { ZoneScene } from './zone-types.ts'

/** `test` is for headless software rendering: few plants, no shadows, no anti-aliasing. */
export type Quality = 'test' | 'low' | 'medium' | 'high'

/** The first six are the rider's to choose; the others are for pictures. */
export const CAMERA_MODES = [
  ...(['chase', 'first', 'side', 'helicopter', 'roadside', 'finish'] as const),
  ...(['portrait', 'front', 'back', 'close'] as const),
] as const
export const RIDER_CAMERAS: readonly CameraMode[] = CAMERA_MODES.slice(0, 6)
export type CameraMode = (typeof CAMERA_MODES)[number]

export interface ViewOptions {
  readonly course: BakedColumns
  readonly network: Network
  readonly map: Pick<MapFile, 'name' | 'scenery'>
  readonly roster: readonly RosterEntry[]
  /** Free-ride zones beside the road. */
  readonly zones?: readonly ZoneSite[]
  readonly quality: Quality
  /** Default: `map.scenery.seed`. */
  readonly seed?: number
  /** prefers-reduced-motion: no sway, no bouncing crowd. */
  readonly isMotionReduced?: boolean
  /** Keeps the last frame readable after it was shown, for pictures. */
  readonly isPreserved?: boolean
}

export interface ViewInfo {
  readonly drawCalls: number
  readonly triangles: number
  readonly programs: number
  readonly geometries: number
  readonly textures: number
}

export interface View {
  /** Draws the riders at this moment. `timeS` moves clouds, leaves and camera; the same calls draw the same pixels. */
  frame(riders: SceneRiders, timeS: number, camera: CameraMode, zones?: ZoneScene): void
  /** Takes in what has been built of the world, while there is nobody to draw yet. */
  pour(): void
  /** The ground is there, so that one can ride. */
  readonly isReady: boolean
  /** Nothing that was asked for is still to come. */
  readonly isWhole: boolean
  /** Waits for what frames so far have asked for; false: nothing had to be waited for. For pictures. */
  settle(): Promise<boolean>
  resize(widthPx: number, heightPx: number, pixelRatio: number): void
  setRoster(entries: readonly RosterEntry[]): void
  /** The sky of the next frame, and of those after it until told anew; without it a fair morning. */
  setSky(sky: SkyNow): void
  /** Loads what falls are shown with, before anybody falls: for pictures. */
  loadFalls(): Promise<void>
  info(): ViewInfo
  dispose(): void
}
