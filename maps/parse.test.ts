import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseMap } from './parse.ts'

const good = JSON.parse(readFileSync(new URL('worlds/sorrelmere/map.json', import.meta.url), 'utf8')) as Record<
  string,
  unknown
>

function complaintsOf(change: Record<string, unknown>): readonly string[] {
  const parsed = parseMap({ ...good, ...change })
  return parsed.ok ? [] : parsed.error
}

test('[M11] the first road’s map is a map', () => {
  const parsed = parseMap(good)
  expect(parsed.ok && parsed.value.name).toBe('Sorrelmere')
})

test('[M11] every complaint says where and what', () => {
  const points = [...(good.points as unknown[])]
  points[3] = [1, 2, '3']
  expect(complaintsOf({ points })).toEqual(['points[3][2]: not a finite number'])
  expect(complaintsOf({ points: [[0, 0, 0]] })).toEqual(['points: 1 points; a road needs at least 4'])
  expect(complaintsOf({ widthM: 1 })).toEqual(['widthM: 1 is not in 2 … 50'])
  expect(complaintsOf({ version: 2 })).toEqual(['version: must be 1'])
  expect(complaintsOf({ id: 'Über' })).toEqual(['id: not an id of lower case letters, digits and dashes'])
  expect(complaintsOf({ spwanM: 3 })).toEqual(['spwanM: unknown name'])
  expect(complaintsOf({ surfaces: [{ fromM: 9, toM: 3, kind: 'x', crr: 0.004 }] })).toEqual([
    'surfaces[0].toM: must be beyond fromM (9)',
  ])
  expect(complaintsOf({ lines: [] })).toEqual(['lines: no line with the id "start"'])
  const start = { id: 'start', name: 'Start', atM: 1 }
  expect(complaintsOf({ lines: [start, start] })).toEqual(['lines[1].id: "start" is there twice'])
  expect(complaintsOf({ scenery: {} })).toEqual(['scenery.seed: not a finite number'])
})

test('[M11] anything at all is a map or complaints, at most twenty, never a throw', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      const parsed = parseMap(value)
      return parsed.ok || (parsed.error.length > 0 && parsed.error.length <= 20)
    }),
    { seed: 8214, numRuns: 300 },
  )
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(good)), fc.anything(), (key, value) => {
      const parsed = parseMap({ ...good, [key]: value })
      return parsed.ok || parsed.error.length > 0
    }),
    { seed: 8214, numRuns: 300 },
  )
})
