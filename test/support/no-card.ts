/**
 * A graphics card that takes everything and draws nothing, for a page that is not looked at: drawn in software a world
 * costs three seconds of a core until its first picture and half a core after, while a test waits for what comes over
 * the net or stands on the page. All of the ride's own code runs as ever, three.js too. What is drawn is proved where
 * the card is real: test/browser/view.test.ts, and every page that is opened with `isDrawn`.
 *
 * Runs in the page, before anything of it.
 */
export function withoutCard(): void {
  const cards = new WeakMap<HTMLCanvasElement, object>()
  // oxlint-disable-next-line typescript/unbound-method -- called with the canvas it is asked of
  const getContext = HTMLCanvasElement.prototype.getContext as (...args: unknown[]) => unknown
  HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...more: unknown[]) {
    if (kind !== 'webgl2') return getContext.call(this, kind, ...more)
    if (!cards.has(this)) cards.set(this, cardOf(this))
    return cards.get(this)
  } as typeof HTMLCanvasElement.prototype.getContext

  function cardOf(canvas: HTMLCanvasElement): object {
    const gl = WebGL2RenderingContext
    const limits = new Map<number, unknown>([
      [gl.VERSION, 'WebGL 2.0'],
      [gl.SHADING_LANGUAGE_VERSION, 'WebGL GLSL ES 3.00'],
      [gl.VENDOR, 'nobody'],
      [gl.RENDERER, 'nothing is drawn'],
      [gl.SCISSOR_BOX, new Int32Array(4)],
      [gl.VIEWPORT, new Int32Array(4)],
      [gl.MAX_TEXTURE_IMAGE_UNITS, 16],
      [gl.MAX_SAMPLES, 4],
    ])
    const answers: Record<string, unknown> = {
      canvas,
      getContextAttributes: () => ({ alpha: true, antialias: true, depth: true, stencil: false }),
      getExtension: () => null,
      getSupportedExtensions: () => [],
      getParameter: (name: number) => limits.get(name) ?? 4096,
      getShaderPrecisionFormat: () => ({ rangeMin: 127, rangeMax: 127, precision: 23 }),
      getShaderParameter: () => true,
      getProgramParameter: (_program: object, name: number) => name === gl.LINK_STATUS || 0,
      getShaderInfoLog: () => '',
      getProgramInfoLog: () => '',
      getAttribLocation: () => -1,
      getUniformLocation: () => null,
      getError: () => 0,
      isContextLost: () => false,
      checkFramebufferStatus: () => gl.FRAMEBUFFER_COMPLETE,
    }
    const nothing = (): void => {}
    const thing = (): object => ({})
    return new Proxy(answers, {
      get(_answers, name) {
        if (typeof name === 'symbol') return undefined
        if (name === 'drawingBufferWidth') return canvas.width
        if (name === 'drawingBufferHeight') return canvas.height
        if (name in answers) return answers[name]
        const own = (gl as unknown as Record<string, unknown>)[name]
        if (typeof own === 'number') return own
        if (!(name in gl.prototype)) return undefined
        return name.startsWith('create') || name === 'fenceSync' ? thing : nothing
      },
    })
  }
}
