import { createServer, type Server } from 'node:http'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { delimiter, extname, join } from 'node:path'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'

/**
 * The harness page, built by Vite into a folder of its own and served on loopback, and a headless Chromium to look at
 * it: what `gruppetto picture` and the picture tests have in common.
 */

const TREE = fileURLToPath(new URL('..', import.meta.url))

/** Chromium without a graphics card draws by SwiftShader; without these it may draw nothing and say nothing. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--hide-scrollbars',
  '--force-color-profile=srgb',
  '--font-render-hinting=none',
]

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

/** The first browser of that family on the PATH, or undefined. */
export function findChromium(path: string): string | undefined {
  for (const folder of path.split(delimiter)) {
    for (const name of CHROMIUM_NAMES) {
      const file = join(folder, process.platform === 'win32' ? `${name}.exe` : name)
      if (folder !== '' && existsSync(file)) return file
    }
  }
  return undefined
}

export const NO_CHROMIUM = 'no Chromium on the PATH; on Debian: apt-get install -y chromium'

export interface BuiltHarness {
  readonly url: string
  /** Bytes of every file built, by name. */
  readonly files: ReadonlyMap<string, Uint8Array>
  close(): Promise<void>
}

export async function buildHarness(): Promise<BuiltHarness> {
  const { build } = await import('vite')
  const outDir = await mkdtemp(join(tmpdir(), 'gruppetto-picture-'))
  const files = new Map<string, Uint8Array>()
  try {
    const built = await build({
      root: join(TREE, 'client'),
      configFile: false,
      logLevel: 'error',
      base: '/',
      publicDir: false,
      build: {
        outDir,
        emptyOutDir: true,
        write: false,
        rollupOptions: { input: join(TREE, 'client/view-harness.html') },
      },
    })
    const outputs = Array.isArray(built) ? built : [built]
    for (const output of outputs) {
      if (!('output' in output)) continue
      for (const file of output.output) {
        const content = file.type === 'chunk' ? file.code : file.source
        files.set(`/${file.fileName}`, typeof content === 'string' ? new TextEncoder().encode(content) : content)
      }
    }
  } finally {
    await rm(outDir, { recursive: true, force: true })
  }
  const server = await listen(files)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/view-harness.html`,
    files,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.bin': 'application/octet-stream',
}

/** Serves what was built, and the two files of each world; nothing else of the disk. */
async function listen(files: ReadonlyMap<string, Uint8Array>): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
    const world = /^\/maps\/([a-z0-9-]+)\/(map\.json|course\.bin)$/.exec(pathname)
    const found =
      world === null
        ? Promise.resolve(files.get(pathname))
        : readFile(join(TREE, 'maps/worlds', world[1]!, world[2]!)).catch(() => undefined) // Answered as 404 below.
    void found.then((bytes) => {
      if (bytes === undefined) response.writeHead(404).end()
      else
        response.writeHead(200, { 'content-type': TYPES[extname(pathname)] ?? 'application/octet-stream' }).end(bytes)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return server
}
