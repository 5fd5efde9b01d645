import { Decoder, Encoder } from '@colyseus/schema'
import { expect, test } from 'vitest'
import { createRandom } from '#physics/random'
import type { Sky } from '#physics/sky'
import { CALM, WeatherLog } from '#physics/weather'
import { bytesFrom } from '#cli/sim/simulation'
import { VirtualClock } from '#cli/sim/virtual-clock'
import { factsOf } from '#client/room'
import { skyAt } from '#client/world/sky'
import { smallMap } from '#test/sim/small-map'
import { createApp } from '../http/app.ts'
import type { Doors } from '../http/doors.ts'
import { weatherBody } from '../http/shapes.ts'
import { addWeather } from '../http/weather.ts'
import { AppError } from '../errors.ts'
import { createLog } from '../log.ts'
import { parseRecord } from '../world/parse-record.ts'
import { replayJournal } from '../world/replay.ts'
import { Ride } from './ride.ts'
import { RoomState } from './room-state.ts'
import { FRONT_TICKS, frontOf, skyOf, tellSky } from './sky.ts'
import { SkyKeeper } from './sky-keeper.ts'
import { tellWeather } from './weather.ts'
import type { Changes } from '../sky-changes.ts'

const map = smallMap()
const SETTINGS = {
  ...{ hourH: 9, dayPace: 6, cloudPercent: 30, hazePercent: 8, rainPercent: 0, snowLineM: undefined },
  ...{ temperatureC: 15, isWet: false },
}
const SKY = skyOf(SETTINGS)

function newRide(changes: Changes = 'none', sky: Sky = SKY) {
  const clock = new VirtualClock()
  const randomBytes = bytesFrom(createRandom(11))
  const lines: string[] = []
  const state = new RoomState()
  const ride = new Ride({
    ...{ clock, randomBytes, tokenKey: randomBytes(32), roomId: 'room', mapId: 'ring', mapHash: map.mapHash },
    ...{ course: map.course, spawnM: 10, seed: 1, riderCapacity: 4, leaveAfterS: 30, sky },
    journal: (line) => lines.push(line),
    onWeather: (spell, tick) => tellWeather(state, spell, tick),
    onSky: (spells) => tellSky(state, spells),
    onSecond: ({ tick }) => keeper.second(tick),
  })
  const keeper: SkyKeeper = new SkyKeeper(ride, { sky, changes, seed: 5, weather: CALM })
  const encoder = new Encoder(state)
  const heard = new RoomState()
  const decoder = new Decoder(heard)
  decoder.decode(encoder.encodeAll())
  encoder.discardChanges()
  const listen = () => {
    decoder.decode(encoder.encode())
    encoder.discardChanges()
    return factsOf(heard)
  }
  const pass = (ticks: number) => {
    for (let i = 0; i < ticks; i++) {
      clock.runUntil(clock.nowMs() + 50)
      ride.advance()
    }
  }
  return { ride, lines, listen, pass, keeper }
}

test('[V41] settings become a sky: rain brings its clouds and its wet, and snow lies where the air has 1 °C', () => {
  expect(SKY).toEqual({
    ...{ hourH: 9, dayPace: 6, cloudShare: 0.3, hazeShare: 0.08, rainShare: 0, wetShare: 0, snowLineM: 2154 },
  })
  expect(skyOf({ ...SETTINGS, rainPercent: 60 })).toMatchObject({ cloudShare: 1, rainShare: 0.6, wetShare: 1 })
  expect(skyOf({ ...SETTINGS, isWet: true })).toMatchObject({ rainShare: 0, wetShare: 1 })
  expect(skyOf({ ...SETTINGS, temperatureC: 2, snowLineM: 900 })).toMatchObject({ snowLineM: 900 })
})

test('[V41] rain is told ahead, wets the road about when the water stands, and replays to the same sky and hash', () => {
  const room = newRide()
  room.ride.addBot({ name: 'Pacer', massKg: 72, heightM: 1.8, wattsPerKg: 3 })
  room.pass(200)
  expect(room.keeper.set({ rainShare: 0.8, overS: 10 })).toBe(300)
  const facts = room.listen()
  expect(facts.sky.map(({ fromTick, easeTicks }) => [fromTick, easeTicks])).toEqual([
    [0, 0],
    [300, 200],
  ])
  expect(facts.weather.map(({ fromTick, weather }) => [fromTick, weather.isWet])).toEqual([
    [0, false],
    [360, true],
  ])
  room.pass(500)
  const log = new WeatherLog()
  for (const { weather, fromTick } of facts.weather) log.change(weather, fromTick)
  expect(skyAt(facts.sky, log, 350)).toMatchObject({ weather: { isWet: false } })
  expect(skyAt(facts.sky, log, 500)).toMatchObject({
    rainShare: 0.8,
    wetShare: 1,
    cloudShare: 1,
    weather: { isWet: true },
  })
  room.ride.stop()
  expect(replayJournal(room.lines, map)).toMatchObject({ ok: true })
  const told = room.lines.map((line) => parseRecord(line)).filter((record) => record.ok)
  const skies = told.filter(({ value: [kind, , fact] }) => kind === 'fact' && fact.kind === 'sky')
  expect(skies).toHaveLength(2)
  expect(room.ride.world.checkpoint().skies).toEqual(facts.sky)
})

test('[V42] fronts follow from the seed alone; clouds never change how anybody rides, rain does', () => {
  const room = { sky: SKY, weather: CALM }
  const kinds = (seed: number, changes: Changes) =>
    Array.from({ length: 60 }, (_, n) => frontOf(seed, n, { ...room, changes }))
  expect(kinds(7, 'fronts')).toEqual(kinds(7, 'fronts'))
  expect(kinds(8, 'fronts')).not.toEqual(kinds(7, 'fronts'))
  expect(kinds(7, 'none').every(({ sky }) => sky === SKY)).toBe(true)
  for (const { sky, weather } of kinds(7, 'clouds')) {
    expect(weather).toBe(CALM)
    expect(sky).toMatchObject({ rainShare: 0, wetShare: 0, snowLineM: SKY.snowLineM })
  }
  const wild = kinds(7, 'fronts')
  expect(new Set(kinds(7, 'clouds').map(({ sky }) => sky.cloudShare)).size).toBeGreaterThan(30)
  const wet = wild.filter(({ weather }) => weather.isWet)
  expect(wet.length).toBeGreaterThan(4)
  expect(wild.every(({ sky, weather }) => weather.isWet === sky.wetShare >= 0.3)).toBe(true)
  expect(wild.filter(({ sky }) => sky.rainShare > 0.3).every(({ sky }) => sky.cloudShare > 0.7)).toBe(true)
})

test('[V42] a room announces each front once, five seconds ahead, until the organiser says what it shall be', () => {
  const room = newRide('clouds')
  room.pass(FRONT_TICKS + 60)
  const [first, front, ...more] = room.listen().sky
  expect(first!.fromTick).toBe(0)
  expect([front!.fromTick, more.length]).toEqual([FRONT_TICKS, 0])
  // The day runs on through the front: a quarter of an hour at six hours an hour.
  expect(front!.sky.hourH).toBeCloseTo(10.5, 6)
  room.keeper.set({ cloudShare: 0, hazeShare: 0, hourH: 20, dayPace: 0, overS: 0 })
  room.pass(2 * FRONT_TICKS)
  const { sky } = room.listen()
  expect(skyAt(sky, new WeatherLog(), 3 * FRONT_TICKS)).toMatchObject({ hourH: 20, cloudShare: 0, hazeShare: 0 })
})

test('[V43] what the organiser does not name stays; wind keeps its side when only its speed is named', () => {
  const { keeper, ride } = newRide()
  keeper.set({ windMps: 4, windFromDeg: 90 })
  keeper.set({ windMps: 8, temperatureC: 2 })
  const { weather } = ride.world.checkpoint()
  expect(weather.windEastMps).toBeCloseTo(-8, 6)
  expect(weather).toMatchObject({ gustShare: 0.6, seaLevelC: 2 })
  expect(ride.world.skies.at(-1)!.sky).toMatchObject({ ...SKY, hourH: 9, snowLineM: 154 })
  expect(weatherBody.safeParse({ rainShare: 1.2 }).success).toBe(false)
  expect(weatherBody.safeParse({ sunny: true }).success).toBe(false)
})

test('[V43] only the organiser changes the sky; who errs hears a sentence', async () => {
  const { ride, keeper } = newRide()
  const state = { weather: [] }
  const rides = { rooms: [{ roomId: 'room', ride, skies: keeper, state }] }
  const app = createApp(createLog('silent'))
  addWeather(app, { rides } as unknown as Doors, ({ headers }) => {
    if (headers.authorization !== 'Bearer right') throw new AppError('ERR_FORBIDDEN', 'Only the organiser may do this.')
  })
  const ask = async (token: string, payload: object, id = 'room') =>
    await app.inject({
      method: 'POST',
      url: `/api/rooms/${id}/weather`,
      headers: { authorization: `Bearer ${token}` },
      payload,
    })
  expect((await ask('wrong', { rainShare: 1 })).statusCode).toBe(403)
  expect((await ask('right', { rainShare: 'much' })).json().message).toContain('rainShare')
  expect((await ask('right', {}, 'nowhere')).json().message).toContain('no such room')
  expect(ride.world.skies).toHaveLength(1)
  expect((await ask('right', { rainShare: 0.5, overS: 0 })).json()).toEqual({ fromTick: 0 })
  const told = (await app.inject('/api/rooms/room/weather')).json()
  expect(told.skies).toMatchObject([{ fromTick: 0, rainShare: 0.5, wetShare: 1, hourH: 9 }])
  await app.close()
})
