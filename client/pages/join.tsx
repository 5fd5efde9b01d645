import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ClientClock } from '../clock.ts'
import { api, type World } from './api.ts'
import { plural, km } from './format.ts'
import './join.css'
import { Dusk } from './dusk.tsx'
import { HEIGHT_M, MASS_KG, readProfile, readRider, writeProfile, type Profile } from './memory.ts'
import { PAIRING_WORDS } from '../input/legs-words.ts'
import type { PageDevices } from '../input/page-devices.ts'
import { hasRemembered } from '../input/remembered-devices.ts'
import { PairingLater } from './pairing-later.tsx'
import { Masthead, Notice, NumberField, useEvery } from './parts.tsx'
import { Races } from './races.tsx'
import type { Departure, SensorChoice } from './ticket.ts'

const WORLDS_EVERY_MS = 5000

export interface JoinProps {
  readonly clock: ClientClock
  readonly error: string | undefined
  readonly onDepart: (departure: Departure) => void
}

export function JoinPage({ clock, error, onDepart }: JoinProps): VNode {
  const [worlds, setWorlds] = useState<readonly World[]>([])
  const [waiting, setWaiting] = useState('')
  useEvery(WORLDS_EVERY_MS, () => {
    void api.worlds().then(async (answer) => {
      if (answer.ok) setWorlds(answer.value)
      const health = answer.ok ? undefined : await api.health()
      setWaiting(
        answer.ok ? '' : health?.ok && !health.value.isReady ? 'The server is still getting ready.' : answer.message,
      )
    })
  })
  const world = worlds[0]
  return (
    <div class="join">
      <Dusk mapId={world?.mapId} />
      <Masthead here="road" />
      <main class="join-body">
        <div class="join-words">
          <h1>Your watts, one shared road.</h1>
          <p>
            Ride with whoever is out there now. Everybody sees the same hill, the same wheel in front, the same finish.
          </p>
        </div>
        <Door clock={clock} error={error} worlds={worlds} onDepart={onDepart} />
        <div class="lobby">
          {waiting !== '' && <Notice level="info">{waiting}</Notice>}
          {worlds.map((one) => (
            <RoadNow key={one.mapId} world={one} />
          ))}
          <Races clock={clock} onDepart={onDepart} />
        </div>
      </main>
    </div>
  )
}

interface DoorProps {
  readonly clock: ClientClock
  readonly error: string | undefined
  readonly worlds: readonly World[]
  readonly onDepart: (departure: Departure) => void
}

function Door({ clock, error, worlds, onDepart }: DoorProps): VNode {
  const [road, setRoad] = useState('')
  const [profile, setProfile] = useState<Profile>(readProfile)
  const [devices, setDevices] = useState<PageDevices>()
  const [isPairing, setPairing] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const rideButton = useRef<HTMLButtonElement>(null)
  const set = (part: Partial<Profile>): void => {
    // Kept as it is typed: signing up for a race below reads it, too.
    writeProfile({ ...profile, ...part })
    setProfile({ ...profile, ...part })
  }

  function depart(sensor: SensorChoice): void {
    const named = { ...profile, name: profile.name.trim() }
    writeProfile(named)
    onDepart({ ticket: { kind: 'new', profile: named, ...placeOf(road) }, sensor })
  }

  async function openSensors(): Promise<void> {
    const { pageDevices } = await import('../input/devices-store.ts')
    setDevices(pageDevices(clock))
    setPairing(true)
  }

  // Who has paired before finds their devices looked for, or one click away.
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

  return (
    <section class="card door" aria-label="Join the ride">
      <form
        class="stack"
        ref={form}
        onSubmit={(event) => {
          event.preventDefault()
          depart({ kind: event.submitter?.getAttribute('value') === 'devices' ? 'devices' : 'simulated' })
        }}
      >
        <label class="field">
          <span>Your name on the road</span>
          <input
            class="input"
            name="name"
            required
            maxLength={24}
            autocomplete="nickname"
            placeholder="What the others read above you"
            value={profile.name}
            ref={focusOnce}
            onInput={(event) => set({ name: event.currentTarget.value })}
          />
        </label>
        <fieldset>
          <legend class="small muted">
            Weight decides how hills feel, height how the wind does. They stay between you and this server.
          </legend>
          <div class="pair">
            <NumberField
              label="Weight"
              unit="kg"
              name="massKg"
              {...MASS_KG}
              step={0.5}
              value={profile.massKg}
              onValue={(massKg) => set({ massKg })}
            />
            <NumberField
              label="Height"
              unit="m"
              name="heightM"
              {...HEIGHT_M}
              step={0.01}
              value={profile.heightM}
              onValue={(heightM) => set({ heightM })}
            />
          </div>
        </fieldset>
        <RoadChoice worlds={worlds} road={road} onRoad={setRoad} />
        {own !== undefined && (
          <button class="button first wide" type="submit" value="devices" ref={rideButton}>
            Ride with {own.name}
            {own.powerW === undefined ? '' : `, ${Math.round(own.powerW)} W`}
          </button>
        )}
        <button class={own === undefined ? 'button first wide' : 'button wide'} type="submit" value="simulated">
          Ride with a simulated trainer
        </button>
        <button class="button wide" type="button" onClick={() => void openSensors()}>
          {PAIRING_WORDS.title}
        </button>
      </form>
      {error !== undefined && <Notice level="bad">{error}</Notice>}
      <Again onDepart={onDepart} />
      <CodeForm onDepart={onDepart} />
      {isPairing && devices && (
        <PairingLater
          devices={devices}
          on={{
            words: PAIRING_WORDS.ride,
            go: () => form.current?.requestSubmit(rideButton.current),
            needsWatts: true,
          }}
          onClose={() => setPairing(false)}
        />
      )}
    </section>
  )
}

/** Room and route, as the choice holds them. */
function placeOf(road: string): { roomId?: string; routeId?: string } {
  const [roomId = '', routeId = ''] = road.split(' ')
  return { ...(roomId === '' ? {} : { roomId }), ...(routeId === '' ? {} : { routeId }) }
}

/** Where to begin: free on the road that is always there, or on a route of any. */
function RoadChoice(props: { worlds: readonly World[]; road: string; onRoad: (road: string) => void }): VNode | null {
  const open = props.worlds.flatMap((world) => {
    const room = world.rooms.find(({ kind }) => kind === 'free')
    return room === undefined ? [] : [{ world, roomId: room.id }]
  })
  if (open.length === 0) return null
  return (
    <label class="field">
      <span>Your road</span>
      <select
        class="input"
        name="road"
        value={props.road}
        onChange={(event) => props.onRoad(event.currentTarget.value)}
      >
        <option value="">Wherever the others are</option>
        {open.map(({ world, roomId }) => (
          <optgroup key={roomId} label={world.name}>
            <option value={`${roomId} `}>{world.name}, free</option>
            {world.routes.map((route) => (
              <option key={route.id} value={`${roomId} ${route.id}`}>
                {route.name}, {km(route.lapM)} km{route.isLap ? ' a lap' : ''}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
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
      Carry on as {rider.name}
    </button>
  )
}

function CodeForm({ onDepart }: { onDepart: (departure: Departure) => void }): VNode {
  const [code, setCode] = useState('')
  return (
    <details>
      <summary>My bridge is riding already</summary>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault()
          onDepart({ ticket: { kind: 'code', code: code.trim().toUpperCase() }, sensor: undefined })
        }}
      >
        <p class="small muted">
          <code>gruppetto bridge</code> prints a code of six characters. Type it here and watch your own ride.
        </p>
        <label class="field">
          <span>Pairing code</span>
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
          Show my ride
        </button>
      </form>
    </details>
  )
}

function whoIsOut(riders: number, bots: number): string {
  if (riders > 0) return `${plural(riders, 'rider', 'riders')} out now`
  return bots > 0 ? `${plural(bots, 'bot', 'bots')} for company` : 'Nobody out yet'
}

function RoadNow({ world }: { world: World }): VNode {
  const riders = world.rooms.reduce((sum, room) => sum + room.riders, 0)
  const bots = world.rooms.reduce((sum, room) => sum + room.bots, 0)
  return (
    <section class="card road-now" aria-label={world.name}>
      <img class="road-picture" src={api.picturePath(world.mapId)} alt="" loading="lazy" />
      <div class="row">
        <h2>{world.name}</h2>
        <span class="chip live push">{whoIsOut(riders, bots)}</span>
      </div>
      <dl>
        <div>
          <dt>Road</dt>
          <dd class="number">{km(world.roadM)} km</dd>
        </div>
        <div>
          <dt>Routes</dt>
          <dd class="number">{world.routes.length}</dd>
        </div>
        <div>
          <dt>Heights</dt>
          <dd class="number">
            {world.lowestM}–{world.highestM} m
          </dd>
        </div>
      </dl>
    </section>
  )
}
