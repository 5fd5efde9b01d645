import { DirectionalLight, HemisphereLight, PerspectiveCamera, Scene, WebGLRenderer } from 'three'
import type { RiderLook } from '../world/rider-look.ts'
import { createSceneRiders } from '../world/scene-riders.ts'
import { createAirDrive } from './air-drive.ts'
import { createAir, setEye } from './materials.ts'
import { emptyPath } from './path.ts'
import { createRidersLayer } from './riders.ts'
import { drawInOurTones } from './tones.ts'

/** A rider as one is dressed in the garage: the very one who is drawn on the road, alone, without a world. */
export interface Stand {
  /** Dressed so, the eye turned round them by so much; 0: from behind on the left. */
  show(look: RiderLook, massKg: number, turnRad: number): void
  dispose(): void
}

const AWAY_M = 3.9
const EYE_UP_M = 1.25
const AIM_UP_M = 0.86
const RIDER_ID = 1

export function createStand(canvas: HTMLCanvasElement): Stand {
  const renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true })
  drawInOurTones(renderer)
  const air = createAir()
  const path = emptyPath(3, false)
  path.dirZ.fill(1)
  path.z.set([-1, 0, 1])
  const drive = createAirDrive({ air, originX: 0, originZ: 0, lowestM: 0, highestM: 0, isStill: true })
  const scene = new Scene()
  const sun = new DirectionalLight()
  const hemisphere = new HemisphereLight()
  const riders = createRidersLayer(path, air, 'low', 1)
  scene.add(riders.group, sun, hemisphere)
  const camera = new PerspectiveCamera(29, 1, 0.5, 20)
  const table = createSceneRiders(1)
  table.count = 1
  table.id[0] = RIDER_ID
  table.placeM[0] = 1
  table.pose[0] = 1
  table.crankRad[0] = 0.9
  let shown: RiderLook | undefined

  return {
    show: (look, massKg, turnRad) => {
      if (look !== shown) riders.setRoster([{ ...look, id: RIDER_ID, name: '', isBot: false, massKg }])
      shown = look
      const { clientWidth, clientHeight } = canvas
      const ratio = Math.min(2, devicePixelRatio)
      if (canvas.width !== Math.floor(clientWidth * ratio) || canvas.height !== Math.floor(clientHeight * ratio))
        renderer.setDrawingBufferSize(clientWidth, clientHeight, ratio)
      camera.aspect = clientWidth / Math.max(1, clientHeight)
      const around = turnRad - 2.5
      camera.position.set(AWAY_M * Math.sin(around), EYE_UP_M, AWAY_M * Math.cos(around))
      camera.lookAt(0, AIM_UP_M, 0.08)
      camera.updateProjectionMatrix()
      camera.updateMatrixWorld()
      drive.apply({ sun, hemisphere, renderer })
      // The light goes round with the eye: whatever is turned to it is seen.
      air.sunDirection.set(Math.sin(around + 0.7), 0.9, Math.cos(around + 0.7)).normalize()
      sun.position.copy(air.sunDirection)
      setEye(air, camera.position.x, camera.position.y, camera.position.z)
      air.uniforms.airSunView.value.copy(air.sunDirection).transformDirection(camera.matrixWorldInverse)
      riders.update(table, camera, 'others')
      renderer.render(scene, camera)
    },
    dispose: () => {
      riders.dispose()
      renderer.dispose()
    },
  }
}
