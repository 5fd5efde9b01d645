import type { VNode } from 'preact'
import type { LegsCommand, TrainerMode, TrainerState } from '#bridges/core/devices'
import { CONTROL_WORDS as WORDS, MODE_WORDS } from '../input/legs-words.ts'

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

/** What the trainer does, and the one or two knobs of it. The page, the ride and the bridge's own page say the same. */
export function TrainerControls({ trainer, ask }: { trainer: TrainerState; ask: Ask }): VNode {
  return (
    <div class="controls">
      <div class="modes" role="group" aria-label={WORDS.modes}>
        {MODES.map((mode) => (
          <button
            key={mode}
            class="button"
            type="button"
            aria-pressed={mode === trainer.mode}
            onClick={() => ask({ ask: 'mode', mode })}
          >
            {MODE_WORDS[mode]}
          </button>
        ))}
      </div>
      {trainer.mode === 'erg' && <Step trainer={trainer} ask={ask} name={WORDS.target} value={valueOf(trainer)} />}
      {trainer.mode === 'resistance' && (
        <Step trainer={trainer} ask={ask} name={WORDS.resistance} value={valueOf(trainer)} />
      )}
      {trainer.mode === 'sim' && (
        <>
          <Step trainer={trainer} ask={ask} name={WORDS.gears} value={gearOf(trainer)} />
          <button
            class="button quiet"
            type="button"
            onClick={() => ask({ ask: 'gears', isOn: trainer.gear === undefined })}
          >
            {trainer.gear === undefined ? WORDS.gearsOn : WORDS.gearsOff}
          </button>
          <label class="knob share">
            <span>{WORDS.difficulty}</span>
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

interface StepProps {
  readonly trainer: TrainerState
  readonly ask: Ask
  readonly name: string
  readonly value: string
}

function Step({ trainer, ask, name, value }: StepProps): VNode {
  return (
    <div class="knob" role="group" aria-label={name}>
      <span>{name}</span>
      <StepButton trainer={trainer} ask={ask} by={-1} />
      <b class="number" aria-live="polite">
        {value}
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
      aria-label={(by < 0 ? WORDS.less : WORDS.more)[trainer.mode]}
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
  return gradeFraction === undefined ? '' : `${(gradeFraction * 100).toFixed(1).replace('-', '−')} %`
}

function gearOf({ gear, gearRatio }: TrainerState): string {
  if (gear === undefined) return WORDS.noGear
  return gearRatio === undefined ? `${gear}` : `${gear} · ${gearRatio.toFixed(2)}`
}
