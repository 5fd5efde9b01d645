import type { ComponentChildren, VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ClientClock } from '../clock.ts'
import type { PageDevices } from '../input/page-devices.ts'
import { hasRemembered } from '../input/remembered-devices.ts'
import { feetOf, kgOfPounds, massText, metresOfFeet, poundsOf, statureText, units } from '../words/units.ts'
import { wayWords as words } from '../words/way.ts'
import { hasBody, HEIGHT_M, MASS_KG, readProfile, readRider, writeProfile, type Profile } from './memory.ts'
import { PairingLater } from './pairing-later.tsx'
import { Notice, NumberField } from './parts.tsx'
import { rideAhead } from './ride-ahead.ts'
import { SecureHintLater } from './secure-hint-later.tsx'
import type { Departure, SensorChoice, Ticket } from './ticket.ts'

/** Where one begins; undefined: just now nowhere. */
export type Place = Pick<Extract<Ticket, { kind: 'new' }>, 'roomId' | 'routeId' | 'besideId'>

export interface DoorProps {
  readonly clock: ClientClock
  readonly error: string | undefined
  /** Asked when the rider goes; undefined closes the door. */
  readonly place: (() => Place) | undefined
  /** Which road: between the body and the buttons. */
  readonly children?: ComponentChildren
  readonly onDepart: (departure: Departure) => void
}

/** Who rides, and with what: the one door of every road. */
export function Door({ clock, error, place, children, onDepart }: DoorProps): VNode {
  const [profile, setProfile] = useState<Profile>(readProfile)
  const [devices, setDevices] = useState<PageDevices>()
  const [isPairing, setPairing] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const rideButton = useRef<HTMLButtonElement>(null)
  const set = (part: Partial<Profile>): void => {
    // Kept as it is typed: signing up for a race reads it, too.
    writeProfile({ ...profile, ...part })
    setProfile({ ...profile, ...part })
  }

  function depart(sensor: SensorChoice): void {
    if (place === undefined) return
    const named = { ...profile, name: profile.name.trim() }
    writeProfile(named, true)
    onDepart({ ticket: { kind: 'new', profile: named, ...place() }, sensor })
  }

  async function openSensors(): Promise<void> {
    const { pageDevices } = await import('../input/devices-store.ts')
    setDevices(pageDevices(clock))
    setPairing(true)
  }

  // Who has paired before finds their devices looked for, or one click away.
  useEffect(rideAhead, [])
  useEffect(() => {
    if (!hasRemembered()) return
    void import('../input/devices-store.ts').then(({ pageDevices }) => setDevices(pageDevices(clock)))
  }, [])
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 't' || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.target instanceof HTMLElement && event.target.closest('input, select, textarea, dialog')) return
      void openSensors()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
  const linked = devices?.state.value.devices.filter(({ level }) => level === 'good') ?? []
  const own = linked.find(({ isTrainer }) => isTrainer) ?? linked.find(({ brings }) => brings?.includes('power'))
  const watts = own?.powerW === undefined ? '' : `, ${Math.round(own.powerW)} W`

  return (
    <section class="card door" aria-label={words.join}>
      <form
        class="stack"
        ref={form}
        onSubmit={(event) => {
          event.preventDefault()
          depart({ kind: event.submitter?.getAttribute('value') === 'devices' ? 'devices' : 'simulated' })
        }}
      >
        <label class="field">
          <span>{words.name}</span>
          <input
            class="input"
            name="name"
            maxLength={24}
            autocomplete="nickname"
            placeholder={words.namePlaceholder}
            value={profile.name}
            ref={focusOnce}
            onInput={(event) => set({ name: event.currentTarget.value })}
          />
        </label>
        <Body profile={profile} set={set} />
        {children}
        {own !== undefined && (
          <button class="button first wide" type="submit" value="devices" ref={rideButton} disabled={!place}>
            {words.rideWith(own.name, watts)}
          </button>
        )}
        <button
          class={own === undefined ? 'button first wide' : 'button wide'}
          type="submit"
          value="simulated"
          disabled={!place}
        >
          {words.rideSimulated}
        </button>
        <button class="button wide" type="button" onClick={() => void openSensors()}>
          {words.sensors}
        </button>
      </form>
      {error !== undefined && <Notice level="bad">{error}</Notice>}
      <SecureHintLater />
      <Again onDepart={onDepart} />
      <CodeForm onDepart={onDepart} />
      {isPairing && devices && (
        <PairingLater
          devices={devices}
          on={{
            words: words.rideWithThese,
            go: () => form.current?.requestSubmit(rideButton.current),
            needsWatts: true,
          }}
          onClose={() => setPairing(false)}
        />
      )}
    </section>
  )
}

/** For who would rather not say: riders of these classes feel the road alike. */
const CLASSES = [
  { massKg: 60, heightM: 1.66 },
  { massKg: 75, heightM: 1.78 },
  { massKg: 92, heightM: 1.86 },
] as const

/** Weight and height: asked once, then a line that can be changed. */
function Body({ profile, set }: { profile: Profile; set: (part: Partial<Profile>) => void }): VNode {
  const [isOpen, setOpen] = useState(() => !hasBody())
  const { massKg, heightM } = profile
  if (!isOpen) {
    return (
      <p class="body-kept small">
        <span>{words.bodyKept(massText(massKg), statureText(heightM))}</span>
        <button class="button plain" type="button" onClick={() => setOpen(true)}>
          {words.bodyChange}
        </button>
      </p>
    )
  }
  return (
    <fieldset class="body">
      <legend class="small muted">{words.bodyWhy}</legend>
      {units().body === 'imperial' ? <Imperial profile={profile} set={set} /> : <Metric profile={profile} set={set} />}
      <div class="classes small">
        <span class="muted">{words.bodySkip}</span>
        {CLASSES.map((one, i) => (
          <button
            key={one.massKg}
            type="button"
            aria-pressed={one.massKg === massKg && one.heightM === heightM}
            onClick={() => set(one)}
          >
            {words.bodyClasses[i]}
          </button>
        ))}
      </div>
    </fieldset>
  )
}

interface BodyProps {
  readonly profile: Profile
  readonly set: (part: Partial<Profile>) => void
}

function Metric({ profile, set }: BodyProps): VNode {
  return (
    <div class="pair">
      <NumberField
        label={words.weight}
        unit="kg"
        name="massKg"
        {...MASS_KG}
        step={0.5}
        value={profile.massKg}
        onValue={(massKg) => set({ massKg })}
      />
      <NumberField
        label={words.height}
        unit="cm"
        name="heightCm"
        min={HEIGHT_M.min * 100}
        max={HEIGHT_M.max * 100}
        step={1}
        value={Math.round(profile.heightM * 100)}
        onValue={(cm) => set({ heightM: cm / 100 })}
      />
    </div>
  )
}

function Imperial({ profile, set }: BodyProps): VNode {
  const { feet, inches } = feetOf(profile.heightM)
  return (
    <div class="pair three">
      <NumberField
        label={words.weight}
        unit="lb"
        name="massLb"
        min={Math.ceil(poundsOf(MASS_KG.min))}
        max={Math.floor(poundsOf(MASS_KG.max))}
        step={1}
        value={Math.round(poundsOf(profile.massKg))}
        onValue={(lb) => set({ massKg: kgOfPounds(lb) })}
      />
      <NumberField
        label={words.feet}
        unit="ft"
        name="heightFt"
        min={4}
        max={7}
        step={1}
        value={feet}
        onValue={(ft) => set({ heightM: metresOfFeet(ft, inches) })}
      />
      <NumberField
        label={words.inches}
        unit="in"
        name="heightIn"
        min={0}
        max={11}
        step={1}
        value={inches}
        onValue={(inch) => set({ heightM: metresOfFeet(feet, inch) })}
      />
    </div>
  )
}

function focusOnce(input: HTMLInputElement | null): void {
  if (input && document.activeElement === document.body) input.focus({ preventScroll: true })
}

/** The rider of this tab is still out there: go on. */
function Again({ onDepart }: { onDepart: (departure: Departure) => void }): VNode | null {
  const rider = readRider()
  if (!rider) return null
  return (
    <button
      class="button wide"
      type="button"
      onClick={() =>
        onDepart({
          ticket: { kind: 'again', ...rider },
          sensor: { kind: rider.hasDevices === true ? 'devices' : 'simulated' },
        })
      }
    >
      {words.carryOn(rider.name)}
    </button>
  )
}

function CodeForm({ onDepart }: { onDepart: (departure: Departure) => void }): VNode {
  const [code, setCode] = useState('')
  return (
    <details>
      <summary>{words.bridgeRides}</summary>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault()
          onDepart({ ticket: { kind: 'code', code: code.trim().toUpperCase() }, sensor: undefined })
        }}
      >
        <p class="small muted">
          <code>gruppetto bridge</code>
          {words.bridgeCode}
        </p>
        <label class="field">
          <span>{words.pairingCode}</span>
          <input
            class="input number"
            name="code"
            required
            pattern="\s*[A-Za-z0-9]{4,16}\s*"
            autocomplete="one-time-code"
            autocapitalize="characters"
            spellcheck={false}
            value={code}
            onInput={(event) => setCode(event.currentTarget.value)}
          />
        </label>
        <button class="button wide" type="submit">
          {words.showRide}
        </button>
      </form>
    </details>
  )
}
