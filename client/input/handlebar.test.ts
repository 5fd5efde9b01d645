import { expect, test } from 'vitest'
import { OpenBikeButtons } from '#bridges/core/buttons'
import { ACTION_IDS, Actions } from './actions.ts'
import { actionOfButton, type HandlebarButton } from './handlebar.ts'

test('[U102] a button at the handlebar is an action of the table: once when it goes down, the bars until it is let go', () => {
  const buttons = new OpenBikeButtons()
  const actions = new Actions()
  const done: string[] = []
  for (const id of ACTION_IDS) actions.on(id, (isDown) => done.push(isDown ? id : `${id} up`))
  const press = (id: number, state: number): void => {
    for (const one of buttons.take([{ id, name: undefined, state }])) {
      if (one.press !== 'button') throw new Error('of the legs')
      const action = actionOfButton(one)
      if (action !== undefined) actions.hold(action, one.isDown)
    }
  }
  for (const [id, state] of [
    [0x18, 1], // Steer left …
    [0x18, 1], // … told again …
    [0x18, 0], // … and let go.
    [0x40, 1], // Camera: the next.
    [0x40, 0],
    [0x40, 3], // The third.
    [0x40, 0],
    [0x20, 1], // Emote.
    [0x20, 0],
    [0x50, 1], // A power-up: there is none.
    [0x50, 0],
  ] as const)
    press(id, state)
  expect(done).toEqual(['steerLeft', 'steerLeft up', 'camera', 'camera3', 'rideOn'])
  const known = new Set<string>(ACTION_IDS)
  for (const name of ['left', 'lap', 'pause'] as const) {
    const button: HandlebarButton = { press: 'button', name, isDown: true, value: 1 }
    expect(known.has(actionOfButton(button)!)).toBe(true)
  }
})
