import { expect, test } from 'vitest'
import { spoken } from './spoken.ts'

const KICKR = { id: 'dircon:a', name: 'Trainer One', canCalibrate: true }
const STRAP = { id: 'ble:b', name: 'Heart strap', canCalibrate: false }

test('[B40] a bridge without a page is told of turns and routes by a line', () => {
  expect(spoken('left', [])).toEqual({ kind: 'turn', turn: 1 })
  expect(spoken('  B \n', [])).toEqual({ kind: 'turn', turn: 4 })
  expect(spoken('none', [])).toEqual({ kind: 'turn', turn: 0 })
  expect(spoken('route Hill-loop', [])).toEqual({ kind: 'route', routeId: 'Hill-loop' })
  expect(spoken('route', [])).toEqual({ kind: 'route', routeId: '' })
  expect(spoken('', [])).toBeUndefined()
  for (const line of ['up', 'left right', 'route a b', `route ${'x'.repeat(65)}`, 'route é', '__proto__'])
    expect(spoken(line, [])).toMatchObject({ kind: 'complaint', sentence: expect.stringContaining('help says') })
})

test('[B118] what a trainer shall do is typed in a word and a number', () => {
  const commandsOf = (line: string) => {
    const got = spoken(line, [])
    return got?.kind === 'legs' ? got.commands : got
  }
  expect(commandsOf('+')).toEqual([{ ask: 'shift', by: 1 }])
  expect(commandsOf('-')).toEqual([{ ask: 'shift', by: -1 }])
  expect(commandsOf('+3')).toEqual([{ ask: 'shift', by: 3 }])
  for (const line of ['220', '220 W', '220w', 'erg 220', 'watts 220'])
    expect(commandsOf(line)).toEqual([
      { ask: 'mode', mode: 'erg' },
      { ask: 'target', targetW: 220 },
    ])
  expect(commandsOf('road')).toEqual([{ ask: 'mode', mode: 'sim' }])
  expect(commandsOf('mode erg')).toEqual([{ ask: 'mode', mode: 'erg' }])
  expect(commandsOf('mode road')).toEqual(commandsOf('road'))
  expect([commandsOf('shift +2'), commandsOf('easier')]).toEqual([
    [{ ask: 'shift', by: 2 }],
    [{ ask: 'shift', by: -1 }],
  ])
  expect(commandsOf('Free')).toEqual([{ ask: 'mode', mode: 'free' }])
  expect(commandsOf('resistance 40 %')).toEqual([
    { ask: 'mode', mode: 'resistance' },
    { ask: 'resistance', share: 0.4 },
  ])
  expect(commandsOf('difficulty 50')).toEqual([{ ask: 'difficulty', share: 0.5 }])
  expect(commandsOf('gears off')).toEqual([{ ask: 'gears', isOn: false }])
  for (const line of ['22000', '-220 W', 'resistance', 'difficulty much', 'gears', '++'])
    expect(spoken(line, [])).toMatchObject({ kind: 'complaint' })
})

test('[B118] a device is named by a part of its name, or not at all where there is one', () => {
  const both = [KICKR, STRAP]
  expect(spoken('calibrate', both)).toEqual({ kind: 'legs', commands: [{ ask: 'calibrate', deviceId: 'dircon:a' }] })
  expect(spoken('forget strap', both)).toEqual({ kind: 'legs', commands: [{ ask: 'forget', deviceId: 'ble:b' }] })
  expect(spoken('forget', both)).toMatchObject({ sentence: 'forget which one? there are Trainer One, Heart strap' })
  expect(spoken('calibrate strap', both)).toMatchObject({ sentence: 'calibrate which one? there are Trainer One' })
  expect(spoken('calibrate', [STRAP])).toMatchObject({ sentence: 'nothing is here to calibrate' })
})
