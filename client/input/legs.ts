import type { RoadWish } from '#bridges/core/control-loop'
import type { LegsState, TrainerState } from '#bridges/core/devices'
import type { InputSample } from '#protocol/input'
import type { RiderWish } from '#protocol/rider-wish'
import type { SensorState } from './bluetooth-words.ts'
import type { Borrower, PageDevices } from './page-devices.ts'
import { trainerWords } from '../words/trainer.ts'
import type { SimulatedTrainer } from './simulated-trainer.ts'
import { Steering } from './steering.ts'

const LINE = trainerWords.line

/** Devices are looked at this often. */
const GEAR_MS = 1000

/** What a ride asks of the page's devices; sliders alone (slider-legs.ts) answer the same. */
export interface RideDevices extends Pick<
  PageDevices,
  'ride' | 'simulate' | 'take' | 'offer' | 'road' | 'driven' | 'sourceOf'
> {
  readonly state: { peek(): RideLegsState }
}

export type RideLegsState = Pick<LegsState, 'devices' | 'trainer'> & {
  readonly waiting: readonly { readonly name: string }[]
  readonly problem?: string | undefined
}

/** Where a ride's watts come from: the page's devices, and sliders where a rider asked for them. */
export interface LegsSource {
  readonly devices: RideDevices
  readonly simulated?: SimulatedTrainer | undefined
}

/** What gives a ride its legs: the page's devices as long as it lasts, and its own bars. Without a source a bridge pedals. */
export class Legs {
  readonly steering = new Steering()
  #source: LegsSource | undefined
  #borrower: Borrower | undefined
  readonly #giveBack: (() => void)[] = []
  #steer = 0
  #gearMs = -Infinity

  constructor(source: LegsSource | undefined) {
    this.#source = source
  }

  /** How they stand, in words for their rider. */
  get state(): SensorState {
    return this.#source === undefined
      ? { level: 'good', words: LINE.bridge }
      : stateOf(this.#source.devices.state.peek())
  }

  /** Of the trainer that this page drives. */
  get trainerMode(): TrainerState['mode'] | undefined {
    return this.#source?.devices.state.peek().trainer?.mode
  }

  get hasSensor(): boolean {
    return this.#source !== undefined && this.#source.devices.state.peek().devices.length > 0
  }

  /** From now on samples are this ride's. */
  start(borrower: Borrower): void {
    this.#borrower = borrower
    if (this.#source !== undefined) this.#giveBack.push(this.#source.devices.ride(borrower))
  }

  /** From sliders alone to sliders among all the page's devices: who rides notices nothing. */
  adopt(devices: RideDevices): void {
    if (this.#source === undefined || this.#source.devices === devices || this.#borrower === undefined) return
    this.close()
    const { simulated } = this.#source
    this.#source = { devices, simulated }
    this.#giveBack.push(devices.ride(this.#borrower))
    if (simulated !== undefined) this.#giveBack.push(devices.simulate(simulated))
  }

  /** Sliders pedal when their rider sees the road; whoever sits on a trainer does so already. */
  pedal(): void {
    const { devices, simulated } = this.#source ?? {}
    if (devices !== undefined && simulated !== undefined) this.#giveBack.push(devices.simulate(simulated))
  }

  /** The sample that is due. */
  take(nowMs: number, canSteer: boolean): InputSample | undefined {
    if (canSteer) this.#turnBars(nowMs)
    return this.#source?.devices.take(nowMs)
  }

  /** What this page does with the trainer, and which device gives what; said when it is another than it was. */
  tellGear(nowMs: number, wish: (wish: RiderWish) => void): void {
    const devices = this.#source?.devices
    if (devices === undefined || nowMs - this.#gearMs < GEAR_MS) return
    this.#gearMs = nowMs
    const of = (quantity: 'powerW' | 'cadenceRpm' | 'heartRateBpm') => devices.sourceOf(quantity, nowMs) ?? 'none'
    wish({ kind: 'trainer', ...devices.driven })
    wish({ kind: 'sources', power: of('powerW'), cadence: of('cadenceRpm'), heartRate: of('heartRateBpm') })
  }

  setRoad(road: RoadWish, nowMs: number): void {
    this.#source?.devices.road(road, nowMs)
  }

  /** The ride is over: the sliders go, the sensors stay on the page. */
  close(): void {
    for (const giveBack of this.#giveBack.splice(0)) giveBack()
  }

  #turnBars(nowMs: number): void {
    const steer = this.steering.at(nowMs)
    if (steer === this.#steer) return
    this.#steer = steer
    this.#source?.devices.offer({ source: 'controls', steer }, nowMs)
  }
}

/** One line for all devices: what is wrong first, then the trainer, then the rest. */
export function stateOf({ devices, waiting, problem }: RideLegsState): SensorState {
  const bad = devices.find(({ level }) => level === 'bad')
  if (bad !== undefined) return bad
  const first = devices.find(({ isTrainer }) => isTrainer) ?? devices[0]
  if (first !== undefined) {
    if (first.carrier === 'simulated') return { level: 'good', words: LINE.simulated }
    return first.level === 'good' ? { level: 'good', words: `${first.name}: ${first.words}` } : first
  }
  if (waiting.length > 0) return { level: 'working', words: LINE.waits(waiting[0]!.name) }
  return { level: 'bad', words: problem ?? LINE.none }
}
