import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { Ride } from '../ride.ts'
import { km } from './format.ts'

/** Another route from here on, where the map has more than one and no race holds the rider. */
export function RouteChoice({ ride }: { ride: Ride }): VNode | null {
  const [chosen, setChosen] = useState(ride.routeId)
  if (ride.routes.length < 2 || ride.eventId !== '') return null
  return (
    <label class="field">
      <span>Route</span>
      <select
        class="input"
        value={chosen}
        onChange={(event) => {
          const { value } = event.currentTarget
          setChosen(value)
          ride.takeRoute(value)
        }}
      >
        <option value="">No route: I choose at every junction</option>
        {ride.routes.map((route) => (
          <option key={route.id} value={route.id}>
            {route.name}, {km(route.lapM)} km{route.isLap ? ' a lap' : ''}
          </option>
        ))}
      </select>
    </label>
  )
}
