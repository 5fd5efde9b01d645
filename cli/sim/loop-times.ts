import { FadingRider, type LegsModel, SteadyRider } from '#bridges/trainer-sim/legs-models'
import { legsBench } from './legs-bench.ts'

/** How long the loop to the legs takes, in virtual time against the simulated trainer, whose answers take 30 ms: the worst of many. */
export interface LoopTimes {
  readonly gradeStepToWriteMs: number
  /** Of targets; control is asked for beside them. */
  readonly writesInASecond: number
  readonly writesPerSecondMean: number
  readonly silenceSaidAfterMs: number
  readonly controlBackMs: number
  readonly guardReleaseMs: number
  readonly shiftToWriteMs: number
}

export function loopTimes(): LoopTimes {
  return { ...onTheRoad(), silenceSaidAfterMs: silent(), guardReleaseMs: fading() }
}

/** A road that winds all the time, with a wall, a shift or a loss of control at two hundred odd moments. */
function onTheRoad() {
  const rider = new SteadyRider({ powerW: 220 })
  // With virtual gears nobody shifts the others.
  const oneGear: LegsModel = { push: (feel, stepS) => ({ ...rider.push(feel, stepS), gearRatio: 2.94 }) }
  const bench = legsBench({ legs: oneGear })
  const { legs, written } = bench
  let baseGrade = 0.02
  const wind = (atMs: number): void => {
    if (atMs % 50 === 0) legs.road({ gradeFraction: baseGrade + 0.004 * Math.sin(atMs / 700) }, atMs)
  }
  const ride = (seconds: number): void => bench.run(seconds, (_, atMs) => wind(atMs))
  legs.ask({ ask: 'gears', isOn: true }, 0)
  ride(20)
  const worst = { step: 0, shift: 0, lost: 0 }
  const firstWriteAfter = (act: () => void): number => {
    const before = written.length
    const fromMs = bench.nowMs
    act()
    for (let i = 0; i < 100 && written.length === before; i++) ride(0.01)
    return written[before]!.atMs - fromMs
  }
  for (let i = 0; i < 70; i++) {
    ride(1.2 + ((i * 37) % 100) / 100)
    baseGrade = i % 2 === 0 ? 0.07 : -0.01
    worst.step = Math.max(
      worst.step,
      firstWriteAfter(() => legs.road({ gradeFraction: baseGrade }, bench.nowMs)),
    )
    ride(3.1 + ((i * 53) % 100) / 100)
    worst.shift = Math.max(
      worst.shift,
      firstWriteAfter(() => legs.ask({ ask: 'shift', by: i % 2 === 0 ? 1 : -1 }, bench.nowMs)),
    )
    ride(1.7 + ((i * 71) % 100) / 100)
    const fromMs = bench.nowMs
    bench.model.desk.loseControl()
    while (legs.loop.taken === undefined) ride(0.01)
    worst.lost = Math.max(worst.lost, bench.nowMs - fromMs)
  }
  const targets = written.filter(({ request }) => request.op === 'set-simulation')
  const within = targets.map(({ atMs }) => targets.filter((w) => w.atMs > atMs - 1000 && w.atMs <= atMs).length)
  return {
    gradeStepToWriteMs: worst.step,
    shiftToWriteMs: worst.shift,
    controlBackMs: worst.lost,
    writesInASecond: Math.max(...within),
    writesPerSecondMean: (targets.length * 1000) / bench.nowMs,
  }
}

/** A trainer that stops answering. */
function silent(): number {
  let isSilent = false
  const bench = legsBench({ legs: new SteadyRider(), answers: () => (isSilent ? 'never' : 'as it is') })
  bench.legs.road({ gradeFraction: 0.01 }, 0)
  bench.run(3)
  isSilent = true
  bench.legs.road({ gradeFraction: 0.05 }, bench.nowMs)
  const fromMs = bench.nowMs
  while (bench.legs.loop.trouble === undefined) bench.run(0.01)
  return bench.nowMs - fromMs
}

/** From the moment the crank turns slower than 50 rpm until the trainer has the flat. */
function fading(): number {
  let worstMs = 0
  for (const reserveJ of [2000, 4000, 8000]) {
    const bench = legsBench({ legs: new FadingRider({ powerW: 200, criticalPowerW: 180, reserveJ }) })
    bench.legs.road({ gradeFraction: 0 }, 0)
    bench.run(20)
    bench.legs.ask({ ask: 'target', targetW: 290 }, bench.nowMs)
    bench.legs.ask({ ask: 'mode', mode: 'erg' }, bench.nowMs)
    bench.run(10)
    let slowMs: number | undefined
    bench.run(200, ({ cadenceRpm }, atMs) => {
      if (bench.model.model.target.mode !== 'power') slowMs = undefined
      else if (cadenceRpm < 50) worstMs = Math.max(worstMs, atMs - (slowMs ??= atMs))
    })
  }
  return worstMs
}
