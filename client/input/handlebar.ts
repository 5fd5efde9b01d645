import type { Press } from '#bridges/core/devices'
import { hudSettings } from '../hud/settings.ts'
import { ACTIONS, type ActionId } from './actions.ts'

export type HandlebarButton = Extract<Press, { readonly press: 'button' }>

/**
 * Buttons at the handlebar as actions of the table, one for each, as long as their rider gives them no other;
 * docs/client.md has them. What speaks of an app of another kind (power-ups, a talk by voice, intervals) does nothing.
 */
const ACTION_OF: Readonly<Partial<Record<HandlebarButton['name'], ActionId>>> = {
  ...{ 'steer-left': 'steerLeft', 'steer-right': 'steerRight', left: 'left', right: 'right', up: 'straight' },
  ...{ 'u-turn': 'back', down: 'back', camera: 'camera', hud: 'hide', map: 'map', lap: 'lap' },
  ...{ emote: 'rideOn', menu: 'menu', pause: 'pause', resume: 'pause', break: 'pause' },
}
const CAMERAS = ['camera1', 'camera2', 'camera3', 'camera4', 'camera5', 'camera6'] as const

/** Each device has buttons of its own: the left one's "up" may do other things than the right one's. */
export const buttonKey = (name: string, device: string): string => `${device} ${name}`

/** What its rider gave a button to do; undefined: nothing else than it is for. */
export function givenTo(name: string, device: string): ActionId | undefined {
  const id = hudSettings.peek().buttons[buttonKey(name, device)]
  return id !== undefined && id in ACTIONS ? (id as ActionId) : undefined
}

/** undefined: nothing here. A camera button with a number means that camera. */
export function actionOfButton({ name, value }: HandlebarButton, device: string): ActionId | undefined {
  const numbered = name === 'camera' && value > 1 ? CAMERAS[value - 1] : undefined
  return givenTo(name, device) ?? numbered ?? ACTION_OF[name]
}
