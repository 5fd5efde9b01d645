import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { build } from 'vite'
import { root } from './root.ts'

/** What a rider starts. Everything else needs the clone: it builds the page, keeps a database, or measures. */
const RIDER_COMMANDS = ['bridge', 'ride', 'doctor', 'trainer-sim', 'watch', 'check-trainers', 'recording'] as const

/** Never reached by an import that a bundler follows, and read beside the file that names it. */
const BESIDE = ['bridges/local-page/page.html', 'bridges/local-page/page.css', 'bridges/local-page/page.js']
/** Loaded by a name the bundler does not follow, for a rider may do without: the radio, the stick. */
const OPTIONAL = ['@stoprocent/noble', 'ant-plus']
/** Asked for and done without: only the doctor's look at WebRTC needs it. */
const LEFT_OUT = ['node-datachannel']
/** The language of what is emitted; the launcher brings the three functions that Node 20 lacks. */
const TARGET = 'node20'

interface Manifest {
  readonly version: string
  readonly description: string
  readonly license: string
  readonly dependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
}

/**
 * The rider's package, ready for `npm pack`: each file that a rider's command reaches, as JavaScript under its old name, for
 * Node strips no types inside node_modules. Answers the names of the packages it needs.
 */
export async function emitPackage(folder: string): Promise<readonly string[]> {
  const entries = ['main', ...RIDER_COMMANDS]
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      ...{ ssr: true, outDir: folder, emptyOutDir: true, target: TARGET, minify: false },
      rolldownOptions: {
        input: Object.fromEntries(entries.map((name) => [`cli/${name}`, join(root, 'cli', `${name}.ts`)])),
        output: {
          ...{ format: 'es', preserveModules: true, preserveModulesRoot: root },
          ...{ entryFileNames: '[name].js', chunkFileNames: '[name].js' },
        },
      },
    },
  })
  for (const file of BESIDE) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await copyFile(join(root, file), join(folder, file))
  }
  await copyFile(join(root, 'cli', 'package', 'launcher.mjs'), join(folder, 'gruppetto.mjs'))
  await copyFile(join(root, 'cli', 'package', 'README.md'), join(folder, 'README.md'))
  await copyFile(join(root, 'LICENSE'), join(folder, 'LICENSE'))
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest
  const needed = (await packagesIn(folder)).filter((name) => ![...OPTIONAL, ...LEFT_OUT].includes(name))
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifestOf(manifest, needed), undefined, 2)}\n`)
  return [...needed, ...OPTIONAL]
}

/** In the versions of the house. */
function manifestOf(house: Manifest, needed: readonly string[]): object {
  const { version, description, license } = house
  const pick = (from: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> =>
    Object.fromEntries(
      names.map((name) => {
        const pinned = from[name]
        if (pinned === undefined)
          throw new Error(`${name} is imported by what riders get and not among the house's packages`)
        return [name, pinned]
      }),
    )
  return {
    ...{ name: 'gruppetto', version, description, license, type: 'module' },
    bin: { gruppetto: './gruppetto.mjs' },
    engines: { node: '>=20' },
    dependencies: pick(house.dependencies, needed),
    optionalDependencies: pick(house.optionalDependencies, OPTIONAL),
  }
}

/** Packages that the emitted files import by name. */
async function packagesIn(folder: string): Promise<string[]> {
  const names = new Set<string>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.js')) continue
    for (const name of importsOf(await readFile(join(entry.parentPath, entry.name), 'utf8'))) names.add(name)
  }
  return [...names].toSorted()
}

/** Names of packages in a file's import lines, as the emitter writes them: one line each, at the top. */
export function importsOf(text: string): string[] {
  const found: string[] = []
  for (const [, specifier = ''] of text.matchAll(/^(?:import|export)\b[^'"\n]*?["']([^"'\n]+)["'];?$/gm)) {
    if (specifier.startsWith('.') || specifier.startsWith('node:')) continue
    const parts = specifier.split('/')
    found.push(specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!)
  }
  for (const [, specifier = ''] of text.matchAll(/\bimport\(["']([^"'\n.][^"'\n]*)["']\)/g))
    if (!specifier.startsWith('node:')) found.push(specifier)
  return found
}
