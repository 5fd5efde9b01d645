import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { plot } from './drafting.ts'

it('[P46] the pictures in docs are of this law: drawn again they are the same bytes', async () => {
  const { pictures, report } = await plot.draw()
  expect(report.ok).toBe(true)
  expect(pictures.size).toBe(3)
  for (const [name, svg] of pictures) {
    const file = fileURLToPath(new URL(`../../docs/pictures/${name}`, import.meta.url))
    expect(existsSync(file), name).toBe(true)
    expect(readFileSync(file, 'utf8') === svg, `${name} is stale: gruppetto plot drafting draws it`).toBe(true)
    expect(svg).not.toContain('NaN')
  }
})
