import { PerspectiveCamera } from 'three'
import { expect, test } from 'vitest'
import { createSceneRiders } from '../world/scene-riders.ts'
import { createAir } from './materials.ts'
import { createSpot, emptyPath } from './path.ts'
import { createWeather } from './weather.ts'

test('[V117] rain and lamps are asked for by the first wet or dark frame, once, and are drawn when their shaders are ready', async () => {
  const air = createAir()
  const prepared: string[] = []
  const weather = createWeather({ air, tape: emptyPath(3, false), quality: 'test', street: [] }, async (object) => {
    prepared.push(object.type)
    await Promise.resolve()
  })
  const frame = () => weather.update(new PerspectiveCamera(), createSceneRiders(1), createSpot(), () => NaN)
  frame()
  await weather.settled()
  expect([weather.isSettled, weather.group.children.length, prepared]).toEqual([true, 0, []])
  air.uniforms.airRain.value = 0.1
  frame()
  expect([weather.isSettled, weather.group.children.length]).toEqual([false, 0])
  frame()
  await weather.settled()
  frame()
  expect([weather.isSettled, weather.group.children.length, prepared]).toEqual([true, 1, ['Group']])
})
