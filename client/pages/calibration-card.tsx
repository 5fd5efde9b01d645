import type { VNode } from 'preact'
import type { CalibrationState, CalibrationStep } from '#bridges/core/devices'
import { PAIRING_WORDS as WORDS } from '../input/legs-words.ts'
import { speedText, units } from '../words/units.ts'
import { Stands } from './legs-parts.tsx'
import type { Ask } from './trainer-controls.tsx'

/** Which of the three steps is being done; beyond the last: all are. */
const STEP: Readonly<Record<CalibrationStep, number>> = {
  asking: 0,
  'speeding-up': 0,
  coasting: 1,
  succeeded: 3,
  failed: -1,
}
/** The wheel rolls, and is slow enough that nobody can still be pedalling against it. */
const ROLLING_SHARE = 0.9

/** Before it begins: what has to be so. */
export function CalibrationIntro(props: { name: string; onBegin: () => void; onLater: () => void }): VNode {
  return (
    <section class="card stack calibration" aria-labelledby="calibration-title">
      <h3 id="calibration-title">
        {WORDS.calibration}: {props.name}
      </h3>
      <p>{WORDS.warmUp}</p>
      <div class="row">
        <button class="button first" type="button" onClick={props.onBegin}>
          {WORDS.begin}
        </button>
        <button class="button" type="button" onClick={props.onLater}>
          {WORDS.later}
        </button>
      </div>
    </section>
  )
}

/** One step after the other: what to do now, and the speed with the window it is to reach. */
export function CalibrationCard(props: { calibration: CalibrationState; name: string; ask: Ask }): VNode {
  const { calibration, name, ask } = props
  const { step = 'asking', words, level, deviceId } = calibration
  const isOver = step === 'succeeded' || step === 'failed'
  return (
    <section class="card stack calibration" aria-labelledby="calibration-title">
      <h3 id="calibration-title">
        {WORDS.calibration}: {name}
      </h3>
      {step !== 'failed' && <Steps calibration={calibration} />}
      <div class="calibration-words" role="status">
        <Stands level={level}>{words}</Stands>
      </div>
      {!isOver && <Speed calibration={calibration} />}
      <div class="row">
        {step === 'failed' && (
          <button class="button first" type="button" onClick={() => ask({ ask: 'calibrate', deviceId })}>
            {WORDS.again}
          </button>
        )}
        <button
          class={step === 'succeeded' ? 'button first' : 'button'}
          type="button"
          onClick={() => ask({ ask: 'stop-calibrating' })}
        >
          {isOver ? WORDS.done : WORDS.stop}
        </button>
      </div>
    </section>
  )
}

function Steps({ calibration }: { calibration: CalibrationState }): VNode {
  const now = stepNow(calibration)
  return (
    <ol class="steps">
      {WORDS.steps.map((words, i) => (
        <li key={words} class={i < now ? 'is-done' : ''} {...(i === now ? { 'aria-current': 'step' as const } : {})}>
          <b aria-hidden="true">{i < now ? '✓' : i + 1}</b>
          {words}
        </li>
      ))}
    </ol>
  )
}

function stepNow({ step = 'asking', speedKmh, targetKmh }: CalibrationState): number {
  const isRolling = step === 'coasting' && (speedKmh ?? Infinity) < (targetKmh?.low ?? 0) * ROLLING_SHARE
  return isRolling ? 2 : STEP[step]
}

const LEFT = 16
const RIGHT = 584
/** As long as no window is told, a scale that a trainer's wheel fits into. */
const SCALE_KMH = 40

/** The speed on its scale, and the window that it has to reach. */
function Speed({ calibration: { step, speedKmh, targetKmh } }: { calibration: CalibrationState }): VNode | null {
  if (speedKmh === undefined && targetKmh === undefined) return null
  const most = Math.ceil(((targetKmh?.high ?? SCALE_KMH / 1.25) * 1.25) / 10) * 10
  const x = (kmh: number): number => LEFT + ((RIGHT - LEFT) * Math.min(Math.max(kmh, 0), most)) / most
  const text = speedText(speedKmh ?? 0)
  const said =
    targetKmh === undefined
      ? text
      : WORDS.speed(text, speedText(targetKmh.low, units(), 0), speedText(targetKmh.high, units(), 0))
  const ticks = Array.from({ length: most / 10 + 1 }, (_, i) => i * 10)
  const at = x(speedKmh ?? 0)
  return (
    <svg class="speed" viewBox="0 0 600 118" role="img" aria-label={said}>
      <rect class="speed-scale" x={LEFT} y="58" width={RIGHT - LEFT} height="22" rx="11" />
      {targetKmh && (
        <rect
          class="speed-window"
          x={x(targetKmh.low)}
          y="52"
          width={Math.max(x(targetKmh.high) - x(targetKmh.low), 6)}
          height="34"
          rx="6"
        />
      )}
      {targetKmh && step === 'speeding-up' && <path class="speed-goal" d={`M${x(targetKmh.high)} 46v46`} />}
      {ticks.map((kmh) => (
        <text key={kmh} class="speed-tick" x={x(kmh)} y="110" text-anchor="middle">
          {kmh}
        </text>
      ))}
      <path class="speed-needle" d={`M${at} 50v38M${at - 9} 40h18l-9 12z`} />
      <text class="speed-now" x={Math.min(Math.max(at, 80), 520)} y="32" text-anchor="middle">
        {text}
      </text>
    </svg>
  )
}
