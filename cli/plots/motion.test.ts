import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { plot } from './motion.ts'

const PICTURES = join(import.meta.dirname, '..', '..', 'docs', 'pictures')

test('[P33] the pictures in docs are what the law draws now, and their figures hold (write them with: gruppetto plot motion)', async () => {
  const { pictures, report } = await plot.draw()
  expect(report.ok).toBe(true)
  expect(Object.keys(report.figures)).toContain('overLimit')
  expect([...pictures.keys()]).toEqual(['motion-course.svg', 'motion-descent.svg'])
  for (const [name, svg] of pictures) expect(readFileSync(join(PICTURES, name), 'utf8') === svg, name).toBe(true)
})
