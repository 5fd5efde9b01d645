import { afterEach, expect, it, vi } from 'vitest'
import type { WorldInput } from './world-build.ts'
import { startWorkerAhead, WorldSource } from './world-source.ts'

const asked: string[][] = []

class FakeWorker {
  readonly #heard: string[] = []
  constructor() {
    asked.push(this.#heard)
  }
  postMessage({ kind }: { kind: string }): void {
    this.#heard.push(kind)
  }
  addEventListener(): void {}
}

afterEach(() => void vi.unstubAllGlobals())

it('[V113] the worker that was begun at the door builds the first world, and no other one', () => {
  vi.stubGlobal('Worker', FakeWorker)
  startWorkerAhead()
  startWorkerAhead()
  expect(asked).toEqual([[]])
  const on = { sown: () => {}, heights: () => {} }
  const input = {} as WorldInput
  expect(new WorldSource(input, on).isSpent).toBe(false)
  expect(asked).toEqual([['build']])
  expect(new WorldSource(input, on).isSpent).toBe(false)
  expect(asked).toEqual([['build'], ['build']])
})
