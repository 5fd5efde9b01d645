import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findPython, type LiveRide, NO_PYTHON, rideLive } from '#cli/conformance/theirs'
import { PROTOCOL_VERSION } from '#protocol/limits'
import { readConfig } from '#server/config'
import type { RoomWeatherAnswer, WorldsAnswer } from '#server/http/shapes'
import { type House, openHouse } from '#server/main'
import { layPglite } from '#server/store/laid-pglite'

/** The whole house in this process, in gusts, and a client in Python that knows docs/protocol.md and nothing of ours. */
let house: House
let base: string
let folder: string
const python = findPython(process.env['PATH'] ?? '')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gruppetto-second-'))
  await layPglite(join(folder, 'data', 'pglite'))
  house = await openHouse({
    config: readConfig({
      GRUPPETTO_DATA_DIR: join(folder, 'data'),
      GRUPPETTO_PORT: '0',
      GRUPPETTO_WEBRTC_PORT: '0',
      GRUPPETTO_STORE: 'pglite',
      GRUPPETTO_LOG: 'silent',
      GRUPPETTO_WIND_MPS: '6',
      GRUPPETTO_WET: 'yes',
      GRUPPETTO_TEMPERATURE_C: '9',
    }),
    version: '0.0.0-test',
    say: () => {},
    hasPage: false,
  })
  base = `http://127.0.0.1:${house.port}`
}, 30_000)
afterAll(async () => {
  await house.close()
  await rm(folder, { recursive: true })
})

test(
  '[D189] the second implementation joins, rides, moves to another port, carries everybody as the server does, and leaves',
  { timeout: 60_000 },
  async () => {
    expect(python, NO_PYTHON).toBeDefined()
    const ride = (await rideLive(python!, base, 8)) as LiveRide
    expect(ride).toMatchObject({ failures: [] })
    expect(ride.figures['checks that did not hold']).toBe(0)
    expect(ride.figures['checks that held']).toBeGreaterThan(0)
    expect(ride.figures['packets used at the second address']).toBeGreaterThan(20)
    expect(ride.figures['riders in view']).toBe(3)
  },
)

test('[D196] who speaks another version is told so at the token exchange, and which side is to be updated', async () => {
  const ask = async (protocol: number): Promise<{ status: number; body: { error: string; message: string } }> => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' } }
    const answer = await fetch(`${base}/api/token`, { ...init, body: JSON.stringify({ protocol, anything: true }) })
    return { status: answer.status, body: (await answer.json()) as { error: string; message: string } }
  }
  const [older, newer] = [await ask(PROTOCOL_VERSION - 1), await ask(PROTOCOL_VERSION + 1)]
  for (const { status, body } of [older, newer]) {
    expect(status).toBeGreaterThanOrEqual(400)
    expect(body.error).toBe('ERR_PROTOCOL_VERSION')
  }
  expect(older.body.message).toContain('reload the page, or update the bridge')
  expect(newer.body.message).toContain('update this server')
})

test('[D197] the weather of a room is there by HTTP: what holds, with the tick from which it does', async () => {
  const { worlds } = (await (await fetch(`${base}/api/worlds`)).json()) as WorldsAnswer
  const room = worlds.flatMap(({ rooms }) => rooms)[0]!
  const weather = (await (await fetch(`${base}/api/rooms/${room.id}/weather`)).json()) as RoomWeatherAnswer
  expect(weather.tick).toBeGreaterThan(0)
  expect(weather.spells).toHaveLength(1)
  const [spell] = weather.spells
  expect(spell).toMatchObject({ fromTick: 0, gustShare: 0.6, seaLevelC: 9, isWet: true })
  expect(Math.hypot(spell!.windEastMps, spell!.windNorthMps)).toBeCloseTo(6, 9)
  expect((await fetch(`${base}/api/rooms/nowhere/weather`)).status).toBe(404)
})
