/** Places that worlds are judged by, each with the hour and the camera that tell what it is. One table: see docs/client.md. */
export interface GoldenView {
  readonly name: string
  readonly world: string
  readonly caption: string
  /** After `?` in the harness's address. */
  readonly query: string
}

type Sky = 'dawn' | 'noon' | 'rain' | 'night'

interface Spot {
  readonly what: string
  readonly sky: Sky
  readonly atM: number
  readonly camera: 'chase' | 'helicopter' | 'first' | 'side' | 'front'
  readonly riders: number
}

const SKIES: Readonly<Record<Sky, string>> = {
  dawn: 'hour=6.1&cloud=0.35&haze=0.2',
  noon: 'hour=11.5&cloud=0.3&haze=0.05',
  rain: 'hour=15&cloud=0.95&haze=0.15&rain=0.7&wet=1&wind=6',
  night: 'hour=23&cloud=0.2&haze=0.1',
}

const SPOTS: Readonly<Record<string, readonly Spot[]>> = {
  thrushford: [
    { what: 'The Quay', sky: 'dawn', atM: 18_100, camera: 'chase', riders: 24 },
    { what: 'over the roofs', sky: 'dawn', atM: 22_250, camera: 'helicopter', riders: 40 },
    { what: 'Market Cobbles', sky: 'noon', atM: 21_200, camera: 'chase', riders: 40 },
    { what: 'the market from above', sky: 'noon', atM: 21_240, camera: 'helicopter', riders: 60 },
    { what: 'Bell Lane', sky: 'rain', atM: 29_500, camera: 'chase', riders: 24 },
    { what: 'start at the quay', sky: 'rain', atM: 17_450, camera: 'helicopter', riders: 60 },
    { what: 'home straight', sky: 'night', atM: 17_450, camera: 'chase', riders: 40 },
    { what: 'under the lamps', sky: 'night', atM: 13_340, camera: 'front', riders: 24 },
  ],
  gannetholm: [
    { what: 'Gannet Quay', sky: 'dawn', atM: 25_940, camera: 'helicopter', riders: 24 },
    { what: 'Heron Road', sky: 'dawn', atM: 45_600, camera: 'chase', riders: 24 },
    { what: 'the Light', sky: 'noon', atM: 55_620, camera: 'helicopter', riders: 40 },
    { what: 'Northing', sky: 'noon', atM: 15_400, camera: 'chase', riders: 24 },
    { what: 'heather', sky: 'rain', atM: 1750, camera: 'chase', riders: 24 },
    { what: 'Whin Moor gravel', sky: 'rain', atM: 40_900, camera: 'side', riders: 12 },
    { what: 'Harbour Line', sky: 'night', atM: 25_740, camera: 'chase', riders: 40 },
    { what: 'towards the Light', sky: 'night', atM: 55_560, camera: 'chase', riders: 24 },
  ],
  'high-gentian': [
    { what: 'Gentian Road', sky: 'dawn', atM: 30_450, camera: 'chase', riders: 24 },
    { what: 'above a hairpin', sky: 'dawn', atM: 26_320, camera: 'helicopter', riders: 40 },
    { what: 'Gentian Pass', sky: 'noon', atM: 33_100, camera: 'chase', riders: 40 },
    { what: 'the dam', sky: 'noon', atM: 52_400, camera: 'helicopter', riders: 24 },
    { what: 'Goat Tower', sky: 'rain', atM: 19_500, camera: 'chase', riders: 24 },
    { what: 'above a hairpin', sky: 'rain', atM: 26_320, camera: 'helicopter', riders: 24 },
    { what: 'Ambrun Line', sky: 'night', atM: 2480, camera: 'chase', riders: 40 },
    { what: 'Ambrun', sky: 'night', atM: 8540, camera: 'front', riders: 24 },
  ],
}

/** Size and tier are fixed: another size is another picture. */
export const GOLDEN_SIZE = { widthPx: 640, heightPx: 360 } as const
export const GOLDEN_TIER = 'high'

const NAMES: Readonly<Record<string, string>> = {
  thrushford: 'Thrushford',
  gannetholm: 'Gannetholm',
  'high-gentian': 'High Gentian',
}

export function goldenViews(): GoldenView[] {
  return Object.entries(SPOTS).flatMap(([world, spots]) =>
    spots.map(({ what, sky, atM, camera, riders }) => ({
      name: `${world}-${sky}-${camera}-${atM}`,
      world,
      caption: `${NAMES[world]}: ${what}, ${sky}`,
      query: `world=${world}&at=${atM}&camera=${camera}&riders=${riders}&${SKIES[sky]}&t=3&quality=${GOLDEN_TIER}&bare`,
    })),
  )
}
