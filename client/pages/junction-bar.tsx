import type { VNode } from 'preact'
import { useEffect, useLayoutEffect, useState } from 'preact/hooks'
import { TURN } from '#physics/course'
import type { Ride } from '../ride.ts'
import type { Junction } from '../world/junction.ts'

const LOOK_MS = 200
/** Asked for what lies ahead at 20 m steps: the words need not run like a clock. */
const STEP_M = 20

const ARROWS: Readonly<Record<number, { readonly path: string; readonly words: string }>> = {
  [TURN.left]: { path: 'M17 20v-7a4 4 0 0 0-4-4H6m4-4L6 9l4 4', words: 'Left' },
  [TURN.straight]: { path: 'M12 20V5m-5 5l5-5l5 5', words: 'Straight on' },
  [TURN.right]: { path: 'M7 20v-7a4 4 0 0 1 4-4h7m-4-4l4 4l-4 4', words: 'Right' },
  [TURN.back]: { path: 'M17 20V9a5 5 0 0 0-10 0v10m-4-4l4 4l4-4', words: 'Turn back' },
}

const KEYS: Readonly<Record<string, number>> = {
  ArrowLeft: TURN.left,
  ArrowRight: TURN.right,
  w: TURN.straight,
  s: TURN.back,
}

/** What parts ahead, and where one will go: a tap, an arrow key, W or S say otherwise. */
export function JunctionBar({ ride }: { ride: Ride }): VNode | null {
  const [ahead, setAhead] = useState<Junction>()
  const look = (): void => {
    const now = ride.junction
    const next = now && { ...now, aheadM: Math.ceil(now.aheadM / STEP_M) * STEP_M }
    setAhead((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next))
  }

  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.target instanceof HTMLElement && event.target.closest('input, select, textarea')) return
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const turn = KEYS[event.key]
      if (turn === undefined || document.querySelector('dialog[open]') !== null) return
      event.preventDefault()
      ride.turn(turn)
      look()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [ride])

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
  const what = ahead.isGate === true ? 'Gate of the park' : 'Junction'
  return (
    <nav class="junction" aria-label={`${what} in ${ahead.aheadM} metres`}>
      {!isPlain &&
        ahead.options.map(({ turn, name, isTaken }) => (
          <Choice key={turn} turn={turn} name={name} isTaken={isTaken} onChoose={choose(turn)} />
        ))}
      {ahead.canTurnBack && (
        <Choice turn={TURN.back} name="" isTaken={ahead.isBackTaken} onChoose={choose(TURN.back)} />
      )}
      <span class="junction-far number" aria-hidden="true">
        {ahead.aheadM} m
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
  const { path, words } = ARROWS[turn]!
  return (
    <button
      class={`junction-choice ${isTaken ? 'taken' : ''} ${name === '' ? 'bare' : ''}`}
      type="button"
      aria-pressed={isTaken}
      aria-label={name === '' ? words : `${words}: ${name}`}
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
