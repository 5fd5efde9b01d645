import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ScenarioPlan } from './scenario.ts'

/** The ticks at which every engine says its hash. */
export interface Ride {
  /** What `bundleScenario` made. */
  readonly script: string
  readonly plan: ScenarioPlan
  readonly stops: readonly number[]
  readonly signal: AbortSignal
  readonly onHash: (hash: string) => void
}

export interface Engine {
  readonly name: string
  /** Hashes at the stops, or the sentence why this engine is not here. */
  ride(ride: Ride): Promise<readonly string[] | string>
}

/** V8 in a process of its own, so that no two rides share a compiler's memory. */
export const V8: Engine = {
  name: `V8 ${process.versions.v8}`,
  ride: (ride) => rideInProcess(process.execPath, [], ride),
}

export const JAVASCRIPT_CORE: Engine = {
  name: 'JavaScriptCore (bun)',
  ride: async (ride) => {
    const bun = findBun()
    return bun === undefined ? 'bun is not installed (npm install)' : rideInProcess(bun, ['run'], ride)
  },
}

export const QUICKJS: Engine = {
  name: 'QuickJS',
  async ride({ script, plan, stops, signal, onHash }) {
    const { getQuickJS } = await import('quickjs-emscripten')
    const vm = (await getQuickJS()).newContext()
    const run = (code: string): string => {
      const handle = vm.unwrapResult(vm.evalCode(code))
      const value: unknown = vm.dump(handle)
      handle.dispose()
      return String(value)
    }
    try {
      run(script)
      run(`Scenario.start(${JSON.stringify(JSON.stringify(plan))})`)
      const hashes: string[] = []
      for (const stop of stops) {
        if (signal.aborted) break
        const hash = run(`Scenario.rideTo(${stop})`)
        hashes.push(hash)
        onHash(hash)
        await new Promise((resolve) => setImmediate(resolve))
      }
      return hashes
    } finally {
      vm.dispose()
    }
  },
}

/** npm puts the program into the package of this platform; the installer of `bun` may have moved it. */
function findBun(): string | undefined {
  const require = createRequire(import.meta.url)
  const folders: string[] = []
  for (const name of ['bun', `@oven/bun-${process.platform}-${process.arch === 'arm64' ? 'aarch64' : process.arch}`]) {
    try {
      folders.push(dirname(require.resolve(`${name}/package.json`)))
    } catch {
      // Not installed here; the next one may be.
    }
  }
  return folders
    .flatMap((folder) => ['bun', 'bun.exe'].map((file) => join(folder, 'bin', file)))
    .find((file) => existsSync(file))
}

async function rideInProcess(program: string, before: readonly string[], ride: Ride): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'gruppetto-engine-'))
  try {
    const file = join(folder, 'ride.js')
    const calls = [
      `Scenario.start(${JSON.stringify(JSON.stringify(ride.plan))});`,
      `for (const stop of ${JSON.stringify(ride.stops)}) console.log(Scenario.rideTo(stop));`,
    ]
    await writeFile(file, [ride.script, ...calls].join('\n'))
    const hashes: string[] = []
    const child = spawn(program, [...before, file], { signal: ride.signal, stdio: ['ignore', 'pipe', 'pipe'] })
    let rest = ''
    let complaint = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop()!
      for (const line of lines) {
        hashes.push(line)
        ride.onHash(line)
      }
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
    if (code !== 0) throw new Error(`${program} ended with ${code}: ${complaint.slice(0, 300)}`)
    return hashes
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
