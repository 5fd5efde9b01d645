import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join, posix, win32 } from 'node:path'

/** Browsers that open an address as a window of its own, by the names their makers give them; the first that is there. */
const LINUX = [
  ...['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser'],
  ...['microsoft-edge', 'microsoft-edge-stable', 'brave-browser'],
]
const MAC = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'Brave Browser.app/Contents/MacOS/Brave Browser',
]
const WINDOWS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
  'Chromium\\Application\\chrome.exe',
  'BraveSoftware\\Brave-Browser\\Application\\brave.exe',
]

export interface Machine {
  readonly platform: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly isThere: (path: string) => boolean
}

export function thisMachine(home: string): Machine {
  return { platform: process.platform, env: process.env, home, isThere: existsSync }
}

/** Everywhere a browser may be on this system, in the order of preference. */
export function placesOf({ platform, env, home }: Machine): string[] {
  if (platform === 'darwin') {
    const folders = ['/Applications', posix.join(home, 'Applications')]
    return MAC.flatMap((app) => folders.map((folder) => posix.join(folder, app)))
  }
  if (platform === 'win32') {
    const folders = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((name) => env[name] ?? [])
    return WINDOWS.flatMap((app) => folders.map((folder) => win32.join(folder, app)))
  }
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return LINUX.flatMap((name) => folders.map((folder) => join(folder, name)))
}

export function findBrowser(machine: Machine): string | undefined {
  return placesOf(machine).find((path) => machine.isThere(path))
}

/** To a browser all servers shown from here are one page: what one of them keeps in a profile, another could read. [B141] */
export const profileOf = ({ protocol, host }: URL): string =>
  `${protocol}${host}`.toLowerCase().replaceAll(/[^a-z0-9.]/g, (letter) => `-${letter.codePointAt(0)!.toString(16)}-`)

export interface RideWindow {
  /** Resolves when it is gone: with a sentence, if it never came up. */
  readonly ended: Promise<string | undefined>
  close(): Promise<void>
}

/** Less than a person needs to see that a window is there. */
const UP_MS = 3000
const CLOSE_MS = 3000

export interface WindowOptions {
  readonly browser: string
  readonly address: string
  /** A profile of its own: it stays our child, and nobody's tabs are in it. */
  readonly profile: string
  readonly flags: readonly string[]
}

export function openWindow({ browser, address, profile, flags }: WindowOptions): RideWindow {
  const startedMs = performance.now()
  const child: ChildProcess = spawn(
    browser,
    [`--app=${address}`, `--user-data-dir=${profile}`, '--no-first-run', '--no-default-browser-check', ...flags],
    { stdio: 'ignore' },
  )
  const gone = Promise.withResolvers<string | undefined>()
  child.once('error', (error) => gone.resolve(`${browser} cannot be run (${error.message})`))
  child.once('exit', (code) => {
    const wasUp = code === 0 || performance.now() - startedMs > UP_MS
    gone.resolve(wasUp ? undefined : `${browser} ended with ${code ?? 'a signal'}`)
  })
  return {
    ended: gone.promise,
    async close() {
      child.kill()
      const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_MS)
      await gone.promise
      clearTimeout(timer)
    },
  }
}
