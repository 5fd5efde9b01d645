import { randomBytes } from 'node:crypto'
import { systemClock } from '#server/clock'
import { Sessions } from '#server/net/sessions'
import { FakeHost } from '#server/net/testing'

/** A room of five that ticks on real time, twenty times a second, until it is closed. */
export function startRoom() {
  const host = new FakeHost(5)
  const tokenKey = randomBytes(32)
  const sessions = new Sessions({ clock: systemClock, randomBytes, tokenKey, roomId: 'ride-1', host })
  const timer = setInterval(() => {
    host.step()
    sessions.afterTick()
  }, 50)
  const close = (): void => {
    clearInterval(timer)
    sessions.close()
  }
  return { host, sessions, close }
}
