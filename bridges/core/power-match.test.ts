import { describe, expect, test } from 'vitest'
import { SteadyRider } from '#bridges/trainer-sim/legs-models'
import { legsBench } from '#cli/sim/legs-bench'
import { PowerMatch } from './power-match.ts'

/** A trainer that reads `biasPercent` too much, so that the cranks push less than what it says. */
function matched(biasPercent: number, targetW: number, noisePercent = 0) {
  const bench = legsBench({
    legs: new SteadyRider({ powerW: 180 }),
    spec: { biasPercent, noisePercent },
    hasMeter: true,
  })
  bench.legs.road({ gradeFraction: 0 }, 0)
  bench.run(15)
  bench.legs.ask({ ask: 'target', targetW }, bench.nowMs)
  bench.legs.ask({ ask: 'mode', mode: 'erg' }, bench.nowMs)
  return bench
}

describe('watts held by a power meter', () => {
  test('[B87] a trainer that is 15 W off is within 2 % of the meter ten seconds after every step, and stays there', () => {
    // 15 W at 200 W.
    for (const biasPercent of [7.5, -7.5]) {
      const bench = matched(biasPercent, 200)
      bench.run(15)
      for (const targetW of [200, 240, 200, 170]) {
        bench.legs.ask({ ask: 'target', targetW }, bench.nowMs)
        bench.run(10)
        let sumW = 0
        let count = 0
        bench.run(5, ({ legsW }) => {
          sumW += legsW
          count++
        })
        expect(Math.abs(sumW / count / targetW - 1)).toBeLessThan(0.02)
      }
    }
  })

  test('[B87] from nothing known it takes ten seconds too', () => {
    const bench = matched(7.5, 200)
    bench.run(10)
    expect(Math.abs(bench.state.legsW / 200 - 1)).toBeLessThan(0.02)
  })

  test('[B87] a noisy trainer is matched in the mean', () => {
    const bench = matched(-7.5, 200, 3)
    bench.run(20)
    let sumW = 0
    let count = 0
    bench.run(60, ({ legsW }) => {
      sumW += legsW
      count++
    })
    expect(Math.abs(sumW / count / 200 - 1)).toBeLessThan(0.02)
  })

  test('[B87] without a meter the trainer is asked for what is wished', () => {
    const bench = legsBench({ legs: new SteadyRider(), spec: { biasPercent: 7.5 } })
    bench.legs.road({ gradeFraction: 0 }, 0)
    bench.legs.ask({ ask: 'target', targetW: 200 }, 0)
    bench.legs.ask({ ask: 'mode', mode: 'erg' }, 0)
    bench.run(30)
    expect(bench.targets().at(-1)!.powerW).toBe(200)
  })
})

test('[B87] a meter that is far off is believed as far as 40 W or a fifth, and one that fell silent as it was', () => {
  const match = new PowerMatch()
  let askedW = 0
  for (let atMs = 0; atMs < 30_000; atMs += 50) {
    match.offerMeter(320, atMs)
    match.offerTrainer(200, atMs)
    askedW = match.ask(150, atMs)
  }
  expect(askedW).toBe(120)
  for (let atMs = 30_000; atMs < 60_000; atMs += 50) {
    match.offerTrainer(300, atMs)
    askedW = match.ask(300, atMs)
  }
  expect(askedW).toBe(260)
})
