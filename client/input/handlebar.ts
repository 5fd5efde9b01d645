import type { Press } from '#bridges/core/devices'
import type { ActionId } from './actions.ts'

export type HandlebarButton = Extract<Press, { readonly press: 'button' }>

/**
 * Buttons at the handlebar as actions of the table, one for each; docs/client.md has them. What speaks of an app of
 * another kind (power-ups, a talk by voice, intervals) does nothing.
 */
const ACTION_OF: Readonly<Partial<Record<HandlebarButton['name'], ActionId>>> = {
  ...{ 'steer-left': 'steerLeft', 'steer-right': 'steerRight', left: 'left', right: 'right', up: 'straight' },
  ...{ 'u-turn': 'back', down: 'back', camera: 'camera', hud: 'hide', map: 'map', lap: 'lap' },
  ...{ emote: 'rideOn', menu: 'menu', pause: 'pause', resume: 'pause', break: 'pause' },
}
const CAMERAS = ['camera1', 'camera2', 'camera3', 'camera4', 'camera5', 'camera6'] as const

/** undefined: nothing here. A camera button with a number means that camera. */
export function actionOfButton({ name, value }: HandlebarButton): ActionId | undefined {
  const numbered = name === 'camera' && value > 1 ? CAMERAS[value - 1] : undefined
  return numbered ?? ACTION_OF[name]
}
