import { type AntFrame, encodeAntFrame } from '../core/ant-frame.ts'
import { AntFramer } from '../core/ant-framer.ts'
import { decodeAntMessage, encodeAntMessage, STICK_SAYS } from '../core/ant-message.ts'
import { type AntPage, decodeAntPage } from '../core/ant-page.ts'
import type { BridgeClock } from '../core/clock.ts'
import type { AntStick } from './stick.ts'

/** What a stick said it can, message 54. */
export interface StickAbilities {
  readonly channels: number
  readonly networks: number
  /** A search that leaves the channels alone that track already. */
  readonly hasQuietSearch: boolean
  /** A search may pass by devices that are not wanted. */
  readonly hasSearchList: boolean
}

export interface SerialEvents {
  /** The stick is awake, has the key, and channels may be opened. Again after each reset. */
  onReady(abilities: StickAbilities): void
  /** It reset itself, or is being reset: no channel is open any more. */
  onReset(): void
  onPage(page: AntPage, atMs: number): void
  /** An event of a channel that nobody asked for. */
  onEvent(channel: number, code: number, atMs: number): void
  /** The answer to acknowledged data that the stick did not even send. */
  onTransferRefused(channel: number, code: number): void
  /** The number of the device that a channel found. */
  onChannelId(channel: number, deviceNumber: number, transmissionType: number): void
  /** The stick does not answer any more, whatever is asked. */
  onDeaf(): void
}

export interface SerialOptions {
  readonly stick: AntStick
  /** Eight bytes, from whoever runs this: none is shipped. */
  readonly networkKey: Uint8Array
  readonly clock: BridgeClock
  readonly events: SerialEvents
}

/** ok, refused with the stick's code, or never answered. */
export type SerialAnswer = { readonly result: 'ok' } | { readonly result: 'refused' | 'silent'; readonly code: number }

interface Command {
  readonly id: number
  readonly bytes: Uint8Array
  readonly done: (answer: SerialAnswer) => void
  tries: number
}

export const NETWORK = 0
const EVENT = 1
const ANSWER_MS = 500
const TRIES_MAX = 3
/** A stick takes up to half a second to wake. */
const WAKE_MS = 1000
const WAKES_MAX = 3
const ID = { event: 0x40, networkKey: 0x46, request: 0x4d, acknowledged: 0x4f, channelId: 0x51 } as const
const CAPABILITIES = 0x54
const EXTENDED_MESSAGES = 0x66
const LIBRARY_CONFIG = 0x6e
/** Of 6E: each page is followed by who sent it. */
const WITH_SENDER = 0x80
/** Of the third byte of 54. */
const HAS_QUIET_SEARCH = 0x20
const HAS_SEARCH_LIST = 0x80

/** The conversation with one stick: one command at a time, each answered or said again, and what the stick says by itself. */
export class AntSerial {
  readonly #options: SerialOptions
  readonly #framer = new AntFramer(STICK_SAYS)
  readonly #commands: Command[] = []
  #abilities: StickAbilities = { channels: 8, networks: 3, hasQuietSearch: false, hasSearchList: false }
  #state: 'waking' | 'configuring' | 'ready' | 'closed' = 'waking'
  #wakes = 0
  #cancelWait: (() => void) | undefined

  constructor(options: SerialOptions) {
    this.#options = options
    options.stick.onData = (chunk, atMs = options.clock.nowMs()) => {
      for (const frame of this.#framer.push(chunk)) this.#take(frame, atMs)
    }
    // Whoever opened the stick has reset it; if its word is lost it is reset again.
    this.#wakeIn()
  }

  get counts(): Readonly<{ badChecksums: number; garbageBytes: number }> {
    return this.#framer
  }

  /** Asks for something that the stick confirms; in order, one at a time. */
  ask(id: number, content: readonly number[], done: (answer: SerialAnswer) => void): void {
    if (this.#state === 'closed') return
    this.#commands.push({ id, bytes: encodeAntFrame(id, Uint8Array.from(content)), done, tries: 0 })
    if (this.#commands.length === 1) this.#write(this.#commands[0]!)
  }

  /** A page for the other end of a channel; what becomes of it is an event. */
  send(kind: 'broadcast' | 'acknowledged', channel: number, page: Uint8Array): void {
    if (this.#state === 'ready') this.#options.stick.write(encodeAntMessage(kind, { channel }, page))
  }

  /** Whom a channel found comes as `onChannelId`. */
  requestChannelId(channel: number): void {
    this.#options.stick.write(encodeAntMessage('request', { channel, requestedId: ID.channelId }))
  }

  reset(): void {
    this.#sleep()
    this.#options.stick.write(encodeAntMessage('reset', { filler: 0 }))
    this.#wakeIn()
  }

  /** Nothing more is said or heard. The stick itself is closed by its owner. */
  close(): void {
    this.#cancelWait?.()
    this.#commands.length = 0
    this.#state = 'closed'
  }

  #sleep(): void {
    this.#cancelWait?.()
    this.#commands.length = 0
    if (this.#state === 'ready') this.#options.events.onReset()
    this.#state = 'waking'
  }

  #wakeIn(): void {
    this.#cancelWait?.()
    this.#cancelWait = this.#options.clock.after(WAKE_MS, () => {
      this.#wakes++
      if (this.#wakes >= WAKES_MAX) this.#deaf()
      else this.reset()
    })
  }

  #deaf(): void {
    this.#sleep()
    this.#options.events.onDeaf()
  }

  #take(frame: AntFrame, atMs: number): void {
    if (this.#state === 'closed') return
    const { events } = this.#options
    const page = decodeAntPage(frame)
    if (page.ok) {
      // Believed when it is seen, not when the stick says that it will.
      if (page.value.sender !== undefined) this.#framer.areSendersNamed = true
      if (this.#state === 'ready') events.onPage(page.value, atMs)
      return
    }
    const message = decodeAntMessage(frame)
    if (!message.ok) return
    const { name, values, rest } = message.value
    if (name === 'startup') this.#configure()
    if (name === 'capabilities') this.#takeAbilities(values as { channels: number; networks: number }, rest)
    if (name === 'channel-id')
      events.onChannelId(values['channel']!, values['deviceNumber']!, values['transmissionType']!)
    if (name === 'channel-event') this.#takeEvent(values as { channel: number; aboutId: number; code: number }, atMs)
  }

  #takeEvent({ channel, aboutId, code }: { channel: number; aboutId: number; code: number }, atMs: number): void {
    const { events } = this.#options
    if (aboutId === EVENT) events.onEvent(channel, code, atMs)
    else if (aboutId === ID.acknowledged) {
      if (code !== 0) events.onTransferRefused(channel, code)
    } else if (this.#commands[0]?.id === aboutId)
      this.#answered(code === 0 ? { result: 'ok' } : { result: 'refused', code })
  }

  #takeAbilities({ channels, networks }: { channels: number; networks: number }, rest: Uint8Array): void {
    if (this.#commands[0]?.id !== ID.request) return
    const advanced = rest[1] ?? 0
    const hasQuietSearch = (advanced & HAS_QUIET_SEARCH) !== 0
    this.#abilities = { channels, networks, hasQuietSearch, hasSearchList: (advanced & HAS_SEARCH_LIST) !== 0 }
    this.#answered({ result: 'ok' })
  }

  /** The stick has woken: what it can, the key, and that pages shall name their sender. */
  #configure(): void {
    this.#sleep()
    this.#wakes = 0
    this.#framer.areSendersNamed = false
    this.#state = 'configuring'
    const { networkKey, events } = this.#options
    this.ask(ID.request, [0, CAPABILITIES], () => {})
    this.ask(ID.networkKey, [NETWORK, ...networkKey], (answer) => {
      if (answer.result !== 'ok') this.#deaf()
    })
    const ready = (): void => {
      if (this.#state !== 'configuring') return
      this.#state = 'ready'
      events.onReady(this.#abilities)
    }
    this.ask(LIBRARY_CONFIG, [0, WITH_SENDER], (answer) => {
      if (answer.result === 'ok') return ready()
      // Older sticks know the older message, and the oldest neither: then each channel is asked whom it found.
      this.ask(EXTENDED_MESSAGES, [0, 1], ready)
    })
  }

  #write(command: Command): void {
    command.tries++
    this.#options.stick.write(command.bytes)
    this.#cancelWait?.()
    this.#cancelWait = this.#options.clock.after(ANSWER_MS, () => {
      if (command.tries < TRIES_MAX) this.#write(command)
      else if (this.#state === 'ready') this.#answered({ result: 'silent', code: -1 })
      else this.#deaf()
    })
  }

  #answered(answer: SerialAnswer): void {
    this.#cancelWait?.()
    this.#cancelWait = undefined
    const command = this.#commands.shift()
    command?.done(answer)
    const next = this.#commands[0]
    if (next !== undefined && next.tries === 0) this.#write(next)
  }
}
