import type { BridgeClock } from '../core/clock.ts'
import {
  ANT_EVENTS,
  AntFramer,
  type AntFrame,
  type AntMessage,
  decodeAntMessage,
  decodeAntPage,
  encodeAntMessage,
} from '../core/ant-message.ts'
import type { ControlLoop } from '../core/control-loop.ts'
import {
  decodeFitnessEquipment,
  encodeFitnessEquipment,
  FITNESS_EQUIPMENT_PERIOD,
  FITNESS_EQUIPMENT_TYPE,
  fitnessEquipmentReading,
} from '../core/pages/fitness-equipment.ts'
import { type ControlRequest, controlCode, type ControlResult } from '../core/profiles/control-point.ts'
import type { Reading } from '../core/sample.ts'
import type { AntStick } from './stick.ts'

export interface TrainerChannelOptions {
  readonly stick: AntStick
  /** Eight bytes, from whoever runs this: none is shipped. */
  readonly networkKey: Uint8Array
  readonly clock: BridgeClock
  readonly loop: ControlLoop
  readonly onReading: (reading: Reading, atMs: number) => void
  readonly onState: (sentence: string) => void
}

const CHANNEL = 0
const NETWORK = 0
/** 2457 MHz: where every ANT+ device is. */
const FREQUENCY = 57
const SEARCH_FOR_EVER = 0xff
const ANSWER_MS = 1000
const RESTART_MS = 2000
const LOOP_MS = 50
const EVENT = 1
const TX_COMPLETED = 5
const TX_FAILED = 6
const CLOSED = 7
const SEARCHING_AGAIN = 8

/** From a reset stick to an open channel: each step is sent when the one before was confirmed. */
const STEPS: readonly {
  readonly name: 'network-key' | 'assign' | 'channel-id' | 'frequency' | 'period' | 'search-timeout' | 'open'
  readonly id: number
  readonly values: Readonly<Record<string, number>>
}[] = [
  { name: 'network-key', id: 0x46, values: { network: NETWORK } },
  // Receiving, two ways: control pages go out on it as acknowledged data.
  { name: 'assign', id: 0x42, values: { channel: CHANNEL, type: 0, network: NETWORK } },
  // Number 0: the first trainer heard.
  {
    name: 'channel-id',
    id: 0x51,
    values: { channel: CHANNEL, deviceNumber: 0, deviceType: FITNESS_EQUIPMENT_TYPE, transmissionType: 0 },
  },
  { name: 'frequency', id: 0x45, values: { channel: CHANNEL, frequency: FREQUENCY } },
  { name: 'period', id: 0x43, values: { channel: CHANNEL, period32768: FITNESS_EQUIPMENT_PERIOD } },
  { name: 'search-timeout', id: 0x44, values: { channel: CHANNEL, timeout: SEARCH_FOR_EVER } },
  { name: 'open', id: 0x4b, values: { channel: CHANNEL } },
]

type ChannelState =
  | { readonly state: 'resetting' }
  | { readonly state: 'configuring'; readonly step: number }
  | { readonly state: 'searching' }
  | { readonly state: 'tracking'; readonly sending: ControlRequest | undefined }
  | { readonly state: 'closed' }

/** One trainer over one channel of a stick: its pages become readings, the loop's wishes become pages. */
export class TrainerChannel {
  readonly #options: TrainerChannelOptions
  readonly #framer = new AntFramer()
  #state: ChannelState = { state: 'resetting' }
  #cancelWait: (() => void) | undefined
  #cancelLoop: (() => void) | undefined

  constructor(options: TrainerChannelOptions) {
    this.#options = options
    options.stick.onData = (chunk) => {
      for (const frame of this.#framer.push(chunk)) this.#take(frame)
    }
  }

  get counts(): Readonly<{ badChecksums: number; garbageBytes: number }> {
    return this.#framer
  }
  get state(): ChannelState['state'] {
    return this.#state.state
  }

  start(): void {
    this.#reset()
  }

  /** The channel is closed, so that the stick stops listening. */
  close(): void {
    this.#cancelWait?.()
    this.#cancelLoop?.()
    this.#options.loop.unlinked()
    if (this.#state.state !== 'closed') this.#options.stick.write(encodeAntMessage('close', { channel: CHANNEL }))
    this.#state = { state: 'closed' }
  }

  #reset(): void {
    this.#enter({ state: 'resetting' })
    this.#options.onState('ANT+: waking the stick')
    this.#options.stick.write(encodeAntMessage('reset', { filler: 0 }))
    this.#restartIn(RESTART_MS)
  }

  #take(frame: AntFrame): void {
    if (this.#state.state === 'closed') return
    const page = decodeAntPage(frame)
    if (page.ok) {
      const { channel, sender } = page.value
      // Where the stick names the sender, a power meter's pages are not taken for a trainer's.
      const isTrainer = sender === undefined || sender.deviceType === FITNESS_EQUIPMENT_TYPE
      if (channel === CHANNEL && isTrainer) this.#takePage(page.value.page)
      return
    }
    const message = decodeAntMessage(frame)
    if (!message.ok) return
    if (message.value.name === 'startup' && this.#state.state === 'resetting') this.#send(0)
    if (message.value.name === 'channel-event') this.#takeEvent(message.value)
  }

  #takeEvent({ values }: AntMessage): void {
    const { aboutId, code } = values as { aboutId: number; code: number }
    if (aboutId !== EVENT) {
      const state = this.#state
      if (state.state !== 'configuring' || STEPS[state.step]!.id !== aboutId) return
      if (code !== 0) {
        const reason = ANT_EVENTS[code] ?? `code ${code}`
        this.#options.onState(`ANT+: the stick refused "${STEPS[state.step]!.name}" (${reason}); beginning again`)
        this.#restartIn(RESTART_MS)
      } else this.#send(state.step + 1)
      return
    }
    if (code === TX_COMPLETED) this.#answered('success')
    if (code === TX_FAILED) this.#answered('failed')
    if (code === SEARCHING_AGAIN) {
      this.#options.onState('ANT+: the trainer is out of reach; searching')
      this.#enter({ state: 'searching' })
    }
    if (code === CLOSED) this.#reset()
  }

  #takePage(bytes: Uint8Array): void {
    const { clock, loop, onReading, onState } = this.#options
    const page = decodeFitnessEquipment(bytes)
    if (this.#state.state !== 'tracking') {
      if (this.#state.state !== 'searching') return
      onState('ANT+: a trainer')
      this.#enter({ state: 'tracking', sending: undefined })
      loop.linked(clock.nowMs())
      this.#drive()
    }
    const reading = page.ok ? fitnessEquipmentReading(page.value) : undefined
    if (reading !== undefined) onReading(reading, clock.nowMs())
  }

  #send(step: number): void {
    const row = STEPS[step]
    if (row === undefined) {
      this.#options.onState('ANT+: searching for a trainer')
      this.#enter({ state: 'searching' })
      return
    }
    this.#enter({ state: 'configuring', step })
    const rest = row.name === 'network-key' ? this.#options.networkKey : undefined
    this.#options.stick.write(encodeAntMessage(row.name, row.values, rest))
    this.#restartIn(ANSWER_MS)
  }

  #enter(state: ChannelState): void {
    this.#cancelWait?.()
    this.#cancelWait = undefined
    if (this.#state.state === 'tracking' && state.state !== 'tracking') {
      this.#cancelLoop?.()
      this.#options.loop.unlinked()
    }
    this.#state = state
  }

  #restartIn(delayMs: number): void {
    this.#cancelWait?.()
    this.#cancelWait = this.#options.clock.after(delayMs, () => this.#reset())
  }

  /** ANT+ trainers know no "request control" and no "start": those are answered here. A grade goes out as page 51. */
  #drive(): void {
    const { clock, loop, stick } = this.#options
    const turn = (): void => {
      const state = this.#state
      if (state.state !== 'tracking') return
      const request = loop.next(clock.nowMs())
      if (request !== undefined) {
        const page = pageOf(request)
        this.#state = { state: 'tracking', sending: request }
        if (page === undefined) this.#answered('success')
        else stick.write(encodeAntMessage('acknowledged', { channel: CHANNEL }, page))
      }
      this.#cancelLoop = clock.after(LOOP_MS, turn)
    }
    turn()
  }

  #answered(result: ControlResult): void {
    const state = this.#state
    if (state.state !== 'tracking' || state.sending === undefined) return
    this.#state = { state: 'tracking', sending: undefined }
    const requestCode = controlCode(state.sending.op)
    this.#options.loop.answered({ requestCode, result, parameters: new Uint8Array(0) }, this.#options.clock.nowMs())
  }
}

function pageOf(request: ControlRequest): Uint8Array | undefined {
  if (request.op === 'set-simulation')
    return encodeFitnessEquipment({ page: 51, gradeFraction: request.gradeFraction, crr: request.crr })
  if (request.op === 'set-target-power') return encodeFitnessEquipment({ page: 49, powerW: request.powerW })
  return undefined
}
