import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { trainerWords } from '../words/trainer.ts'
import type { PageDevices } from '../input/page-devices.ts'

/** After a reload, where the browser wants a click before a page may use its sensors again: one button for all of them. */
export function WaitingDevices({ devices }: { devices: PageDevices }): VNode | null {
  const [isPutOff, setPutOff] = useState(false)
  const { waiting } = devices.state.value
  const [first] = waiting
  if (first === undefined || isPutOff) return null
  return (
    <section class="card waiting-devices" aria-label={trainerWords.waiting.label}>
      <button class="button first" type="button" onClick={() => void devices.reconnect()}>
        {trainerWords.waiting.connect(first.name, waiting.length - 1)}
      </button>
      <button class="button" type="button" onClick={() => setPutOff(true)}>
        {trainerWords.waiting.later}
      </button>
    </section>
  )
}
