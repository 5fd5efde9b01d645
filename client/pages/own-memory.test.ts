import { afterEach, expect, test, vi } from 'vitest'
import { isLook, keepSecret, readFitness, readLook, riderSecrets, writeFitness, writeLook } from './own-memory.ts'

const LOOK = {
  ...{ jersey: 0xe4572e, accent: 0xffffff, shorts: 0x111111, helmet: 0, frame: 0xffffff, skin: 0x8d5524 },
  ...{ pattern: 7, bike: 2, number: 9999 },
}
const store = new Map<string, string>()
const storage = {
  getItem: (key: string) => store.get(key) ?? null,
  setItem: (key: string, value: string) => void store.set(key, value),
  removeItem: (key: string) => void store.delete(key),
}
afterEach(() => {
  store.clear()
  vi.unstubAllGlobals()
})

test('[A42] a browser finds its riders next week, the newest first, a hundred at most, and forgets what is none', () => {
  vi.stubGlobal('localStorage', storage)
  const secret = (n: number): string => String(n).padStart(43, 'a')
  for (let n = 0; n < 120; n++) keepSecret(secret(n))
  keepSecret(secret(60))
  expect(riderSecrets()).toHaveLength(100)
  expect(riderSecrets().slice(0, 2)).toEqual([secret(60), secret(119)])
  store.set('gruppetto.my-riders', JSON.stringify(['x', 7, secret(1), { a: 1 }]))
  expect(riderSecrets()).toEqual([secret(1)])
  store.set('gruppetto.my-riders', '{torn')
  expect(riderSecrets()).toEqual([])
})

test('[A43] a look and legs that are out of range are as if nothing had been chosen', () => {
  vi.stubGlobal('localStorage', storage)
  expect(readLook()).toBeUndefined()
  writeLook(LOOK)
  expect(readLook()).toEqual(LOOK)
  for (const wrong of [{ pattern: 8 }, { bike: -1 }, { number: 1.5 }, { jersey: 0x1000000 }, { skin: '#fff' }])
    expect(isLook({ ...LOOK, ...wrong })).toBe(false)
  writeFitness({ ftpW: 250, maxHeartRateBpm: 900 })
  expect(readFitness()).toEqual({ ftpW: 250, maxHeartRateBpm: null })
})
