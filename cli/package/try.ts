import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './root.ts'
import { figure, type Figure } from '../command.ts'

const run = promisify(execFile)
const INSTALL_MS = 180_000
const COMMAND_MS = 60_000
const SAID_MS = 60_000

export interface Tried {
  readonly figures: Readonly<Record<string, Figure>>
  readonly failures: readonly string[]
}

/**
 * A rider who has nothing: an empty folder, an empty home, an npm prefix of its own. The package is installed there, each
 * command asked for its help, and a minute of riding begun: a server of this clone, the package's simulated trainer, the
 * package's bridge. Whatever Node the caller's PATH has runs it, not the one of this clone.
 */
export async function tryPackage(tarball: string, say: (line: string) => void): Promise<Tried> {
  const home = await mkdtemp(join(tmpdir(), 'gruppetto-rider-'))
  const children: Started[] = []
  const failures: string[] = []
  const figures: Record<string, Figure> = {}
  const env = {
    ...outsideEnv(),
    HOME: home,
    npm_config_prefix: join(home, 'prefix'),
    npm_config_userconfig: userConfig(),
  }
  const gruppetto = async (...args: string[]): Promise<string> => {
    const { stdout } = await run('npx', ['--no-install', 'gruppetto', ...args], { cwd: home, env, timeout: COMMAND_MS })
    return stdout
  }
  try {
    await writeFile(join(home, 'package.json'), '{ "private": true }\n')
    say(`installing into ${home}`)
    const startedMs = performance.now()
    await run('npm', ['install', tarball], { cwd: home, env, timeout: INSTALL_MS })
    figures['installS'] = figure((performance.now() - startedMs) / 1000, 's')
    figures['installedPackages'] = figure(await countPackages(join(home, 'node_modules')), '')
    const { stdout } = await run('node', ['--version'], { cwd: home, env, timeout: COMMAND_MS })
    figures['node'] = { value: stdout.trim(), unit: '' }

    const list = await gruppetto('--help')
    for (const name of ['bridge', 'ride', 'doctor', 'trainer-sim']) {
      if (!list.includes(name)) failures.push(`gruppetto --help does not list ${name}`)
      if (!(await gruppetto(name, '--help')).includes(`Usage: gruppetto ${name}`))
        failures.push(`${name} --help says nothing`)
    }
    // What is broken on this machine is the doctor's to say: exit code 1 is an answer, too.
    const doctor = await gruppetto('doctor', '--no-server').catch((error: { stdout?: string }) => error.stdout ?? '')
    if (!doctor.includes('This machine')) failures.push(`doctor did not look: ${doctor.slice(0, 200)}`)

    say('a server of this clone, a trainer and a bridge of the package')
    const server = started(process.execPath, ['gruppetto.mjs', 'serve', '--no-page'], {
      cwd: root,
      env: {
        ...process.env,
        GRUPPETTO_PORT: '0',
        GRUPPETTO_UDP_PORT: '0',
        GRUPPETTO_HOST: '127.0.0.1',
        GRUPPETTO_STORE: 'pglite',
        GRUPPETTO_DATA_DIR: join(home, 'server'),
      },
    })
    children.push(server)
    const url = (await server.said(/http:\/\/\S+:\d+/))[0]
    const bin = join(home, 'node_modules', 'gruppetto', 'gruppetto.mjs')
    const trainer = started('node', [bin, 'trainer-sim', '--watts', '220', '--port', '0'], { cwd: home, env })
    children.push(trainer)
    const at = (await trainer.said(/trainer ready at (\S+)/))[1]!
    const bridge = started('node', [bin, 'bridge', '--dircon', at, '--server', url, '--name', 'Ana'], {
      cwd: home,
      env,
    })
    children.push(bridge)
    await bridge.said(/ W, riding/)
    await trainer.said(/target: grade/)
    say('it rides; Ctrl-C')
    const code = await bridge.end('SIGINT')
    if (code !== 0) failures.push(`the bridge ended with ${code}:\n${bridge.output}`)
    figures['rode'] = { value: failures.length === 0, unit: '' }
  } catch (error) {
    failures.push(error instanceof Error ? error.message : String(error))
  } finally {
    for (const child of children.toReversed()) await child.end('SIGINT')
    await rm(home, { recursive: true, force: true })
  }
  return { figures, failures }
}

/** Which registry, which proxy: npm's own settings stay those of the machine. */
function userConfig(): string {
  return process.env['npm_config_userconfig'] ?? join(homedir(), '.npmrc')
}

/** Without what npm or this clone has put there. */
function outsideEnv(): Record<string, string | undefined> {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.startsWith(root))
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|GRUPPETTO_|NODE_(OPTIONS|PATH|ENV)$)/.test(name) || /^npm_config_.*registry$/i.test(name),
  )
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter), NO_COLOR: '1' }
}

async function countPackages(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter(
    ({ name, parentPath }) => name === 'package.json' && /node_modules\/(@[^/]+\/)?[^/@]+$/.test(parentPath),
  ).length
}

interface Started {
  readonly output: string
  said(what: RegExp): Promise<RegExpExecArray>
  end(signal: NodeJS.Signals): Promise<number | null>
}

function started(
  program: string,
  args: readonly string[],
  options: { cwd: string; env: Record<string, string | undefined> },
): Started {
  const child: ChildProcess = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let isOver = false
  child.stdout!.on('data', (text) => (output += String(text)))
  child.stderr!.on('data', (text) => (output += String(text)))
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', (error) => (output += error.message))
    child.once('close', (code) => {
      isOver = true
      resolve(code)
    })
  })
  return {
    get output() {
      return output
    },
    async said(what) {
      const endMs = performance.now() + SAID_MS
      for (;;) {
        const found = what.exec(output)
        if (found !== null) return found
        if (isOver || performance.now() > endMs)
          throw new Error(`${args.join(' ')} never said ${what}. It said:\n${output}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
    async end(signal) {
      if (!isOver) child.kill(signal)
      return await ended
    },
  }
}
