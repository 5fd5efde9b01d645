import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Recorder } from '#bridges/core/recording/recorder'
import { readWorkout, type Workout } from '#bridges/core/workout'
import { ButtonCarrier, type ButtonsAt } from '#bridges/button-carrier'
import { DeviceFinder } from '#bridges/dircon/discovery'
import { OPEN_BIKE_CONTROL } from '#bridges/dircon/mdns-records'
import { DeviceHunt } from '#bridges/device-hunt'
import { LocalPage } from '#bridges/local-page/local-page'
import { type CarrierEvents, RideBridge } from '#bridges/ride-bridge'
import { FileMemory } from '#bridges/rider-memory'
import { noSuchRoute } from '#bridges/route-desk'
import { ServerDoor } from '#bridges/server-door'
import { spoken, SPOKEN } from '#bridges/spoken'
import { Uplink } from '#bridges/uplink'
import { systemClock } from '#server/clock'
import { type Invocation, UsageError } from '../command.ts'
import { stateFileOf } from './options.ts'
import { playedOf, recorderOf, withoutDevices } from './recordings.ts'
import type { Supervision } from './supervised.ts'
import { RoadMemory } from './road-memory.ts'
import { openVoice } from './voice.ts'
import { addressOf, waysOf } from './ways.ts'

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
  const buttons = invocation.text('buttons')
  const buttonsAt = buttons === undefined ? undefined : buttons === 'find' ? buttons : addressOf(buttons, '--buttons')
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
  const onEnd = (): void => {
    say('the recording is over')
    isQuit = true
    over.resolve()
  }
  const played = playedOf(invocation, { pace: systemClock, onEnd })
  const recording = recorderOf(invocation, systemClock, say)
  const bridge = new RideBridge({
    ...{ clock: played?.clock ?? systemClock, door, code, routeId, watchOrigin, say },
    memory: played === undefined ? memory : withoutDevices(memory),
    isPlayed: played !== undefined,
    newcomer: {
      name: invocation.text('name'),
      massKg: invocation.number('mass', { min: 30, max: 200 }),
      heightM: invocation.number('height', { min: 1, max: 2.5 }),
    },
    difficulty: invocation.number('difficulty', { min: 0, max: 1 }) ?? 1,
    makeCarriers: (events) => [
      played?.hear(events) ??
        new DeviceHunt({
          ...{ ways, events: recordedBy(recording?.recorder, events), isChosen, known: () => memory.devices() },
          onNone: () => over.resolve(),
          // A device that was named is meant, known or not.
          takesNew: invocation.flag('new') || invocation.text('device') !== undefined,
        }),
    ],
    // However fast a recording is played, the line to the server is of today.
    makeUplink: (events) => new Uplink({ ...events, nowMs: () => systemClock.nowMs() }),
    // The trainer of a recording is nobody's to release.
    onTrainer: (trainer) => (played === undefined ? speaker.onTrainer(trainer) : undefined),
    roadAhead: (own, mapId) => roadMemory.ahead(own, mapId),
    onOver: () => over.resolve(),
  })
  voice.onLine = (line) => void obey(line, bridge, say, () => ((isQuit = true), over.resolve()))
  bridge.start()
  if (workout !== undefined) bridge.legs.workout(workout)
  const closers: (() => Promise<void>)[] = []
  if (buttonsAt !== undefined) closers.push(openButtons(buttonsAt, bridge, say))
  if (!invocation.flag('no-page')) {
    const port = invocation.number('page-port', { min: 0, max: 65_535, isWhole: true }) ?? 0
    const token = randomBytes(TOKEN_BYTES).toString('base64url')
    const page = new LocalPage({ desk: bridge, clock: systemClock, token, port })
    say(`your legs on a page, for this machine only: ${await page.open()}`)
    closers.push(() => page.close())
  }
  let isTraining = workout !== undefined
  const look = (): void => {
    voice.show(bridge.state())
    if (!isTraining || bridge.legs.isInWorkout) return
    isTraining = false
    say(`the workout "${workout!.name}" is over`)
  }
  const timer = setInterval(look, SHOW_MS)
  try {
    if (onRunning !== undefined) closers.push(await onRunning(bridge, say))
    await over.promise
  } finally {
    clearInterval(timer)
    // The legs first: a window may take its time to close, and whatever else fails must not keep them on the hill.
    await Promise.allSettled([bridge.stop(), ...closers.map((close) => close())])
    await recording?.close()
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

/** What carriers bring passes the recorder first. */
function recordedBy(recorder: Recorder | undefined, events: CarrierEvents): CarrierEvents {
  return recorder === undefined ? events : { ...events, recorder, onLink: (link) => events.onLink(recorder.link(link)) }
}

/** Buttons at an address, or whichever the network names first: those are stayed with, wherever they go. */
function openButtons(at: { host: string; port: number } | 'find', bridge: RideBridge, say: (sentence: string) => void) {
  const finder = at === 'find' ? new DeviceFinder(systemClock, () => {}, undefined, OPEN_BIKE_CONTROL) : undefined
  finder?.start()
  let ownId: string | undefined
  const find = async (): Promise<ButtonsAt | undefined> => {
    if (at !== 'find') return { id: `obc:${at.host}:${at.port}`, name: 'Buttons', ...at }
    const found = ownId === undefined ? finder!.found[0] : await finder!.lookUp(ownId)
    ownId ??= found?.id
    return found
  }
  const carrier = new ButtonCarrier({
    ...{ find, clock: systemClock, onState: say },
    onDevice: (device) => bridge.legs.add(device, systemClock.nowMs()),
  })
  carrier.start()
  return async () => {
    await carrier.close()
    await finder?.close()
  }
}

/** Before anybody rides. A server that does not say is asked again by the ride itself. */
async function refuseUnknownRoute(door: ServerDoor, routeId: string): Promise<void> {
  const routes = await door.routes()
  if (routes !== undefined && !routes.some(({ id }) => id === routeId))
    throw new UsageError(`--route: ${noSuchRoute(routeId, routes)}`)
}

/** By the number of the turn. */
const TURN_SAID = [
  'no turn chosen: along your route, else as the road goes',
  'left at the next junction',
  'straight on at the next junction',
  'right at the next junction',
  'turning back',
]

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
      say(TURN_SAID[heard.turn]!)
      return bridge.wish({ kind: 'turn', turn: heard.turn })
    case 'route': {
      const complaint = await bridge.chooseRoute(heard.routeId)
      if (complaint !== undefined) say(complaint)
      else if (heard.routeId === '') say('along no route: you choose at junctions')
      return
    }
    case 'legs':
      for (const command of heard.commands) {
        const complaint = bridge.command(command)
        if (complaint !== undefined) return say(complaint)
      }
  }
}
