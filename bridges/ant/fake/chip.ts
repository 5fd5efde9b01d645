import { type AntFrame, encodeAntFrame } from '../../core/ant-frame.ts'
import { AntFramer } from '../../core/ant-framer.ts'
import { encodeAntPage } from '../../core/ant-page.ts'
import type { BridgeClock } from '../../core/clock.ts'
import type { FakeAir, FakeListener, FakeMaster } from './air.ts'

export interface ChipOptions {
  readonly clock: BridgeClock
  readonly air: FakeAir
  /** Bytes to the host. */
  readonly say: (bytes: Uint8Array) => void
  readonly channels?: number
  /** Older chips know neither 6E nor 66: pages without a sender. */
  readonly namesSenders?: boolean
  readonly hasQuietSearch?: boolean
  readonly hasSearchList?: boolean
  /** It knows the quiet search and finds nobody by it. */
  readonly isQuietSearchBlind?: boolean
  /** Messages it refuses, and with what code. */
  readonly refusals?: Map<number, number>
}

interface Channel {
  state: 'assigned' | 'searching' | 'tracking' | 'transmitting'
  readonly isMaster: boolean
  deviceNumber: number
  deviceType: number
  transmissionType: number
  period32768: number
  /** In steps of 2.5 s; 255 for ever, 0 not at all. */
  highSearch: number
  quietSearch: number
  /** Devices its search passes by. */
  passedBy: number[]
  isExcluding: boolean
  master: FakeMaster | undefined
  heardMs: number
  /** Acknowledged data that waits for the device's next turn. */
  pending: Uint8Array | undefined
  broadcast: Uint8Array
  cancel: (() => void) | undefined
}

const CODE = {
  ok: 0,
  searchTimeout: 1,
  receiveFailed: 2,
  transmitted: 3,
  completed: 5,
  failed: 6,
  closed: 7,
  toSearch: 8,
}
const REFUSED = { wrongState: 0x15, notOpen: 0x16, inProgress: 0x1f, invalid: 0x28 }
const EVENT = 1
const WAKE_MS = 120
/** So many turns missed, and a channel searches again. */
const MISSES_MAX = 8
const SEARCH_STEP_MS = 2500
const CHANNELS = 8

/** The chip in a stick: resets, answers each command, keeps channels, hears the air. */
export class FakeChip implements FakeListener {
  readonly #options: ChipOptions
  readonly #framer = new AntFramer()
  readonly #channels = new Map<number, Channel>()
  #hasKey = false
  #isAwake = false
  #namesSenders = false
  #cancelWake: (() => void) | undefined
  /** Everything the host said, in order. */
  readonly frames: AntFrame[] = []
  /** Next acknowledged transfers that the air loses. */
  transfersLost = 0

  constructor(options: ChipOptions) {
    this.#options = options
    options.air.listen(this)
  }

  get badChecksums(): number {
    return this.#framer.badChecksums
  }

  powerOff(): void {
    this.#cancelWake?.()
    for (const channel of this.#channels.values()) channel.cancel?.()
    this.#channels.clear()
    this.#isAwake = false
    this.#hasKey = false
    this.#namesSenders = false
  }

  take(bytes: Uint8Array): void {
    for (const frame of this.#framer.push(bytes)) {
      this.frames.push(frame)
      this.#obey(frame)
    }
  }

  /** Resets itself, as chips do on a bad line. */
  restart(): void {
    this.powerOff()
    this.#cancelWake = this.#options.clock.after(WAKE_MS, () => {
      this.#isAwake = true
      this.#say(0x6f, 0x20)
    })
  }

  hear(master: FakeMaster, page: Uint8Array, atMs: number): void {
    if (!this.#hasKey) return
    for (const [number, channel] of this.#channels) {
      const isBlind = this.#options.isQuietSearchBlind === true && channel.highSearch === 0
      if (channel.state === 'searching' && !isBlind && isWanted(channel, master) && !this.#isTracked(master)) {
        channel.state = 'tracking'
        channel.master = master
        // From here on the chip knows whom it has, whatever it was told.
        channel.deviceNumber = master.deviceNumber & 0xffff
        channel.transmissionType = master.transmissionType
      }
      if (channel.state !== 'tracking' || channel.master !== master) continue
      channel.heardMs = atMs
      this.#watch(number, channel)
      const { deviceNumber, deviceType, transmissionType } = master
      const sender = this.#namesSenders ? { deviceNumber, deviceType, transmissionType } : undefined
      this.#options.say(encodeAntPage({ channel: number, sender }, page))
      this.#transmit(number, channel, atMs)
    }
  }

  press(deviceType: number, deviceNumber: number, page: Uint8Array): boolean {
    for (const [number, channel] of this.#channels) {
      const isOurs = channel.state === 'transmitting' && channel.deviceType === deviceType
      if (!isOurs || channel.deviceNumber !== deviceNumber || !this.#hasKey) continue
      this.#options.say(encodeAntPage({ channel: number, sender: undefined }, page, 0x4f))
      return true
    }
    return false
  }

  /** The page a channel of ours transmits now. */
  broadcastOf(channel: number): Uint8Array | undefined {
    return this.#channels.get(channel)?.broadcast
  }

  get #hasSearchList(): boolean {
    return this.#options.hasSearchList !== false
  }

  #isTracked(master: FakeMaster): boolean {
    return [...this.#channels.values()].some((one) => one.master === master)
  }

  /** Acknowledged data goes out behind the device's own page; the answer comes at once. */
  #transmit(number: number, channel: Channel, atMs: number): void {
    const page = channel.pending
    if (page === undefined) return
    channel.pending = undefined
    const isLost = this.transfersLost > 0
    if (isLost) this.transfersLost--
    const isTaken = !isLost && channel.master?.take?.(page, atMs) === true
    this.#event(number, isTaken ? CODE.completed : CODE.failed)
  }

  #obey({ id, content }: AntFrame): void {
    if (id === 0x4a) return this.restart()
    if (!this.#isAwake) return
    const number = content[0] ?? 0
    const refusal = this.#options.refusals?.get(id)
    if (refusal !== undefined) return this.#answer(number, id, refusal)
    if (id === 0x46) {
      this.#hasKey = content.length === 9
      return this.#answer(number, id, this.#hasKey ? CODE.ok : REFUSED.invalid)
    }
    if (id === 0x4d) return this.#request(number, content[1] ?? 0)
    if (id === 0x6e || id === 0x66) {
      if (this.#options.namesSenders === false) return this.#answer(number, id, REFUSED.invalid)
      this.#namesSenders = true
      return this.#answer(number, id, CODE.ok)
    }
    if (id === 0x42) return this.#assign(number, content)
    const channel = this.#channels.get(number)
    if (id === 0x4e || id === 0x4f) return this.#data(number, channel, id, content.slice(1, 9))
    if (channel === undefined) return this.#answer(number, id, REFUSED.wrongState)
    this.#answer(number, id, this.#configure(number, channel, id, content))
  }

  #request(number: number, requested: number): void {
    if (requested === 0x54) {
      const advanced = 0x12 | (this.#options.hasQuietSearch === false ? 0 : 0x20) | (this.#hasSearchList ? 0x80 : 0)
      this.#say(0x54, this.#options.channels ?? CHANNELS, 3, 0x00, advanced, 0x36, 0x00)
    }
    const channel = this.#channels.get(number)
    if (requested === 0x51 && channel !== undefined) {
      const { deviceNumber, deviceType, transmissionType } = channel
      this.#say(0x51, number, deviceNumber & 0xff, deviceNumber >> 8, deviceType, transmissionType)
    }
  }

  #assign(number: number, content: Uint8Array): void {
    const isFree = !this.#channels.has(number) && number < (this.#options.channels ?? CHANNELS)
    if (!isFree) return this.#answer(number, 0x42, REFUSED.wrongState)
    this.#channels.set(number, {
      ...{ state: 'assigned', isMaster: content[1] === 0x10, period32768: 8192, highSearch: 10, quietSearch: 2 },
      ...{ deviceNumber: 0, deviceType: 0, transmissionType: 0, heardMs: 0, broadcast: new Uint8Array(8) },
      ...{ passedBy: [], isExcluding: false, master: undefined, pending: undefined, cancel: undefined },
    })
    this.#answer(number, 0x42, CODE.ok)
  }

  /** The answer to a command about a channel. */
  #configure(number: number, channel: Channel, id: number, content: Uint8Array): number {
    const isAssigned = channel.state === 'assigned'
    if (id === 0x4c) {
      if (isAssigned) return REFUSED.wrongState
      this.#options.clock.after(1, () => this.#close(number, channel))
      return CODE.ok
    }
    if (id === 0x44) channel.highSearch = content[1] ?? 0
    else if (id === 0x63 && this.#options.hasQuietSearch !== false) channel.quietSearch = content[1] ?? 0
    else if (!isAssigned) return REFUSED.wrongState
    else if (id === 0x59 && this.#hasSearchList)
      channel.passedBy[content[5] ?? 0] = (content[1] ?? 0) | ((content[2] ?? 0) << 8)
    else if (id === 0x5a && this.#hasSearchList) channel.isExcluding = content[2] === 1
    else if (id === 0x51) {
      channel.deviceNumber = (content[1] ?? 0) | ((content[2] ?? 0) << 8)
      channel.deviceType = content[3] ?? 0
      channel.transmissionType = content[4] ?? 0
    } else if (id === 0x43) channel.period32768 = (content[1] ?? 0) | ((content[2] ?? 0) << 8)
    else if (id === 0x41) this.#channels.delete(number)
    else if (id === 0x4b) this.#open(number, channel)
    else if (id !== 0x45) return REFUSED.invalid
    return CODE.ok
  }

  #open(number: number, channel: Channel): void {
    if (channel.isMaster) {
      channel.state = 'transmitting'
      const turn = (): void => {
        this.#event(number, CODE.transmitted)
        channel.cancel = this.#options.clock.after((channel.period32768 * 1000) / 32_768, turn)
      }
      channel.cancel = this.#options.clock.after(1, turn)
    } else this.#search(number, channel)
  }

  #search(number: number, channel: Channel): void {
    channel.state = 'searching'
    channel.master = undefined
    channel.cancel?.()
    channel.cancel = undefined
    const { highSearch, quietSearch } = channel
    const quiet = this.#options.hasQuietSearch === false ? 0 : quietSearch
    if (highSearch === 0xff || quiet === 0xff) return
    channel.cancel = this.#options.clock.after((highSearch + quiet) * SEARCH_STEP_MS, () => {
      this.#event(number, CODE.searchTimeout)
      this.#close(number, channel)
    })
  }

  #close(number: number, channel: Channel): void {
    if (this.#channels.get(number) !== channel) return
    channel.cancel?.()
    channel.cancel = undefined
    channel.state = 'assigned'
    channel.master = undefined
    channel.pending = undefined
    this.#event(number, CODE.closed)
  }

  #watch(number: number, channel: Channel): void {
    channel.cancel?.()
    const periodMs = (channel.period32768 * 1000) / 32_768
    let missed = 0
    const miss = (): void => {
      missed++
      this.#event(number, CODE.receiveFailed)
      if (channel.pending !== undefined) {
        channel.pending = undefined
        this.#event(number, CODE.failed)
      }
      if (missed < MISSES_MAX) channel.cancel = this.#options.clock.after(periodMs, miss)
      else {
        this.#search(number, channel)
        this.#event(number, CODE.toSearch)
      }
    }
    channel.cancel = this.#options.clock.after(periodMs * 1.5, miss)
  }

  #data(number: number, channel: Channel | undefined, id: number, page: Uint8Array): void {
    if (channel === undefined || channel.state === 'assigned') return this.#answer(number, id, REFUSED.notOpen)
    if (id === 0x4e) channel.broadcast = page
    else if (channel.pending !== undefined) this.#answer(number, id, REFUSED.inProgress)
    else if (channel.state !== 'tracking') this.#answer(number, id, REFUSED.wrongState)
    else channel.pending = page
  }

  #answer(channel: number, id: number, code: number): void {
    this.#say(0x40, channel, id, code)
  }

  #event(channel: number, code: number): void {
    this.#answer(channel, EVENT, code)
  }

  #say(id: number, ...content: number[]): void {
    this.#options.say(encodeAntFrame(id, Uint8Array.from(content)))
  }
}

function isWanted(channel: Channel, master: FakeMaster): boolean {
  const { deviceNumber, deviceType, transmissionType, period32768 } = channel
  if (channel.isExcluding && channel.passedBy.includes(master.deviceNumber & 0xffff)) return false
  return (
    (deviceNumber === 0 || deviceNumber === (master.deviceNumber & 0xffff)) &&
    deviceType === master.deviceType &&
    (transmissionType === 0 || transmissionType === master.transmissionType) &&
    period32768 === master.period32768
  )
}
