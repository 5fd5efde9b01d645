import { useLayoutEffect } from 'preact/hooks'
import { hudSettings } from '../hud/settings.ts'
import { type ActionId, Actions, type Handler } from '../input/actions.ts'

/** The one table's actions on this page: whoever is drawn says what it does. */
export const rideActions = new Actions(() => hudSettings.peek().keys)

/** Before the first paint: on a slow machine an effect after it would leave the keys dead for a while. */
export function useActions(handlers: Partial<Record<ActionId, Handler>>, of: readonly unknown[]): void {
  useLayoutEffect(() => {
    const ends = (Object.entries(handlers) as [ActionId, Handler][]).map(([id, handler]) => rideActions.on(id, handler))
    return () => ends.forEach((end) => end())
  }, of)
}
