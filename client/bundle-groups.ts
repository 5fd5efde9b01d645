/**
 * Which file of the page a module goes to. Few files, for each is compressed alone: what every page needs; what is needed
 * only where one rides; the line to a room; roads. Whatever else is shared is a file of its own for who asks for it.
 */

/** Asked for where one rides, or by what is asked for there. */
const RIDE =
  /\/client\/(ride\.ts|pages\/ride\.tsx|film\.ts|bench-run\.ts|view\/(falls|stand|weather-draws)\.ts|(zone-ride|race-words)\.ts|audio\/player\.ts|pages\/(ride-sheets|net-overlay)\.tsx)$/
const WORLD = /\/client\/view\/world-worker\.ts$/
/** What only some worlds have, asked for by the worker. */
const WORLD_PART = /\/client\/view\/(zone-works|landmarks\/\w+)\.ts$/
const LINE = /\/(protocol|client\/(slow-plane|net))\/|\/client\/(room|net-watch)\.ts$/
const ROADS = /\/maps\/|\/client\/hud\/(near-map|lap|hud-road)\.ts$/

interface Graph {
  getModuleInfo(id: string): {
    readonly isEntry: boolean
    readonly importers: readonly string[]
    readonly dynamicImporters: readonly string[]
  } | null
}

export function groupOf(id: string, graph: Graph): string | null {
  // Vite's own few lines about scripts that come later: the worker has them, and nothing else of the page.
  if (id.includes('vite/preload-helper')) return 'later'
  const all = rootsOf(id, graph)
  const roots = all.some((root) => WORLD.test(root)) ? all.filter((root) => !WORLD_PART.test(root)) : all
  if (roots.some((root) => /\/client\/(main\.ts|index\.html)$/.test(root))) return 'base'
  // The worker that builds worlds loads no more than it runs: what the ride runs too is one file for both.
  if (roots.some((root) => WORLD.test(root)) && roots.length > 1)
    return roots.every((root) => WORLD.test(root) || RIDE.test(root)) ? 'world' : 'course'
  const isInRide = roots.some((root) => /\/client\/(entry\.ts|ride\.ts|pages\/ride\.tsx)$/.test(root))
  if (!isInRide) return null
  if (roots.every((root) => RIDE.test(root))) return 'ride'
  if (LINE.test(id)) return 'line'
  return ROADS.test(id) ? 'roads' : 'shared'
}

/** The modules that are asked for by name and bring this one. */
function rootsOf(id: string, graph: Graph): string[] {
  const seen = new Set([id])
  const roots: string[] = []
  for (const one of seen) {
    const info = graph.getModuleInfo(one)
    if (info === null) continue
    if (info.isEntry || info.dynamicImporters.length > 0) roots.push(one)
    for (const importer of info.importers) seen.add(importer)
  }
  return roots
}
