import type { Network } from '#maps/network'
import type { Row } from '#protocol/ids'
import { type Notice, notice } from '#protocol/notices'
import { NO_GEAR, type OwnGear } from '#protocol/own'
import { type RiderWish, SOURCES, type SourceName, TRAINER_MODES } from '#protocol/rider-wish'

/** What a wish asks of a world. */
interface Heeding {
  readonly network: Network
  wish(row: Row, turn: number): boolean
  takeRoute(row: Row, routeId: string): boolean
  isBound(row: Row): boolean
  gear(row: Row): OwnGear | undefined
  equip(row: Row, gear: OwnGear): void
}

/** Does what a rider wishes; a word for them when that cannot be. */
export function heedWish(world: Heeding, row: Row, wish: RiderWish): Notice | undefined {
  switch (wish.kind) {
    case 'turn':
      return world.wish(row, wish.turn) ? undefined : notice('race-route')
    case 'route':
      return takeRoute(world, row, wish.routeId)
    case 'trainer':
    case 'sources':
      world.equip(row, geared(world.gear(row), wish))
      return undefined
    case 'view':
    case 'doubt':
      return undefined // Of the session, not of the world.
  }
}

function takeRoute(world: Heeding, row: Row, routeId: string): Notice | undefined {
  if (world.isBound(row)) return notice('race-route')
  if (world.takeRoute(row, routeId)) return undefined
  const route = world.network.routes.find(({ id }) => id === routeId)
  if (route === undefined) return notice('no-route', routeId)
  return notice('route-elsewhere', route.name)
}

function geared(gear: OwnGear = NO_GEAR, wish: RiderWish): OwnGear {
  const index = (name: SourceName): number => SOURCES.indexOf(name)
  if (wish.kind === 'trainer') return { ...gear, trainerMode: TRAINER_MODES.indexOf(wish.mode), targetW: wish.targetW }
  if (wish.kind !== 'sources') return gear
  const { power, cadence, heartRate } = wish
  return { ...gear, powerSource: index(power), cadenceSource: index(cadence), heartRateSource: index(heartRate) }
}
