import type { LegsCommand } from '#bridges/core/devices'
import { pageDevices } from './input/devices-store.ts'
import type { DevicesState } from './input/page-devices.ts'
import { startWorkerTimer } from './input/worker-timer.ts'

/**
 * The devices of a page without a ride around them: for the browser tests and `gruppetto bench trainers`. What holds them is
 * what the app has.
 */
declare global {
  interface Window {
    sensors?: {
      readonly state: () => DevicesState
      readonly ask: (command: LegsCommand) => string | undefined
      readonly road: (gradeFraction: number) => void
      /** Watts in the order in which samples were made of them. */
      readonly sampled: readonly number[]
      /** What pairing or reconnecting answered last. */
      answer: unknown
    }
  }
}

const ROAD_MS = 250
const nowMs = (): number => new Event('now').timeStamp
const devices = pageDevices({ nowMs, wallMs: () => 0 })
const sampled: number[] = []
let gradeFraction: number | undefined
const wanted = new URL(location.href).searchParams

window.sensors = {
  state: () => devices.state.peek(),
  ask: (command) => devices.ask(command),
  road: (told) => void (gradeFraction = told),
  sampled,
  answer: undefined,
}

if (wanted.has('ride')) {
  const take = (): void => {
    for (let sample = devices.take(nowMs()); sample !== undefined; sample = devices.take(nowMs()))
      sampled.push(sample.powerW)
  }
  devices.ride({ onPower: () => queueMicrotask(take) })
}

// As a server that is there does.
startWorkerTimer(ROAD_MS, () => {
  if (gradeFraction !== undefined) devices.road({ gradeFraction }, nowMs())
})

const on = (id: string, act: () => Promise<unknown>): void =>
  document.getElementById(id)!.addEventListener('click', () => {
    window.sensors!.answer = undefined
    void act().then((answer) => (window.sensors!.answer = answer))
  })
on('pair', () => devices.pair('any'))
on('reconnect', () => devices.reconnect())
