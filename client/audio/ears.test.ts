import { expect, test } from 'vitest'
import { FAIR_MORNING } from '../world/sky.ts'
import type { RoomFacts } from '../room.ts'
import { createEars, createSoundNow, soundOf, type Ears } from './ears.ts'
import { createRaceHeard, raceCue } from './race-sounds.ts'
import { readSound } from './sound.ts'
import { surroundingsOf } from './surroundings.ts'

const NOON = { ...FAIR_MORNING, hourH: 12 }
const RIDING: Partial<Ears> = { speedMps: 10, cadenceRpm: 90, powerW: 220 }
const hear = (ears: Partial<Ears>, sky: Partial<typeof NOON> = {}) =>
  soundOf({ ...createEars(), ...RIDING, ...ears }, { ...NOON, ...sky }, createSoundNow())

test('[V55] wind is heard by the air that comes: louder into it, quieter behind a wheel, silent at a stand', () => {
  const calm = hear({})
  expect(hear({ headMps: 6 }).windGain).toBeGreaterThan(2 * calm.windGain)
  expect(hear({ headMps: 6 }).windHz).toBeGreaterThan(calm.windHz)
  expect(hear({ draftFactor: 0.5 }).windGain).toBeCloseTo(calm.windGain / 2, 6)
  expect(hear({ speedMps: 0, headMps: -3 }).windGain).toBe(0)
  expect(hear({ headMps: -10 }).windGain).toBe(0)
})

test('[V55] feet that stand let the freewheel click by the wheel; feet that turn are heard by their strokes', () => {
  const pedalling = hear({})
  expect([pedalling.clickGain, pedalling.driveHz]).toEqual([0, 3])
  const coasting = hear({ cadenceRpm: 0, powerW: 0 })
  expect(coasting.driveGain).toBe(0)
  expect(coasting.clickGain).toBeGreaterThan(0)
  expect(coasting.clickHz).toBeCloseTo((10 / 2.1) * 18, 9)
  expect(hear({ cadenceRpm: 0, speedMps: 0 }).clickGain).toBe(0)
  expect(hear({ powerW: 600 }).driveGain).toBeGreaterThan(pedalling.driveGain)
})

test('[V55] the road is heard: cobbles rumble, wet asphalt hisses, snow swallows both', () => {
  expect(hear({}).rumbleGain).toBe(0)
  expect(hear({ roughShare: 1 }).rumbleGain).toBeGreaterThan(0.3)
  expect(hear({}, { wetShare: 1 }).hissGain).toBeGreaterThan(0.1)
  expect(hear({}).hissGain).toBe(0)
  const snow = hear({ isSnow: true, roughShare: 1 }, { wetShare: 1, rainShare: 1 })
  expect([snow.hissGain, snow.rainGain]).toEqual([0, 0])
})

test('[V55] the hour and the weather are heard: birds at dawn, crickets by night, neither in rain', () => {
  const birds = (hourH: number, rainShare = 0) => hear({}, { hourH, rainShare }).birdsPerMin
  expect(birds(5.6)).toBeGreaterThan(3 * birds(12))
  expect(birds(1)).toBe(0)
  expect(birds(5.6, 0.5)).toBe(0)
  expect(hear({}, { hourH: 23 }).cricketGain).toBeGreaterThan(0)
  expect(hear({}, { hourH: 12 }).cricketGain).toBe(0)
  expect(hear({}, { hourH: 23, rainShare: 0.5 }).cricketGain).toBe(0)
})

test('[V55] whatever a rider meets, every gain is a number from 0 to 1', () => {
  const wild = [-40, -1, 0, 0.3, 1, 7, 30, 2000]
  for (const a of wild) {
    for (const b of wild) {
      const ears = {
        ...createEars(),
        speedMps: Math.abs(a),
        headMps: b,
        crossMps: a,
        powerW: b,
        cadenceRpm: Math.abs(b),
      }
      const all = {
        ...ears,
        draftFactor: b,
        roughShare: Math.min(1, Math.abs(b)),
        sea: a,
        crowd: b,
        town: Math.min(1, Math.abs(a)),
      }
      const now = soundOf(
        all,
        { ...NOON, hourH: Math.abs(a) % 24, rainShare: Math.min(1, Math.abs(b)) },
        createSoundNow(),
      )
      for (const [name, value] of Object.entries(now)) {
        expect(Number.isFinite(value), name).toBe(true)
        if (name.endsWith('Gain')) expect(value >= 0 && value <= 1, `${name} ${value}`).toBe(true)
      }
    }
  }
})

test('[V56] a race is heard once: the count, the gun, the bell of the last lap, the finish', () => {
  const facts = (lap: number, finishedMs = 0): RoomFacts =>
    ({
      eventId: 'e',
      startTick: 1000,
      laps: 3,
      board: [{ place: 1, riderId: 7, lap, finishedMs }],
    }) as unknown as RoomFacts
  const heard = createRaceHeard()
  const cues: (string | undefined)[] = []
  for (let tick = 800; tick <= 1040; tick += 2) cues.push(raceCue(facts(0), 7, tick, heard))
  expect(cues.filter((cue) => cue !== undefined)).toEqual(['count', 'count', 'count', 'count', 'count', 'go'])
  expect(raceCue(facts(1), 7, 3000, heard)).toBeUndefined()
  expect(raceCue(facts(2), 7, 5000, heard)).toBe('last-lap')
  expect(raceCue(facts(2), 7, 5002, heard)).toBeUndefined()
  expect(raceCue(facts(3, 300_000), 7, 7000, heard)).toBe('finish')
  expect(raceCue(facts(3, 300_000), 7, 7002, heard)).toBeUndefined()
  expect(raceCue(facts(3, 300_000), 7, 7004, createRaceHeard())).toBeUndefined()
})

test('[V57] the map says what is heard beside its road: shore, town, pasture, people at lines and on climbs', () => {
  const course = {
    xAt: (m: number) => m,
    yAt: () => 0,
    heightAt: (m: number) => m / 2,
    crrAt: (m: number) => (m < 50 ? 0.0102 : 0.004),
  }
  const network = {
    ways: [{ startM: 100 }],
    lines: [{ way: 0, atM: 0 }],
    segments: [{ kind: 'climb', along: [{ fromM: 1000, toM: 2000 }] }],
  }
  const scenery = {
    seed: 1,
    places: [{ kind: 'town', name: 'T', x: 0, y: 0, radiusM: 400 }],
    sea: {
      levelM: 0,
      shore: [
        [0, -100],
        [500, -100],
        [500, -900],
      ],
    },
  }
  const around = surroundingsOf(course, network as never, { scenery } as never)
  const at = (placeM: number) => {
    const ears = createEars()
    around.at(placeM, ears)
    return ears
  }
  expect(at(0)).toMatchObject({ roughShare: 1, town: 1.3, sea: 1 - 100 / 700 })
  expect(at(100).crowd).toBe(1)
  expect(at(600)).toMatchObject({ roughShare: 0, crowd: 0, town: 0 })
  expect(at(1950).crowd).toBeGreaterThan(at(1600).crowd)
  expect(at(1600).crowd).toBeGreaterThan(0)
  expect(at(1700).pasture).toBeGreaterThan(at(900).pasture)
  expect(at(9000)).toMatchObject({ sea: 0, woods: 0.1, pasture: 0 })
})

test('[V58] volume and silence are remembered; what another version wrote is the first setting', () => {
  expect(readSound('{"volume":0.2,"isMuted":true}')).toEqual({ volume: 0.2, isMuted: true })
  const first = { volume: 0.6, isMuted: false }
  for (const text of [null, undefined, '', 'x', '{"volume":7}', '[]']) expect(readSound(text)).toEqual(first)
})
