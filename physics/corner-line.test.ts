import { expect, test } from 'vitest'
import { cornerShare } from './corner-line.ts'
import { plainCourse } from './plain-courses.ts'

test('[P57] a bend to the right is ridden outside, inside, outside; one to the left the other way; a straight not at all', () => {
  const bend = (curvature: number) =>
    plainCourse({ curvatureAt: (placeM) => (placeM >= 100 && placeM <= 130 ? curvature : 0) })
  const right = bend(1 / 40)
  expect(cornerShare(right, 20)).toBe(0)
  expect(cornerShare(right, 80)).toBe(-1)
  expect(cornerShare(right, 115)).toBe(1)
  expect(cornerShare(right, 140)).toBe(-1)
  expect(cornerShare(right, 200)).toBe(0)
  for (const placeM of [80, 115, 140]) expect(cornerShare(bend(-1 / 40), placeM)).toBe(-cornerShare(right, placeM))
  expect(Math.abs(cornerShare(bend(1 / 400), 115))).toBeLessThan(0.2)
})
