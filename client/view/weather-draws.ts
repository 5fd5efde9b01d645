import { Group, type Camera } from 'three'
import type { SceneRiders } from '../world/scene-riders.ts'
import type { StreetLamp } from './lamp-plan.ts'
import { createLamps } from './lamps.ts'
import type { Air } from './materials.ts'
import type { Path, Spot } from './path.ts'
import { createPrecipitation } from './precipitation.ts'
import type { Quality } from './view-types.ts'

export interface WeatherPlace {
  readonly air: Air
  readonly tape: Path
  readonly quality: Quality
  readonly street: readonly StreetLamp[]
}

/** Rain, snow, spray, and all that shines in the dark: fetched by `weather.ts` when there is any of it. */
export function createWeatherDraws({ air, tape, quality, street }: WeatherPlace) {
  const rain = createPrecipitation(air, tape, quality)
  const lights = createLamps(air, tape, street)
  return {
    group: new Group().add(rain.mesh, lights.mesh),
    update: (camera: Camera, riders: SceneRiders, road: Spot, inZone: (riderId: number, out: Spot) => number): void => {
      rain.update(camera, riders, road)
      lights.update(riders, inZone)
    },
  }
}
