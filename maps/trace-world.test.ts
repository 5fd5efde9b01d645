import { expect, test } from 'vitest'
import { legs, recorded } from '#test/support/recorded'
import { bakeMap } from './bake.ts'
import { encodeCourse } from './course-write.ts'
import { loadWorld, type LoadedWorld } from './load.ts'
import { mapText, recordedMap } from './trace-map.ts'
import { climbName } from './trace-world.ts'
import { traceRoad } from './trace.ts'
import { mapSvg, profileSvg } from './world-map.ts'

const ROAD = { widthM: 6, crr: 0.004 }

/** A recording as the house opens it: made, written, baked, read again. */
function worldOf(lengthM: number, heightAt: (m: number) => number): LoadedWorld {
  const road = traceRoad(
    recorded(
      legs(
        [
          [0, 0],
          [lengthM * 0.7, 0],
          [lengthM, lengthM * 0.25],
        ],
        20,
        heightAt,
      ),
    ),
    ROAD,
  )
  if (!road.ok) throw new Error(road.error[0])
  const map = recordedMap(road.value, { id: 'mine', name: 'A & B', licence: 'mine', author: 'me', ...ROAD })
  const columns = bakeMap(map)
  if (!columns.ok) throw new Error(columns.error[0])
  const world = loadWorld(JSON.parse(mapText(map)), encodeCourse(columns.value))
  if (!world.ok) throw new Error(world.error.join('; '))
  return world.value
}

/** Up 5 % for 3 km from kilometre 2, down again, then up 8 % for 1 km from kilometre 10. */
const hilly = (m: number): number => {
  const up = (fromM: number, longM: number) => Math.min(longM, Math.max(0, m - fromM))
  return 300 + 0.05 * (up(2000, 3000) - up(6000, 3000)) + 0.08 * up(10_000, 1000)
}

test('[V11] a recording becomes a world: country and look by its heights, a sign at the foot and the top of each climb', () => {
  const { map, network } = worldOf(12_000, hilly)
  expect(map.scenery).toMatchObject({ country: 'hills', look: 'hills' })
  const climbs = network.segments.filter(({ kind }) => kind === 'climb')
  expect(climbs).toHaveLength(2)
  const [first, second] = climbs.map(({ along }) => along[0]!)
  for (const [found, meant] of [
    [first!.fromM, 2000],
    [first!.toM, 5000],
    [second!.fromM, 10_000],
    [second!.toM, 11_000],
  ] as const)
    expect(Math.abs(found - meant)).toBeLessThan(250)
  expect(climbs.map(({ name }) => name.split(',')[0])).toEqual(['Steady climb', 'Stiff climb'])
  expect(map.lines.map(({ id }) => id)).toEqual([
    'start',
    ...['climb-1-foot', 'climb-1-top', 'climb-2-foot', 'climb-2-top'],
    'finish',
  ])
  expect(network.segments.at(-1)!.name).toBe('Last 500 m')
})

test('[V11] a flat road is a plain, a high one mountains, and neither has a climb that is none', () => {
  const flat = worldOf(5000, (m) => 20 + 0.004 * Math.min(m, 2500))
  expect(flat.map.scenery).toMatchObject({ country: 'plain', look: 'parkland' })
  expect(flat.network.segments.map(({ kind }) => kind)).toEqual(['sprint'])
  const high = worldOf(16_000, (m) => 600 + 0.07 * m)
  expect(high.map.scenery).toMatchObject({ country: 'alps', look: 'alpine' })
  expect(high.network.segments[0]!.name).toMatch(/^Stiff climb, 1\d\.\d km at [67]\.\d %$/)
})

test('[V11] grades in words of our own', () => {
  const word = (grade: number) => climbName({ fromM: 0, toM: 1000, riseM: 1000 * grade }).split(' ')[0]
  expect([0.03, 0.05, 0.07, 0.09, 0.12].map(word)).toEqual(['Gentle', 'Steady', 'Stiff', 'Steep', 'Fierce'])
})

test('[V12] every world has a map and a profile, an imported one too: whole SVG of a few kilobytes, names escaped', () => {
  const world = worldOf(12_000, hilly)
  const [plan, profile] = [mapSvg(world), profileSvg(world, 'whole')]
  for (const svg of [plan, profile]) {
    expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 ')).toBe(true)
    expect(svg.endsWith('</svg>\n')).toBe(true)
    expect(svg).toContain('A &amp; B')
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
    expect(svg.length).toBeLessThan(20_000)
  }
  // Up 5 % over 3 km is drawn as tall as the frame lets it, down in the colour of down.
  expect(profile).toContain('#a3c3d6')
  expect(mapSvg(world)).toBe(plan)
})
