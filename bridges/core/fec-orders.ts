import { CW_USUAL_KGPM, KMH_PER_MPS } from './fec-pages.ts'
import { encodeFitnessEquipment, type FitnessEquipmentPage } from './pages/fitness-equipment.ts'
import type { ControlRequest, ControlResult } from './profiles/control-point.ts'

/** Byte 3 of page 71. */
const STATUS = { success: 0, failed: 1, 'not-supported': 2, 'invalid-parameter': 3, 'not-permitted': 3 } as const
/** Numbers of commands go 0 … 254; 255 is that none has come. */
const SEQUENCE_MODULO = 255
const NONE = 0xff
const CRR_USUAL = 0.004

/** A trainer's side of the control pages of FE-C: what is asked in the canonical language (fec-pages.ts the other way round), and page 71. */
export class FecOrders {
  /** Track and wind, as last told: FTMS says both in one. */
  readonly #road = { gradeFraction: 0, crr: CRR_USUAL, windMps: 0, cwKgpm: CW_USUAL_KGPM }
  #status: FitnessEquipmentPage = { page: 71, lastPage: NONE }
  #sequence = NONE - 1

  get gradeFraction(): number {
    return this.#road.gradeFraction
  }

  /** Undefined: nothing the legs would feel. */
  requestOf(page: FitnessEquipmentPage): ControlRequest | undefined {
    const road = this.#road
    switch (page.page) {
      case 1:
        return page.hasSpinDown === 1 ? { op: 'spin-down', startOrIgnore: 1 } : undefined
      case 48:
        return { op: 'set-target-resistance', resistanceLevel: page.resistancePercent ?? 0 }
      case 49:
        return { op: 'set-target-power', powerW: page.powerW ?? 0 }
      case 50:
        road.windMps = (page.windKmh ?? 0) / KMH_PER_MPS
        road.cwKgpm = (page.cwKgpm ?? CW_USUAL_KGPM) * (page.draftFactor ?? 1)
        return { op: 'set-simulation', ...road }
      case 51:
        road.gradeFraction = page.gradeFraction ?? 0
        road.crr = page.crr ?? CRR_USUAL
        return { op: 'set-simulation', ...road }
      default:
        return undefined
    }
  }

  /** What became of a page: page 71 tells of it from now on. */
  done(bytes: Uint8Array, result: ControlResult): void {
    this.#sequence = (this.#sequence + 1) % SEQUENCE_MODULO
    const echo = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true)
    this.#status = {
      ...{ page: 71, lastPage: bytes[0]!, sequence: this.#sequence, commandStatus: STATUS[result], echo },
    }
  }

  /** Page 71. */
  get statusPage(): Uint8Array {
    return encodeFitnessEquipment(this.#status)
  }
}
