import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { plot } from './trainer.ts'

const PICTURES = join(import.meta.dirname, '..', '..', 'docs', 'pictures')

test('[B74] the picture in docs is what the physics draws now, and its figures hold (write it with: gruppetto plot trainer)', async () => {
  const { pictures, report } = await plot.draw()
  expect(report.ok).toBe(true)
  expect(report.figures['spiralFrom80To20RpmS']!.value).toBeLessThan(10)
  expect([...pictures.keys()]).toEqual(['trainer-sim.svg'])
  for (const [name, svg] of pictures) expect(readFileSync(join(PICTURES, name), 'utf8') === svg, name).toBe(true)
})
