import { describe, expect, test } from 'vitest'
import { createRandom } from '#physics/random'
import { type DualEstimate, DualRecording, dualSentence } from './dual.ts'

interface Scene {
  readonly seed: number
  readonly minutes?: number
  readonly biasPct?: number
  readonly offsetW?: number
  readonly lagS?: number
  /** Share of each device's noise, one standard deviation, of one reading. */
  readonly noise?: number
  readonly trainerPeriodMs?: number
  readonly isSteady?: boolean
  /** Readings that hang, spikes and silences of the trainer. */
  readonly isRough?: boolean
}

/** Seconds that legs and a flywheel take from one power to the next. */
const TURN_S = 2.5

/** Intervals as they are ridden: a warm-up, then hard and easy blocks of no fixed length, and legs that push unevenly. */
function courseOf(seed: number, isSteady: boolean): (atS: number) => number {
  const { fraction } = createRandom(seed)
  const phases = Array.from({ length: 6 }, () => 2 * Math.PI * fraction())
  const sway = (atS: number): number =>
    phases.reduce((sum, phase, i) => sum + Math.sin(phase + atS / (2 + 3 * i)) * (2 + 1.5 * i), 0)
  const blocks = [{ fromS: -1e9, powerW: 130 }]
  for (let atS = 240, isHard = true; atS < 3600; isHard = !isHard) {
    blocks.push({ fromS: atS, powerW: isHard ? 240 + 160 * fraction() : 110 + 60 * fraction() })
    atS += (isHard ? 30 : 60) * (1 + 2 * fraction())
  }
  return (atS) => {
    if (isSteady) return 200
    const at = blocks.findLastIndex(({ fromS }) => fromS <= atS)
    const { fromS, powerW } = blocks[at]!
    const share = Math.min(1, (atS - fromS) / TURN_S)
    const beforeW = blocks[at - 1]?.powerW ?? powerW
    return beforeW + share * (powerW - beforeW) + sway(atS)
  }
}

function ride(scene: Scene): DualRecording {
  const { seed, minutes = 30, biasPct = 3, offsetW = 0, lagS = 1.2, noise = 0.02, trainerPeriodMs = 1000 } = scene
  const { fraction } = createRandom(seed ^ 0xd0a1)
  const gauss = (): number => Array.from({ length: 12 }, fraction).reduce((sum, f) => sum + f, -6)
  const course = courseOf(seed, scene.isSteady ?? false)
  const dual = new DualRecording()
  const rows: { atMs: number; source: 'trainer' | 'power-meter'; powerW: number }[] = []
  for (let atMs = 120; atMs < minutes * 60_000; atMs += 250) {
    if (fraction() < 0.03) continue
    rows.push({
      atMs: atMs + 20 * fraction(),
      source: 'power-meter',
      powerW: course(atMs / 1000) * (1 + noise * gauss()),
    })
  }
  for (let atMs = 530; atMs < minutes * 60_000; atMs += trainerPeriodMs) {
    const trueW = course(atMs / 1000 - lagS) * (1 + biasPct / 100) + offsetW
    let powerW = trueW * (1 + noise * gauss())
    const isAway = scene.isRough === true && atMs % 400_000 < 9000
    if (isAway || fraction() < 0.03) continue
    if (scene.isRough === true && fraction() < 0.01) powerW = 1900
    if (scene.isRough === true && atMs % 300_000 > 285_000) powerW = 12
    rows.push({ atMs: atMs + 20 * fraction(), source: 'trainer', powerW })
  }
  rows.sort((a, b) => a.atMs - b.atMs)
  for (const { atMs, source, powerW } of rows) dual.offer({ source, powerW: Math.round(powerW), cadenceRpm: 90 }, atMs)
  return dual
}

describe('a trainer and a meter at once', () => {
  const seeds = Array.from({ length: 12 }, (_, i) => i + 1)

  test('[B106] 3 per cent and 1.2 s are found within 0.2 per cent and 0.1 s, by each of twelve rides of intervals', () => {
    for (const seed of seeds) {
      const got = ride({ seed }).estimate()!
      expect(Math.abs(got.biasPct - 3)).toBeLessThan(0.2)
      expect(Math.abs(got.lagS! - 1.2)).toBeLessThan(0.1)
      expect(got.biasUncertaintyPct).toBeLessThan(0.3)
    }
  })

  test.each([
    [-4, -0.7, 250],
    [0, 0, 500],
    [6, 3.4, 1000],
    [-1, 2.05, 250],
  ])('[B106] %d per cent and %d s at one reading in %d ms too', (biasPct, lagS, trainerPeriodMs) => {
    for (const seed of seeds.slice(0, 2)) {
      const got = ride({ seed, biasPct, lagS, trainerPeriodMs }).estimate()!
      expect(Math.abs(got.biasPct - biasPct)).toBeLessThan(0.2)
      expect(Math.abs(got.lagS! - lagS)).toBeLessThan(0.1)
    }
  })

  test('[B106] spikes, values that hang and silences of seconds do not change what is found', () => {
    for (const seed of seeds.slice(0, 4)) {
      const got = ride({ seed, isRough: true }).estimate()!
      expect(Math.abs(got.biasPct - 3)).toBeLessThan(0.3)
      expect(Math.abs(got.lagS! - 1.2)).toBeLessThan(0.1)
    }
  })

  test('[B106] watts that do not move tell a bias and no lag; a minute tells nothing', () => {
    const steady = ride({ seed: 3, isSteady: true, noise: 0.01 }).estimate()!
    expect(steady.lagS).toBeUndefined()
    expect(Math.abs(steady.biasPct - 3)).toBeLessThan(0.2)
    expect(ride({ seed: 3, minutes: 0.9 }).estimate()).toBeUndefined()
    expect(new DualRecording().estimate()).toBeUndefined()
  })

  test('[B106] an offset is seen as a bias that differs between easy and hard', () => {
    const { easy, hard } = ride({ seed: 5, biasPct: 0, offsetW: 10 }).estimate()!
    expect(easy.biasPct - (100 * 10) / easy.meterW).toBeCloseTo(0, 0)
    expect(hard.biasPct).toBeLessThan(easy.biasPct - 1.5)
  })

  test('the rider is told in a sentence', () => {
    const base = { biasPct: 3.02, biasUncertaintyPct: 0.14, lagS: 1.21, usedS: 1700 }
    const halves = { easy: { meterW: 150, biasPct: 3.1 }, hard: { meterW: 260, biasPct: 3 } }
    const sentence = (more: Partial<DualEstimate>): string => dualSentence({ ...base, ...halves, ...more })
    expect(sentence({})).toBe(
      'the trainer shows 3.0 % more than the power meter (over 28 min, ±0.1 %), and says it 1.2 s later',
    )
    expect(sentence({ biasPct: -2, lagS: undefined, easy: { meterW: 150, biasPct: -4 } })).toBe(
      'the trainer shows 2.0 % less than the power meter (over 28 min, ±0.1 %): −4.0 % about 150 W, +3.0 % about 260 W',
    )
  })

  test('[B106] a second meter does not get between', () => {
    const dual = new DualRecording()
    for (const deviceId of ['left', 'right']) dual.offer({ source: 'power-meter', deviceId, powerW: 100 }, 0)
    expect(dual.csv().split('\n')).toHaveLength(3)
    expect(dual.isDual).toBe(false)
  })

  test('[B106] the file has every reading of both, and nothing where a device was silent', () => {
    const dual = new DualRecording()
    dual.offer({ source: 'trainer', powerW: 200, cadenceRpm: 90 }, 1000)
    dual.offer({ source: 'power-meter', powerW: 195 }, 1250.4)
    dual.offer({ source: 'strap', heartRateBpm: 150 }, 1300)
    dual.offer({ source: 'power-meter', powerW: 196, cadenceRpm: 89.5 }, 9000)
    expect(dual.csv().split('\n')).toEqual([
      'time_s,trainer_power_w,trainer_cadence_rpm,meter_power_w,meter_cadence_rpm',
      '0.000,200,90,,',
      '0.250,,,195,',
      '8.000,,,196,89.5',
      '',
    ])
  })
})
