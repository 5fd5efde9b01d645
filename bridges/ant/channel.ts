import { ANT_EVENTS } from '../core/ant-message.ts'
import { type AntPage, type AntSender } from '../core/ant-page.ts'
import type { BridgeClock } from '../core/clock.ts'
import type { AntKind } from './kinds.ts'
import { type AntSerial, NETWORK, type SerialAnswer, type StickAbilities } from './serial.ts'

export interface ChannelEvents {
  /** A device is tracked; its number is known from here on, unless the stick does not say it. */
  onFound(number: number, transmissionType: number): void
  onPage(page: Uint8Array, atMs: number): void
  /** Out of reach; the channel searches again by itself, for this number only. */
  onLost(): void
  onTransfer(result: 'completed' | 'failed' | 'busy'): void
  /** What a person should know. */
  onState(sentence: string): void
}

export interface ChannelOptions {
  readonly serial: AntSerial
  readonly channel: number
  readonly kind: AntKind
  /** As of now: a stick whose quiet search finds nobody is taken to have none. */
  readonly abilities: () => Pick<StickAbilities, 'hasQuietSearch' | 'hasSearchList'>
  /** Passed by while any other is wanted; asked each time the channel is opened. */
  readonly unwanted: () => readonly AntSender[]
  /** The only device that is wanted; undefined: the first that is heard. With `kind.isOurs` our own number. */
  readonly number: number | undefined
  readonly clock: BridgeClock
  readonly events: ChannelEvents
}

/** 2457 MHz: where every ANT+ device is. */
const FREQUENCY = 57
const FOR_EVER = 0xff
const NEVER = 0
const RECEIVE = 0x00
const TRANSMIT = 0x10
/** What a controllable device transmits with: independent, with pages that all devices know. */
const OUR_TRANSMISSION = 5
const ID = { unassign: 0x41, assign: 0x42, period: 0x43, highSearch: 0x44, frequency: 0x45, open: 0x4b } as const
const CLOSE = 0x4c
const CHANNEL_ID = 0x51
const QUIET_SEARCH = 0x63
const LIST_DEVICE = 0x59
const LIST_USE = 0x5a
const LIST_MAX = 4
const EXCLUDING = 1
const EVENT = {
  ...{ searchTimeout: 1, receiveFailed: 2, transmitted: 3, transferReceiveFailed: 4, completed: 5, failed: 6 },
  ...{ closed: 7, goneToSearch: 8, collision: 9, transferStarted: 10 },
} as const
const REFUSED = { inProgress: 0x1f } as const
/** A channel that tracks and says nothing for so long is begun again, whatever the stick thinks. */
const SILENT_MS = 10_000
const AGAIN_MS = 1000

/** A message about this channel; the channel's number comes before its content. */
type Step = readonly [id: number, ...content: number[]]

type State =
  | { readonly state: 'off' }
  | { readonly state: 'opening' }
  | { readonly state: 'searching' }
  | { readonly state: 'tracking'; readonly lastMs: number }
  /** Closed by us or by the stick; to be unassigned, and opened again unless nobody wants it. */
  | { readonly state: 'closing'; readonly next: 'open' | 'off' }

/** One channel of a stick, looking for one kind of device, as long as it is wanted. */
export class AntChannel {
  readonly #options: ChannelOptions
  #state: State = { state: 'off' }
  /** The device that is wanted. Set once: what was found first is what is looked for ever after. */
  #number: number | undefined
  /** What the stick was told when the channel was opened: a wildcard is replaced as soon as the device is lost. */
  #openedFor: number | undefined
  #isAskedWho = false
  #cancel: (() => void) | undefined
  readonly counts = { pages: 0, missed: 0, foreign: 0, collisions: 0, lost: 0, unknownEvents: 0 }

  constructor(options: ChannelOptions) {
    this.#options = options
    this.#number = options.number
  }

  get kind(): AntKind {
    return this.#options.kind
  }
  get number(): number | undefined {
    return this.#number
  }
  get state(): State['state'] {
    return this.#state.state
  }

  /** From an unassigned channel to a search: each step when the one before was confirmed. */
  open(): void {
    const { kind } = this.#options
    const { hasQuietSearch } = this.#options.abilities()
    this.#enter({ state: 'opening' })
    const number = this.#number ?? 0
    this.#openedFor = this.#number
    this.#isAskedWho = false
    // With 0 as transmission type any is found; the upper four bits of a long number are checked as pages come.
    const transmissionType = kind.isOurs === true ? OUR_TRANSMISSION : 0
    const steps: Step[] = [
      [ID.assign, kind.isOurs === true ? TRANSMIT : RECEIVE, NETWORK],
      [CHANNEL_ID, number & 0xff, (number >> 8) & 0xff, kind.type, transmissionType],
      [ID.frequency, FREQUENCY],
      [ID.period, kind.period32768 & 0xff, kind.period32768 >> 8],
    ]
    // The usual search takes the radio from channels that track; the quiet one does not, and may last for ever.
    if (kind.isOurs !== true) steps.push([ID.highSearch, hasQuietSearch ? NEVER : FOR_EVER])
    if (kind.isOurs !== true && hasQuietSearch) steps.push([QUIET_SEARCH, FOR_EVER])
    this.#walk([...steps, ...this.#passedBy(), [ID.open]])
  }

  /** Devices that a search for any is not to stop at. */
  #passedBy(): readonly Step[] {
    const { abilities, unwanted } = this.#options
    const devices = unwanted().slice(-LIST_MAX)
    if (!abilities().hasSearchList || this.#number !== undefined || devices.length === 0) return []
    const entries = devices.map(({ deviceNumber: n, deviceType, transmissionType }, index): Step => [
      ...([LIST_DEVICE, n & 0xff, (n >> 8) & 0xff, deviceType, transmissionType, index] as const),
    ])
    return [...entries, [LIST_USE, devices.length, EXCLUDING]]
  }

  /** The rider's wish for another device, or for any (undefined). */
  want(number: number | undefined): void {
    this.#number = number
    this.#lose()
    this.#close('open')
  }

  /** Closed and opened again, as the stick is known now; one that tracks goes on. */
  searchAnew(): void {
    if (this.#state.state === 'searching' && this.kind.isOurs !== true) this.#close('open')
  }

  /** Stops listening; `off` follows once the stick confirmed. */
  close(): void {
    this.#close('off')
  }

  /** The stick is gone or was reset: nothing is left to be closed. */
  drop(): void {
    this.#lose()
    this.#enter({ state: 'off' })
  }

  send(page: Uint8Array): void {
    this.#options.serial.send(
      this.#options.kind.isOurs === true ? 'broadcast' : 'acknowledged',
      this.#options.channel,
      page,
    )
  }

  takePage({ page, sender }: AntPage, atMs: number): void {
    if (this.#state.state !== 'searching' && this.#state.state !== 'tracking') return
    if (this.#options.kind.isOurs === true) return this.#options.events.onPage(page, atMs)
    if (sender === undefined && this.#number === undefined && this.#state.state === 'searching') this.#askWho()
    const number = sender?.deviceNumber
    if (number !== undefined && this.#number !== undefined && number !== this.#number) return this.#refuse()
    this.counts.pages++
    const isNew = this.#state.state === 'searching'
    this.#state = { state: 'tracking', lastMs: atMs }
    if (isNew) this.#watch()
    if (number !== undefined) this.#number = number
    if (isNew && this.#number !== undefined) this.#options.events.onFound(this.#number, sender?.transmissionType ?? 0)
    this.#options.events.onPage(page, atMs)
  }

  /** Where pages do not name their sender, the stick says whom the channel found. */
  takeChannelId(deviceNumber: number, transmissionType: number): void {
    if (!this.#isAskedWho || this.#number !== undefined || deviceNumber === 0) return
    // Twenty bits: the upper four are in the transmission type.
    this.#number = ((transmissionType >> 4) << 16) | deviceNumber
    if (this.#state.state === 'tracking') this.#options.events.onFound(this.#number, transmissionType)
  }

  takeEvent(code: number): void {
    const { events } = this.#options
    switch (code) {
      case EVENT.completed:
        return events.onTransfer('completed')
      case EVENT.failed:
        return events.onTransfer('failed')
      case EVENT.receiveFailed:
        this.counts.missed++
        return
      case EVENT.goneToSearch:
        this.#lose()
        // The stick now looks for whom it had; told the number anew, it cannot find another.
        if (this.#openedFor === undefined && this.#number !== undefined) this.#close('open')
        else if (this.#state.state === 'tracking') this.#enter({ state: 'searching' })
        return
      case EVENT.closed:
        return this.#closedByStick()
      case EVENT.collision:
        this.counts.collisions++
        return
      // The search's end is followed by the channel's; the others say that what goes well goes on.
      case EVENT.searchTimeout:
      case EVENT.transmitted:
      case EVENT.transferReceiveFailed:
      case EVENT.transferStarted:
        return
      default:
        this.counts.unknownEvents++
    }
  }

  /** The stick did not send our acknowledged data: another is under way, or the channel is not what we think. */
  takeRefusal(code: number): void {
    this.#options.events.onTransfer(code === REFUSED.inProgress ? 'busy' : 'failed')
  }

  /** Each step when the one before was confirmed. */
  #walk([first, ...rest]: readonly Step[]): void {
    if (first === undefined) return this.#enter({ state: 'searching' })
    const state = this.#state
    const [id, ...content] = first
    this.#options.serial.ask(id, [this.#options.channel, ...content], (answer) => {
      if (this.#state !== state) return
      if (answer.result === 'ok') this.#walk(rest)
      else this.#stumble(id, answer)
    })
  }

  /** A step was refused: most likely the channel is not where we think. Closed, unassigned and, after a while, again. */
  #stumble(id: number, answer: SerialAnswer): void {
    const { events, kind, channel, clock, serial } = this.#options
    const why = answer.result === 'refused' ? (ANT_EVENTS[answer.code] ?? `code ${answer.code}`) : 'no answer'
    events.onState(`ANT+: the stick refused step ${id.toString(16)} for the ${kind.name} (${why}); beginning again`)
    this.#enter({ state: 'closing', next: 'open' })
    serial.ask(CLOSE, [channel], () => {})
    serial.ask(ID.unassign, [channel], () => {})
    this.#cancel = clock.after(AGAIN_MS, () => this.open())
  }

  #askWho(): void {
    if (this.#isAskedWho) return
    this.#isAskedWho = true
    this.#options.serial.requestChannelId(this.#options.channel)
  }

  /** Somebody else's device: not listened to, and looked away from. */
  #refuse(): void {
    this.counts.foreign++
    this.#lose()
    this.#close('open')
  }

  #lose(): void {
    if (this.#state.state !== 'tracking') return
    this.counts.lost++
    this.#options.events.onLost()
  }

  #close(next: 'open' | 'off'): void {
    const { channel, clock, serial } = this.#options
    if (this.#state.state === 'off') return
    const isClosing = this.#state.state === 'closing'
    this.#enter({ state: 'closing', next })
    const state = this.#state
    // What has not closed by then never was open, or its word was lost: on with it.
    this.#cancel = clock.after(AGAIN_MS, () => this.#closedByStick())
    if (!isClosing)
      serial.ask(CLOSE, [channel], (answer) => {
        if (answer.result !== 'ok' && this.#state === state) this.#closedByStick()
      })
  }

  /** Closed: unassign, and open again if it is still wanted. */
  #closedByStick(): void {
    if (this.#state.state === 'off' || this.#state.state === 'opening') return
    this.#lose()
    const next = this.#state.state === 'closing' ? this.#state.next : 'open'
    const state: State = { state: 'closing', next }
    this.#enter(state)
    this.#options.serial.ask(ID.unassign, [this.#options.channel], () => {
      if (this.#state !== state) return
      if (next === 'open') this.open()
      else this.#enter({ state: 'off' })
    })
  }

  #watch(): void {
    const { clock } = this.#options
    const look = (): void => {
      const state = this.#state
      if (state.state !== 'tracking') return
      const leftMs = state.lastMs + SILENT_MS - clock.nowMs()
      if (leftMs > 0) this.#cancel = clock.after(leftMs, look)
      else {
        this.#lose()
        this.#close('open')
      }
    }
    this.#cancel?.()
    this.#cancel = clock.after(SILENT_MS, look)
  }

  #enter(state: State): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#state = state
  }
}
