import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

/** What the page weighs, by what a rider does: from the build, without a browser. */
export interface Weight {
  /** Scripts by name, bytes as gzip sends them. */
  readonly ride: ReadonlyMap<string, number>
  /** The ride's scripts as Brotli sends them, to secure pages and to the server's own machine. */
  readonly brotliBytes: number
  /** What each world adds: its landmarks, its parks. */
  readonly worlds: Readonly<Record<string, ReadonlyMap<string, number>>>
  /** What comes on top: who pairs sensors, who sees somebody fall, where races or meet-ups are announced. */
  readonly bluetooth: ReadonlyMap<string, number>
  readonly falls: ReadonlyMap<string, number>
  readonly lists: ReadonlyMap<string, number>
  /** Of the ride's: each module's share, by what its text weighs alone, largest first. */
  readonly modules: ReadonlyMap<string, number>
  /** A page that draws no world: what it asks for. */
  readonly phone: ReadonlyMap<string, number>
  /** Fonts, pictures, models, sounds that the build carries. */
  readonly assets: ReadonlyMap<string, number>
}

const CLIENT = fileURLToPath(new URL('../client', import.meta.url))

/** Where scripts are asked for, from opening the page to riding with a simulated trainer; each brings what it imports. */
const RIDE = [
  ...['main.ts', 'pages/ride.tsx', 'entry.ts', 'ride.ts', 'input/simulated-trainer.ts', 'view/world-worker.ts'],
  // Sound begins with the first click; a bare address says so; the page's own worker keeps its files.
  ...['audio/player.ts', 'pages/secure-hint.tsx', 'shell/service-worker.ts'],
]
/** As the build writes them for server/http to send. */
async function sent(content: string | Uint8Array): Promise<number> {
  const { smallGzip } = (await import(pathToFileURL(join(CLIENT, 'small-gzip.ts')).href)) as SmallGzip
  return (await smallGzip(Buffer.from(content))).length
}
/** As server/http/client-build.ts writes it. */
function brotli(code: string): number {
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_MAX_WINDOW_BITS } = constants
  const params = { [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_LGWIN]: BROTLI_MAX_WINDOW_BITS }
  return brotliCompressSync(code, { params }).length
}
interface SmallGzip {
  smallGzip(text: Uint8Array): Promise<Uint8Array>
}
const WORKERS = ['timer-worker']
const BLUETOOTH = ['pages/pairing.tsx', 'input/devices-store.ts']
const FALLS = ['view/falls.ts']
/** Asked for when there are any. */
const LISTS = ['pages/races.tsx', 'pages/meet-list.tsx']
/** What the maps we ship have places for (client/view/world-kit.ts), and free-ride zones. */
const LANDMARKS = (names: string): string[] => names.split(' ').map((name) => `view/landmarks/${name}.ts`)
const WORLDS = {
  sorrelmere: LANDMARKS('anywhere'),
  thrushford: [...LANDMARKS('anywhere city'), 'view/zone-works.ts', 'zone-ride.ts'],
  gannetholm: LANDMARKS('anywhere coast'),
  'high-gentian': LANDMARKS('anywhere mountain'),
} as const

interface Chunk {
  readonly file: string
  readonly modules: readonly string[]
  /** What each module's text weighs alone. */
  readonly shares: ReadonlyMap<string, number>
  readonly imports: readonly string[]
  readonly bytes: number
  readonly brotliBytes: number
}

export async function weighClient(): Promise<Weight> {
  const { build } = await import('vite')
  const built = await build({
    configFile: join(CLIENT, 'vite.config.ts'),
    logLevel: 'error',
    build: { write: false },
  })
  const chunks = new Map<string, Chunk>()
  const assets = new Map<string, number>()
  const workers = new Map<string, number>()
  for (const output of Array.isArray(built) ? built : [built]) {
    if (!('output' in output)) continue
    for (const file of output.output) {
      if (file.type === 'chunk') {
        const { fileName, imports, code } = file
        const modules = Object.keys(file.modules).concat(file.facadeModuleId ?? [])
        const shares = new Map(Object.entries(file.modules).map(([id, module]) => [id, weighText(module.code ?? '')]))
        chunks.set(fileName, {
          file: fileName,
          modules,
          shares,
          imports,
          bytes: await sent(code),
          brotliBytes: brotli(code),
        })
        continue
      }
      const bytes = await sent(file.source)
      if (file.fileName.endsWith('.js')) workers.set(file.fileName, bytes)
      else if (!/\.(html|css|webmanifest|txt)$/.test(file.fileName)) assets.set(file.fileName, bytes)
    }
  }
  const ride = reach(chunks, RIDE)
  for (const name of WORKERS) {
    const found = [...workers].find(([file]) => file.includes(`/${name}-`))
    if (found === undefined)
      throw new Error(`The build has no ${name}: cli/client-weight.ts counts something that is gone.`)
    ride.set(...found)
  }
  return {
    brotliBytes: [...chunks.values()].reduce(
      (all, { file, brotliBytes }) => all + (ride.has(file) ? brotliBytes : 0),
      0,
    ),
    phone: reach(chunks, ['main.ts', 'pages/companion.tsx']),
    ...{ ride, assets, modules: sharesOf(chunks, ride) },
    bluetooth: beyond(reach(chunks, BLUETOOTH), ride),
    falls: beyond(reach(chunks, FALLS), ride),
    lists: beyond(reach(chunks, LISTS), ride),
    worlds: Object.fromEntries(
      Object.entries(WORLDS).map(([world, files]) => [world, beyond(reach(chunks, files), ride)]),
    ),
  }
}

/** What the ride's bytes are for: the first that a module's path fits. */
const PARTS: readonly (readonly [name: string, path: RegExp])[] = [
  ['three', /^three\//],
  ['riders', /^client\/(view\/(rider|kit|pose)|world\/(stance|pose|rider-look|kit))/],
  ['sky', /^client\/(view\/(air|sky|lamp|precip)|world\/sky|audio\/)/],
  ['worlds', /^client\/view\//],
  ['hud', /^client\/(hud\/|ride-deck|words\/hud|input\/)/],
  ['physics', /^(physics|maps)\/|^client\/world\//],
  ['connection', /^protocol\/|^client\/(net|slow-plane|room|entry)/],
  ['pages', /./],
]

export function partsOf(modules: ReadonlyMap<string, number>): Map<string, number> {
  const parts = new Map(PARTS.map(([name]) => [name, 0]))
  for (const [path, bytes] of modules) {
    const name = PARTS.find(([, fits]) => fits.test(path))![0]
    parts.set(name, parts.get(name)! + bytes)
  }
  return parts
}

/** The bytes of a file dealt to its modules. */
function sharesOf(chunks: ReadonlyMap<string, Chunk>, files: ReadonlyMap<string, number>): Map<string, number> {
  const found = new Map<string, number>()
  for (const { shares, bytes } of [...chunks.values()].filter(({ file }) => files.has(file))) {
    const all = sum(shares)
    for (const [id, share] of shares) {
      const path = id.replace(/^.*\/node_modules\/(three\/src\/)?/, (_all, three) =>
        three === undefined ? '' : 'three/',
      )
      found.set(path.replace(`${join(CLIENT, '..')}/`, ''), (share / all) * bytes)
    }
  }
  return new Map([...found].toSorted(([, a], [, b]) => b - a))
}

/** Without remarks and indents, which the minifier takes out. */
function weighText(code: string): number {
  const text = code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*(\/\/.*)?\n?/gm, '')
  return text === '' ? 0 : gzipSync(text).length
}

export function sum(files: ReadonlyMap<string, number>): number {
  return [...files.values()].reduce((all, bytes) => all + bytes, 0)
}

function reach(chunks: ReadonlyMap<string, Chunk>, entries: readonly string[]): Map<string, number> {
  const found = new Map<string, number>()
  const visit = (chunk: Chunk): void => {
    if (found.has(chunk.file)) return
    found.set(chunk.file, chunk.bytes)
    for (const file of chunk.imports) {
      const next = chunks.get(file)
      if (next !== undefined) visit(next)
    }
  }
  for (const entry of entries) {
    const path = join(CLIENT, entry)
    const chunk = [...chunks.values()].find(({ modules }) => modules.includes(path))
    if (chunk === undefined)
      throw new Error(`The build has no ${entry}: cli/client-weight.ts counts something that is gone.`)
    visit(chunk)
  }
  return found
}

function beyond(files: ReadonlyMap<string, number>, known: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...files].filter(([file]) => !known.has(file)))
}
