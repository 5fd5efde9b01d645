import { expect, test } from 'vitest'
import { ACTION_IDS, Actions, ACTIONS, keyName, PHONE_ACTIONS } from './actions.ts'

test('[U20] no key asks for two actions', () => {
  const keys = ACTION_IDS.flatMap((id) => [...ACTIONS[id]])
  expect(new Set(keys).size).toBe(keys.length)
})

test('[U20] a key is found by its place, or by the sign it makes', () => {
  const actions = new Actions()
  expect(actions.actionOf('KeyA', 'q')).toBe('steerLeft')
  expect(actions.actionOf('BracketRight', '+')).toBe('more')
  expect(actions.actionOf('KeyJ', 'j')).toBeUndefined()
})

test('[U20] a key given to another action is that one’s alone, and the table’s own key is free', () => {
  let keys: Record<string, string> = { lap: 'KeyH' }
  const actions = new Actions(() => keys)
  expect(actions.actionOf('KeyH', 'h')).toBe('lap')
  expect(actions.actionOf('KeyL', 'l')).toBeUndefined()
  keys = {}
  expect(actions.actionOf('KeyH', 'h')).toBe('hide')
})

test('[U20] the newest handler of an action has it, and gives it back', () => {
  const actions = new Actions()
  const heard: string[] = []
  actions.on('lap', () => heard.push('first'))
  const end = actions.on('lap', () => heard.push('second'))
  expect(actions.run('lap')).toBe(true)
  end()
  actions.run('lap')
  expect(heard).toEqual(['second', 'first'])
  expect(actions.run('talk')).toBe(false)
})

test('[U35] a phone asks for nothing that opens or closes pages of the rider’s screen', () => {
  for (const id of ['menu', 'sensors', 'net', 'screen', 'talk', 'people'] as const)
    expect(PHONE_ACTIONS).not.toContain(id)
  expect(['KeyA', 'ArrowUp', 'Digit1', '=+'].map(keyName)).toEqual(['A', '↑', '1', '+'])
})
