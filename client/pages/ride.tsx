import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ClientClock } from '../clock.ts'
import { SimulatedTrainer } from '../input/simulated-trainer.ts'
import type { SensorSource } from '../input/sensor-source.ts'
import type { Ride } from '../ride.ts'
import type { Quality } from '../view/view-types.ts'
import { Notice } from './parts.tsx'
import { readRider, writeRider } from './memory.ts'
import { RideMenu } from './ride-menu.tsx'
import { TrainerPanel } from './trainer-panel.tsx'
import type { Departure, RideEnd } from './ticket.ts'
import './ride.css'

export interface RidePageProps {
  readonly clock: ClientClock
  readonly departure: Departure
  readonly onEnd: (end: RideEnd) => void
}

const NOTHING = { name: '', distanceM: 0, climbM: 0, durationS: 0, workJ: 0, powerMaxW: 0 }
const POWER_START_W = 150
const CADENCE_START_RPM = 85

export function RidePage({ clock, departure, onEnd }: RidePageProps): VNode {
  const canvas = useRef<HTMLCanvasElement>(null)
  const hud = useRef<HTMLDivElement>(null)
  const [ride, setRide] = useState<Ride>()
  const [trainer, setTrainer] = useState<SimulatedTrainer>()
  const [isMoving, setMoving] = useState(false)
  const [step, setStep] = useState('Finding the road …')

  useEffect(() => {
    let isGone = false
    const fail = (error: string) => {
      isGone = true
      onEnd({ ...NOTHING, error })
    }
    async function begin(): Promise<void> {
      const [{ admit }, { startRide }] = await Promise.all([import('../entry.ts'), import('../ride.ts')])
      const admission = await admit(departure.ticket)
      if (isGone) return
      if (!admission.ok) return fail(admission.message)
      remember(admission.value.secret, admission.value.token.rider.name)
      setStep('Laying the road …')
      let sensor: SensorSource | undefined
      if (departure.sensor?.kind === 'simulated') {
        const simulated = new SimulatedTrainer({ powerW: POWER_START_W, cadenceRpm: CADENCE_START_RPM })
        setTrainer(simulated)
        sensor = simulated
      } else sensor = departure.sensor?.source
      const started = await startRide({
        admission: admission.value,
        clock,
        canvas: canvas.current!,
        hudRoot: hud.current!,
        sensor,
        quality: qualityAsked(),
        onFirstFrame: () => setMoving(true),
        onClosed: fail,
      })
      if (isGone) return
      if (started.ok) setRide(started.value)
      else fail(started.message)
    }
    begin().catch(() => fail('The picture could not be loaded. Reload the page.'))
    return () => {
      isGone = true
    }
  }, [])

  return (
    <main class="ride">
      <h1 class="unseen">Your ride</h1>
      <canvas ref={canvas} role="img" aria-label="Your rider on the road, seen from behind" />
      <div class="ride-hud" ref={hud} />
      {!isMoving && (
        <div class="ride-wait">
          <div class="card">
            <Notice level="info">{step}</Notice>
          </div>
        </div>
      )}
      {isMoving && trainer && <TrainerPanel trainer={trainer} />}
      {isMoving && ride && (
        <RideMenu
          ride={ride}
          onLeave={() => {
            const rider = readRider()
            if (rider) writeRider({ ...rider, isRiding: false })
            onEnd(ride.leave())
          }}
        />
      )}
    </main>
  )
}

function remember(secret: string | undefined, name: string): void {
  if (secret !== undefined) writeRider({ secret, name, isRiding: true })
}

const QUALITIES: readonly Quality[] = ['test', 'low', 'medium', 'high']

/** `?quality=low` for a weak machine; tests ask for `test`. */
function qualityAsked(): Quality {
  const asked = new URLSearchParams(location.search).get('quality')
  return QUALITIES.find((quality) => quality === asked) ?? 'medium'
}
