import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { SIMULATED_CADENCE_MAX_RPM, SIMULATED_POWER_MAX_W } from '../input/simulated-limits.ts'
import type { SimulatedTrainer } from '../input/simulated-trainer.ts'
import { useStandOnStates } from './use-stand.ts'

const POWER_STEP_W = 10
/** On a phone the road is worth more than the sliders: they open at a touch. */
const NARROW_PX = 620
const LOW_PX = 480

/** Legs for who has no trainer at hand: two sliders, and the arrow keys anywhere on the page. */
export function TrainerPanel({ trainer }: { trainer: SimulatedTrainer }): VNode {
  const [powerW, setPowerW] = useState(trainer.powerW)
  const [cadenceRpm, setCadenceRpm] = useState(trainer.cadenceRpm)
  const [isOpen, setOpen] = useState(() => innerWidth > NARROW_PX && innerHeight > LOW_PX)

  useStandOnStates()

  const push = (watts: number): void => {
    trainer.powerW = Math.min(SIMULATED_POWER_MAX_W, Math.max(0, watts))
    setPowerW(trainer.powerW)
  }

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isElsewhere = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement
      if (isElsewhere || event.altKey || event.ctrlKey || event.metaKey) return
      if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
      event.preventDefault()
      push(trainer.powerW + (event.key === 'ArrowUp' ? POWER_STEP_W : -POWER_STEP_W))
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [trainer])

  return (
    <section class={isOpen ? 'trainer-panel' : 'trainer-panel is-folded'} aria-label="Simulated trainer">
      <button
        class="trainer-fold"
        type="button"
        aria-expanded={isOpen}
        aria-controls="trainer-sliders"
        onClick={() => setOpen(!isOpen)}
      >
        <span class="number">{powerW} W</span>
        <span class="muted number">{cadenceRpm} rpm</span>
        <span class="push muted small">{isOpen ? 'Hide' : 'Pedal'}</span>
      </button>
      {isOpen && (
        <div id="trainer-sliders" class="trainer-sliders">
          <label>
            <span>Power</span>
            <input
              type="range"
              name="powerW"
              min={0}
              max={SIMULATED_POWER_MAX_W}
              step={5}
              value={powerW}
              aria-valuetext={`${powerW} watts`}
              onInput={(event) => push(event.currentTarget.valueAsNumber)}
            />
          </label>
          <label>
            <span>Cadence</span>
            <input
              type="range"
              name="cadenceRpm"
              min={0}
              max={SIMULATED_CADENCE_MAX_RPM}
              step={1}
              value={cadenceRpm}
              aria-valuetext={`${cadenceRpm} revolutions a minute`}
              onInput={(event) => {
                trainer.cadenceRpm = event.currentTarget.valueAsNumber
                setCadenceRpm(trainer.cadenceRpm)
              }}
            />
          </label>
          <p class="muted small keys">
            <kbd>↑</kbd> <kbd>↓</kbd> watts · <kbd>A</kbd> <kbd>D</kbd> steer
          </p>
        </div>
      )}
    </section>
  )
}
