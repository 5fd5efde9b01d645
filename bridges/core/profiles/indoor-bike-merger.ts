import { type IndoorBikeData, indoorBikeFlags, readIndoorBikeData } from './indoor-bike-data.ts'

/**
 * Records of a trainer out of its notifications. A record may come in two parts, the first of which says "More Data": it is
 * whole with the second. Some trainers say so and send no second part; from them every notification is a record.
 */
export class IndoorBikeMerger {
  /** What the last whole record said, and nothing older. */
  record: BikeRecord = emptyRecord()
  /** The newest of everything: what a record does not mention stays as it was. */
  latest: BikeRecord = emptyRecord()
  #next: BikeRecord = emptyRecord()
  /** Which fields the record that is open has; 0: none is. */
  #openFlags = 0
  /** Said "more" and began again: how often in a row. */
  #brokenPromises = 0

  /** 'whole': `record` is new. 'part': more is to come. 'refused': the bytes end too early, and nothing has changed. */
  take(bytes: Uint8Array): 'whole' | 'part' | 'refused' {
    const flags = indoorBikeFlags(bytes)
    const isRepeated = (flags & this.#openFlags) !== 0
    const next = this.#openFlags === 0 || isRepeated ? emptyRecord() : this.#next
    if (!readIndoorBikeData(next as IndoorBikeData, bytes)) return 'refused'
    readIndoorBikeData(this.latest as IndoorBikeData, bytes)
    // The same quantity twice: the record before has ended without its second part.
    if (isRepeated) this.#brokenPromises++
    else if (this.#openFlags !== 0) this.#brokenPromises = 0
    this.#next = next
    const isMore = (flags & SPEED) === 0
    this.#openFlags = isMore ? flags : 0
    if (isMore && this.#brokenPromises < PROMISES_MAX) return 'part'
    this.record = next
    return 'whole'
  }

  /** After a reconnection nothing of before counts. */
  reset(): void {
    this.record = emptyRecord()
    this.latest = emptyRecord()
    this.#openFlags = 0
    this.#brokenPromises = 0
  }
}

/** Broken so often, the bit is taken for a defect. */
const PROMISES_MAX = 2
/** The last part of a record is the one with a speed. */
const SPEED = 1

/** Every field is there, so that all records have one shape and one is one allocation. */
export type BikeRecord = { [K in keyof Required<IndoorBikeData>]: number | undefined }

function emptyRecord(): BikeRecord {
  return {
    speedKmh: undefined,
    averageSpeedKmh: undefined,
    cadenceRpm: undefined,
    averageCadenceRpm: undefined,
    distanceM: undefined,
    resistanceLevel: undefined,
    resistanceRawU8: undefined,
    powerW: undefined,
    averagePowerW: undefined,
    energyKcal: undefined,
    energyPerHourKcal: undefined,
    energyPerMinuteKcal: undefined,
    heartRateBpm: undefined,
    met: undefined,
    elapsedS: undefined,
    remainingS: undefined,
  }
}
