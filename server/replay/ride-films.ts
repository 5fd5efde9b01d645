import type { RideWork } from '../activity/ride-work.ts'
import type { PeopleStore } from '../store/people.ts'
import type { FilmSource, SourceOf } from './replays.ts'

/** Films that are being looked at; whose they are is asked each time. */
const KNOWN_MAX = 64

/** The film of a ride is its rider's, and everybody's where it is shared: under the ride's own id. [U101] */
export function filmsOfRides(
  people: Pick<PeopleStore, 'ride' | 'rideBytes' | 'owns'>,
  work: Pick<RideWork, 'film'>,
): SourceOf {
  const known = new Map<string, FilmSource | undefined>()
  return async (id, asker) => {
    const ride = await people.ride(id)
    if (ride === undefined || !(ride.isPublic || (await people.owns(await asker(), id)))) return undefined
    if (known.has(id)) return known.get(id)
    const bytes = await people.rideBytes(id)
    const source = bytes === undefined ? undefined : await work.film(bytes)
    known.set(id, source)
    if (known.size > KNOWN_MAX) known.delete(known.keys().next().value!)
    return source
  }
}
