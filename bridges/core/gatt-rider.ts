import type { BridgeClock } from './clock.ts'
import type { ControlLoop } from './control-loop.ts'
import { decodeControlAnswer, encodeControlRequest } from './profiles/control-point.ts'
import { decodeCyclingPower } from './profiles/cycling-power.ts'
import { decodeHeartRate } from './profiles/heart-rate.ts'
import { decodeIndoorBikeData } from './profiles/indoor-bike-data.ts'
import { decodeMachineStatus } from './profiles/machine-status.ts'
import { decodeSpeedCadence } from './profiles/speed-cadence.ts'
import { CRANK_OPTIONS, Revolutions } from './revolutions.ts'
import type { Reading } from './sample.ts'
import { GATT, type GattLink } from './gatt.ts'

export interface GattRiderOptions {
  readonly clock: BridgeClock
  readonly loop: ControlLoop
  /** A reading with the moment its bytes came. */
  readonly onReading: (reading: Reading, atMs: number) => void
}

/** How often the control loop is asked; it decides itself what is due. */
const LOOP_MS = 50

/** Whatever services a peripheral has, its bytes become readings, and where it is a trainer the loop's wishes become writes. */
export class GattRider {
  readonly #options: GattRiderOptions
  readonly #counts = { readings: 0, refused: 0, writes: 0 }
  #stopLoop: (() => void) | undefined

  constructor(options: GattRiderOptions) {
    this.#options = options
  }

  get counts(): Readonly<{ readings: number; refused: number; writes: number }> {
    return this.#counts
  }

  /** Takes the link into use; says which quantities it may bring. */
  async attach(link: GattLink): Promise<readonly string[]> {
    const { clock, loop } = this.#options
    const known = new Set([...link.services.values()].flat())
    const isTrainer = known.has(GATT.indoorBikeData)
    const crank = new Revolutions(CRANK_OPTIONS)
    const brings: string[] = []
    const listen = async (uuid: string, what: string, onValue: (bytes: Uint8Array) => void): Promise<void> => {
      if (known.has(uuid) && (await link.subscribe(uuid, onValue))) brings.push(what)
    }
    await listen(GATT.heartRateMeasurement, 'heart rate', (bytes) => {
      const got = decodeHeartRate(bytes)
      if (got.ok) this.#read({ source: 'strap', heartRateBpm: got.value.heartRateBpm })
      else this.#counts.refused++
    })
    await listen(GATT.indoorBikeData, 'power and cadence', (bytes) => {
      const got = decodeIndoorBikeData(bytes)
      if (!got.ok) this.#counts.refused++
      else {
        const { powerW, cadenceRpm, heartRateBpm } = got.value
        this.#read({ source: 'trainer', powerW, cadenceRpm, heartRateBpm })
      }
    })
    // A trainer's own power service says the same watts again; only a pedal or crank has better ones.
    if (!isTrainer)
      await listen(GATT.powerMeasurement, 'power', (bytes) => {
        const got = decodeCyclingPower(bytes)
        if (!got.ok) this.#counts.refused++
        else {
          const { powerW, crankRevolutions, crankTime1024 } = got.value
          const cadenceRpm = this.#cadence(crank, crankRevolutions, crankTime1024)
          this.#read({ source: 'power-meter', powerW, cadenceRpm })
        }
      })
    await listen(GATT.speedCadenceMeasurement, 'cadence', (bytes) => {
      const got = decodeSpeedCadence(bytes)
      if (!got.ok) this.#counts.refused++
      else {
        const cadenceRpm = this.#cadence(crank, got.value.crankRevolutions, got.value.crankTime1024)
        this.#read({ source: 'cadence-sensor', cadenceRpm })
      }
    })
    if (known.has(GATT.controlPoint)) {
      await link.subscribe(GATT.controlPoint, (bytes) => {
        const got = decodeControlAnswer(bytes)
        if (got.ok) loop.answered(got.value, clock.nowMs())
        else this.#counts.refused++
      })
      await listen(GATT.machineStatus, 'its state', (bytes) => {
        const got = decodeMachineStatus(bytes)
        if (got.ok && got.value.op === 'control-lost') loop.controlLost(clock.nowMs())
      })
      loop.linked(clock.nowMs())
      this.#drive(link)
      brings.push('resistance')
    }
    return brings
  }

  /** The link is gone: nothing more is written to it. */
  detach(): void {
    if (this.#stopLoop === undefined) return
    this.#stopLoop()
    this.#stopLoop = undefined
    this.#options.loop.unlinked()
  }

  #drive(link: GattLink): void {
    const { clock, loop } = this.#options
    this.#stopLoop?.()
    const turn = (): void => {
      const request = loop.next(clock.nowMs())
      if (request !== undefined) {
        this.#counts.writes++
        void link.write(GATT.controlPoint, encodeControlRequest(request))
      }
      this.#stopLoop = clock.after(LOOP_MS, turn)
    }
    turn()
  }

  #read(reading: Reading): void {
    this.#counts.readings++
    this.#options.onReading(reading, this.#options.clock.nowMs())
  }

  #cadence(crank: Revolutions, revolutions: number | undefined, time1024: number | undefined): number | undefined {
    if (revolutions === undefined || time1024 === undefined) return undefined
    const ratePerS = crank.offer(revolutions, time1024, this.#options.clock.nowMs())
    return ratePerS === undefined ? undefined : ratePerS * 60
  }
}
