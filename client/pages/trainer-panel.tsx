import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { SIMULATED_CADENCE_MAX_RPM, SIMULATED_POWER_MAX_W } from '../input/simulated-limits.ts'
import type { SimulatedTrainer } from '../input/simulated-trainer.ts'
import { hud } from '../words/hud.ts'
import { ride as words } from '../words/ride.ts'
import { useActions } from './ride-actions.ts'

const POWER_STEP_W = 10
/** On a phone the road is worth more than the sliders: they open at a touch. */
const NARROW_PX = 620
const LOW_PX = 480

/** Legs for who has no trainer at hand: two sliders, and the arrow keys anywhere on the page. */
export function TrainerPanel({ trainer }: { trainer: SimulatedTrainer }): VNode {
  const [powerW, setPowerW] = useState(trainer.powerW)
  const [cadenceRpm, setCadenceRpm] = useState(trainer.cadenceRpm)
  const [isOpen, setOpen] = useState(() => innerWidth > NARROW_PX && innerHeight > LOW_PX)

  const push = (watts: number): void => {
    trainer.powerW = Math.min(SIMULATED_POWER_MAX_W, Math.max(0, watts))
    setPowerW(trainer.powerW)
  }

  const step = (byW: number) => (): void => push(trainer.powerW + byW)
  useActions({ more: step(POWER_STEP_W), less: step(-POWER_STEP_W) }, [trainer])

  return (
    <section class={isOpen ? 'trainer-panel' : 'trainer-panel is-folded'} aria-label={words.simulated}>
      <button
        class="trainer-fold"
        type="button"
        aria-expanded={isOpen}
        aria-controls="trainer-sliders"
        onClick={() => setOpen(!isOpen)}
      >
        <span class="number">{powerW} W</span>
        <span class="muted number">
          {cadenceRpm} {hud.units.rpm}
        </span>
        <span class="push muted small">{isOpen ? words.fold : words.unfold}</span>
      </button>
      {isOpen && (
        <div id="trainer-sliders" class="trainer-sliders">
          <label>
            <span>{words.power}</span>
            <input
              type="range"
              name="powerW"
              min={0}
              max={SIMULATED_POWER_MAX_W}
              step={5}
              value={powerW}
              aria-valuetext={words.wattsText(powerW)}
              onInput={(event) => push(event.currentTarget.valueAsNumber)}
            />
          </label>
          <label>
            <span>{words.cadence}</span>
            <input
              type="range"
              name="cadenceRpm"
              min={0}
              max={SIMULATED_CADENCE_MAX_RPM}
              step={1}
              value={cadenceRpm}
              aria-valuetext={words.rpmText(cadenceRpm)}
              onInput={(event) => {
                trainer.cadenceRpm = event.currentTarget.valueAsNumber
                setCadenceRpm(trainer.cadenceRpm)
              }}
            />
          </label>
          <p class="muted small keys">
            <kbd>↑</kbd> <kbd>↓</kbd> {words.keysWatts} · <kbd>A</kbd> <kbd>D</kbd> {words.keysSteer}
          </p>
        </div>
      )}
    </section>
  )
}
