import { Scene, WebGLRenderer, PerspectiveCamera } from 'three'
import type { View, ViewOptions } from './view-types.ts'

/** The world on a canvas. Time, riders and chance come in as arguments; nothing else does. */
export function createView(canvas: HTMLCanvasElement, options: ViewOptions): View {
  const renderer = new WebGLRenderer({ canvas, preserveDrawingBuffer: options.isPreserved ?? false })
  const scene = new Scene()
  const camera = new PerspectiveCamera()
  return {
    frame: () => renderer.render(scene, camera),
    resize: (widthPx, heightPx, pixelRatio) => {
      renderer.setPixelRatio(pixelRatio)
      renderer.setSize(widthPx, heightPx, false)
    },
    setRoster: () => {},
    info: () => ({
      drawCalls: renderer.info.render.calls,
      triangles: renderer.info.render.triangles,
      programs: renderer.info.programs?.length ?? 0,
      geometries: renderer.info.memory.geometries,
      textures: renderer.info.memory.textures,
    }),
    dispose: () => renderer.dispose(),
  }
}
