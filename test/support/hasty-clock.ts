import { systemClock } from '#server/clock'

/** Seconds that pass so many times as fast, for whoever waits for them; sockets and the machine are as they are. */
export function hastyClock(times: number) {
  return {
    nowMs: (): number => systemClock.nowMs() * times,
    after: (delayMs: number, callback: () => void): (() => void) => systemClock.after(delayMs / times, callback),
  }
}
