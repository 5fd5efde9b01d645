import type { ClientClock } from '../clock.ts'
import { hasRemembered } from '../input/remembered-devices.ts'
import { racesWords as words } from '../words/races.ts'
import { api, type Answer, type RaceEvent, type World } from './api.ts'
import { readProfile, readRider, writeRider, type SavedRider } from './memory.ts'

/** Races take entries until the gun. */
export function isOpenFor(event: RaceEvent): boolean {
  return event.phase === 'open' || event.phase === 'countdown'
}

/** Signs this page's rider up, who rides from then on as who is answered; the refusal is a sentence. */
export async function enterRace(event: RaceEvent, clock: ClientClock): Promise<Answer<SavedRider>> {
  const profile = readProfile()
  if (profile.name.trim() === '') return { ok: false, message: words.nameFirst }
  const before = readRider()
  const { riderSecret } = await import('../entry.ts')
  const secret = await riderSecret(profile, before?.secret)
  if (!secret.ok) return secret
  const entry = await api.enter(event.id, secret.value)
  if (!entry.ok) return entry
  const rider: SavedRider = {
    ...{ secret: entry.value.secret, name: entry.value.name, isRiding: true },
    hasDevices: before?.hasDevices === true || (await hasOwnWatts(clock)),
  }
  writeRider(rider)
  return { ok: true, value: rider }
}

/** Whose trainer or meter is linked to this page races with it, not with sliders. */
async function hasOwnWatts(clock: ClientClock): Promise<boolean> {
  if (!hasRemembered()) return false
  const { pageDevices } = await import('../input/devices-store.ts')
  const { devices } = pageDevices(clock).state.value
  return devices.some(({ level, isTrainer, brings }) => level === 'good' && (isTrainer || brings?.includes('power')))
}

/** What road a race is on, in words; empty: none that this server shows. */
export function roadOf(event: RaceEvent, worlds: readonly World[]): string {
  const world = worlds.find(({ mapId }) => mapId === event.mapId)
  const route = world?.routes.find(({ id }) => id === event.routeId)
  return [route?.name, world?.name].filter((name) => name !== undefined && name !== '').join(', ')
}
