import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import type { RideBridge } from '#bridges/ride-bridge'
import { FileMemory } from '#bridges/rider-memory'
import { LEGS_OPTIONS, stateFileOf, webAddress } from './bridge/options.ts'
import { runBridge } from './bridge/run.ts'
import { supervised, type Supervision } from './bridge/supervised.ts'
import { type Command, type Invocation, UsageError } from './command.ts'
import { PageProxy } from './ride/page-proxy.ts'
import { findBrowser, openWindow, profileOf, thisMachine } from './ride/window.ts'

const NEAREST = 'http://localhost:8214'
const LOOK_MS = 100

export const command: Command = {
  name: 'ride',
  summary: 'the whole ride in one command: bridge, page and a window for it',
  positionals: ['URL?'],
  options: [
    { name: 'port', value: 'N', summary: 'where the page is, on 127.0.0.1', default: '8216' },
    { name: 'browser', value: 'PATH', summary: 'this Chromium, Chrome or Edge; the first installed one by default' },
    { name: 'browser-flag', value: 'FLAG', summary: 'handed to the browser', repeated: true },
    { name: 'no-window', summary: 'open no window: print the address' },
    ...LEGS_OPTIONS,
  ],
  details: [
    'URL is where to ride; without it the server of last time. The page comes from 127.0.0.1, so that the browser trusts it,',
    'and shows the rider whose legs the bridge is. Closing the window ends nothing: the trainer goes on, and the address is',
    'printed. Ctrl-C ends all of it. Without a browser of this kind the address is printed for the one you have.',
    'Example:',
    '  gruppetto ride https://club.example --name Ada',
  ].join('\n'),

  run: (invocation) => supervised(invocation, (behind) => ride(invocation, behind)),
}

async function ride(invocation: Invocation, behind: Supervision): Promise<number> {
  const server = await serverOf(invocation)
  const port = invocation.number('port', { min: 0, max: 65_535, isWhole: true }) ?? 0
  const proxy = new PageProxy(server)
  const base = await proxy.open(port)
  invocation.say(`the page of ${server.origin} is at ${base}`)
  try {
    return await runBridge(invocation, {
      ...behind,
      server,
      watchOrigin: base,
      onRunning: async (bridge, say) => await showWhenSeated(invocation, { bridge, say, server }),
    })
  } finally {
    await proxy.close()
  }
}

interface Showing {
  readonly bridge: RideBridge
  readonly say: (sentence: string) => void
  readonly server: URL
}

/** A window as soon as the server knows the rider, however long that takes. The result ends it. */
async function showWhenSeated(invocation: Invocation, { bridge, say, server }: Showing): Promise<() => Promise<void>> {
  const ended = new AbortController()
  let closeWindow = async (): Promise<void> => {}
  const show = async (): Promise<void> => {
    while (bridge.state().riderName === undefined && !ended.signal.aborted)
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    if (ended.signal.aborted) return
    const address = await bridge.watchUrl()
    if (address === undefined) return say('the server gives no code to watch this ride with; open its page yourself.')
    const browser = invocation.text('browser') ?? findBrowser(thisMachine(homedir()))
    if (invocation.flag('no-window') || browser === undefined) {
      if (browser === undefined) say('no Chromium, Chrome or Edge is installed where they usually are (--browser PATH)')
      return say(`see yourself ride: ${address} (good once, for five minutes)`)
    }
    const profile = join(dirname(stateFileOf(invocation)), 'window', profileOf(server))
    const window = openWindow({ browser, address, profile, flags: invocation.all('browser-flag') })
    closeWindow = () => window.close()
    const trouble = await window.ended
    if (ended.signal.aborted) return
    const again = await bridge.watchUrl()
    say(
      trouble === undefined
        ? 'the window is closed; the ride goes on, and Ctrl-C ends it'
        : `no window: ${trouble}; open the next line in a browser of your own`,
    )
    if (again !== undefined) say(`see yourself ride: ${again} (good once, for five minutes)`)
  }
  const showing = show()
  return async () => {
    ended.abort()
    await closeWindow()
    await showing
  }
}

/** The one that was named, that of last time, the one a person types; the nearest where nobody can be asked. */
async function serverOf(invocation: Invocation): Promise<URL> {
  const [given] = invocation.positionals
  if (given !== undefined) return webAddress(given, 'the address')
  const last = await new FileMemory(stateFileOf(invocation)).lastServer()
  if (last !== undefined) return webAddress(last, 'the address')
  if (!process.stdin.isTTY || invocation.isJson) return new URL(NEAREST)
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const typed = (
      await lines.question(`Where do you ride? The server's address [${NEAREST}] `, { signal: invocation.signal })
    ).trim()
    if (typed === '') return new URL(NEAREST)
    return webAddress(typed.includes('://') ? typed : `https://${typed}`, 'the address')
  } catch (error) {
    if (invocation.signal.aborted) throw new UsageError('no server was named')
    throw error
  } finally {
    lines.close()
  }
}
