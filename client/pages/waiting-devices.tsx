import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { PageDevices } from '../input/page-devices.ts'

/** After a reload, where the browser wants a click before a page may use its sensors again: one button for all of them. */
export function WaitingDevices({ devices }: { devices: PageDevices }): VNode | null {
  const [isPutOff, setPutOff] = useState(false)
  const { waiting } = devices.state.value
  const [first] = waiting
  if (first === undefined || isPutOff) return null
  const others = waiting.length > 1 ? ` and ${waiting.length - 1} more` : ''
  return (
    <section class="card waiting-devices" aria-label="Sensors of last time">
      <button class="button first" type="button" onClick={() => void devices.reconnect()}>
        Connect {first.name}
        {others} again
      </button>
      <button class="button" type="button" onClick={() => setPutOff(true)}>
        Not now
      </button>
    </section>
  )
}
