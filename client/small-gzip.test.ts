import { readFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { smallGzip } from './small-gzip.ts'

it('[V111] a script as it goes out is gzip, holds the very bytes, and is never larger than level 9', async () => {
  const script = readFileSync(new URL('ride.ts', import.meta.url))
  for (const text of [script, script.subarray(0, 700), script.subarray(0, 9), new Uint8Array(0)]) {
    const small = await smallGzip(text)
    expect(Buffer.compare(gunzipSync(small), text)).toBe(0)
    expect(small.length).toBeLessThanOrEqual(gzipSync(text, { level: 9 }).length)
  }
})
