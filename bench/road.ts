import { readFileSync } from 'node:fs'
import { loadWorld, type LoadedWorld } from '#maps/load'

/** The road that most is measured on, or another that we ship. */
export function benchRoad(mapId = 'sorrelmere'): LoadedWorld {
  const file = (name: string): Buffer => readFileSync(new URL(`../maps/worlds/${mapId}/${name}`, import.meta.url))
  const loaded = loadWorld(JSON.parse(file('map.json').toString('utf8')), file('course.bin'))
  if (!loaded.ok) throw new Error(`the road we ship cannot be loaded: ${loaded.error.join('; ')}`)
  return loaded.value
}
