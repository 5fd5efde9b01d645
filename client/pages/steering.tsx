import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import type { Side, Steering } from '../input/steering.ts'
import { listenForGears, type Shifting } from './gear-keys.ts'

const KEYS: Readonly<Record<string, Side>> = { KeyA: -1, KeyD: 1 }

/** Bars: A and D while they are held, by where they lie on the keyboard; on a screen to touch, two places at its edges. */
export function SteeringKeys({ steering, shifting }: { steering: Steering; shifting: Shifting | undefined }): VNode {
  useEffect(() => (shifting === undefined ? undefined : listenForGears(shifting)), [shifting])
  useEffect(() => {
    const onDown = (event: KeyboardEvent): void => {
      const side = KEYS[event.code]
      if (side === undefined || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.target instanceof HTMLElement && event.target.closest('input:not([type=range]), select, textarea'))
        return
      if (document.querySelector('dialog[open]') === null) steering.hold(event.code, side)
    }
    const onUp = (event: KeyboardEvent): void => steering.letGo(event.code)
    const onAway = (): void => steering.letGoOfAll() // A key let go elsewhere is never heard of.
    addEventListener('keydown', onDown)
    addEventListener('keyup', onUp)
    addEventListener('blur', onAway)
    return () => {
      removeEventListener('keydown', onDown)
      removeEventListener('keyup', onUp)
      removeEventListener('blur', onAway)
      steering.letGoOfAll()
    }
  }, [steering])

  return (
    <div class="steering">
      <SteerButton steering={steering} side={-1} words="Steer left" path="M15 5l-7 7l7 7" />
      <SteerButton steering={steering} side={1} words="Steer right" path="M9 5l7 7l-7 7" />
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
      aria-label={`${words}, while held`}
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
