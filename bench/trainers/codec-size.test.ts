import { expect, test } from 'vitest'
import { measureCodecSize } from './codec-size.ts'

test('[B27] every profile and page, minified and compressed, fits into 15 kB', async () => {
  const { files, gzipBytes } = await measureCodecSize()
  expect(files).toBeGreaterThan(25)
  expect(gzipBytes).toBeLessThanOrEqual(15_000)
  // Nothing was shaken off: the tables alone are more than that.
  expect(gzipBytes).toBeGreaterThan(10_000)
})
