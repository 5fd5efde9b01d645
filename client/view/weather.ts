import { Group, type Object3D } from 'three'
import type { createWeatherDraws, WeatherPlace } from './weather-draws.ts'

type Draws = ReturnType<typeof createWeatherDraws>

/** What is drawn only where it rains, is wet or dark. Whoever rides on a dry day never fetches it. docs/client.md [V117] */
export interface Weather {
  readonly group: Group
  /** Nothing of it is on its way. */
  readonly isSettled: boolean
  settled(): Promise<void>
  update: Draws['update']
}

/** `prepare`: makes the shaders of an object, after those of the ground. */
export function createWeather(place: WeatherPlace, prepare: (object: Object3D) => Promise<void>): Weather {
  const { airRain, airWet, airNight } = place.air.uniforms
  const group = new Group()
  let draws: Draws | undefined
  let work: Promise<void> | undefined
  let isSettled = true
  const begin = async (): Promise<void> => {
    isSettled = false
    try {
      const made = (await import('./weather-draws.ts')).createWeatherDraws(place)
      draws = made
      await prepare(made.group)
      group.add(made.group)
    } catch {
      // Who lost the server meanwhile rides on without drops.
    }
    isSettled = true
  }
  return {
    group,
    get isSettled() {
      return isSettled
    },
    settled: async () => await work,
    update: (...now) => {
      // A front comes over seconds: there is time to fetch it before the first drop that is seen.
      if (airRain.value > 0 || airWet.value > 0 || airNight.value > 0) work ??= begin()
      draws?.update(...now)
    },
  }
}
