import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { SteadyRider } from '#bridges/trainer-sim/legs-models'
import { legsBench } from '#cli/sim/legs-bench'
import { OpenBikeButtons } from './buttons.ts'
import type { DeviceSink } from './devices.ts'
import { encodeButtonStates } from './profiles/open-bike-control.ts'
import { decodeButtonStates } from './profiles/open-bike-control.ts'
import { FADE_MS, HOLD_MS, SERVER_SILENT_MS } from './road-ahead.ts'
import { readWorkout } from './workout.ts'

/** What a person reads about the trainer. */
const wordsOf = (bench: ReturnType<typeof legsBench>): string => bench.legs.state(bench.nowMs).trainer?.words ?? ''

const steady = (powerW = 200) => new SteadyRider({ powerW })

/** The server goes on telling this road. */
const told = (bench: ReturnType<typeof legsBench>, gradeFraction: number) => (_: unknown, atMs: number) => {
  if (atMs % 250 === 0) bench.legs.road({ gradeFraction }, atMs)
}

describe('the road in the legs', () => {
  test('[B80] a step of the road is written within 50 ms, and there are never more than four writes in a second', () => {
    const bench = legsBench({ legs: steady() })
    bench.legs.road({ gradeFraction: 0 }, 0)
    bench.run(10)
    for (const gradeFraction of [0.03, -0.02, 0.01, 0.015]) {
      const before = bench.written.length
      bench.legs.road({ gradeFraction }, bench.nowMs)
      const stepMs = bench.nowMs
      bench.run(0.05)
      expect(bench.written[before]!.atMs - stepMs).toBeLessThanOrEqual(50)
      bench.run(3, told(bench, gradeFraction))
      expect(bench.roads().at(-1)!.gradeFraction).toBe(gradeFraction)
    }
    bench.run(30, (_, atMs) => bench.legs.road({ gradeFraction: 0.1 * Math.sin(atMs / 900) }, atMs))
    for (const { atMs } of bench.written)
      expect(bench.written.filter((w) => w.atMs > atMs - 1000 && w.atMs <= atMs).length).toBeLessThanOrEqual(4)
  })

  test('[B83] the rider’s own difficulty is the share of the grade that reaches the legs, at once', () => {
    const bench = legsBench({ legs: steady(), difficulty: 0.5 })
    bench.legs.road({ gradeFraction: 0.08 }, 0)
    bench.run(3, told(bench, 0.08))
    expect(bench.roads().at(-1)!.gradeFraction).toBe(0.04)
    expect(bench.legs.ask({ ask: 'difficulty', share: 0.75 }, bench.nowMs)).toBeUndefined()
    bench.run(0.1)
    expect(bench.roads().at(-1)!.gradeFraction).toBe(0.06)
    bench.legs.ask({ ask: 'difficulty', share: 7 }, bench.nowMs)
    bench.run(2, told(bench, 0.08))
    expect(bench.roads().at(-1)!.gradeFraction).toBe(0.08)
    expect(bench.legs.state(bench.nowMs).trainer).toMatchObject({
      mode: 'sim',
      words: 'the road, 8.0 %',
      difficulty: 1,
    })
  })

  test('[B83] targets and brakes stay within what the trainer said it has, whatever is asked', () => {
    const bench = legsBench({ legs: steady(), spec: { powerMaxW: 320 } })
    bench.legs.road({ gradeFraction: 0 }, 0)
    bench.run(5)
    bench.legs.ask({ ask: 'mode', mode: 'erg' }, bench.nowMs)
    for (const targetW of [5000, Number.NaN, -40, Infinity]) {
      bench.legs.ask({ ask: 'target', targetW }, bench.nowMs)
      bench.run(6)
    }
    bench.legs.ask({ ask: 'mode', mode: 'resistance' }, bench.nowMs)
    for (const share of [9, Number.NaN, -1]) {
      bench.legs.ask({ ask: 'resistance', share }, bench.nowMs)
      bench.run(5)
    }
    const watts = bench.targets().map(({ powerW }) => powerW)
    expect(Math.max(...watts)).toBe(320)
    expect(Math.min(...watts)).toBeGreaterThanOrEqual(0)
    const levels = bench.written.flatMap(({ request }) =>
      request.op === 'set-target-resistance' ? [request.resistanceLevel] : [],
    )
    expect([Math.min(...levels), Math.max(...levels)]).toEqual([0, 100])
  })

  test('[B82] control that another program took is back within a second, with the road', () => {
    const bench = legsBench({ legs: steady() })
    bench.legs.road({ gradeFraction: 0.04 }, 0)
    bench.run(10, told(bench, 0.04))
    bench.model.desk.loseControl()
    bench.run(1, told(bench, 0.04))
    expect(bench.legs.loop.taken).toEqual({ gradeFraction: 0.04 })
    expect(bench.model.model.target).toMatchObject({ mode: 'simulation', gradeFraction: 0.04 })
  })
})

describe('another mode under way', () => {
  test('[B84] from road to watts and back nothing jerks: force changes by what slopes allow, and no step is above 25 W', () => {
    const bench = legsBench({ legs: steady(200) })
    bench.legs.road({ gradeFraction: 0.02 }, 0)
    bench.run(40, told(bench, 0.02))
    bench.legs.ask({ ask: 'target', targetW: 280 }, bench.nowMs)
    bench.legs.ask({ ask: 'mode', mode: 'erg' }, bench.nowMs)
    let last = bench.state.brakeN
    let jerkNps = 0
    const feel = (state: { brakeN: number }) => {
      jerkNps = Math.max(jerkNps, Math.abs(state.brakeN - last) / 0.01)
      last = state.brakeN
    }
    bench.run(20, feel)
    const watts = bench.targets().map(({ powerW }) => powerW)
    expect(watts[0]! - 200).toBeLessThanOrEqual(25)
    for (const [i, w] of watts.slice(1).entries()) expect(w - watts[i]!).toBeLessThanOrEqual(25)
    bench.legs.ask({ ask: 'mode', mode: 'sim' }, bench.nowMs)
    bench.run(10, (state, atMs) => {
      feel(state)
      told(bench, 0.02)(state, atMs)
    })
    // 4 % of 83 kg within the brake's own 0.3 s.
    expect(jerkNps).toBeLessThan((0.04 * 83 * 9.81) / 0.3)
    expect(bench.model.model.target).toMatchObject({ mode: 'simulation', gradeFraction: 0.02 })
  })

  test('[B84] resistance and free are modes too', () => {
    const bench = legsBench({ legs: steady() })
    bench.legs.road({ gradeFraction: 0.05 }, 0)
    bench.run(5, told(bench, 0.05))
    bench.legs.ask({ ask: 'mode', mode: 'resistance' }, bench.nowMs)
    bench.legs.ask({ ask: 'resistance', share: 0.4 }, bench.nowMs)
    bench.run(5, told(bench, 0.05))
    expect(bench.model.model.target).toEqual({ mode: 'resistance', share: 0.4 })
    expect(bench.legs.state(bench.nowMs).trainer!.words).toBe('brake at 40 %')
    bench.legs.ask({ ask: 'mode', mode: 'free' }, bench.nowMs)
    bench.run(5, told(bench, 0.05))
    expect(bench.model.model.target).toMatchObject({ mode: 'simulation', gradeFraction: 0 })
  })

  test('[B85] a trainer without watts of its own holds them by slope at the speed its wheel has', () => {
    const bench = legsBench({ legs: new SteadyRider({ powerW: 150 }), without: ['power'] })
    bench.legs.road({ gradeFraction: 0 }, 0)
    bench.run(20)
    bench.legs.ask({ ask: 'target', targetW: 200 }, bench.nowMs)
    bench.legs.ask({ ask: 'mode', mode: 'erg' }, bench.nowMs)
    bench.run(5)
    expect(bench.targets()).toEqual([])
    const { gradeFraction } = bench.roads().at(-1)!
    const v = bench.state.speedMps
    const heldW = (83 * 9.80665 * (gradeFraction + 0.004) + 0.51 * v * v) * v
    expect(Math.abs(heldW - 200)).toBeLessThan(25)
  })

  test('[B85] one that can neither says so in words and makes what it can', () => {
    const bench = legsBench({ legs: steady(), without: ['power', 'simulation'] })
    bench.legs.road({ gradeFraction: 0.05 }, 0)
    bench.run(6, told(bench, 0.05))
    expect(bench.model.model.target).toEqual({ mode: 'resistance', share: 0.5 })
    bench.legs.ask({ ask: 'mode', mode: 'erg' }, bench.nowMs)
    bench.run(3, told(bench, 0.05))
    expect(bench.legs.state(bench.nowMs).trainer).toMatchObject({
      level: 'bad',
      words: 'this trainer cannot hold watts; it makes the road instead',
    })
    expect(bench.model.model.target).toEqual({ mode: 'resistance', share: 0.5 })
  })
})

describe('gears', () => {
  const riding = () => {
    const bench = legsBench({ legs: steady() })
    bench.legs.road({ gradeFraction: 0.03 }, 0)
    bench.legs.ask({ ask: 'gears', isOn: true }, 0)
    bench.run(10, told(bench, 0.03))
    return bench
  }
  const shifted = (bench: ReturnType<typeof riding>, shift: () => void) => {
    const before = bench.written.length
    const { nowMs } = bench
    shift()
    bench.run(0.1)
    expect(bench.written.length).toBeGreaterThan(before)
    return bench.written[before]!.atMs - nowMs
  }

  test('[B89] a shift by a key is written within 100 ms, each time, and moves one gear', () => {
    const bench = riding()
    expect(bench.legs.state(bench.nowMs).trainer).toMatchObject({ gear: 14, gearRatio: 30 / 13 })
    for (const by of [1, 1, -1, 1, -1, -1]) {
      expect(shifted(bench, () => bench.legs.ask({ ask: 'shift', by }, bench.nowMs))).toBeLessThanOrEqual(100)
      bench.run(0.7, told(bench, 0.03))
    }
    expect(bench.legs.driver.gear).toBe(14)
    bench.legs.ask({ ask: 'shift', by: 99 }, bench.nowMs)
    expect(bench.legs.driver.gear).toBe(24)
    bench.legs.ask({ ask: 'gears', isOn: false }, bench.nowMs)
    expect(bench.legs.driver.gear).toBeUndefined()
  })

  test('[B89] an OpenBikeControl lever shifts as quickly, once a press however often it is told', () => {
    const bench = riding()
    let sink: DeviceSink | undefined
    const buttons = new OpenBikeButtons()
    bench.legs.add(
      {
        ...{ id: 'ble:levers', name: 'Levers', carrier: 'bluetooth', source: 'controls', brings: ['buttons'] },
        start: (it) => (sink = it),
        close: () => {},
      },
      bench.nowMs,
    )
    const say = (states: { id: number; state: number }[]) => {
      const got = decodeButtonStates(encodeButtonStates(states))
      if (got.ok) for (const press of buttons.take(got.value)) sink!.pressed!(press, bench.nowMs)
    }
    expect(shifted(bench, () => say([{ id: 1, state: 1 }]))).toBeLessThanOrEqual(100)
    say([{ id: 1, state: 1 }])
    say([{ id: 1, state: 0 }])
    expect(bench.legs.driver.gear).toBe(15)
    say([{ id: 2, state: 1 }])
    expect(bench.legs.driver.gear).toBe(14)
    // A gear by its number: 2 is the first.
    say([{ id: 3, state: 6 }])
    expect(bench.legs.driver.gear).toBe(5)
    say([{ id: 3, state: 1 }])
    expect(bench.legs.driver.gear).toBe(5)
  })

  test('[B89] where watts are held the levers move the watts', () => {
    const bench = riding()
    bench.legs.ask({ ask: 'target', targetW: 200 }, bench.nowMs)
    bench.legs.ask({ ask: 'mode', mode: 'erg' }, bench.nowMs)
    bench.legs.press({ press: 'shift', by: 1 }, bench.nowMs)
    bench.legs.press({ press: 'watts', by: 5 }, bench.nowMs)
    expect([bench.legs.driver.targetW, bench.legs.driver.gear]).toEqual([210, 14])
    bench.legs.press({ press: 'mode' }, bench.nowMs)
    expect(bench.legs.driver.mode).toBe('sim')
  })
})

describe('without a server', () => {
  test('[B90] the road that was told ahead is ridden on at the legs’ own speed', () => {
    const bench = legsBench({ legs: steady(200) })
    bench.run(60, told(bench, 0))
    // At 200 W on the flat about 7 m/s: a wall begins in 140 m, so 20 s from now.
    bench.legs.roadAhead([
      { aheadM: 0, gradeFraction: 0 },
      { aheadM: 140, gradeFraction: 0 },
      { aheadM: 141, gradeFraction: 0.06 },
      { aheadM: 2000, gradeFraction: 0.06 },
    ])
    bench.run(14)
    expect(bench.roads().at(-1)!.gradeFraction).toBe(0)
    bench.run(12)
    expect(bench.roads().at(-1)!.gradeFraction).toBe(0.06)
    expect(bench.legs.state(bench.nowMs).trainer!.words).toContain('the server is silent')
    bench.run(2, told(bench, 0.01))
    expect(bench.roads().at(-1)!.gradeFraction).toBe(0.01)
  })

  test('[B90] where no road was told ahead the grade is held and fades: flat 15 s after the last word', () => {
    const bench = legsBench({ legs: steady(200) })
    bench.run(20, told(bench, 0.06))
    const lastMs = bench.nowMs
    bench.run((SERVER_SILENT_MS + HOLD_MS) / 1000 - 0.5)
    expect(bench.roads().at(-1)!.gradeFraction).toBe(0.06)
    bench.run(FADE_MS / 2000)
    const half = bench.roads().at(-1)!.gradeFraction
    expect(half).toBeGreaterThan(0.02)
    expect(half).toBeLessThan(0.04)
    bench.run((lastMs + SERVER_SILENT_MS + HOLD_MS + FADE_MS - bench.nowMs) / 1000 + 0.6)
    expect(bench.roads().at(-1)!.gradeFraction).toBe(0)
  })

  test('[B91] a workout needs no server: steps, a ramp, a free piece, and the road again at its end', () => {
    const read = readWorkout(
      JSON.stringify({
        format: 'gruppetto-workout',
        version: 1,
        name: 'Short',
        steps: [
          { durationS: 20, targetW: 180 },
          { durationS: 20, fromW: 180, toW: 240 },
          { repeat: 2, steps: [{ durationS: 5, targetW: 200 }] },
          { durationS: 10, free: true },
        ],
      }),
    )
    expect(read.ok).toBe(true)
    if (!read.ok) return
    const bench = legsBench({ legs: steady(200) })
    bench.legs.road({ gradeFraction: 0.01 }, 0)
    bench.run(10)
    bench.legs.workout(read.value)
    expect(bench.legs.isInWorkout).toBe(true)
    bench.run(19)
    expect(bench.targets().at(-1)!.powerW).toBe(180)
    expect(wordsOf(bench)).toBe('180 W held; Short, step 1 of 5, 0:02 left')
    bench.run(20.5)
    expect(bench.targets().at(-1)!.powerW).toBeGreaterThan(234)
    expect(bench.legs.workoutNow).toMatchObject({ step: 1 })
    bench.run(9)
    expect(bench.targets().at(-1)!.powerW).toBe(200)
    bench.run(5)
    expect(bench.model.model.target.mode).toBe('simulation')
    bench.run(15)
    expect([bench.legs.workoutNow, bench.legs.driver.mode]).toEqual([undefined, 'sim'])
    expect([bench.legs.isInWorkout, wordsOf(bench).includes('Short')]).toEqual([false, false])
  })

  test('[B152] a workout says its step and what is left of it, and ends when the rider asks for something else', () => {
    const text = readFileSync(new URL('../../examples/over-and-under.json', import.meta.url), 'utf8')
    const read = readWorkout(text)
    expect(read).toMatchObject({ ok: true, value: { name: 'Over and under' } })
    if (!read.ok) return
    expect(read.value.steps).toHaveLength(11)
    const bench = legsBench({ legs: steady(150) })
    bench.run(5)
    bench.legs.workout(read.value)
    bench.run(60)
    expect(wordsOf(bench)).toMatch(/ W held; Over and under, step 1 of 11, 4:0[0-2] left$/)
    bench.legs.ask({ ask: 'mode', mode: 'sim' }, bench.nowMs)
    expect([bench.legs.isInWorkout, wordsOf(bench).includes('Over')]).toEqual([false, false])
  })

  test('[B91] a workout that cannot be read is one sentence with the place', () => {
    const file = (steps: unknown) => JSON.stringify({ format: 'gruppetto-workout', version: 1, steps })
    const wrongs: [string, string][] = [
      ['{', 'not JSON'],
      ['{"format":"x"}', '"version": 1'],
      [file([]), 'at least one step'],
      [file([{ durationS: 0, targetW: 100 }]), 'steps[0].durationS'],
      [file([{ durationS: 10, targetW: 9000 }]), 'steps[0] must have "targetW"'],
      [file([{ repeat: 2, steps: [{ durationS: 10 }] }]), 'steps[0].steps[0]'],
      [file([{ repeat: 2, steps: [{ repeat: 2, steps: [] }] }]), 'not inside another'],
      [
        file([{ repeat: 100, steps: Array.from({ length: 9 }, () => ({ durationS: 1, free: true })) }]),
        'more than 500',
      ],
    ]
    for (const [text, part] of wrongs) {
      const read = readWorkout(text)
      expect(read.ok ? '' : read.sentence).toContain(part)
    }
  })
})

describe('devices', () => {
  test('[B97] a trainer that is forgotten is left on the flat, and an unknown one is a complaint', () => {
    const bench = legsBench({ legs: steady() })
    bench.legs.road({ gradeFraction: 0.07 }, 0)
    bench.run(5, told(bench, 0.07))
    expect(bench.legs.ask({ ask: 'forget', deviceId: 'ble:none' }, bench.nowMs)).toContain('No device ble:none')
    expect(bench.legs.ask({ ask: 'source', quantity: 'powerW', deviceId: 'x' }, bench.nowMs)).toContain('No device x')
    expect(bench.legs.ask({ ask: 'forget', deviceId: bench.link.id }, bench.nowMs)).toBeUndefined()
    bench.run(1, told(bench, 0.07))
    expect(bench.roads().at(-1)!.gradeFraction).toBe(0)
    expect(bench.legs.state(bench.nowMs)).toMatchObject({ devices: [], trainer: undefined })
  })

  test('[B97] the rider chooses which device gives a quantity, and the state says so', () => {
    const bench = legsBench({ legs: steady(), hasMeter: true })
    bench.run(3)
    const power = () => bench.legs.state(bench.nowMs).sources.find(({ quantity }) => quantity === 'powerW')
    expect(power()).toMatchObject({ deviceId: 'simulated:1:meter', chosenId: undefined })
    bench.legs.ask({ ask: 'source', quantity: 'powerW', deviceId: 'simulated:1' }, bench.nowMs)
    bench.run(1)
    expect(power()).toMatchObject({ deviceId: 'simulated:1', chosenId: 'simulated:1' })
    expect(bench.legs.state(bench.nowMs).devices.map(({ isTrainer }) => isTrainer)).toEqual([true, false])
  })

  test('[B97] release is the flat at once, also from held watts, and confirmed', () => {
    const bench = legsBench({ legs: steady() })
    bench.legs.road({ gradeFraction: 0.05 }, 0)
    bench.legs.ask({ ask: 'target', targetW: 250 }, 0)
    bench.legs.ask({ ask: 'mode', mode: 'erg' }, 0)
    bench.run(10)
    bench.legs.release(bench.nowMs)
    bench.run(0.5)
    expect(bench.legs.isReleased).toBe(true)
    expect(bench.model.model.target).toMatchObject({ mode: 'simulation', gradeFraction: 0 })
  })
})
