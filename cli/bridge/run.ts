import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { readWorkout, type Workout } from '#bridges/core/workout'
import { DeviceHunt } from '#bridges/device-hunt'
import { LocalPage } from '#bridges/local-page/local-page'
import { RideBridge } from '#bridges/ride-bridge'
import { FileMemory } from '#bridges/rider-memory'
import { noSuchRoute } from '#bridges/route-desk'
import { ServerDoor } from '#bridges/server-door'
import { spoken, SPOKEN } from '#bridges/spoken'
import { Uplink } from '#bridges/uplink'
import { systemClock } from '#server/clock'
import { type Invocation, UsageError } from '../command.ts'
import { stateFileOf } from './options.ts'
import type { Supervision } from './supervised.ts'
import { RoadMemory } from './road-memory.ts'
import { openVoice } from './voice.ts'
import { waysOf } from './ways.ts'

const SHOW_MS = 250
const TOKEN_BYTES = 18

export interface BridgeRun extends Supervision {
  readonly server: URL
  readonly code?: string | undefined
  /** Where the rider's page is; at the server unless said. */
  readonly watchOrigin?: string | undefined
  /** The bridge runs: what else belongs to the ride is opened; what it answers is closed at the end. */
  readonly onRunning?: (bridge: RideBridge, say: (sentence: string) => void) => Promise<() => Promise<void>>
}

/** A bridge from start to Ctrl-C, with its voice and its page. Answers the exit code. */
export async function runBridge(invocation: Invocation, run: BridgeRun): Promise<number> {
  const { server, code, watchOrigin, onRunning, signal, speaker } = run
  const door = new ServerDoor(server)
  const memory = new FileMemory(stateFileOf(invocation))
  const roadMemory = new RoadMemory(server)
  const routeId = invocation.text('route')
  if (routeId !== undefined) await refuseUnknownRoute(door, routeId)
  const workout = await workoutOf(invocation)
  const { ways, isChosen } = waysOf(invocation)
  const over = Promise.withResolvers<void>()
  let isQuit = false
  signal.addEventListener('abort', () => over.resolve(), { once: true })
  if (signal.aborted) over.resolve()
  const voice = openVoice(invocation)
  const say = (sentence: string): void => voice.say(sentence)
  const bridge = new RideBridge({
    ...{ clock: systemClock, door, memory, code, routeId, watchOrigin, say },
    newcomer: {
      name: invocation.text('name'),
      massKg: invocation.number('mass', { min: 30, max: 200 }),
      heightM: invocation.number('height', { min: 1, max: 2.5 }),
    },
    difficulty: invocation.number('difficulty', { min: 0, max: 1 }) ?? 1,
    makeCarriers: (events) => [
      new DeviceHunt({
        ...{ ways, events, isChosen, known: () => memory.devices() },
        // A device that was named is meant, known or not.
        takesNew: invocation.flag('new') || invocation.text('device') !== undefined,
      }),
    ],
    makeUplink: (events) => new Uplink(events),
    roadAhead: (own, mapId) => roadMemory.ahead(own, mapId),
    onTrainer: (trainer) => speaker.onTrainer(trainer),
    onOver: () => over.resolve(),
  })
  voice.onLine = (line) => void obey(line, bridge, say, () => ((isQuit = true), over.resolve()))
  bridge.start()
  if (workout !== undefined) bridge.legs.workout(workout)
  const closers: (() => Promise<void>)[] = []
  if (!invocation.flag('no-page')) {
    const port = invocation.number('page-port', { min: 0, max: 65_535, isWhole: true }) ?? 0
    const token = randomBytes(TOKEN_BYTES).toString('base64url')
    const page = new LocalPage({ desk: bridge, clock: systemClock, token, port })
    say(`your legs on a page, for this machine only: ${await page.open()}`)
    closers.push(() => page.close())
  }
  const timer = setInterval(() => voice.show(bridge.state()), SHOW_MS)
  try {
    if (onRunning !== undefined) closers.push(await onRunning(bridge, say))
    await over.promise
  } finally {
    clearInterval(timer)
    for (const close of closers) await close()
    await bridge.stop()
    voice.close()
  }
  return signal.aborted || isQuit ? 0 : 1
}

/** A workout runs in the bridge, so that it goes on when the server does not. */
async function workoutOf(invocation: Invocation): Promise<Workout | undefined> {
  const file = invocation.text('workout')
  if (file === undefined) return undefined
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new UsageError(
      `--workout ${file} could not be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}).`,
    )
  }
  const read = readWorkout(text)
  if (!read.ok) throw new UsageError(`--workout ${file}: ${read.sentence}`)
  return read.value
}

/** Before anybody rides. A server that does not say is asked again by the ride itself. */
async function refuseUnknownRoute(door: ServerDoor, routeId: string): Promise<void> {
  const routes = await door.routes()
  if (routes !== undefined && !routes.some(({ id }) => id === routeId))
    throw new UsageError(`--route: ${noSuchRoute(routeId, routes)}`)
}

async function obey(
  line: string,
  bridge: RideBridge,
  say: (sentence: string) => void,
  quit: () => void,
): Promise<void> {
  const heard = spoken(line, bridge.state().legs.devices)
  switch (heard?.kind) {
    case undefined:
      return
    case 'help':
      for (const [words, meaning] of SPOKEN) say(`  ${words.padEnd(34)} ${meaning}`)
      return
    case 'quit':
      return quit()
    case 'complaint':
      return say(heard.sentence)
    case 'turn':
      return bridge.wish({ kind: 'turn', turn: heard.turn })
    case 'route': {
      const complaint = await bridge.chooseRoute(heard.routeId)
      if (complaint !== undefined) say(complaint)
      return
    }
    case 'legs':
      for (const command of heard.commands) {
        const complaint = bridge.command(command)
        if (complaint !== undefined) return say(complaint)
      }
  }
}
