import type { VNode } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { PAIRING_WORDS } from '../input/legs-words.ts'
import type { Ride } from '../ride.ts'
import { api } from './api.ts'
import { RouteChoice } from './route-choice.tsx'
import { SoundControl } from './sound-control.tsx'

const CAMERA_WORDS: Readonly<Record<string, string>> = {
  chase: 'Behind',
  first: 'Own eyes',
  side: 'Beside',
  helicopter: 'From above',
}

/** What one needs in a ride and not more: the camera, a route, a code for a bridge, a line to the others, the way out. */
export function RideMenu({
  ride,
  onSensors,
  onLegsBack,
  onLeave,
}: {
  ride: Ride
  /** undefined: the legs are elsewhere. */
  onSensors: (() => void) | undefined
  /** Where a bridge or another page has the legs. */
  onLegsBack: (() => void) | undefined
  onLeave: () => void
}): VNode {
  const dialog = useRef<HTMLDialogElement>(null)
  const [camera, setCamera] = useState<string>(ride.camera)
  const [Overlay, setOverlay] = useState<typeof import('./net-overlay.tsx').NetOverlay>()
  const showNet = (): void => {
    dialog.current?.close()
    void import('./net-overlay.tsx').then(({ NetOverlay }) => setOverlay(() => NetOverlay))
  }
  const turn = (): void => setCamera(ride.nextCamera())

  // Before the first paint: on a slow machine an effect after it would leave the keys dead for a while.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (
        event.target instanceof HTMLInputElement ||
        event.target instanceof HTMLSelectElement ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey
      )
        return
      if (event.key === 'c') turn()
      if (/^[1-4]$/.test(event.key)) setCamera(ride.setCamera(Number(event.key) - 1))
      if (event.key === 'n') showNet()
      if (event.key === 'm') dialog.current?.showModal()
      if (event.key === 't' && document.querySelector('dialog[open]') === null) onSensors?.()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [ride])

  return (
    <>
      <div class="ride-buttons">
        <button
          class="ride-button"
          type="button"
          onClick={turn}
          aria-label={`Camera: ${CAMERA_WORDS[camera] ?? camera}`}
        >
          <svg width="22" height="22" viewBox="0 0 24 24" aria-hidden="true">
            <path
              d="M4 8h3l2-3h6l2 3h3v11H4z M12 10a3.4 3.4 0 1 0 0 6.8a3.4 3.4 0 1 0 0-6.8"
              fill="none"
              stroke="currentColor"
              stroke-width="1.8"
              stroke-linejoin="round"
            />
          </svg>
        </button>
        <button class="ride-button" type="button" onClick={() => dialog.current?.showModal()} aria-label="Menu">
          <svg width="22" height="22" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M4 7h16M4 12h16M4 17h16" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
          </svg>
        </button>
      </div>
      <dialog class="card ride-menu" ref={dialog} aria-labelledby="menu-title">
        <div class="stack">
          <div class="menu-head">
            <h2 id="menu-title">{ride.name}</h2>
            <button
              class="ride-button"
              type="button"
              onClick={() => dialog.current?.close()}
              aria-label="Back to the ride"
            >
              <svg width="20" height="20" viewBox="0 0 24 24" aria-hidden="true">
                <path d="M6 6l12 12M18 6L6 18" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
              </svg>
            </button>
          </div>
          <button class="button wide" type="button" onClick={turn}>
            Camera: {CAMERA_WORDS[camera] ?? camera}
          </button>
          {onLegsBack ? (
            <button class="button wide" type="button" onClick={onLegsBack}>
              Pedal here again
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
                {PAIRING_WORDS.title} (T)
              </button>
            )
          )}
          <SoundControl sound={ride.sound} />
          <RouteChoice ride={ride} />
          <BridgeCode ride={ride} />
          <SayLine ride={ride} />
          <button class="button wide" type="button" onClick={showNet}>
            How is the connection? (N)
          </button>
          <button class="button wide" type="button" onClick={onLeave}>
            Leave the ride
          </button>
        </div>
      </dialog>
      {Overlay && <Overlay net={ride.net} onClose={() => setOverlay(undefined)} />}
    </>
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
        {code === '' ? 'Let a bridge pedal for me' : 'New code'}
      </button>
      {code !== '' && (
        <div role="status">
          <span class="bridge-code number">{code}</span>
          <p class="small muted">
            On the computer beside your trainer: it looks on the network, by Bluetooth and by ANT+ stick. Or type the
            code on another screen, under “My bridge is riding already”, to watch.
          </p>
          <Command text={`npx gruppetto bridge --code ${code}${serverOption()}`} />
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

/** A line to carry to a terminal. */
function Command({ text }: { text: string }): VNode {
  const [isCopied, setCopied] = useState(false)
  // A page that came by plain HTTP from elsewhere has no clipboard: then the line is for selecting.
  const clipboard = navigator.clipboard as Clipboard | undefined
  return (
    <p class="command">
      <code>{text}</code>
      {clipboard && (
        <button
          class="button"
          type="button"
          onClick={() =>
            void clipboard.writeText(text).then(
              () => setCopied(true),
              () => setCopied(false), // Refused by the browser: the line is still there to select.
            )
          }
        >
          {isCopied ? 'Copied' : 'Copy'}
        </button>
      )}
    </p>
  )
}

function SayLine({ ride }: { ride: Ride }): VNode {
  const [text, setText] = useState('')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() !== '') ride.say(text.trim())
        setText('')
      }}
    >
      <div class="field">
        <label for="say">Say something to the others</label>
        <div class="say">
          <input
            class="input"
            id="say"
            name="say"
            maxLength={200}
            autocomplete="off"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <button class="button" type="submit">
            Say
          </button>
        </div>
      </div>
    </form>
  )
}
