import { describe, expect, test } from 'vitest'
import { ControlLoop } from './control-loop.ts'
import { controlCode, type ControlRequest, type ControlResult } from './profiles/control-point.ts'

const agree = (): ControlResult => 'success'

/** A loop, a trainer that answers as told, and a clock that is stepped by ten milliseconds. */
function bench(loop = new ControlLoop()) {
  const written: { request: ControlRequest; atMs: number }[] = []
  let atMs = 0
  let answer: (request: ControlRequest) => ControlResult | undefined = agree
  loop.linked(0)
  return {
    loop,
    written,
    get nowMs() {
      return atMs
    },
    answerWith(next: typeof answer) {
      answer = next
    },
    run(durationMs: number, each: (atMs: number) => void = () => {}) {
      for (const end = atMs + durationMs; atMs < end; atMs += 10) {
        each(atMs)
        const request = loop.next(atMs)
        if (request === undefined) continue
        written.push({ request, atMs })
        const result = answer(request)
        if (result !== undefined)
          loop.answered({ requestCode: controlCode(request.op), result, parameters: new Uint8Array(0) }, atMs)
      }
    },
    writtenWithin: (atMs: number, windowMs: number, op?: ControlRequest['op']) =>
      written.filter(
        (write) => write.atMs > atMs - windowMs && write.atMs <= atMs && (op === undefined || write.request.op === op),
      ).length,
    grades: () => written.flatMap(({ request }) => (request.op === 'set-simulation' ? [request.gradeFraction] : [])),
  }
}

describe('writes', () => {
  test('control is requested and the ride started before the first grade', () => {
    const b = bench()
    b.loop.wish({ gradeFraction: 0.03 })
    b.run(1000)
    expect(b.written.map(({ request }) => request.op)).toEqual(['request-control', 'start-or-resume', 'set-simulation'])
    expect(b.loop.taken).toEqual({ gradeFraction: 0.03 })
  })

  test('[B80] of targets are four in any second at most, two in a quarter of one, whatever is wished, and the newest wish wins', () => {
    const b = bench()
    b.run(10_000, (atMs) => b.loop.wish({ gradeFraction: 0.12 * Math.sin(atMs / 700) }))
    b.loop.wish({ gradeFraction: 0.021 })
    b.run(2000)
    for (const { atMs } of b.written) {
      expect(b.writtenWithin(atMs, 1000, 'set-simulation')).toBeLessThanOrEqual(4)
      expect(b.writtenWithin(atMs, 250)).toBeLessThanOrEqual(2)
    }
    expect(b.written.length).toBeGreaterThan(30)
    expect(b.loop.taken).toEqual({ gradeFraction: 0.021 })
  })

  test('[B80] a step of the road is written at once, also while a winding road takes three writes a second', () => {
    const b = bench()
    for (let second = 0; second < 20; second++) {
      b.run(1370, (atMs) => b.loop.wish({ gradeFraction: 0.001 * Math.sin(atMs / 200) }))
      const before = b.written.length
      const stepMs = b.nowMs
      b.run(50, () => b.loop.wish({ gradeFraction: second % 2 === 0 ? 0.02 : -0.02 }))
      expect(b.written.length).toBe(before + 1)
      expect(b.written.at(-1)!.atMs - stepMs).toBeLessThanOrEqual(50)
    }
  })

  test('an unchanged grade is not said again at once, but now and then', () => {
    const b = bench()
    b.loop.wish({ gradeFraction: 0.01 })
    b.run(9000)
    expect(b.grades()).toEqual([0.01])
    b.run(3000)
    expect(b.grades()).toEqual([0.01, 0.01])
  })

  test('[B7] a wall of a road comes as a slope, and no trainer is asked for more than a quarter', () => {
    const b = bench()
    b.loop.wish({ gradeFraction: 0 })
    b.run(1000)
    b.loop.wish({ gradeFraction: 0.9 })
    b.run(5000)
    const steps = b
      .grades()
      .slice(1)
      .map((grade, i) => grade - b.grades()[i]!)
    expect(Math.max(...steps)).toBeLessThanOrEqual(0.0400001)
    expect(b.grades().at(-1)).toBe(0.25)
  })

  test('a wish that is no number is none', () => {
    const b = bench()
    b.loop.wish({ gradeFraction: Number.NaN })
    b.loop.wish({ targetW: Infinity })
    b.run(2000)
    expect(b.written.map(({ request }) => request.op)).toEqual(['request-control', 'start-or-resume'])
  })

  test('watts are ramped too', () => {
    const b = bench()
    b.loop.wish({ targetW: 100 })
    b.run(1000)
    b.loop.wish({ targetW: 180 })
    b.run(2000)
    const targets = b.written.flatMap(({ request }) => (request.op === 'set-target-power' ? [request.powerW] : []))
    expect(targets).toEqual([100, 125, 150, 175, 180])
  })
})

describe('a trainer that does not do as told', () => {
  test('[B81] every command is answered within two seconds, or the loop says that it was not', () => {
    const b = bench()
    b.loop.wish({ gradeFraction: 0.02 })
    b.run(500)
    expect(b.loop.trouble).toBeUndefined()
    b.answerWith(() => undefined)
    b.loop.wish({ gradeFraction: 0.05 })
    b.run(10)
    const sentMs = b.written.at(-1)!.atMs
    b.run(2000, (atMs) => {
      if (b.loop.trouble === undefined) expect(atMs - sentMs).toBeLessThan(2000)
    })
    expect(b.loop.trouble).toBe('no-answer')
    b.answerWith((request) => (request.op === 'set-simulation' ? 'failed' : 'success'))
    b.run(7000)
    expect(b.loop.trouble).toBe('refused')
    b.answerWith(agree)
    b.run(2000)
    expect([b.loop.trouble, b.loop.taken]).toEqual([undefined, { gradeFraction: 0.05 }])
  })

  test('[B81] what a trainer refuses is said again once a second, not four times', () => {
    const b = bench()
    b.answerWith((request) => (request.op === 'set-simulation' ? 'invalid-parameter' : 'success'))
    b.loop.wish({ gradeFraction: 0.02 })
    b.run(10_000)
    expect(b.grades().length).toBeLessThanOrEqual(10)
  })

  test('[B82] control that is lost in the middle of everything is back within a second, with the last target in one write', () => {
    const b = bench()
    const winding = (atMs: number) => b.loop.wish({ targetW: 200 + Math.round(8 * Math.sin(atMs / 90)) })
    for (let round = 0; round < 20; round++) {
      b.run(3000 + round * 37, winding)
      const last = b.loop.taken
      const lostMs = b.nowMs
      b.loop.controlLost(lostMs)
      const before = b.written.length
      b.run(1000)
      expect(b.loop.taken).toBeDefined()
      const ops = b.written.slice(before).map(({ request }) => request.op)
      expect(ops.slice(0, 3)).toEqual(['request-control', 'start-or-resume', 'set-target-power'])
      expect(
        Math.abs((b.loop.taken as { targetW: number }).targetW - (last as { targetW: number }).targetW),
      ).toBeLessThan(17)
    }
  })

  test('[B82] the refusal of a target that was on its way when control went delays nothing', () => {
    const b = bench()
    b.loop.wish({ gradeFraction: 0.02 })
    b.run(2000)
    b.answerWith((request) => (request.op === 'set-simulation' ? undefined : 'success'))
    b.loop.wish({ gradeFraction: 0.04 })
    b.run(20)
    b.loop.controlLost(b.nowMs)
    b.loop.next(b.nowMs)
    b.loop.answered(
      { requestCode: controlCode('set-simulation'), result: 'not-permitted', parameters: new Uint8Array(0) },
      b.nowMs,
    )
    b.loop.answered(
      { requestCode: controlCode('request-control'), result: 'success', parameters: new Uint8Array(0) },
      b.nowMs,
    )
    b.answerWith(agree)
    b.run(800)
    expect(b.loop.taken).toEqual({ gradeFraction: 0.04 })
  })

  test('[B8] a lost answer is a write repeated, three of them a request for control', () => {
    const b = bench()
    b.loop.wish({ gradeFraction: 0.02 })
    b.answerWith((request) => (request.op === 'set-simulation' ? undefined : 'success'))
    b.run(9000)
    const ops = b.written.map(({ request }) => request.op)
    expect(ops.slice(2, 7)).toEqual([
      'set-simulation',
      'set-simulation',
      'set-simulation',
      'request-control',
      'start-or-resume',
    ])
  })

  test('[B8] control refused or lost is asked for again within a second, and the grade comes back', () => {
    const b = bench()
    let refusals = 2
    b.answerWith((request) => (request.op === 'request-control' && refusals-- > 0 ? 'not-permitted' : 'success'))
    b.loop.wish({ gradeFraction: 0.02 })
    b.run(3500)
    expect(b.loop.taken).toEqual({ gradeFraction: 0.02 })
    b.loop.controlLost(b.nowMs)
    expect(b.loop.taken).toBeUndefined()
    b.run(1000)
    expect(b.loop.taken).toEqual({ gradeFraction: 0.02 })
  })

  test('one that knows no simulation is left alone', () => {
    const b = bench()
    b.answerWith((request) => (request.op === 'set-simulation' ? 'not-supported' : 'success'))
    b.loop.wish({ gradeFraction: 0.02 })
    b.run(20_000)
    expect(b.grades()).toEqual([0.02])
    expect(b.loop.state).toEqual({ state: 'unsupported' })
  })

  test('after a lost link everything begins anew', () => {
    const b = bench()
    b.loop.wish({ gradeFraction: 0.02 })
    b.run(1000)
    b.loop.unlinked()
    b.run(1000)
    expect(b.written).toHaveLength(3)
    b.loop.linked(b.nowMs)
    b.run(1000)
    expect(b.grades()).toEqual([0.02, 0.02])
  })
})

test('[B9] a trainer that was asked nothing is free at once', () => {
  const loop = new ControlLoop()
  loop.linked(0)
  loop.release()
  expect(loop.isReleased).toBe(true)
})

test('[B9] release goes to the flat in one write, and is done when the trainer has it', () => {
  const b = bench()
  b.loop.wish({ gradeFraction: 0.2 })
  b.run(1000)
  b.loop.release()
  expect(b.loop.isReleased).toBe(false)
  b.loop.wish({ gradeFraction: 0.1 })
  b.run(500)
  expect(b.grades()).toEqual([0.2, 0])
  expect(b.loop.isReleased).toBe(true)
})

describe('air', () => {
  const sims = (b: ReturnType<typeof bench>) =>
    b.written.flatMap(({ request }) => (request.op === 'set-simulation' ? [request] : []))

  test('[P68] shelter scales the drag a trainer simulates, and wind is told; alone in still air it is as it was', () => {
    const b = bench()
    b.loop.wish({ gradeFraction: 0.01 })
    b.run(1000)
    expect(sims(b).at(-1)).toEqual({
      op: 'set-simulation',
      windMps: 0,
      gradeFraction: 0.01,
      crr: 0.004,
      cwKgpm: 0.51,
    })
    b.loop.wish({ gradeFraction: 0.01, draftFactor: 0.652, headwindMps: -2.6 })
    b.run(3000)
    expect(sims(b).at(-1)!.cwKgpm).toBeCloseTo(0.51 * 0.65, 9)
    expect(sims(b).at(-1)!.windMps).toBe(-2.5)
    expect(b.loop.taken).toEqual({ gradeFraction: 0.01, draftFactor: 0.65, headwindMps: -2.5 })
  })

  test('[P68] a wheel that is lost comes as a swell: a tenth of the drag a write, four writes a second at most', () => {
    const b = bench()
    b.loop.wish({ gradeFraction: 0, draftFactor: 0.5 })
    b.run(2000)
    const before = sims(b).length
    b.loop.wish({ gradeFraction: 0, draftFactor: 1 })
    b.run(5000)
    const shares = sims(b)
      .slice(before)
      .map(({ cwKgpm }) => Math.round((100 * cwKgpm) / 0.51))
    expect(shares).toEqual([60, 70, 80, 90, 100])
  })

  test('[P68] breaths of air are no writes, nonsense is still air, and a released trainer has its own drag again', () => {
    const b = bench()
    b.run(4000, (atMs) => b.loop.wish({ gradeFraction: 0, draftFactor: 0.7 + 0.02 * Math.sin(atMs / 300) }))
    expect(sims(b)).toHaveLength(1)
    b.loop.wish({ gradeFraction: 0, draftFactor: NaN, headwindMps: Infinity })
    b.run(3000)
    expect(b.loop.taken).toEqual({ gradeFraction: 0 })
    b.loop.wish({ gradeFraction: 0, draftFactor: 0.5 })
    b.run(3000)
    b.loop.release()
    expect(b.loop.isReleased).toBe(false)
    b.run(1000)
    expect(b.loop.isReleased).toBe(true)
    expect(sims(b).at(-1)!.cwKgpm).toBe(0.51)
  })
})
