import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  hasBody,
  readCompany,
  readMeetKey,
  readProfile,
  readRoad,
  writeCompany,
  writeMeetKey,
  writeProfile,
  writeRoad,
} from './memory.ts'

/** A browser's storage, as far as it is asked. */
function storage(): Storage {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as unknown as Storage
}

beforeEach(() => {
  vi.stubGlobal('localStorage', storage())
  vi.stubGlobal('sessionStorage', storage())
})
afterEach(() => void vi.unstubAllGlobals())

test('[U62] a road is remembered by its name, a rider to come up to in this tab alone; what is not ours is nothing', () => {
  expect([readRoad(), readCompany()]).toEqual([undefined, undefined])
  writeRoad({ mapId: 'gannetholm', routeId: 'heron-loop' })
  writeCompany({ roomId: 'r1', riderId: 7, name: 'Bora 2.5' })
  expect(readRoad()).toEqual({ mapId: 'gannetholm', routeId: 'heron-loop' })
  expect(readCompany()).toEqual({ roomId: 'r1', riderId: 7, name: 'Bora 2.5' })
  sessionStorage.setItem('gruppetto.company', '{"roomId":1}')
  localStorage.setItem('gruppetto.road', '[')
  expect([readRoad(), readCompany()]).toEqual([undefined, undefined])
  writeRoad(undefined)
  expect(localStorage.getItem('gruppetto.road')).toBe(null)
})

test('[U62] weight and height are asked until one has ridden with them; keys of meet-ups are kept, the newest forty', () => {
  writeProfile({ ...readProfile(), name: 'Ada' })
  expect(hasBody()).toBe(false)
  writeProfile({ name: 'Ada', massKg: 61, heightM: 1.7 }, true)
  writeProfile({ ...readProfile(), name: 'Ada B' })
  expect([hasBody(), readProfile()]).toEqual([true, { name: 'Ada B', massKg: 61, heightM: 1.7 }])
  for (let i = 0; i < 50; i++) writeMeetKey(`m${i}`, `key ${i}`)
  expect([readMeetKey('m9'), readMeetKey('m10'), readMeetKey('m49')]).toEqual([undefined, 'key 10', 'key 49'])
})
