import { createServer, type Server, type ServerResponse } from 'node:http'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { delimiter, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'

/**
 * The harness page, built by Vite and served from memory on loopback, and a headless Chromium to look at
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

/** `page`: an HTML file of client/ that is no part of the app; `isApart`: three.js in a file of its own, and names as written. */
export async function buildHarness(page = 'view-harness.html', { isApart = false } = {}): Promise<BuiltHarness> {
  const { build } = await import('vite')
  const files = new Map<string, Uint8Array>()
  const built = await build({
    root: join(TREE, 'client'),
    // The client's own: the same three.js is left out of this page.
    configFile: join(TREE, 'client', 'vite.config.ts'),
    logLevel: 'error',
    base: '/',
    publicDir: false,
    // Nothing is written: the page is served from memory.
    build: {
      write: false,
      minify: !isApart,
      rollupOptions: {
        input: join(TREE, 'client', page),
        ...(isApart ? { output: { codeSplitting: { groups: [{ name: 'three', test: /three\/src/ }] } } } : {}),
      },
    },
  })
  for (const output of Array.isArray(built) ? built : [built]) {
    if (!('output' in output)) continue
    for (const file of output.output) {
      const content = file.type === 'chunk' ? file.code : file.source
      files.set(`/${file.fileName}`, typeof content === 'string' ? new TextEncoder().encode(content) : content)
    }
  }
  const server = await listen(files)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/${page}`,
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
  const answer = async (pathname: string, response: ServerResponse): Promise<void> => {
    // Browsers ask for this one unbidden; a 404 would look like an error of ours.
    if (pathname === '/favicon.ico') return void response.writeHead(204).end()
    const world = /^\/maps\/([a-z0-9-]+)\/(map\.json|course\.bin)$/.exec(pathname)
    const bytes =
      world === null
        ? files.get(pathname)
        : await readFile(join(TREE, 'maps/worlds', world[1]!, world[2]!)).catch(() => undefined) // Answered as 404 below.
    if (bytes === undefined) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': TYPES[extname(pathname)] ?? 'application/octet-stream' }).end(bytes)
  }
  const server = createServer((request, response) => {
    void answer(new URL(request.url ?? '/', 'http://127.0.0.1').pathname, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return server
}

export interface Shot {
  /** After `?` in the harness's address; client/view-harness.ts says what it reads. */
  readonly query: string
  readonly widthPx: number
  readonly heightPx: number
}

/** What the harness says of the frame it drew. */
export interface ShotInfo {
  readonly drawCalls: number
  readonly triangles: number
  readonly programs: number
  readonly geometries: number
  readonly textures: number
}

export interface OpenShot {
  readonly page: Page
  readonly info: ShotInfo
  readonly buildMs: number
  /** What the page logged as an error: a shader that did not compile is one. */
  readonly errors: readonly string[]
}

const DRAWN_WITHIN_MS = 120_000

export async function launchChromium(executablePath: string, extraFlags: readonly string[] = []): Promise<Browser> {
  const { chromium } = await import('playwright-core')
  return chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS, ...extraFlags] })
}

/** Opens the harness and waits until it has drawn; throws with its own words when it could not. */
export async function openShot(browser: Browser, harness: BuiltHarness, shot: Shot): Promise<OpenShot> {
  const page = await browser.newPage({ locale: 'en-IE', viewport: { width: shot.widthPx, height: shot.heightPx } })
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(`${harness.url}?${shot.query}`)
  await page.waitForFunction('window.harness', undefined, { timeout: DRAWN_WITHIN_MS })
  const drawn = (await page.evaluate('({ ...window.harness, draw: undefined })')) as {
    info: ShotInfo
    buildMs: number
    error?: string
  }
  if (drawn.error !== undefined) throw new Error(`the picture could not be drawn: ${drawn.error}`)
  return { page, info: drawn.info, buildMs: drawn.buildMs, errors }
}
