import { TURN } from '#physics/course'

/**
 * Everything a rider can do besides pedalling, in one table: keys, buttons on the screen, buttons at the handlebar and the
 * phone ask for the same actions by the same names. Keys are places on the keyboard (`KeyboardEvent.code`), so that A and
 * D lie beside each other on every layout; `=x` is the sign itself, wherever it lies.
 */
export const ACTIONS = {
  lap: ['KeyL'],
  rideOn: ['KeyR'],
  talk: ['KeyB'],
  people: ['KeyI'],
  pause: ['KeyP'],
  more: ['ArrowUp', '=+', 'NumpadAdd'],
  less: ['ArrowDown', '=-', 'NumpadSubtract'],
  harder: ['KeyE'],
  easier: ['KeyQ'],
  erg: ['KeyG'],
  steerLeft: ['KeyA'],
  steerRight: ['KeyD'],
  left: ['ArrowLeft'],
  straight: ['KeyW'],
  right: ['ArrowRight'],
  back: ['KeyS'],
  camera: ['KeyC'],
  camera1: ['Digit1'],
  camera2: ['Digit2'],
  camera3: ['Digit3'],
  camera4: ['Digit4'],
  camera5: ['Digit5'],
  camera6: ['Digit6'],
  hide: ['KeyH'],
  map: ['KeyX'],
  far: ['KeyF'],
  speak: ['KeyK'],
  undo: ['KeyZ'],
  screen: ['KeyU'],
  menu: ['KeyM'],
  sensors: ['KeyT'],
  net: ['KeyN'],
} as const satisfies Readonly<Record<string, readonly string[]>>
export type ActionId = keyof typeof ACTIONS
export const ACTION_IDS = Object.keys(ACTIONS) as ActionId[]

/** A turn for each of the four actions that ask for one. */
export const TURN_OF: Readonly<Partial<Record<ActionId, number>>> = {
  ...{ left: TURN.left, straight: TURN.straight, right: TURN.right, back: TURN.back },
}
/** What a phone may ask for: nothing that opens or closes pages of the rider's screen. */
export const PHONE_ACTIONS: readonly ActionId[] = [
  ...([
    'lap',
    'rideOn',
    'pause',
    'more',
    'less',
    'harder',
    'easier',
    'erg',
    'left',
    'straight',
    'right',
    'back',
  ] as const),
  ...(['camera', 'hide', 'map'] as const),
]
/** Held down they go on; all others happen once. */
const HELD: ReadonlySet<ActionId> = new Set(['steerLeft', 'steerRight'])
/** Held down they come again and again. */
const REPEATED: ReadonlySet<ActionId> = new Set(['more', 'less'])

export type Handler = (isDown: boolean) => void

/** Who does what; the newest handler of an action has it. */
export class Actions {
  readonly #handlers = new Map<ActionId, Handler[]>()
  readonly #held = new Map<string, ActionId>()
  readonly #ownKeys: () => Readonly<Record<string, string>>

  /** `ownKeys`: other keys than the table's, by action. */
  constructor(ownKeys: () => Readonly<Record<string, string>> = () => ({})) {
    this.#ownKeys = ownKeys
  }

  on(id: ActionId, handler: Handler): () => void {
    this.#handlers.set(id, [...(this.#handlers.get(id) ?? []), handler])
    return () => {
      this.#handlers.set(
        id,
        (this.#handlers.get(id) ?? []).filter((other) => other !== handler),
      )
    }
  }

  /** From a button, a handlebar or a phone. False: nobody does that just now. */
  run(id: ActionId): boolean {
    const handler = this.#handlers.get(id)?.at(-1)
    handler?.(true)
    if (handler !== undefined && HELD.has(id)) handler(false)
    return handler !== undefined
  }

  /** A button that is held and let go: what goes on while it is held, and the others once. */
  hold(id: ActionId, isDown: boolean): void {
    if (isDown || HELD.has(id)) this.#handlers.get(id)?.at(-1)?.(isDown)
  }

  keysOf(id: ActionId): readonly string[] {
    const own = this.#ownKeys()[id]
    return own === undefined ? ACTIONS[id] : [own]
  }

  /** The action of a key; undefined: none. What a rider has given to another action is that one's alone. */
  actionOf(code: string, sign: string): ActionId | undefined {
    const own = this.#ownKeys()
    const given = ACTION_IDS.find((id) => own[id] === code)
    return given ?? ACTION_IDS.find((id) => own[id] === undefined && (has(id, code) || has(id, `=${sign}`)))
  }

  /** Listens to the keyboard; the result ends it. */
  listen(page: Pick<Window, 'addEventListener' | 'removeEventListener'>): () => void {
    const onDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isForText(event) || isInDialog(event)) return
      const id = this.actionOf(event.code, event.key)
      const handler = id && this.#handlers.get(id)?.at(-1)
      if (id === undefined || handler === undefined) return
      // A slider moves by its arrows, a button is pressed by its keys.
      if (event.key.startsWith('Arrow') && event.target instanceof HTMLInputElement) return
      event.preventDefault()
      if (event.repeat && !REPEATED.has(id)) return
      if (HELD.has(id)) this.#held.set(event.code, id)
      handler(true)
    }
    const onUp = (event: KeyboardEvent): void => this.#letGo(event.code)
    const onAway = (): void => [...this.#held.keys()].forEach((code) => this.#letGo(code)) // Never heard of again.
    page.addEventListener('keydown', onDown)
    page.addEventListener('keyup', onUp)
    page.addEventListener('blur', onAway)
    return () => {
      onAway()
      page.removeEventListener('keydown', onDown)
      page.removeEventListener('keyup', onUp)
      page.removeEventListener('blur', onAway)
    }
  }

  #letGo(code: string): void {
    const id = this.#held.get(code)
    this.#held.delete(code)
    if (id !== undefined) this.#handlers.get(id)?.at(-1)?.(false)
  }
}

function has(id: ActionId, key: string): boolean {
  return (ACTIONS[id] as readonly string[]).includes(key)
}

function isForText({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLElement && target.closest('input:not([type=range]), select, textarea') !== null
}

/** Sheets over the ride have keys of their own. */
function isInDialog(_event: KeyboardEvent): boolean {
  return document.querySelector('dialog[open]') !== null
}

/** A key as it is printed: E, ↑, 1, +. */
export function keyName(key: string): string {
  const signs: Readonly<Record<string, string>> = {
    ...{ ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', Space: '␣', Slash: '/', Comma: ',' },
  }
  return signs[key] ?? key.replace(/^(Key|Digit|=)/, '').replace('Numpad', 'Num ')
}
