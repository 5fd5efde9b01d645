import { expect, test } from 'vitest'
import { loadSodiumAead, nodeAead } from './aead.ts'
import { chooseAead } from './choose-aead.ts'

/** A clock on which sealing by node:crypto, measured first or last, takes so long. */
const clockOf = (steps: readonly number[]) => {
  let at = 0
  let ms = 0
  return { nowMs: () => (ms += steps[at++ % steps.length]!) }
}

test('who seals is a setting; by itself the server takes the accelerator only where that is faster', async () => {
  expect(await chooseAead('node', clockOf([0]))).toBe(nodeAead)
  const sodium = await loadSodiumAead()
  if (sodium === undefined) {
    // The package is optional.
    expect(await chooseAead('auto', clockOf([0]))).toBe(nodeAead)
    await expect(chooseAead('sodium', clockOf([0]))).rejects.toThrow(/GRUPPETTO_AEAD is sodium, but .*install it/)
    return
  }
  const slow = [0, 9, 0, 9, 0, 9, 0, 1, 0, 1, 0, 1]
  const quick = [0, 1, 0, 1, 0, 1, 0, 9, 0, 9, 0, 9]
  expect((await chooseAead('auto', clockOf(slow))).name).toBe('node:crypto')
  const names = [(await chooseAead('auto', clockOf(quick))).name, (await chooseAead('sodium', clockOf([0]))).name]
  expect(names).toEqual(['sodium-native', 'sodium-native'])
})
