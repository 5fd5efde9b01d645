import { execFile } from 'node:child_process'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { type Command, figure, type Figure, report, UsageError } from './command.ts'
import { emitPackage } from './package/emit.ts'
import { makeFolder, NODE_SYSTEMS, systemHere, TRIED } from './package/folder.ts'
import { tryPackage } from './package/try.ts'

const run = promisify(execFile)
const NPM_MS = 120_000

export const command: Command = {
  name: 'package',
  summary: 'make what a rider installs: a package, or a folder with Node inside',
  options: [
    { name: 'out', value: 'DIR', summary: 'where the package is written', default: 'dist' },
    { name: 'folder', value: 'DIR', summary: 'also a folder with Node inside, started by double-click' },
    { name: 'for', value: 'SYSTEM', summary: `with --folder: ${NODE_SYSTEMS.join(', ')}; this machine's by default` },
    { name: 'try', summary: 'install it in an empty place and ride: a server, a simulated trainer, the bridge' },
  ],
  details: [
    'The package holds JavaScript for Node 20 and newer, and of other packages only what riders need.',
    'The folder needs nothing installed: copy it anywhere, double-click the file named Gruppetto in it.',
    `Its launchers were run on ${TRIED.join(', ')}, not yet by a mouse; those for the others are written and not tried.`,
    'Examples:',
    '  gruppetto package --try',
    '  gruppetto package --folder dist/gruppetto-win-x64 --for win-x64',
  ].join('\n'),

  async run(invocation) {
    const out = resolve(invocation.text('out') ?? 'dist')
    const forSystem = invocation.text('for')
    const folder = invocation.text('folder')
    if (forSystem !== undefined && folder === undefined)
      throw new UsageError('--for says for which system --folder is.')
    const here = systemHere(process.platform, process.arch)
    const system = forSystem === undefined ? here : NODE_SYSTEMS.find((one) => one === forSystem)
    if (folder !== undefined && system === undefined)
      throw new UsageError(`--for ${forSystem ?? ''} is none of ${NODE_SYSTEMS.join(', ')}.`)
    const emitted = join(out, 'rider')
    invocation.say('emitting JavaScript')
    const needs = await emitPackage(emitted)
    const tarball = await packed(emitted, out)
    const figures: Record<string, Figure> = {
      package: words(tarball),
      packageBytes: figure((await stat(tarball)).size, 'B'),
      files: figure((await filesIn(emitted)).count, ''),
      needs: words(needs.join(', ')),
    }
    if (folder !== undefined && system !== undefined) {
      invocation.say(`making the folder for ${system}`)
      const ownNode = system === here ? process.execPath : undefined
      await makeFolder({ out: resolve(folder), emitted, needs, system, ownNode })
      figures['folder'] = words(resolve(folder))
      figures['folderBytes'] = figure((await filesIn(resolve(folder))).bytes, 'B')
      figures['folderTried'] = { value: TRIED.includes(system), unit: '' }
    }
    const failures: string[] = []
    if (invocation.flag('try')) {
      const tried = await tryPackage(tarball, (line) => invocation.say(line))
      Object.assign(figures, tried.figures)
      failures.push(...tried.failures)
    }
    return report(figures, failures)
  },
}

const words = (value: string): Figure => ({ value, unit: '' })

async function packed(emitted: string, out: string): Promise<string> {
  await mkdir(out, { recursive: true })
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', out], {
    cwd: emitted,
    timeout: NPM_MS,
    shell: process.platform === 'win32',
  })
  return join(out, stdout.trim().split('\n').at(-1)!)
}

async function filesIn(folder: string): Promise<{ count: number; bytes: number }> {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  const sizes = await Promise.all(entries.map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size))
  return { count: entries.length, bytes: sizes.reduce((sum, size) => sum + size, 0) }
}
