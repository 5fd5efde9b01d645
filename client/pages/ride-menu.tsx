import { CommandLine } from './command-line.tsx'
import type { VNode } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { THUMB } from '../hud/hud.tsx'
import { actionOfButton } from '../input/handlebar.ts'
import { pressed } from '../input/pressed.ts'
import { hudSettings, MAPS, setHud } from '../hud/settings.ts'
import { type ActionId, keyName, PHONE_ACTIONS } from '../input/actions.ts'
import { trainerWords } from '../words/trainer.ts'
import type { Ride } from '../ride.ts'
import type { RemoteWish } from '../room.ts'
import { ride as words } from '../words/ride.ts'
import { api } from './api.ts'
import { CloseButton } from './close-button.tsx'
import { rideActions, useActions } from './ride-actions.ts'
import type { SheetKind } from './ride-sheets.tsx'
import { InSlot } from './ride-slot.tsx'
import { SoundControl } from './sound-control.tsx'

interface RideMenuProps {
  readonly ride: Ride
  /** undefined: the legs are elsewhere. */
  readonly onSensors: (() => void) | undefined
  /** Where a bridge or another page has the legs. */
  readonly onLegsBack: (() => void) | undefined
  readonly onLeave: () => void
}

/** What one needs in a ride and not more: a row of buttons, the menu behind one of them, and the sheets behind that. */
export function RideMenu({ ride, onSensors, onLegsBack, onLeave }: RideMenuProps): VNode {
  const dialog = useRef<HTMLDialogElement>(null)
  const [camera, setCamera] = useState(ride.camera)
  const [isPaused, setPaused] = useState(ride.isPaused)
  const [Overlay, setOverlay] = useState<typeof import('./net-overlay.tsx').NetOverlay>()
  const [Sheets, setSheets] = useState<typeof import('./ride-sheets.tsx').RideSheet>()
  const [sheet, setSheet] = useState<SheetKind>()
  const [Routes, setRoutes] = useState<typeof import('./route-choice.tsx').RouteChoice>()
  const showMenu = (): void => {
    dialog.current?.showModal()
    void import('./route-choice.tsx').then(({ RouteChoice }) => setRoutes(() => RouteChoice))
  }
  /** Each opening is a sheet of its own: one that was just closed is still drawn, stays closed, and closes no other. */
  const openings = useRef(0)
  const showNet = (): void => {
    dialog.current?.close()
    void import('./net-overlay.tsx').then(({ NetOverlay }) => setOverlay(() => NetOverlay))
  }
  const show = (kind: SheetKind) => (): void => {
    dialog.current?.close()
    openings.current++
    setSheet(kind)
    void import('./ride-sheets.tsx').then(({ RideSheet }) => setSheets(() => RideSheet))
  }
  const closing = (opening: number) => (): void => {
    if (opening === openings.current) setSheet(undefined)
  }
  const turn = (): void => setCamera(ride.nextCamera())
  const pause = (): void => {
    ride.pause(!ride.isPaused)
    setPaused(ride.isPaused)
  }
  const { deck, hud } = ride
  useActions(
    {
      ...{ camera: turn, menu: showMenu, net: showNet, pause },
      ...{ lap: () => deck.lap(), rideOn: () => deck.rideOnNearest(), undo: () => deck.takeBack() },
      ...{ speak: () => deck.speak(), talk: show('talk'), people: show('people'), screen: show('screen') },
      hide: () => hud.setHidden(!hud.signals.isBare.peek()),
      far: () => setHud({ isFar: !hudSettings.peek().isFar }),
      map: () => setHud({ map: MAPS[(MAPS.indexOf(hudSettings.peek().map) + 1) % MAPS.length]! }),
      ...(onSensors === undefined ? {} : { sensors: onSensors }),
      ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((k) => [`camera${k}`, () => setCamera(ride.setCamera(k - 1))])),
    },
    [ride, onSensors],
  )
  // Before the first paint, as all that the keys do.
  useLayoutEffect(() => rideActions.listen(window), [])
  useEffect(() => {
    deck.onRemote = (wish) => obey(ride, wish)
    ride.onButton = (button, device) => {
      pressed.value = { name: button.name, device }
      const id = actionOfButton(button, device)
      if (id !== undefined) rideActions.hold(id, button.isDown)
    }
  }, [ride])

  return (
    <>
      <InSlot name="dock">
        <div class="ride-dock">
          <UndoButton ride={ride} />
          <div class="ride-buttons">
            <DockButton label={words.lap} path="M5 3v18M5 4h12l-3 4l3 4H5" onClick={() => deck.lap()} />
            <DockButton label={words.rideOn} path={THUMB} isFull onClick={() => deck.rideOnNearest()} />
            <DockButton label={words.say} path="M4 5h16v11H10l-4 4v-4H4z" onClick={show('talk')} />
            <DockButton
              label={words.camera(words.cameras[camera])}
              path="M4 8h3l2-3h6l2 3h3v11H4z M12 10a3.4 3.4 0 1 0 0 6.8a3.4 3.4 0 1 0 0-6.8"
              onClick={turn}
            />
            <DockButton label={words.menu} path="M4 7h16M4 12h16M4 17h16" onClick={showMenu} />
          </div>
        </div>
      </InSlot>
      <dialog class="card ride-menu" ref={dialog} aria-labelledby="menu-title">
        <div class="stack">
          <div class="menu-head">
            <h2 id="menu-title">{ride.name}</h2>
            <CloseButton onClick={() => dialog.current?.close()} />
          </div>
          {ride.canPause && (
            <button
              class="button wide"
              type="button"
              aria-pressed={isPaused}
              onClick={() => {
                pause()
                dialog.current?.close()
              }}
            >
              {isPaused ? words.goOn : words.pause}
              <Key name="pause" />
            </button>
          )}
          {onLegsBack ? (
            <button class="button wide" type="button" onClick={onLegsBack}>
              {words.pedalHere}
            </button>
          ) : (
            onSensors && (
              <button
                class="button wide"
                type="button"
                onClick={() => {
                  dialog.current?.close()
                  onSensors()
                }}
              >
                {trainerWords.title}
                <Key name="sensors" />
              </button>
            )
          )}
          <SoundControl sound={ride.sound} />
          {Routes && <Routes ride={ride} />}
          <div class="menu-pair">
            <button class="button" type="button" onClick={show('people')}>
              {words.people}
            </button>
            <button class="button" type="button" onClick={show('screen')}>
              {words.screen}
            </button>
            {ride.secret !== undefined && (
              <button class="button" type="button" onClick={show('phone')}>
                {words.phone}
              </button>
            )}
            <button class="button" type="button" onClick={showNet}>
              {words.connection}
              <Key name="net" />
            </button>
          </div>
          <BridgeCode ride={ride} />
          <button class="button wide" type="button" onClick={onLeave}>
            {words.leave}
          </button>
        </div>
      </dialog>
      {Overlay && <Overlay net={ride.net} onClose={() => setOverlay(undefined)} />}
      {Sheets && sheet && (
        <Sheets key={openings.current} kind={sheet} ride={ride} onClose={closing(openings.current)} />
      )}
    </>
  )
}

/** What a phone asks for, if it is one of the things a phone may. */
function obey(ride: Ride, { action, value, text }: RemoteWish): void {
  if (action === 'say' && text !== undefined) return ride.deck.say(text)
  if (action === 'quick' && value !== undefined) return ride.deck.quick(value)
  if (action === 'cheer' && value !== undefined) return ride.deck.rideOn(value)
  if (PHONE_ACTIONS.includes(action as ActionId)) rideActions.run(action as ActionId)
}

interface DockButtonProps {
  readonly label: string
  readonly path: string
  readonly isFull?: boolean
  readonly onClick: () => void
}

function DockButton({ label, path, isFull = false, onClick }: DockButtonProps): VNode {
  return (
    <button class="ride-button" type="button" onClick={onClick} aria-label={label} title={label}>
      <svg width="22" height="22" viewBox="0 0 24 24" aria-hidden="true">
        {isFull ? (
          <path d={path} fill="currentColor" />
        ) : (
          <path
            d={path}
            fill="none"
            stroke="currentColor"
            stroke-width="1.9"
            stroke-linejoin="round"
            stroke-linecap="round"
          />
        )}
      </svg>
    </button>
  )
}

/** The last chance to take something back. */
function UndoButton({ ride }: { ride: Ride }): VNode | null {
  const undo = ride.deck.undo.value
  if (undo === undefined) return null
  return (
    <button class="ride-undo" type="button" onClick={() => ride.deck.takeBack()}>
      {words.undo(undo.text)}
    </button>
  )
}

/** Which key does the same, for who has keys. */
function Key({ name }: { name: ActionId }): VNode {
  return (
    <kbd class="menu-key" aria-hidden="true">
      {rideActions.keysOf(name).map(keyName)[0]}
    </kbd>
  )
}

function BridgeCode({ ride }: { ride: Ride }): VNode | null {
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState('')
  const { secret } = ride
  if (secret === undefined) return null
  async function ask(): Promise<void> {
    const answer = await api.pair(secret!)
    if (!answer.ok) return setProblem(answer.message)
    setProblem('')
    setCode(answer.value.code)
    ride.setPairing(answer.value.code, answer.value.expiresInS)
  }
  return (
    <div class="stack">
      <button class="button wide" type="button" onClick={() => void ask()}>
        {code === '' ? words.bridge : words.newCode}
      </button>
      {code !== '' && (
        <div role="status">
          <span class="bridge-code number">{code}</span>
          <p class="small muted">{words.bridgeHow}</p>
          <CommandLine text={`npx gruppetto bridge --code ${code}${serverOption()}`} />
        </div>
      )}
      {problem !== '' && (
        <p class="notice bad" role="alert">
          {problem}
        </p>
      )}
    </div>
  )
}

/** The bridge looks for its server at this address unless it is told. */
const BRIDGE_SERVER = 'http://localhost:8214'
const serverOption = (): string => (location.origin === BRIDGE_SERVER ? '' : ` --server ${location.origin}`)
