import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ClientClock } from '../clock.ts'
import type { SimulatedTrainer } from '../input/simulated-trainer.ts'
import type { PageDevices } from '../input/page-devices.ts'
import { hasRemembered } from '../input/remembered-devices.ts'
import { SliderLegs } from '../input/slider-legs.ts'
import type { Admission } from '../entry.ts'
import type { Ride } from '../ride.ts'
import type { RideClosed } from '../ride-opening.ts'
import type { Quality } from '../view/view-types.ts'
import { api, post, type Answer } from './api.ts'
import { JunctionBar } from './junction-bar.tsx'
import { trainerWords } from '../words/trainer.ts'
import { PairingLater } from './pairing-later.tsx'
import { Notice } from './parts.tsx'
import { readRider, writeRider, writeWatched } from './memory.ts'
import { isSignedInHere, keepSecret } from './own-memory.ts'
import { RideMenu } from './ride-menu.tsx'
import { InSlot } from './ride-slot.tsx'
import { SteeringKeys } from './steering.tsx'
import { useWakeLock } from './wake-lock.ts'
import { ride as words } from '../words/ride.ts'
import { TrainerBar } from './trainer-bar.tsx'
import { TrainerPanel } from './trainer-panel.tsx'
import { WaitingDevices } from './waiting-devices.tsx'
import type { Departure, RideEnd, SensorChoice, Ticket } from './ticket.ts'
import './ride.css'

export interface RidePageProps {
  readonly clock: ClientClock
  readonly departure: Departure
  /** The same page, another ride: the legs went elsewhere, or the server began anew. */
  readonly onAgain: (departure: Departure) => void
  readonly onEnd: (end: RideEnd) => void
}

const NOTHING = { name: '', distanceM: 0, climbM: 0, durationS: 0, workJ: 0, brakeJ: 0, contactJ: 0, powerMaxW: 0 }
const POWER_START_W = 150
const CADENCE_START_RPM = 85
const RETURN_EVERY_MS = 1500

export function RidePage({ clock, departure, onAgain, onEnd }: RidePageProps): VNode {
  const canvas = useRef<HTMLCanvasElement>(null)
  const hud = useRef<HTMLDivElement>(null)
  const [ride, setRide] = useState<Ride>()
  const [devices, setDevices] = useState<PageDevices>()
  const [trainer, setTrainer] = useState<SimulatedTrainer>()
  const [isMoving, setMoving] = useState(false)
  const [step, setStep] = useState(words.findingRoad)
  const [isPairing, setPairing] = useState(false)
  const hasDevices = departure.sensor?.kind === 'devices'
  useWakeLock()

  /** From the menu: a page of sliders has none of the sensors' code yet. */
  async function openSensors(riding: Ride): Promise<void> {
    if (devices === undefined) {
      const opened = await openDevices(clock)
      riding.adopt(opened)
      setDevices(opened)
    }
    setPairing(true)
  }

  useEffect(() => {
    let isGone = false
    let isUnloading = false
    let secret: string | undefined
    let running: Ride | undefined
    let simulated: SimulatedTrainer | undefined
    const fail = (error: string) => {
      isGone = true
      running?.leave()
      onEnd({ ...NOTHING, error })
    }
    /** The legs as they are now, for the ride that follows. */
    const legs = (): SensorChoice | undefined => {
      if (simulated === undefined) return departure.sensor
      return { kind: 'simulated', powerW: simulated.powerW, cadenceRpm: simulated.cadenceRpm }
    }
    function closed(words: string, why: RideClosed): void {
      if (isGone || isUnloading) return
      const name = running?.name ?? ''
      if (why === 'begun-anew' && running && running.eventId !== '') {
        isGone = true
        const { eventId } = running
        return onEnd({ ...running.leave(), eventId })
      }
      if (secret === undefined || why === 'over') return fail(words)
      isGone = true
      running?.leave()
      if (why === 'replaced' || departure.ticket.kind === 'follow') {
        onAgain({ ticket: { kind: 'follow', secret, name }, sensor: undefined, isReturn: true })
      } else onAgain({ ticket: { kind: 'again', secret, name }, sensor: legs(), isReturn: true })
    }
    async function enter(admit: typeof import('../entry.ts').admit): Promise<Answer<Admission>> {
      for (;;) {
        const admission = await admit(departure.ticket)
        if (admission.ok || !admission.isPassing || !departure.isReturn || isGone) return admission
        setStep(words.serverAway)
        await new Promise((resolve) => setTimeout(resolve, RETURN_EVERY_MS))
      }
    }
    async function begin(): Promise<void> {
      // What drives trainers is loaded for those who have one, today or on another day.
      const isOpened = hasDevices || (departure.sensor !== undefined && hasRemembered())
      const [{ admit }, { startRide }, opened] = await Promise.all([
        import('../entry.ts'),
        import('../ride.ts'),
        isOpened ? openDevices(clock) : undefined,
      ])
      setDevices(opened)
      const admission = await enter(admit)
      if (isGone) return
      if (!admission.ok) return fail(admission.message)
      secret = admission.value.secret
      remember(departure, admission.value)
      setStep(words.layingRoad)
      if (departure.sensor?.kind === 'simulated') {
        const { powerW = POWER_START_W, cadenceRpm = CADENCE_START_RPM } = departure.sensor
        const sliders = await import('../input/simulated-trainer.ts')
        simulated = new sliders.SimulatedTrainer({ powerW, cadenceRpm })
        setTrainer(simulated)
      }
      const started = await startRide({
        admission: admission.value,
        clock,
        canvas: canvas.current!,
        hudRoot: hud.current!,
        legs: departure.sensor && { devices: opened ?? new SliderLegs(clock), simulated },
        quality: qualityAsked(),
        onFirstFrame: () => setMoving(true),
        onClosed: closed,
      })
      if (isGone) {
        if (started.ok) started.value.leave()
        return
      }
      if (!started.ok) return fail(started.message)
      running = started.value
      setRide(started.value)
    }
    begin().catch(() => fail(words.noPicture))
    /** Who closes the page leaves no ghost on the road; who reloads it is back before anybody saw. */
    const onHide = (event: PageTransitionEvent): void => {
      isUnloading = !event.persisted
      if (secret !== undefined && departure.sensor !== undefined) void api.away(secret)
    }
    addEventListener('pagehide', onHide)
    return () => {
      isGone = true
      removeEventListener('pagehide', onHide)
    }
  }, [])

  return (
    <main class="ride">
      <h1 class="unseen">{words.title}</h1>
      <canvas ref={canvas} role="img" aria-label={words.canvas} />
      <div class="ride-hud" ref={hud} />
      {!isMoving && (
        <div class="ride-wait">
          <div class="card">
            <Notice level="info">{step}</Notice>
          </div>
        </div>
      )}
      {isMoving && (
        <>
          <InSlot name="trainer">
            {trainer && <TrainerPanel trainer={trainer} />}
            {devices && hasDevices && <TrainerBar devices={devices} onSensors={() => setPairing(true)} />}
          </InSlot>
          <InSlot name="junction">
            {devices && hasDevices && <WaitingDevices devices={devices} />}
            {ride && <JunctionBar ride={ride} />}
          </InSlot>
          <InSlot name="steering">
            {ride?.canSteer && <SteeringKeys steering={ride.steering} shifting={hasDevices ? devices : undefined} />}
          </InSlot>
        </>
      )}
      {isPairing && devices && (
        <PairingLater
          devices={devices}
          on={{ words: trainerWords.back, go: () => {} }}
          onClose={() => setPairing(false)}
        />
      )}
      {isMoving && ride && (
        <RideMenu
          ride={ride}
          onSensors={ride.canSteer ? () => void openSensors(ride) : undefined}
          onLegsBack={
            departure.ticket.kind === 'follow'
              ? () => {
                  const { secret, name } = departure.ticket as Extract<Ticket, { kind: 'follow' }>
                  ride.leave()
                  onAgain({ ticket: { kind: 'again', secret, name }, sensor: { kind: 'simulated' } })
                }
              : undefined
          }
          onLeave={() => {
            const rider = readRider()
            if (rider) writeRider({ ...rider, isRiding: false })
            if (ride.secret !== undefined && departure.sensor !== undefined) void api.away(ride.secret)
            onEnd(ride.leave())
          }}
        />
      )}
    </main>
  )
}

async function openDevices(clock: ClientClock): Promise<PageDevices> {
  const { pageDevices } = await import('../input/devices-store.ts')
  return pageDevices(clock)
}

function remember({ ticket, sensor }: Departure, { secret, watchKey, token }: Admission): void {
  // Next week this browser still knows whose rides these are; an account takes them at once.
  if (secret !== undefined && isSignedInHere()) void post('/api/account/claim', { secrets: [secret] })
  if (secret !== undefined) keepSecret(secret)
  const isFollowing = ticket.kind === 'follow'
  const hasDevices = sensor?.kind === 'devices'
  if (secret !== undefined) writeRider({ secret, name: token.rider.name, isRiding: true, isFollowing, hasDevices })
  if (watchKey !== undefined && ticket.kind === 'code') writeWatched(ticket.code, watchKey)
}

const QUALITIES: readonly Quality[] = ['test', 'low', 'medium', 'high']

/** `?quality=low` fixes it; tests ask for `test`. */
function qualityAsked(): Quality | undefined {
  const asked = new URLSearchParams(location.search).get('quality')
  return QUALITIES.find((quality) => quality === asked)
}
