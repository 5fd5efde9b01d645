import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import type { LegsCommand } from '#bridges/core/devices'
import type { Side, Steering } from '../input/steering.ts'
import { ride as words } from '../words/ride.ts'
import { useActions } from './ride-actions.ts'

/** Whom to ask for another gear: the page's devices. */
export interface Shifting {
  ask(command: LegsCommand): string | undefined
}

/** Bars: keys while they are held; on a screen to touch, two places at its edges. */
export function SteeringKeys({ steering, shifting }: { steering: Steering; shifting: Shifting | undefined }): VNode {
  const hold = (by: string, side: Side) => (isDown: boolean) => (isDown ? steering.hold(by, side) : steering.letGo(by))
  useActions({ steerLeft: hold('left', -1), steerRight: hold('right', 1) }, [steering])
  useActions(
    shifting === undefined
      ? {}
      : {
          harder: () => void shifting.ask({ ask: 'shift', by: 1 }),
          easier: () => void shifting.ask({ ask: 'shift', by: -1 }),
        },
    [shifting],
  )
  useEffect(() => () => steering.letGoOfAll(), [steering])

  return (
    <div class="steering">
      <SteerButton steering={steering} side={-1} words={words.steerLeft} path="M15 5l-7 7l7 7" />
      <SteerButton steering={steering} side={1} words={words.steerRight} path="M9 5l7 7l-7 7" />
    </div>
  )
}

interface SteerButtonProps {
  readonly steering: Steering
  readonly side: Side
  readonly words: string
  readonly path: string
}

function SteerButton({ steering, side, words, path }: SteerButtonProps): VNode {
  const letGo = (): void => steering.letGo(words)
  return (
    <button
      class="ride-button"
      type="button"
      aria-label={words}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        steering.hold(words, side)
      }}
      onLostPointerCapture={letGo}
      onKeyDown={(event) => {
        if (event.key === ' ' || event.key === 'Enter') steering.hold(words, side)
      }}
      onKeyUp={letGo}
      onBlur={letGo}
      onContextMenu={(event) => event.preventDefault()}
    >
      <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
        <path d={path} fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" />
      </svg>
    </button>
  )
}
