import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

type Gzip = (text: Uint8Array) => Promise<Uint8Array>

/** Rounds of looking for shorter codes: more than three find 0.05 % more. */
const ROUNDS = { numiterations: 3 }
/** A file that is a fraction of a packet is not looked at so long. */
const SMALL_BYTES = 500

let found: Promise<Gzip> | undefined

/**
 * Gzip as small as deflate gets (4 % below level 9), which costs two seconds when the page is built and nothing when it is
 * read: the format is the same. Where the optional package was left out it is level 9. docs/client.md [V111]
 */
export async function smallGzip(text: Uint8Array): Promise<Uint8Array> {
  const plain = gzipSync(text, { level: 9 })
  if (text.length < SMALL_BYTES) return plain
  const small = await (await (found ??= findGzip()))(text)
  return small.length < plain.length ? small : plain
}

async function findGzip(): Promise<Gzip> {
  try {
    const { gzipAsync } = await import('@gfx/zopfli')
    return async (text) => await gzipAsync(text, ROUNDS)
  } catch {
    return async (text) => await Promise.resolve(gzipSync(text, { level: 9 }))
  }
}

/** Beside each script that is written, its gzip, which is what goes out (server/http/client-build.ts does the other files). */
export function gzipPlugin(): Plugin {
  return {
    name: 'small-gzip',
    apply: 'build',
    async writeBundle({ dir }) {
      const names = await readdir(dir!, { recursive: true })
      for (const name of names.filter((one) => one.endsWith('.js'))) {
        const file = join(dir!, name)
        // One after the other: it works in the same memory.
        await writeFile(`${file}.gz`, await smallGzip(await readFile(file)))
      }
    },
  }
}
