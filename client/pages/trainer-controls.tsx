import { Fragment, type VNode } from 'preact'
import type { LegsCommand, TrainerMode, TrainerState } from '#bridges/core/devices'
import { trainerWords } from '../words/trainer.ts'

export const TARGET_STEP_W = 10
const TARGET_FIRST_W = 150
const SHARE_STEP = 0.05
const MODES: readonly TrainerMode[] = ['sim', 'erg', 'resistance', 'free']

export type Ask = (command: LegsCommand) => string | undefined

/** One up or one down of what the mode has: a gear, watts, resistance. */
export function stepOf(trainer: TrainerState, by: 1 | -1): LegsCommand | undefined {
  switch (trainer.mode) {
    case 'sim':
      return { ask: 'shift', by }
    case 'erg':
      return { ask: 'target', targetW: Math.max((trainer.targetW ?? TARGET_FIRST_W) + by * TARGET_STEP_W, 0) }
    case 'resistance': {
      const share = Math.round((trainer.resistanceShare ?? 0) / SHARE_STEP + by) * SHARE_STEP
      return { ask: 'resistance', share: Math.min(Math.max(share, 0), 1) }
    }
    case 'free':
      return undefined
  }
}

interface ControlsProps {
  readonly trainer: TrainerState
  readonly ask: Ask
  /** One less and one more are elsewhere already. */
  readonly isShort?: boolean
}

/** What the trainer does, and the one or two knobs of it. The page, the ride and the bridge's own page say the same. */
export function TrainerControls({ trainer, ask, isShort = false }: ControlsProps): VNode {
  return (
    <div class="controls">
      <div class="modes" role="group" aria-label={trainerWords.control.modes}>
        {MODES.map((mode) => (
          <button
            key={mode}
            class="button"
            type="button"
            aria-pressed={mode === trainer.mode}
            onClick={() => ask({ ask: 'mode', mode })}
          >
            {trainerWords.modes[mode]}
          </button>
        ))}
      </div>
      {!isShort && <Step trainer={trainer} ask={ask} />}
      {trainer.mode === 'sim' && (
        <>
          <button
            class="button quiet"
            type="button"
            onClick={() => ask({ ask: 'gears', isOn: trainer.gear === undefined })}
          >
            {trainer.gear === undefined ? trainerWords.control.gearsOn : trainerWords.control.gearsOff}
          </button>
          <label class="knob share">
            <span>{trainerWords.control.difficulty}</span>
            <input
              type="range"
              name="difficulty"
              min={0}
              max={100}
              step={5}
              value={Math.round(trainer.difficulty * 100)}
              onInput={(event) => ask({ ask: 'difficulty', share: event.currentTarget.valueAsNumber / 100 })}
            />
            <b class="number">{Math.round(trainer.difficulty * 100)} %</b>
          </label>
        </>
      )}
    </div>
  )
}

const KNOBS: Readonly<Record<TrainerMode, string>> = {
  sim: trainerWords.control.gears,
  erg: trainerWords.control.target,
  resistance: trainerWords.control.resistance,
  free: '',
}

function Step({ trainer, ask }: ControlsProps): VNode | null {
  const name = KNOBS[trainer.mode]
  if (name === '') return null
  return (
    <div class="knob" role="group" aria-label={name}>
      <span>{name}</span>
      <StepButton trainer={trainer} ask={ask} by={-1} />
      <b class="number" aria-live="polite">
        {trainer.mode === 'sim' ? gearOf(trainer) : valueOf(trainer)}
      </b>
      <StepButton trainer={trainer} ask={ask} by={1} />
    </div>
  )
}

export function StepButton({ trainer, ask, by }: { trainer: TrainerState; ask: Ask; by: 1 | -1 }): VNode {
  const command = stepOf(trainer, by)
  return (
    <button
      class="button step"
      type="button"
      aria-label={(by < 0 ? trainerWords.control.less : trainerWords.control.more)[trainer.mode]}
      disabled={command === undefined}
      onClick={() => command && ask(command)}
    >
      {by < 0 ? '−' : '+'}
    </button>
  )
}

/** What the mode makes of the trainer now, as a number; '': the road is not there yet. */
export function valueOf(trainer: TrainerState): string {
  const { mode, targetW, gradeFraction, resistanceShare } = trainer
  if (mode === 'erg') return targetW === undefined ? '' : `${Math.round(targetW)} W`
  if (mode === 'resistance') return resistanceShare === undefined ? '' : `${Math.round(resistanceShare * 100)} %`
  if (mode === 'free') return '0 %'
  return gradeFraction === undefined
    ? ''
    : `${(Math.round(gradeFraction * 1000) / 10 + 0).toFixed(1).replace('-', '−')} %`
}

function gearOf({ gear, gearRatio }: TrainerState): string {
  if (gear === undefined) return trainerWords.control.noGear
  return gearRatio === undefined ? `${gear}` : `${gear} · ${gearRatio.toFixed(2)}`
}

export const TrainerKeys = (): VNode => (
  <p class="keys small muted">
    {trainerWords.control.keys.map(([keys, words], i) => (
      <Fragment key={words}>
        {i > 0 && ' · '}
        <span>
          {keys.map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}{' '}
          {words}
        </span>
      </Fragment>
    ))}
  </p>
)
