import type { MapFile } from '#maps/format'
import type { Network } from '#maps/network'
import type { Builder } from './landmarks/parts.ts'
import type { createZoneWorks } from './zone-works.ts'

/**
 * What only some worlds have, fetched for those: landmarks of towns, coasts and mountains, and what parks are built with.
 * docs/client.md [V114]
 */
export interface WorldKit {
  /** By the kind of a place. */
  readonly landmarks: Readonly<Record<string, Builder>>
  /** Absent: there is no park. */
  readonly createZoneWorks?: typeof createZoneWorks
}

export const BARE_KIT: WorldKit = { landmarks: {} }

/** Kinds of places, and where their builders are. */
const LANDMARKS: readonly (readonly [kinds: string, load: () => Promise<WorldKit['landmarks']>])[] = [
  [
    'church chapel windmill tower boathouse',
    async () => await import('./landmarks/anywhere.ts').then(({ ANYWHERE }) => ANYWHERE),
  ],
  [
    'townhall brewery markethall station gatehouse bandstand',
    async () => await import('./landmarks/city.ts').then(({ CITY }) => CITY),
  ],
  ['turbines lighthouse cross harbour', async () => await import('./landmarks/coast.ts').then(({ COAST }) => COAST)],
  ['hospice cablecar', async () => await import('./landmarks/mountain.ts').then(({ MOUNTAIN }) => MOUNTAIN)],
]

export async function kitFor({
  map,
  network,
}: {
  readonly map: Pick<MapFile, 'scenery'>
  readonly network: Pick<Network, 'zones'>
}): Promise<WorldKit> {
  const { places } = map.scenery
  const kinds = new Set((Array.isArray(places) ? places : []).map((place) => (place as { kind?: unknown }).kind))
  const wanted = LANDMARKS.filter(([known]) => known.split(' ').some((kind) => kinds.has(kind)))
  const [parks, ...found] = await Promise.all([
    network.zones.length === 0 ? undefined : import('./zone-works.ts'),
    ...wanted.map(async ([, load]) => await load()),
  ])
  return {
    landmarks: Object.assign({}, ...found) as WorldKit['landmarks'],
    ...(parks === undefined ? {} : { createZoneWorks: parks.createZoneWorks }),
  }
}
