import { Group, type Camera, type Object3D, type Scene, type WebGLRenderer } from 'three'
import type { SownTile } from './grass-sow.ts'
import { createLandMeshes, isLandPart, type LandMeshesOptions } from './land-mesh.ts'
import { buffersOf, type Part } from './piece.ts'
import { createPieceMeshes } from './piece-mesh.ts'
import type { Surfaces } from './surfaces.ts'
import type { WorldSource } from './world-source.ts'

/**
 * What stands still, as it comes out of the worker: a few parts per frame, so that no frame waits for many, and each
 * seen only when its shader is ready. Everything is counted in bytes, not in time: the same world comes in the same steps.
 */
export interface WorldLayer {
  readonly group: Group
  readonly source: WorldSource
  take(tile: SownTile): void
  /** The ground around the rider is there, and everything needed to draw it: the rest is seen as it comes. */
  readonly isReady: boolean
  /** Everything has come and can be seen. */
  readonly isSettled: boolean
  /** Parts that came, up to what a frame can bear. */
  pour(): void
  /** `placeM`: of the tape, around which the ground is covered. */
  update(camera: Camera, placeM: number): void
  /** Makes the shaders of what is no part of the world, before it is first drawn. */
  prepare(object: Object3D): void
  /** … of what is seldom seen and never first: once the ground is here. */
  prepareLate(object: Object3D): Promise<void>
  /** No shader is being made any more. */
  compiled(): Promise<void>
}

/** What one frame takes in, bytes: a few ms of copying to the graphics card on a weak machine. */
const FRAME_BYTES = 1_500_000
/** Nobody rides yet: frames may be longer, and the wait shorter. */
const LOADING_BYTES = 6_000_000

export interface WorldLayerOptions {
  /** Its worker is at work already. */
  readonly source: WorldSource
  readonly surfaces: Surfaces
  readonly renderer: WebGLRenderer
  readonly scene: Scene
  readonly camera: Camera
  readonly land: Omit<LandMeshesOptions, 'ask'>
}

export function createWorldLayer(options: WorldLayerOptions): WorldLayer {
  const { source, surfaces, renderer, scene, camera } = options
  const compiling = new Set<Promise<void>>()
  const prepare = (object: Object3D): Promise<void> => {
    const work = renderer.compileAsync(object, camera, scene).then(() => void compiling.delete(work))
    compiling.add(work)
    return work
  }
  const meshes = createPieceMeshes(surfaces, prepare)
  const land = createLandMeshes({ ...options.land, ask: (tile) => source.sow(tile) }, prepare)
  const group = new Group()
  group.add(meshes.group, land.group)
  let isGroundHere = false
  let isReady = false
  let sayGround: () => void
  const ground = new Promise<void>((resolve) => (sayGround = resolve))
  /** Programs that were begun before: what comes later keeps nobody waiting. */
  const hearGround = async (): Promise<void> => {
    isGroundHere = true
    const needed = [...compiling]
    sayGround()
    await Promise.all(needed)
    isReady = true
  }

  return {
    group,
    source,
    take: (tile) => land.take(tile),
    get isReady() {
      return isReady
    },
    get isSettled() {
      return source.isIdle && compiling.size === 0
    },
    pour: () => {
      let left = isGroundHere ? FRAME_BYTES : LOADING_BYTES
      while (left > 0) {
        const part = source.take()
        if (part === undefined) return
        if (part.kind === 'mark') void hearGround()
        else if (isLandPart(part)) land.add(part)
        else meshes.add(part)
        left -= bytesOf(part)
      }
    },
    update: (eye, placeM) => {
      meshes.update(eye)
      land.update(eye, placeM)
    },
    prepare: (object) => void prepare(object),
    prepareLate: async (object) => {
      await ground
      await prepare(object)
    },
    compiled: async () => {
      await Promise.all(compiling)
    },
  }
}

function bytesOf(part: Part): number {
  let bytes = 0
  for (const buffer of buffersOf(part)) bytes += buffer.byteLength
  return bytes
}
