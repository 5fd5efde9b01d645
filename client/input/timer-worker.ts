/// <reference lib="webworker" />
/** `id` comes back when it is time: once, or every `delayMs`; without a delay it is cancelled. */
export interface TimerOrder {
  readonly id: number
  readonly delayMs?: number
  readonly isRepeated?: boolean
}

// A page that is not seen has its timers slowed to one a second or less; a worker's go on. People look at other tabs while
// they ride.
const timers = new Map<number, () => void>()
addEventListener('message', ({ data: { id, delayMs, isRepeated } }: MessageEvent<TimerOrder>) => {
  timers.get(id)?.()
  timers.delete(id)
  if (delayMs === undefined) return
  if (isRepeated === true) {
    const timer = setInterval(() => postMessage(id), delayMs)
    timers.set(id, () => clearInterval(timer))
    return
  }
  const timer = setTimeout(() => {
    timers.delete(id)
    postMessage(id)
  }, delayMs)
  timers.set(id, () => clearTimeout(timer))
})
