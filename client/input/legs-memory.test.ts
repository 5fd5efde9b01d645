import { expect, test } from 'vitest'
import { LegsMemory } from './legs-memory.ts'

function storageOf(text?: string) {
  const items = new Map(text === undefined ? [] : [['gruppetto.legs', text]])
  return {
    items,
    getItem: (key: string): string | null => items.get(key) ?? null,
    setItem: (key: string, value: string): void => void items.set(key, value),
  }
}

test('[B137] difficulty and chosen sources are those of last time; forgetting a device forgets what it was chosen for', () => {
  const storage = storageOf()
  const first = new LegsMemory(storage)
  first.heed({ ask: 'difficulty', share: 0.35 })
  for (const quantity of ['powerW', 'cadenceRpm'] as const) first.heed({ ask: 'source', quantity, deviceId: 'ble:1' })
  first.heed({ ask: 'source', quantity: 'heartRateBpm', deviceId: 'ble:2' })
  first.heed({ ask: 'source', quantity: 'cadenceRpm' })
  first.heed({ ask: 'target', targetW: 300 })
  const second = new LegsMemory(storage)
  expect(second.liked).toEqual({ difficulty: 0.35, sources: { powerW: 'ble:1', heartRateBpm: 'ble:2' } })
  expect(second.chosenFor('ble:1')).toEqual(['powerW'])
  second.heed({ ask: 'forget', deviceId: 'ble:1' })
  expect(new LegsMemory(storage).liked.sources).toEqual({ heartRateBpm: 'ble:2' })
})

test('[B137] a memory that is not ours, or out of range, is an empty one or held at its bounds', () => {
  for (const text of ['', '{', 'null', '7', '[]', '{"difficulty":"1","sources":{"powerW":7}}', '{"sources":5}'])
    expect(new LegsMemory(storageOf(text)).liked, text).toEqual({ difficulty: 1, sources: {} })
  expect(new LegsMemory(storageOf('{"difficulty":-3}')).liked.difficulty).toBe(0)
  expect(new LegsMemory(storageOf('{"difficulty":1e9}')).liked.difficulty).toBe(1)
})

test('[B137] without storage, or with one that throws, the page works and only forgets', () => {
  const full = {
    getItem: (): string | null => {
      throw new Error('denied')
    },
    setItem: (): void => {
      throw new Error('full')
    },
  }
  for (const storage of [undefined, full]) {
    const memory = new LegsMemory(storage)
    memory.heed({ ask: 'difficulty', share: 0.5 })
    expect(memory.liked.difficulty).toBe(0.5)
  }
})
