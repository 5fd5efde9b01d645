import type { Object3D } from 'three'
import type { Air } from './materials.ts'
import type { Spot } from './path.ts'
import type { PictureOrigin } from './zone-frame.ts'
import type { ZoneScene } from './zone-types.ts'

/** The parks as they are drawn. */
export interface ZonesLayer {
  readonly group: Object3D
  update(scene: ZoneScene | undefined, timeS: number): void
  /** The engine that falls are shown with; by itself it is loaded when somebody falls for the first time. */
  loadFalls(): Promise<void>
  /** Puts a rider who is in a park there; answers the lean, NaN for who is not. */
  place(scene: ZoneScene | undefined, riderId: number, out: Spot): number
}

/** Draws parks; a picture of a road without any is given none. */
export interface ZoneKit {
  createLayer(origin: PictureOrigin, air: Air, quality: 'test' | 'low' | 'medium' | 'high'): ZonesLayer
}
