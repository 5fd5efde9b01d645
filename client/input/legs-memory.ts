import type { LegsCommand, Quantity } from '#bridges/core/devices'
import type { DeviceStorage } from './remembered-devices.ts'

/** How a rider likes the legs, from day to day. Everything read back is checked: storage is the outside. */
export interface LikedLegs {
  /** Share of a hill that is felt, 0 … 1. */
  readonly difficulty: number
  /** From which device a quantity is to come; absent: from the best. */
  readonly sources: Readonly<Partial<Record<Quantity, string>>>
}

const KEY = 'gruppetto.legs'
const ID_MAX = 100
const QUANTITIES = ['powerW', 'cadenceRpm', 'heartRateBpm'] as const satisfies readonly Quantity[]

export class LegsMemory {
  readonly #storage: DeviceStorage | undefined
  #liked: LikedLegs

  constructor(storage: DeviceStorage | undefined) {
    this.#storage = storage
    this.#liked = this.#read()
  }

  get liked(): LikedLegs {
    return this.#liked
  }

  /** Which of its quantities a device was chosen for. */
  chosenFor(deviceId: string): readonly Quantity[] {
    return QUANTITIES.filter((quantity) => this.#liked.sources[quantity] === deviceId)
  }

  /** What a rider asked, and was given: some of it holds tomorrow, too. */
  heed(command: LegsCommand): void {
    const { sources } = this.#liked
    if (command.ask === 'difficulty') this.#write({ ...this.#liked, difficulty: shareOf(command.share) })
    else if (command.ask === 'source') {
      const { [command.quantity]: _before, ...others } = sources
      const { deviceId } = command
      const chosen = deviceId === undefined ? others : { ...others, [command.quantity]: deviceId }
      this.#write({ ...this.#liked, sources: chosen })
    } else if (command.ask === 'forget') {
      const kept = Object.entries(sources).filter(([, deviceId]) => deviceId !== command.deviceId)
      this.#write({ ...this.#liked, sources: Object.fromEntries(kept) })
    }
  }

  #write(liked: LikedLegs): void {
    this.#liked = liked
    try {
      this.#storage?.setItem(KEY, JSON.stringify(liked))
    } catch {
      // Storage full or switched off: the page works, it only forgets.
    }
  }

  #read(): LikedLegs {
    let stored: unknown
    try {
      stored = JSON.parse(this.#storage?.getItem(KEY) ?? '{}')
    } catch {
      stored = {} // Not ours, or no storage: start afresh.
    }
    const { difficulty, sources } = recordOf(stored)
    const chosen = recordOf(sources)
    const known = QUANTITIES.flatMap((quantity) => {
      const deviceId = chosen[quantity]
      return typeof deviceId === 'string' && deviceId.length <= ID_MAX ? [[quantity, deviceId] as const] : []
    })
    return { difficulty: typeof difficulty === 'number' ? shareOf(difficulty) : 1, sources: Object.fromEntries(known) }
  }
}

const shareOf = (value: number): number => (Number.isFinite(value) ? Math.min(Math.max(value, 0), 1) : 1)

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}
