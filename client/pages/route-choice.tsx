import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { Ride } from '../ride.ts'
import { racesWords } from '../words/races.ts'
import { roadText } from '../words/units.ts'
import { roadsWords } from '../words/roads.ts'
import { wayWords } from '../words/way.ts'

/** Another route from here on, where the map has more than one and no race holds the rider. */
export function RouteChoice({ ride }: { ride: Ride }): VNode | null {
  const [chosen, setChosen] = useState(ride.routeId)
  if (ride.routes.length < 2 || ride.eventId !== '') return null
  return (
    <label class="field">
      <span>{racesWords.route}</span>
      <select
        class="input"
        value={chosen}
        onChange={(event) => {
          const { value } = event.currentTarget
          setChosen(value)
          ride.takeRoute(value)
        }}
      >
        <option value="">{roadsWords.noRoute}</option>
        {ride.routes.map((route) => (
          <option key={route.id} value={route.id}>
            {(route.isLap ? wayWords.routeLap : wayWords.routeWay)(route.name, roadText(route.lapM))}
          </option>
        ))}
      </select>
    </label>
  )
}
