import { expect, test } from 'vitest'
import { parseScript, ScriptedRider } from './script.ts'
import { TrainerModel } from './trainer-model.ts'

const RIDE = `
# a person's notes
at 0s power 200 cadence 90
at 60s power 300 over 20s    # slides there
at 2m stop
at 2m10s go
at 150s cadence 60
at 160s fault dropout:5s
at 4m end
`

function scriptOf(text: string) {
  const parsed = parseScript(text)
  if (!parsed.ok) throw new Error(parsed.error)
  return parsed.value
}

test('[B78] a script is ridden as it says: watts, slides, stops, cadence, faults and the end', () => {
  const script = scriptOf(RIDE)
  expect(script.endS).toBe(240)
  expect(script.faults).toEqual([{ name: 'dropout', value: 5, fromS: 160, toS: 165 }])
  const model = new TrainerModel({ startMps: 8 })
  const legs = new ScriptedRider(script)
  const at = new Map<number, ReturnType<TrainerModel['report']>>()
  for (let s = 1; s <= 240; s++) {
    model.step(legs, 1)
    at.set(s, model.report())
  }
  expect(at.get(59)!.legsW).toBeCloseTo(200, 3)
  expect(Math.abs(at.get(70)!.legsW - 250)).toBeLessThan(1)
  expect(at.get(100)!.legsW).toBeCloseTo(300, 1)
  expect(at.get(125)!.legsW).toBe(0)
  expect(at.get(125)!.cadenceRpm).toBe(0)
  expect(at.get(145)!.legsW).toBeCloseTo(300, 1)
  expect(Math.abs(at.get(149)!.cadenceRpm - 90)).toBeLessThan(10)
  expect(Math.abs(at.get(200)!.cadenceRpm - 60)).toBeLessThan(10)
})

test('[B78] a line that is none is told with its number and what would be right', () => {
  const wrong = (text: string): string => {
    const parsed = parseScript(text, 'ride.txt')
    return parsed.ok ? 'nothing' : parsed.error
  }
  expect(wrong('at 0s power 200\nin 3s stop')).toBe(
    'ride.txt, line 2: a line begins with "at", as in "at 30s cadence 60", not with "in"',
  )
  expect(wrong('at soon stop')).toBe('ride.txt, line 1: "soon" is no moment like 30s or 1m30s')
  expect(wrong('at 5s stop\nat 4s go')).toBe('ride.txt, line 2: 4s is before the line above it')
  expect(wrong('at 5s')).toBe('ride.txt, line 1: says when and not what')
  expect(wrong('at 5s power')).toBe('ride.txt, line 1: power is 0 to 2500, not ""')
  expect(wrong('at 5s power 9000')).toBe('ride.txt, line 1: power is 0 to 2500, not "9000"')
  expect(wrong('at 5s sing 3')).toBe('ride.txt, line 1: "sing" is not power, cadence, over, stop, go, fault or end')
  expect(wrong('at 5s power 100 over soon')).toBe('ride.txt, line 1: "over soon" is no time like 20s')
  expect(wrong('at 5s fault bla')).toMatch(/^ride.txt, line 1: no fault is called bla; /)
})
