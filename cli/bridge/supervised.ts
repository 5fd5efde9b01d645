import { openAnt } from '#bridges/ant/main'
import { BleCarrier } from '#bridges/ble/carrier'
import { openRadio, thisHost } from '#bridges/ble/main'
import { DirconClient } from '#bridges/dircon/client'
import { releaseTrainer } from '#bridges/release-trainer'
import type { CarrierEvents } from '#bridges/ride-bridge'
import { FileMemory, type KnownDevice } from '#bridges/rider-memory'
import { forkBridge, type HeldTrainer, type Speaker, speakTo, Supervisor } from '#bridges/supervisor'
import { plainText } from '#bridges/core/text'
import type { GattCarrier } from '#bridges/core/gatt'
import { systemClock } from '#server/clock'
import type { Invocation } from '../command.ts'
import { stateFileOf } from './options.ts'

/** What the process that rides is given by the one behind it. */
export interface Supervision {
  readonly speaker: Speaker
  /** Ctrl-C, or nobody is behind us any more: then nobody could let the trainer go, and we do it while we can. */
  readonly signal: AbortSignal
}

/**
 * The ride in a process of its own, and this one behind it: whatever ends the ride, the trainer is let go. The same command
 * line is run again with a line between the two; who has such a line is the one that rides.
 */
export async function supervised(
  invocation: Invocation,
  ride: (supervision: Supervision) => Promise<number>,
): Promise<number> {
  return process.send === undefined ? await superviseRide(invocation) : await rideSupervised(invocation, ride)
}

async function rideSupervised(
  { signal }: Invocation,
  ride: (supervision: Supervision) => Promise<number>,
): Promise<number> {
  const alone = new AbortController()
  process.on('disconnect', () => alone.abort())
  const speaker = speakTo((word) => {
    // Nobody there any more: the line says so itself.
    if (process.connected) process.send!(word)
  }, systemClock)
  try {
    return await ride({ speaker, signal: AbortSignal.any([signal, alone.signal]) })
  } finally {
    // Also for what the rider got wrong: begun again it would be as wrong.
    speaker.over()
    speaker.close()
  }
}

async function superviseRide(invocation: Invocation): Promise<number> {
  const memory = new FileMemory(stateFileOf(invocation))
  const over = Promise.withResolvers<number>()
  const supervisor = new Supervisor({
    clock: systemClock,
    start: (events) => forkBridge(process.argv[1]!, process.argv.slice(2), events),
    release: async (trainer, limitMs) => await release(trainer, limitMs, await memory.devices()),
    onOver: (code) => over.resolve(code),
    say: (sentence) => invocation.say(plainText(sentence)),
  })
  supervisor.start()
  if (invocation.signal.aborted) supervisor.stop()
  else invocation.signal.addEventListener('abort', () => supervisor.stop(), { once: true })
  const code = await over.promise
  // The ride has said its last object itself; a second one would be ours.
  if (invocation.isJson) process.exit(code)
  return code
}

async function release(trainer: HeldTrainer, limitMs: number, devices: readonly KnownDevice[]): Promise<boolean> {
  const endMs = systemClock.nowMs() + limitMs
  const makeCarrier = await carrierFor(trainer, devices)
  if (makeCarrier === undefined) return false
  const leftMs = Math.max(0, endMs - systemClock.nowMs())
  return await releaseTrainer({ clock: systemClock, makeCarrier, deviceId: trainer.id, limitMs: leftMs })
}

/** The way a trainer was reached; undefined: there is none any more. */
async function carrierFor(
  { id, name, carrier }: HeldTrainer,
  devices: readonly KnownDevice[],
): Promise<((events: CarrierEvents) => GattCarrier) | undefined> {
  const known = devices.find((device) => device.id === id)
  switch (carrier) {
    case 'network': {
      if (known?.host === undefined || known.port === undefined) return undefined
      const { host, port } = known
      return ({ onLink, onState }) => new DirconClient({ onLink, onState, id, name, host, port, clock: systemClock })
    }
    case 'bluetooth': {
      const radio = await openRadio()
      if (!radio.ok || known?.peripheralId === undefined) return undefined
      const peripheral = { id, name, peripheralId: known.peripheralId, services: known.services ?? [] }
      return ({ onLink, onState }) =>
        new BleCarrier({
          ...{ onLink, onState, adapter: radio.adapter, clock: systemClock, host: thisHost() },
          ...{ known: [peripheral], takesNew: false },
        })
    }
    case 'ant': {
      const ant = openAnt()
      if (!ant.ok) return undefined
      return ({ onDevice, onState }) => ant.make({ onDevice, onState, clock: systemClock, devices: [id] })
    }
    case 'simulated':
      return undefined
  }
}
