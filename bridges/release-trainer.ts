import type { BridgeClock } from './core/clock.ts'
import { ControlLoop } from './core/control-loop.ts'
import type { DeviceLink } from './core/devices.ts'
import type { GattCarrier } from './core/gatt.ts'
import { gattDevice } from './core/gatt-rider.ts'
import type { CarrierEvents } from './ride-bridge.ts'

export interface ReleaseOptions {
  readonly clock: BridgeClock
  /** The way the trainer is reached. */
  readonly makeCarrier: (events: CarrierEvents) => GattCarrier
  /** Which trainer, where that is known; else the first that is found. */
  readonly deviceId?: string | undefined
  readonly limitMs: number
}

const BEAT_MS = 10

/** Finds a trainer that somebody held and cannot let go any more, and puts it on the flat. True: it has confirmed that. */
export async function releaseTrainer({ clock, makeCarrier, deviceId, limitMs }: ReleaseOptions): Promise<boolean> {
  const loop = new ControlLoop()
  loop.release({ gradeFraction: 0 }, { isForced: true })
  let held: DeviceLink | undefined
  const take = (device: DeviceLink): void => {
    const isWanted = deviceId === undefined || device.id === deviceId
    if (!isWanted || device.trainer === undefined) return
    held = device
    loop.linked(clock.nowMs())
    // What this one has been told is not known: only its own word for the flat counts.
    loop.release({ gradeFraction: 0 }, { isForced: true })
    device.start({
      reading: () => {},
      answered: (answer, atMs) => loop.answered(answer, atMs),
      controlLost: (atMs) => loop.controlLost(atMs),
      battery: () => {},
      gone: () => {
        held = undefined
        loop.unlinked()
      },
    })
  }
  const carrier = makeCarrier({
    onDevice: take,
    onKnown: () => {},
    onLink: (link) => void gattDevice(link, clock).then(take),
    onState: () => {},
  })
  carrier.start()
  const lastMs = clock.nowMs() + limitMs
  while (!isFlat(loop) && clock.nowMs() < lastMs) {
    const request = held === undefined ? undefined : loop.next(clock.nowMs())
    if (request !== undefined) held!.trainer!.send(request)
    await new Promise<void>((resolve) => clock.after(BEAT_MS, resolve))
  }
  const isDone = isFlat(loop)
  await carrier.close()
  return isDone
}

/** By the trainer's own word; a link that is not there yet says nothing. */
const isFlat = (loop: ControlLoop): boolean => loop.taken !== undefined && loop.isReleased
