import { beforeEach, expect, test, vi } from 'vitest'
import { readChoice, writeChoice } from './picture-choice.ts'
import { RideView } from './ride-view.ts'
import type { createView } from './view/scene.ts'
import type { Quality, View } from './view/view-types.ts'
import { createSceneRiders } from './world/scene-riders.ts'

vi.mock('./view/scene.ts', () => ({ createView: () => undefined }))

interface Made {
  readonly quality: Quality
  readonly names: string[]
  frames: number
  ratio: number
  isDisposed: boolean
}

let made: Made[]
const make = ((_canvas, { quality, roster }) => {
  const one: Made = { quality, names: roster.map(({ name }) => name), frames: 0, ratio: NaN, isDisposed: false }
  made.push(one)
  const view: Partial<View> = {
    ...{ isReady: true, isWhole: true, pour: () => {}, setSky: () => {}, frame: () => void one.frames++ },
    resize: (_wide, _high, ratio) => void (one.ratio = ratio),
    setRoster: (entries) => void one.names.splice(0, Infinity, ...entries.map(({ name }) => name)),
    dispose: () => void (one.isDisposed = true),
  }
  return view as View
}) as typeof createView

beforeEach(() => {
  made = []
  vi.stubGlobal('devicePixelRatio', 1)
  // A card without a name: the tier in the middle.
  vi.stubGlobal('document', { createElement: () => ({ getContext: () => null }) })
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  })
})

const canvas = Object.assign(new EventTarget(), { clientWidth: 1280, clientHeight: 720 }) as HTMLCanvasElement
const NOBODY = { rider: () => undefined, fallen: () => [], props: () => [] }

test('[V95] a rider who chooses another detail while riding rides on in it, among the same riders', () => {
  const view = new RideView(canvas, {} as never, undefined, { tier: 'high', share: undefined }, make)
  const riders = createSceneRiders(4)
  view.setRoster([{ id: 1, name: 'Ada' } as never])
  for (let k = 0; k < 5; k++) view.frame(riders, k * 16, 'chase', NOBODY)
  writeChoice({ tier: 'low', share: 0.5 })
  for (let k = 5; k < 9; k++) view.frame(riders, k * 16, 'chase', NOBODY)
  expect(made).toEqual([
    { quality: 'high', names: ['Ada'], frames: 5, ratio: 1, isDisposed: true },
    { quality: 'low', names: ['Ada'], frames: 4, ratio: 0.5, isDisposed: false },
  ])
  expect(view.quality).toBe('low')
  // The same detail again only changes the size.
  writeChoice({ tier: 'low', share: 0.75 })
  expect(made.map(({ ratio }) => ratio)).toEqual([1, 0.75])
  view.dispose()
  writeChoice({ tier: 'high', share: 1 })
  expect(made).toHaveLength(2)
  expect(readChoice()).toEqual({ tier: 'high', share: 1 })
})

test('[V95] what is fixed stays, however late frames are; what is not gives way', () => {
  const riders = createSceneRiders(4)
  const ride = (choice: Parameters<typeof writeChoice>[0]): RideView => {
    made = []
    const view = new RideView(canvas, {} as never, undefined, choice, make)
    for (let k = 0; k < 1200; k++) view.frame(riders, k * 90, 'chase', NOBODY)
    return view
  }
  expect(ride({ tier: 'high', share: 1 }).share).toBe(1)
  expect(made.map(({ quality }) => quality)).toEqual(['high'])
  expect(ride({ tier: 'high', share: undefined }).share).toBe(0.5)
  expect(made.map(({ quality }) => quality)).toEqual(['high'])
  expect(ride({ tier: undefined, share: undefined }).quality).toBe('low')
})
