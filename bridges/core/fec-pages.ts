import { encodeFitnessEquipment } from './pages/fitness-equipment.ts'
import type { ControlRequest, ControlResult } from './profiles/control-point.ts'

/**
 * What a rider's end asks of a trainer, in the canonical language (FTMS), as pages of FE-C. No page: it is answered here,
 * for these trainers know no "request control" and no "start".
 */
export interface FecPlan {
  readonly pages: readonly Uint8Array[]
  /** Where there are no pages. */
  readonly result: ControlResult
  /** Whether page 71 tells of these pages: of targets it does, of a calibration it does not. */
  readonly isConfirmed: boolean
}

/** Page 50 says drag of this and nothing else when it is told nothing (FE-C, page 50, byte 5). */
export const CW_USUAL_KGPM = 0.51
export const KMH_PER_MPS = 3.6
export const TRACK_PAGE = 51
export const WIND_PAGE = 50
const TARGET_POWER_PAGE = 49
const RESISTANCE_PAGE = 48
export const REQUEST_PAGE = 70

const told = (...pages: Uint8Array[]): FecPlan => ({ pages, result: 'success', isConfirmed: true })
const here = (result: ControlResult): FecPlan => ({ pages: [], result, isConfirmed: false })

export const FLAT = encodeFitnessEquipment({ page: TRACK_PAGE, gradeFraction: 0, crr: 0.004 })

export function fecPlan(request: ControlRequest): FecPlan {
  switch (request.op) {
    case 'request-control':
    case 'start-or-resume':
      return here('success')
    case 'reset':
    case 'stop-or-pause':
      return told(FLAT)
    case 'set-target-power':
      return told(encodeFitnessEquipment({ page: TARGET_POWER_PAGE, powerW: Math.max(0, request.powerW) }))
    case 'set-target-resistance': {
      // The range told in the abilities is percent, so that one step is one percent.
      const resistancePercent = Math.min(Math.max(request.resistanceLevel, 0), 100)
      return told(encodeFitnessEquipment({ page: RESISTANCE_PAGE, resistancePercent }))
    }
    case 'set-target-incline':
      return told(encodeFitnessEquipment({ page: TRACK_PAGE, gradeFraction: request.gradeFraction, crr: 0.004 }))
    case 'set-simulation': {
      const { gradeFraction, crr, cwKgpm, windMps } = request
      // Shelter comes as less drag; page 50 has a finer field for it than for the drag itself.
      const draftFactor = Math.min(cwKgpm / CW_USUAL_KGPM, 1)
      const cw = draftFactor < 1 ? CW_USUAL_KGPM : cwKgpm
      const windKmh = Math.min(Math.max(windMps * KMH_PER_MPS, -127), 127)
      return told(
        encodeFitnessEquipment({ page: TRACK_PAGE, gradeFraction, crr }),
        encodeFitnessEquipment({ page: WIND_PAGE, cwKgpm: cw, windKmh, draftFactor }),
      )
    }
    case 'spin-down':
      return request.startOrIgnore === 1
        ? { pages: [encodeFitnessEquipment({ page: 1, hasSpinDown: 1 })], result: 'success', isConfirmed: false }
        : here('success')
    default:
      return here('not-supported')
  }
}

const ANY = { descriptor1: 0xff, descriptor2: 0xff } as const

/** Page 70: say this page, so many times. */
export const requestOf = (requestedPage: number): Uint8Array =>
  encodeFitnessEquipment({ page: REQUEST_PAGE, ...ANY, times: 2, requestedPage, command: 1 })

/** Page 55: the rider, for trainers that turn a grade into force. */
export const riderPage = (userMassKg: number, bikeMassKg: number): Uint8Array =>
  encodeFitnessEquipment({ page: 55, userMassKg, bikeMassKg, wheelM: 0.7 })
