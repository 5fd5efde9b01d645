import { BIKE_AND_KIT_KG } from '#physics/rider-shape'
import type { ClientClock } from '../clock.ts'
import { readProfile } from '../pages/memory.ts'
import { unavailableOf } from './bluetooth-here.ts'
import { PageDevices } from './page-devices.ts'
import { workerClock, workerTimers } from './worker-timer.ts'

let devices: PageDevices | undefined

/** The devices of this page: one store for pairing page, ride and menu. Made at the first call, and there until the page goes. */
export function pageDevices(clock: ClientClock): PageDevices {
  devices ??= open(clock)
  return devices
}

function open(clock: ClientClock): PageDevices {
  const bluetooth = 'bluetooth' in navigator ? navigator.bluetooth : undefined
  const opened = new PageDevices({
    clock: workerClock(() => clock.nowMs()),
    every: (intervalMs, callback) => workerTimers().every(intervalMs, callback),
    wallMs: clock.wallMs(),
    massKg: readProfile().massKg + BIKE_AND_KIT_KG,
    bluetooth,
    unavailable: unavailableOf({
      isSecure: isSecureContext,
      hasBluetooth: bluetooth !== undefined,
      system: navigator.userAgent,
    }),
    storage: storageOf(),
    // Older browsers do not say: then the chooser is tried, and refused at worst.
    isClicked: () => navigator.userActivation?.isActive ?? true,
  })
  void opened.bluetooth.resume()
  // A page that is kept for the way back keeps its links, too.
  addEventListener('pagehide', (event) => {
    if (!(event as PageTransitionEvent).persisted) opened.release()
  })
  return opened
}

function storageOf(): Storage | undefined {
  try {
    return localStorage
  } catch {
    return undefined // Storage switched off: the page works, it only forgets.
  }
}
