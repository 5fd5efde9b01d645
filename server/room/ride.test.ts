import { describe, expect, test } from 'vitest'
import { HeadlessClient } from '#client/net/headless'
import type { RiderId, Sequence } from '#protocol/ids'
import { PAIRING_TTL_S, PAIRINGS_MAX } from '#protocol/limits'
import { createRandom } from '#physics/random'
import { VirtualClock } from '#cli/sim/virtual-clock'
import { bytesFrom } from '#cli/sim/simulation'
import type { Peer } from '../net/peers.ts'
import { replayJournal } from '../world/replay.ts'
import { smallMap } from '#test/sim/small-map'
import { Pairings } from './pairing.ts'
import { Ride } from './ride.ts'
import type { RideOptions, RideSecond } from './ride-options.ts'

const map = smallMap()
const ANNA = { name: 'Anna', massKg: 61, heightM: 1.7 }

function newRide(more: Partial<RideOptions> = {}) {
  const clock = new VirtualClock()
  const randomBytes = bytesFrom(createRandom(11))
  const lines: string[] = []
  const seen: string[] = []
  const seconds: RideSecond[] = []
  const ride = new Ride({
    clock,
    randomBytes,
    tokenKey: randomBytes(32),
    roomId: 'room',
    mapId: 'ring',
    mapHash: map.mapHash,
    course: map.course,
    spawnM: 10,
    seed: 1,
    riderCapacity: 4,
    leaveAfterS: 30,
    journal: (line) => lines.push(line),
    onSecond: (second) => seconds.push(second),
    onJoined: (rider) => seen.push(`+${rider.name}`),
    onLeft: (riderId) => seen.push(`-${riderId}`),
    ...more,
  })
  return { ride, clock, lines, seen, seconds }
}

const codeOf = (action: () => unknown): string => {
  try {
    action()
    return 'fine'
  } catch (error) {
    return (error as { code: string }).code
  }
}

function pedal({ ride, clock }: ReturnType<typeof newRide>, riderId: RiderId, seconds: number) {
  for (let i = 0; i < seconds; i++) {
    const nowMs = clock.nowMs()
    ride.world.post(ride.world.rowOf(riderId)!, {
      sequence: (nowMs / 1000) as Sequence,
      atMs: nowMs,
      powerW: 200,
      cadenceHalfRpm: 180,
      heartRateBpm: 0,
      steer: 0,
    })
    clock.runUntil(nowMs + 1000)
  }
}

describe('ride', () => {
  test('ticks come by themselves, twenty a second, until it stops; a second is told once', () => {
    const { ride, clock, seconds } = newRide()
    ride.start()
    clock.runUntil(10_000)
    expect(ride.world.tick).toBe(200)
    expect(seconds.map((second) => second.tick)).toEqual(Array.from({ length: 10 }, (_, i) => 20 * (i + 1)))
    ride.stop()
    clock.runUntil(20_000)
    expect(ride.world.tick).toBe(200)
  })

  test('a silent rider coasts, and leaves the road after the time that is set', () => {
    const at = newRide()
    const { ride, clock, seen } = at
    ride.start()
    const anna = ride.join(ANNA)
    pedal(at, anna.riderId, 10)
    const speedMps = ride.world.riders.speedMps[anna.row]!
    clock.runUntil(10_000 + 28_000)
    expect(ride.world.rowOf(anna.riderId)).toBe(anna.row)
    expect(ride.world.riders.speedMps[anna.row]).toBeLessThan(speedMps)
    clock.runUntil(10_000 + 31_000)
    expect(ride.world.rowOf(anna.riderId)).toBeUndefined()
    expect(seen).toEqual(['+Anna', '-1'])
  })

  test('who took a seat and never came leaves within a minute, however long the road waits for those who ride', () => {
    const house = newRide({ leaveAfterS: 600 })
    const { ride, clock, seen } = house
    ride.start()
    ride.join(ANNA)
    const { riderId } = ride.join({ ...ANNA, name: 'Bea' })
    pedal(house, riderId, 2)
    clock.runUntil(61_000)
    expect(seen).toEqual(['+Anna', '+Bea', '-1'])
    clock.runUntil(599_000)
    expect(seen).toHaveLength(3)
    ride.stop()
  })

  test('whose page was closed is gone after twenty seconds, and the secret leads back to where the wheels stopped', () => {
    const house = newRide({ leaveAfterS: 600 })
    const { ride, clock, seen, lines } = house
    ride.start()
    const { riderId } = ride.join(ANNA)
    pedal(house, riderId, 5)
    ride.away(riderId)
    clock.runUntil(24_000)
    expect(ride.world.rowOf(riderId)).toBeDefined()
    clock.runUntil(26_000)
    expect(seen).toEqual(['+Anna', '-1'])
    const { row } = ride.resume(riderId)
    expect(ride.world.riders.distanceM[row]).toBeGreaterThan(20)
    ride.stop()
    expect(replayJournal(lines, map)).toMatchObject({ ok: true })
  })

  test('a page that was only loaded again, and a bridge that rides on, keep the rider on the road', () => {
    const house = newRide({ leaveAfterS: 600 })
    const { ride, clock, seen } = house
    ride.start()
    const anna = ride.join(ANNA)
    const bea = ride.join({ ...ANNA, name: 'Bea' })
    pedal(house, anna.riderId, 5)
    pedal(house, bea.riderId, 1)
    ride.away(anna.riderId)
    ride.issueToken(anna.riderId, 'ride')
    ride.away(bea.riderId)
    pedal(house, bea.riderId, 10)
    clock.runUntil(clock.nowMs() + 60_000)
    expect(seen).toEqual(['+Anna', '+Bea'])
    ride.stop()
  })

  test('a line that breaks without a word keeps the rider on the road for as long as the setting says', () => {
    const house = newRide({ leaveAfterS: 600 })
    const { ride, clock, seen } = house
    ride.start()
    const { riderId } = ride.join(ANNA)
    pedal(house, riderId, 5)
    clock.runUntil(500_000)
    expect(seen).toEqual(['+Anna'])
    ride.stop()
  })

  test('the key for watching is neither the secret nor made without it, and goes when the rider is forgotten', () => {
    const { ride } = newRide()
    const anna = ride.join(ANNA)
    const key = ride.watchKey(anna.riderId)!
    expect(key).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(key).not.toBe(anna.secret)
    expect(ride.riderOfSecret(key)).toBeUndefined()
    expect(ride.riderOfWatchKey(key)).toBe(anna.riderId)
    expect(ride.riderOfWatchKey(anna.secret)).toBeUndefined()
    ride.forget(anna.riderId)
    expect(ride.riderOfWatchKey(key)).toBeUndefined()
  })

  test('the secret brings back the same rider: to the same row while on the road, afterwards to the same place', () => {
    const at = newRide()
    const { ride, clock } = at
    ride.start()
    const anna = ride.join(ANNA)
    pedal(at, anna.riderId, 20)
    expect(ride.riderOfSecret(anna.secret)).toBe(anna.riderId)
    expect(ride.resume(anna.riderId)).toMatchObject({ row: anna.row, name: 'Anna' })
    clock.runUntil(clock.nowMs() + 40_000)
    const bo = ride.join({ ...ANNA, name: 'Bo' })
    expect(bo.row).toBe(anna.row)
    expect(bo.riderId).not.toBe(anna.riderId)
    const again = ride.resume(anna.riderId)
    expect(again.row).not.toBe(bo.row)
    expect(ride.world.riders.id[again.row]).toBe(anna.riderId)
    expect(ride.world.riders.distanceM[again.row]).toBeGreaterThan(100)
  })

  test('a secret is 256 bits, another one is nobody’s, and the ride does not keep it', () => {
    const { ride, lines } = newRide()
    const anna = ride.join(ANNA)
    expect(anna.secret).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(ride.riderOfSecret(`${anna.secret.slice(0, -1)}A`)).toBeUndefined()
    expect(ride.riderOfSecret('')).toBeUndefined()
    expect(JSON.stringify([lines, ride.facts(anna.riderId)])).not.toContain(anna.secret)
  })

  test('a full road and an unknown rider are errors with a code', () => {
    const { ride } = newRide()
    for (let i = 0; i < 4; i++) ride.join(ANNA)
    expect(codeOf(() => ride.join(ANNA))).toBe('ERR_ROOM_FULL')
    expect(codeOf(() => ride.resume(99 as RiderId))).toBe('ERR_SEAT_UNKNOWN')
    expect(codeOf(() => ride.pair(99 as RiderId))).toBe('ERR_SEAT_UNKNOWN')
    ride.leave(2 as RiderId)
    expect(ride.join(ANNA).riderId).toBe(5)
  })

  test('who waits in the pen is not sent home', () => {
    const { ride, clock } = newRide()
    ride.start()
    const anna = ride.join(ANNA, { held: true })
    clock.runUntil(120_000)
    expect(ride.world.rowOf(anna.riderId)).toBe(anna.row)
  })

  test('bots ride on their own, and the journal gives the same world without them', () => {
    const { ride, clock, lines } = newRide()
    ride.start()
    for (const wattsPerKg of [2, 2.6, 3.2]) ride.addBot({ ...ANNA, wattsPerKg })
    clock.runUntil(90_000)
    ride.leave(2 as RiderId)
    clock.runUntil(100_000)
    ride.stop()
    expect(ride.world.riders.distanceM[2]).toBeGreaterThan(ride.world.riders.distanceM[0]!)
    const again = replayJournal(lines, map)
    if (!again.ok) expect.fail(again.error)
    expect([again.world.stateHash(), again.isCut]).toEqual([ride.world.stateHash(), false])
  })

  test('a broken world ends its own ride and says so; nothing is thrown at the process', () => {
    const errors: unknown[] = []
    const { ride, clock } = newRide({ onBroken: (error) => errors.push(error) })
    ride.start()
    ride.world.source = {
      post() {
        throw new Error('planted')
      },
    }
    clock.runUntil(1000)
    expect(errors).toEqual([new Error('planted')])
    expect(ride.world.tick).toBe(0)
    expect(ride.advance()).toBe(0)
  })

  test('[D126] what breaks while a datagram is read ends the ride too, and tells its riders; the socket hears nothing of it', () => {
    const errors: unknown[] = []
    const { ride, clock } = newRide({ onBroken: (error) => errors.push(error) })
    const { riderId } = ride.join(ANNA)
    ride.start()
    const { token } = ride.issueToken(riderId, 'ride')
    const peer: Peer = { key: 'memory/1', carrier: 'memory', path: 'channel', send, close: () => {} }
    const client = new HeadlessClient({
      ...{ token, path: 'channel', randomBytes: bytesFrom(createRandom(3)), nowMs: clock.nowMs() },
      send: (datagram) => ride.sessions.receive(peer, datagram),
    })
    function send(datagram: Uint8Array): void {
      client.receive(datagram, clock.nowMs())
    }
    clock.runUntil(100)
    client.work(clock.nowMs())
    clock.runUntil(500)
    expect(client.session.state).toBe('connected')
    ride.world.post = () => {
      throw new Error('planted')
    }
    const sample = { sequence: 1 as Sequence, atMs: 0, powerW: 200, cadenceHalfRpm: 0, heartRateBpm: 0, steer: 0 }
    client.offer(sample, clock.nowMs())
    expect([errors, client.closed, ride.advance()]).toEqual([[new Error('planted')], 'room-closed', 0])
  })
})

describe('pairing codes', () => {
  const pairings = () => new Pairings(bytesFrom(createRandom(3)))
  const anna = 1 as RiderId

  test('are six unambiguous characters, good once, in any case and with dashes', () => {
    const p = pairings()
    for (let i = 0; i < 500; i++) expect(p.create(anna, 0)).toMatch(/^[A-HJKMNP-TV-Z2-9]{6}$/)
    const code = p.create(anna, 0)
    expect(p.redeem(`${code.slice(0, 3).toLowerCase()}-${code.slice(3)} `, 1)).toBe(anna)
    expect(p.redeem(code, 2)).toBeUndefined()
  })

  test('end after five minutes, and with their rider', () => {
    const p = pairings()
    const [inTime, late, forgotten] = [p.create(anna, 0), p.create(anna, 0), p.create(2 as RiderId, 0)]
    p.forget(2 as RiderId)
    expect(p.redeem(inTime, PAIRING_TTL_S * 1000 - 1)).toBe(anna)
    expect(p.redeem(late, PAIRING_TTL_S * 1000)).toBeUndefined()
    expect(p.redeem(forgotten, 1)).toBeUndefined()
    expect(p.redeem('', 1)).toBeUndefined()
  })

  test('[A63] who makes codes without end pushes out none but their own', () => {
    const p = pairings()
    const bo = 2 as RiderId
    const theirs = p.create(bo, 0)
    const mine = Array.from({ length: PAIRINGS_MAX + 1 }, () => p.create(anna, 0))
    expect(p.redeem(theirs, 1)).toBe(bo)
    expect(mine.filter((code) => p.redeem(code, 1) === anna)).toEqual(mine.slice(-8))
  })

  test('use every character about as often: no byte is favoured', () => {
    const p = pairings()
    const counts = new Map<string, number>()
    for (let i = 0; i < 4000; i++) {
      for (const character of p.create(anna, 0)) counts.set(character, (counts.get(character) ?? 0) + 1)
    }
    expect(counts.size).toBe(30)
    for (const [, count] of counts) expect(Math.abs(count - 800)).toBeLessThan(150)
  })
})
