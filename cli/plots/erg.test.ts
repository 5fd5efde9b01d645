import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { plot } from './erg.ts'

const PICTURES = join(import.meta.dirname, '..', '..', 'docs', 'pictures')

test('[B80] [B81] [B82] [B86] [B87] [B89] the picture in docs is what the loop does now, and its figures hold (write it with: gruppetto plot erg)', async () => {
  const { pictures, report } = await plot.draw()
  expect(report.ok).toBe(true)
  expect(report.figures['slowestWithoutRpm']!.value).toBeLessThan(20)
  expect([...pictures.keys()]).toEqual(['erg-guard.svg'])
  for (const [name, svg] of pictures) expect(readFileSync(join(PICTURES, name), 'utf8') === svg, name).toBe(true)
})
