import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { rides as words } from '../../words/rides.ts'
import type { Stand } from '../../view/stand.ts'
import type { RiderLook } from '../../world/rider-look.ts'
import { readProfile } from '../memory.ts'
import { KitPicture, kitWords } from './kit-picture.tsx'

/** Once round in so many seconds, until somebody turns it themselves. */
const ROUND_S = 16
const TURN_RAD = 2 * Math.PI

/** The rider one is, in the round, as everybody sees them on the road; drawn flat until that is there, and where it cannot be. */
export function KitStand({ look }: { look: RiderLook }): VNode {
  const canvas = useRef<HTMLCanvasElement>(null)
  const now = useRef({ look, turnRad: 0, isOwn: matchMedia('(prefers-reduced-motion: reduce)').matches })
  const [isThere, setThere] = useState(false)
  const [degrees, setDegrees] = useState(0)
  now.current.look = look
  useEffect(() => {
    let stand: Stand | undefined
    let isOver = false
    let request = 0
    let beforeMs = 0
    let drawn = ''
    const { massKg } = readProfile()
    const frame = (nowMs: number): void => {
      request = requestAnimationFrame(frame)
      const state = now.current
      if (!state.isOwn && beforeMs > 0)
        state.turnRad = (state.turnRad + (Math.min(100, nowMs - beforeMs) / 1000 / ROUND_S) * TURN_RAD) % TURN_RAD
      beforeMs = nowMs
      const asked = `${JSON.stringify(state.look)} ${state.turnRad} ${canvas.current?.clientWidth}`
      if (asked === drawn || canvas.current === null) return
      drawn = asked
      stand?.show(state.look, massKg, state.turnRad)
      if (!state.isOwn) setDegrees(Math.round((state.turnRad / TURN_RAD) * 360))
    }
    void import('../../view/stand.ts').then(
      ({ createStand }) => {
        if (isOver || canvas.current === null) return
        try {
          stand = createStand(canvas.current)
        } catch {
          return // No WebGL here: the flat drawing stays.
        }
        setThere(true)
        request = requestAnimationFrame(frame)
      },
      () => {}, // The server is away: the flat drawing stays.
    )
    return () => {
      isOver = true
      cancelAnimationFrame(request)
      stand?.dispose()
    }
  }, [])
  function turnTo(to: number): void {
    now.current.isOwn = true
    now.current.turnRad = (to / 360) * TURN_RAD
    setDegrees(to)
  }
  return (
    <div class="kit-stand">
      {!isThere && <KitPicture look={look} />}
      <canvas
        ref={canvas}
        hidden={!isThere}
        role="img"
        aria-label={kitWords(look)}
        onPointerMove={(event) => {
          if (event.buttons !== 0) turnTo((((degrees - event.movementX * 0.7) % 360) + 360) % 360)
        }}
      />
      {isThere && (
        <label class="turn">
          <span>{words.turn}</span>
          <input
            type="range"
            min={0}
            max={360}
            value={degrees}
            onInput={(event) => turnTo(event.currentTarget.valueAsNumber)}
          />
        </label>
      )}
    </div>
  )
}
