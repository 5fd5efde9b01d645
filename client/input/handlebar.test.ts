import { expect, test } from 'vitest'
import { OpenBikeButtons } from '#bridges/core/buttons'
import { Legs } from '#bridges/core/legs'
import type { DeviceSink } from '#bridges/core/devices'
import { HUD_DEFAULT, hudSettings, parseSettings } from '../hud/settings.ts'
import { ACTION_IDS, Actions } from './actions.ts'
import { actionOfButton, buttonKey, givenTo, type HandlebarButton } from './handlebar.ts'

test('[U102] a button at the handlebar is an action of the table: once when it goes down, the bars until it is let go', () => {
  const buttons = new OpenBikeButtons()
  const actions = new Actions()
  const done: string[] = []
  for (const id of ACTION_IDS) actions.on(id, (isDown) => done.push(isDown ? id : `${id} up`))
  const press = (id: number, state: number): void => {
    for (const one of buttons.take([{ id, name: undefined, state }])) {
      if (one.press !== 'button') throw new Error('of the legs')
      const action = actionOfButton(one, 'ble:1')
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
    expect(known.has(actionOfButton(button, 'ble:1')!)).toBe(true)
  }
})

test('[U108] any button may be given any action, for this very device, the legs’ own too; what was kept is checked', () => {
  const given = { [buttonKey('shift-up', 'ble:left')]: 'camera', [buttonKey('lap', 'ble:left')]: 'rideOn' }
  hudSettings.value = { ...HUD_DEFAULT, buttons: given }
  const heard: string[] = []
  const legs = new Legs({
    isTaken: (name, device) => givenTo(name, device) !== undefined,
    onButton: (button, device) => button.isDown && heard.push(actionOfButton(button, device) ?? ''),
  })
  const sinks = ['ble:left', 'ble:right'].map((id) => {
    let sink: DeviceSink | undefined
    legs.add(
      { ...{ id, name: id, carrier: 'bluetooth', source: 'controls' }, start: (its) => (sink = its), close: () => {} },
      0,
    )
    return sink!
  })
  legs.ask({ ask: 'gears', isOn: true }, 0)
  const gear = (): number | undefined => legs.driver.gear
  const first = gear()!
  const buttons = [new OpenBikeButtons(), new OpenBikeButtons()]
  const press = (which: number, id: number): void => {
    for (const state of [1, 0])
      for (const one of buttons[which]!.take([{ id, name: undefined, state }])) sinks[which]!.pressed?.(one, 0)
  }
  press(0, 0x01)
  expect([heard, gear()]).toEqual([['camera'], first])
  press(1, 0x01)
  expect([heard, gear()]).toEqual([['camera'], first + 1])
  press(0, 0x35)
  press(1, 0x35)
  expect(heard).toEqual(['camera', 'rideOn', 'lap'])
  hudSettings.value = HUD_DEFAULT
  const many = Object.fromEntries(Array.from({ length: 140 }, (_, k) => [`ble:${k} lap`, 'camera']))
  const read = parseSettings(JSON.stringify({ buttons: { ...many, 'ble:x lap': 7, 'ble:y lap': 'no such thing' } }))
  expect(Object.keys(read.buttons)).toHaveLength(100)
  expect(read.buttons['ble:139 lap']).toBe('camera')
})
