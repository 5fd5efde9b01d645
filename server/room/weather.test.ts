import { Decoder, Encoder } from '@colyseus/schema'
import { expect, test } from 'vitest'
import { createRandom } from '#physics/random'
import { CALM, type Weather } from '#physics/weather'
import { bytesFrom } from '#cli/sim/simulation'
import { VirtualClock } from '#cli/sim/virtual-clock'
import { factsOf } from '#client/room'
import { smallMap } from '#test/sim/small-map'
import { replayJournal } from '../world/replay.ts'
import { Ride } from './ride.ts'
import { RoomState } from './room-state.ts'
import { tellWeather, weatherOf } from './weather.ts'

const map = smallMap()
const SETTINGS = { windMps: 5, windFromDeg: 270, gustsPercent: 60, temperatureC: 22, isWet: false }
const BREEZE = weatherOf(SETTINGS)
const RAIN: Weather = { ...BREEZE, windNorthMps: 3, isWet: true }

/** A ride that tells a room's state, and a client that hears it, patch by patch. */
function newRide(weather?: Weather) {
  const clock = new VirtualClock()
  const randomBytes = bytesFrom(createRandom(11))
  const lines: string[] = []
  const state = new RoomState()
  const ride = new Ride({
    ...{ clock, randomBytes, tokenKey: randomBytes(32), roomId: 'room', mapId: 'ring', mapHash: map.mapHash },
    ...{ course: map.course, spawnM: 10, seed: 1, riderCapacity: 4, leaveAfterS: 30 },
    ...(weather === undefined ? {} : { weather }),
    journal: (line) => lines.push(line),
    onWeather: (spell, tick) => tellWeather(state, spell, tick),
  })
  const encoder = new Encoder(state)
  const heard = new RoomState()
  const decoder = new Decoder(heard)
  decoder.decode(encoder.encodeAll())
  encoder.discardChanges()
  const listen = () => {
    decoder.decode(encoder.encode())
    encoder.discardChanges()
    return factsOf(heard).weather
  }
  return { ride, clock, lines, listen }
}

function pass({ ride, clock }: ReturnType<typeof newRide>, ticks: number): void {
  for (let i = 0; i < ticks; i++) {
    clock.runUntil(clock.nowMs() + 50)
    ride.advance()
  }
}

test('[P38] settings become air that goes somewhere: 5 m/s from the west goes east', () => {
  expect(BREEZE.windEastMps).toBeCloseTo(5, 12)
  expect(BREEZE.windNorthMps).toBeCloseTo(0, 12)
  expect(BREEZE).toMatchObject({ gustShare: 0.6, seaLevelC: 22, isWet: false })
  expect(weatherOf({ ...SETTINGS, windMps: 0, temperatureC: 15 })).toBe(CALM)
})

test('[P38] a ride begins with its weather, and the room says so before anybody rides', () => {
  const calm = newRide()
  expect(calm.listen()).toEqual([{ fromTick: 0, weather: CALM }])
  const windy = newRide(BREEZE)
  expect(windy.listen()).toEqual([{ fromTick: 0, weather: BREEZE }])
  pass(windy, 1)
  expect(windy.ride.world.conditions.weather).toEqual(BREEZE)
})

test('[P38] a change is told five seconds ahead, beside what still holds, and holds in its tick', () => {
  const ride = newRide(BREEZE)
  pass(ride, 200)
  const fromTick = ride.ride.setWeather(RAIN)
  expect(fromTick).toBe(300)
  expect(ride.listen()).toEqual([
    { fromTick: 0, weather: BREEZE },
    { fromTick: 300, weather: RAIN },
  ])
  pass(ride, 100)
  expect(ride.ride.world.tick).toBe(300)
  expect(ride.ride.world.conditions.weather).toEqual(BREEZE) // Of the step that left tick 299.
  pass(ride, 1)
  expect(ride.ride.world.conditions.weather).toEqual(RAIN)
  ride.ride.setWeather(CALM)
  expect(ride.listen()).toEqual([
    { fromTick: 300, weather: RAIN },
    { fromTick: 401, weather: CALM },
  ])
})

test('[P38] the weather is in the journal: a ride through a change replays to the same hash', () => {
  const ride = newRide(BREEZE)
  ride.ride.addBot({ name: 'Pacer', massKg: 72, heightM: 1.8, wattsPerKg: 3 })
  pass(ride, 200)
  ride.ride.setWeather(RAIN)
  pass(ride, 400)
  ride.ride.stop()
  expect(ride.lines.join('\n')).toContain('"isWet":true')
  const replayed = replayJournal(ride.lines, map)
  expect(replayed).toMatchObject({ ok: true })
})
