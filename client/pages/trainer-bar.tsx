import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { trainerWords } from '../words/trainer.ts'
import type { PageDevices } from '../input/page-devices.ts'
import { Mark } from './legs-parts.tsx'
import { useActions } from './ride-actions.ts'
import './legs.css'
import { StepButton, stepOf, TrainerControls, TrainerKeys } from './trainer-controls.tsx'

/** A number and what it is of stay on one line. */
const BEFORE_UNIT = /(?<=gear) | (?=[%W](\W|$))/g

/** What the trainer does, in words, between one less and one more of it; modes behind them. The keys do the same anywhere. */
export function TrainerBar({ devices, onSensors }: { devices: PageDevices; onSensors: () => void }): VNode | null {
  const { trainer, devices: held, calibration } = devices.state.value
  const [isOpen, setOpen] = useState(false)

  const step = (by: 1 | -1) => (): void => {
    const now = devices.state.peek().trainer
    const command = now && stepOf(now, by)
    if (command !== undefined) devices.ask(command)
  }
  const erg = (): void => {
    const now = devices.state.peek().trainer
    if (now !== undefined) devices.ask({ ask: 'mode', mode: now.mode === 'erg' ? 'sim' : 'erg' })
  }
  useActions({ more: step(1), less: step(-1), erg }, [devices])

  const device = held.find(({ isTrainer }) => isTrainer)
  if (device === undefined) return null
  const isCalibrating = calibration !== undefined && calibration.step !== 'succeeded' && calibration.step !== 'failed'
  const { level, words } = isCalibrating ? calibration : (trainer ?? device)
  return (
    <section class="trainer-panel trainer-bar" aria-label={trainerWords.control.trainer}>
      <div class="trainer-row">
        {trainer ? <StepButton trainer={trainer} ask={(command) => devices.ask(command)} by={-1} /> : <span />}
        <button
          class="trainer-fold"
          type="button"
          aria-expanded={isOpen}
          aria-controls="trainer-more"
          title={trainerWords.control.openBar}
          onClick={() => setOpen(!isOpen)}
        >
          <Mark level={level} />
          <span class="number">{words.replaceAll(BEFORE_UNIT, '\u00a0')}</span>
        </button>
        {trainer ? <StepButton trainer={trainer} ask={(command) => devices.ask(command)} by={1} /> : <span />}
      </div>
      {isOpen && (
        <div id="trainer-more" class="trainer-more">
          {trainer && <TrainerControls trainer={trainer} ask={(command) => devices.ask(command)} isShort />}
          <button class="button" type="button" onClick={onSensors}>
            {trainerWords.title}
          </button>
          <TrainerKeys />
        </div>
      )}
    </section>
  )
}
