import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { TURN } from '#physics/course'
import { type ActionId, TURN_OF } from '../input/actions.ts'
import type { Ride } from '../ride.ts'
import { lengthText } from '../hud/figures.ts'
import { ride as words } from '../words/ride.ts'
import type { Junction } from '../world/junction.ts'
import { useActions } from './ride-actions.ts'

const LOOK_MS = 200
/** Asked for what lies ahead at 20 m steps: the words need not run like a clock. */
const STEP_M = 20

const ARROWS: Readonly<Record<number, { readonly path: string; readonly words: string }>> = {
  [TURN.left]: { path: 'M17 20v-7a4 4 0 0 0-4-4H6m4-4L6 9l4 4', words: words.turns.left },
  [TURN.straight]: { path: 'M12 20V5m-5 5l5-5l5 5', words: words.turns.straight },
  [TURN.right]: { path: 'M7 20v-7a4 4 0 0 1 4-4h7m-4-4l4 4l-4 4', words: words.turns.right },
  [TURN.back]: { path: 'M17 20V9a5 5 0 0 0-10 0v10m-4-4l4 4l4-4', words: words.turns.back },
}

/** What parts ahead, and where one will go: a tap, an arrow key, W or S say otherwise. */
export function JunctionBar({ ride }: { ride: Ride }): VNode | null {
  const [ahead, setAhead] = useState<Junction>()
  const look = (): void => {
    const now = ride.junction
    const next = now && { ...now, aheadM: Math.ceil(now.aheadM / STEP_M) * STEP_M }
    setAhead((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next))
  }

  useActions(
    Object.fromEntries(
      (Object.entries(TURN_OF) as [ActionId, number][]).map(([id, turn]) => [
        id,
        () => {
          ride.turn(turn)
          look()
        },
      ]),
    ),
    [ride],
  )

  useEffect(() => {
    const timer = setInterval(look, LOOK_MS)
    return () => clearInterval(timer)
  }, [ride])

  if (ahead === undefined) return null
  const choose = (turn: number) => (): void => {
    ride.turn(turn)
    look()
  }
  const isPlain = ahead.options.length < 2
  const what = ahead.isGate === true ? words.gate(lengthText(ahead.aheadM)) : words.junction(lengthText(ahead.aheadM))
  return (
    <nav class="junction" aria-label={what}>
      {!isPlain &&
        ahead.options.map(({ turn, name, isTaken }) => (
          <Choice key={turn} turn={turn} name={name} isTaken={isTaken} onChoose={choose(turn)} />
        ))}
      {ahead.canTurnBack && (
        <Choice turn={TURN.back} name="" isTaken={ahead.isBackTaken} onChoose={choose(TURN.back)} />
      )}
      <span class="junction-far number" aria-hidden="true">
        {lengthText(ahead.aheadM)}
      </span>
    </nav>
  )
}

interface ChoiceProps {
  readonly turn: number
  readonly name: string
  readonly isTaken: boolean
  readonly onChoose: () => void
}

function Choice({ turn, name, isTaken, onChoose }: ChoiceProps): VNode {
  const { path, words: way } = ARROWS[turn]!
  return (
    <button
      class={`junction-choice ${isTaken ? 'taken' : ''} ${name === '' ? 'bare' : ''}`}
      type="button"
      aria-pressed={isTaken}
      aria-label={name === '' ? way : `${way}: ${name}`}
      onClick={onChoose}
    >
      <svg width="22" height="22" viewBox="0 0 24 24" aria-hidden="true">
        <path
          d={path}
          fill="none"
          stroke="currentColor"
          stroke-width="2.2"
          stroke-linecap="round"
          stroke-linejoin="round"
        />
      </svg>
      {name !== '' && <span>{name}</span>}
    </button>
  )
}
