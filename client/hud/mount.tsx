import { render } from 'preact'
import type { Hud, HudOptions } from './hud-types.ts'

/** Puts the HUD into `root`, over the canvas. */
export function mountHud(root: HTMLElement, _options: HudOptions): Hud {
  render(<div class="hud" />, root)
  return {
    sample: () => {},
    setHidden: (isHidden) => {
      root.hidden = isHidden
    },
    dispose: () => render(null, root),
  }
}
